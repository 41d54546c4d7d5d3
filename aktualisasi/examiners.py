"""Who may examine whom: nobody the own mentee, nobody of the own group, nobody oneself, and by some schemes nobody twice.

The reverse direction, a mentor or coach named for somebody whose seminar is examined by the same person, is asked here too:
`mentoring.independence.guide_check` and `participants.group_checks.group_check` call in from below.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from aktualisasi.models import SeminarExaminer, SeminarTurn
from aktualisasi.seminar_enums import SeminarState
from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant, User
from latsar.training.models import Batch, RegulationScheme
from mentoring.independence import guide_check
from mentoring.models import GroupCoach, Mentor, MentorAssignment
from participants.group_checks import group_check
from participants.models import Participant, Placement

OPEN = (SeminarState.DRAFT, SeminarState.ANNOUNCED, SeminarState.RUNNING)


def examiners_for(batch: Batch, text: str = "") -> QuerySet[User]:
    """Return accounts that may examine here: a penguji role valid today, of this institute or of none."""
    grants = RoleGrant.objects.valid().filter(role=Role.PENGUJI).filter(Q(institute=None) | Q(institute=batch.institute_id))
    rows = User.objects.get_queryset().filter(pk__in=grants.values("user_id"), is_active=True)
    text = text.strip()
    if text:
        rows = rows.filter(Q(full_name__icontains=text) | Q(username__icontains=text) | Q(email__icontains=text))
    return rows.order_by("full_name", "pk")


def problems(examiners: Sequence[User], people: Sequence[Participant], *, kind: str, scheme: RegulationScheme) -> list[str]:
    """Say whom of these people the examiners may not examine, and why; five queries whatever their number."""
    ids, found = [person.pk for person in people], []
    names = {person.pk: person.full_name for person in people}
    users = {user.pk: user for user in examiners}
    nips = {user.username: user for user in examiners}
    for person in people:
        own = users.get(person.user_id or 0) or nips.get(person.nip)
        if own is not None:
            found.append(_("%(name)s tidak dapat menguji dirinya sendiri.") % {"name": own})
    for assignment in MentorAssignment.objects.active().filter(mentor__user__in=users, participant__in=ids).select_related("mentor"):
        facts = {"examiner": users[assignment.mentor.user_id], "name": names[assignment.participant_id]}
        found.append(_("%(examiner)s adalah mentor %(name)s, jadi tidak dapat mengujinya. Pilih penguji lain.") % facts)
    groups = GroupCoach.objects.filter(coach__in=users)
    coached: dict[tuple[int, int | None], int] = {(row.batch_id, row.group): row.coach_id for row in groups} if users else {}
    seats = Placement.objects.active().filter(participant__in=ids).order_by("pk").values_list("participant_id", "seat__batch_id", "group")
    for person_id, batch_id, group in seats if coached else ():
        if (batch_id, group) in coached:
            facts = {"examiner": users[coached[batch_id, group]], "name": names[person_id]}
            found.append(_("%(examiner)s adalah coach %(name)s, jadi tidak dapat mengujinya. Pilih penguji lain.") % facts)
    if scheme.has_own_examiners:
        other = SeminarTurn.objects.standing().filter(participant__in=ids).exclude(seminar__kind=kind)
        twice = other.filter(seminar__examiners__user__in=users).values_list("participant_id", "seminar__examiners__user_id")
        for person_id, user_id in twice.order_by("pk"):
            facts = {"examiner": users[user_id], "name": names[person_id]}
            text = _("%(examiner)s sudah menguji %(name)s di seminar lainnya; skema meminta penguji yang berbeda.")
            found += [text % facts] if user_id in users else []
    return list(dict.fromkeys(found))


@guide_check
def examined_by_guide(user: User, participant_ids: Iterable[int]) -> str:
    """Say whose open seminar this would-be mentor or coach examines; one query."""
    turn = (
        SeminarTurn.objects.filter(participant__in=list(participant_ids), seminar__state__in=OPEN, seminar__examiners__user=user)
        .select_related("participant", "seminar")
        .first()
    )
    if turn is None:
        return ""
    facts = {"guide": user, "name": turn.participant.full_name, "seminar": turn.seminar.get_kind_display().lower()}
    return _("%(guide)s adalah penguji %(name)s di %(seminar)s. Ganti pengujinya dahulu, atau pilih orang lain.") % facts


@group_check
def examined_by_coach_of_group(batch: Batch, groups: Mapping[int, int]) -> list[str]:
    """Say who would come into a group whose coach examines them: participant id -> group; two queries."""
    coaches = {
        row.group: row.coach for row in GroupCoach.objects.filter(batch=batch, group__in=set(groups.values())).select_related("coach")
    }
    rows = SeminarExaminer.objects.filter(
        user__in=[coach.pk for coach in coaches.values()], seminar__state__in=OPEN, seminar__turns__participant__in=groups
    ).values_list("user_id", "seminar__turns__participant_id", "seminar__turns__participant__full_name")
    found = []
    for user_id, person_id, name in rows.order_by("pk"):
        group = groups.get(person_id)
        if group is not None and group in coaches and coaches[group].pk == user_id:
            facts = {"name": name, "coach": coaches[group], "n": group}
            text = _("%(name)s diuji %(coach)s, coach kelompok %(n)d. Ganti pengujinya dahulu, atau pilih kelompok lain.")
            found.append(text % facts)
    return list(dict.fromkeys(found))


def nips_of(users: Iterable[User]) -> dict[int, str]:
    """Return the NIP of each account: of the mentor behind it, else the account name where it is one, else nothing; one query."""
    named = {user.pk: user.username for user in users}
    known = dict(Mentor.objects.filter(user__in=named).order_by().values_list("user_id", "nip"))
    return {pk: known.get(pk) or (name if len(name) == 18 and name.isdecimal() else "") for pk, name in named.items()}
