"""Nobody guides oneself, and a coach is not the mentor of somebody in the group: asked where people get a group, an account or a NIP.

Guides are rows of an upper app; they are reached by the names of their relations only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.training.models import Batch
from participants.models import Participant


def coaches_of(batch: Batch) -> dict[int, int]:
    """Return the coach's account of each group; one query."""
    return dict(batch.group_coaches.values_list("group", "coach_id"))  # type: ignore[attr-defined]


def barred_coaches(people: Collection[Participant]) -> dict[int, set[int]]:
    """Return for each person the accounts that may not coach them: the own one and the present mentor's; one query."""
    barred = {person.pk: {person.user_id} if person.user_id else set() for person in people}
    present = Participant.objects.filter(pk__in=barred, mentor_assignments__ended_at=None, mentor_assignments__isnull=False)
    for pk, account in present.values_list("pk", "mentor_assignments__mentor__user_id"):
        barred[pk].add(account)
    return barred


def group_problems(batch: Batch, groups: Mapping[int, int], people: Collection[Participant]) -> list[str]:
    """Say of whom these groups would make the coach to themselves or to their mentee; two queries at most."""
    coaches = coaches_of(batch)
    if not coaches:
        return []
    barred = barred_coaches(people)
    found = []
    for person in people:
        number = groups[person.pk]
        if coaches.get(number) in barred[person.pk]:
            facts = {"name": person.full_name, "n": number}
            found.append(_("%(name)s tidak dapat masuk kelompok %(n)d: coach-nya adalah mentornya, atau dirinya sendiri.") % facts)
    return found


def account_problem(person: Participant, account: User) -> str:
    """Say why this account cannot be the person's: it guides them."""
    if person.mentor_assignments.filter(ended_at=None, mentor__user=account).exists():  # type: ignore[attr-defined]
        return _("Akun ini adalah mentor peserta tersebut. Ganti mentornya lebih dahulu.")
    seated = person.placements.filter(released_at=None).select_related("seat__batch").first()
    if seated is not None and coaches_of(seated.seat.batch).get(seated.group or 0) == account.pk:
        return _("Akun ini adalah coach kelompok peserta tersebut. Ganti coach-nya lebih dahulu.")
    return ""


def nip_problem(person: Participant, nip: str) -> str:
    """Say why this NIP cannot be the person's: it is that of the present mentor."""
    if person.pk and person.mentor_assignments.filter(ended_at=None, mentor__nip=nip).exists():  # type: ignore[attr-defined]
        return _("NIP ini milik mentornya. Periksa angkanya, atau ganti mentornya lebih dahulu.")
    return ""
