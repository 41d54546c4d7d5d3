"""The coach of each group of an angkatan."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.enums import Role
from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.accounts.models import RoleGrant, User
from latsar.training.enums import BatchStage
from latsar.training.models import Batch
from mentoring import independence, notifications, policies
from mentoring.enums import GuideKind
from mentoring.models import GroupCoach, MentoringSession
from mentoring.services.unfinished import drop_open_sessions
from participants.models import Placement
from participants.services.placement import group_count


def coaches_for(batch: Batch, text: str = "") -> QuerySet[User]:
    """Return accounts that may coach here: a coach role valid today, of this institute or of none; the least busy first.

    Annotated with `running`, the groups they coach in angkatan that have not ended.
    """
    grants = RoleGrant.objects.valid().filter(role=Role.COACH).filter(Q(institute=None) | Q(institute=batch.institute_id))
    rows = User.objects.get_queryset().filter(pk__in=grants.values("user_id"), is_active=True)
    text = text.strip()
    if text:
        rows = rows.filter(Q(full_name__icontains=text) | Q(username__icontains=text) | Q(email__icontains=text))
    running = Count("coached_groups", filter=~Q(coached_groups__batch__stage=BatchStage.CLOSED), distinct=True)
    return rows.annotate(running=running).order_by("running", "full_name", "pk")


@transaction.atomic
def assign_coaches(*, batch_id: int, chosen: Mapping[int, int | None], seen: Mapping[int, int | None], by: User) -> int:
    """Give groups their coach: group -> account, None takes the coach away. Returns how many groups changed.

    `seen` is what the person saw when choosing; where somebody else chose meanwhile StaleVersion is raised. Raises NotAllowed,
    Refused with the group it concerns when the coach is no coach, sits in the group or is the mentor of somebody in it.
    """
    batch = (
        Batch.objects.visible_to(by).select_related("institute").select_for_update(of=("self",), no_key=True).filter(pk=batch_id).first()
    )
    if batch is None or not policies.can_assign_coach(by, batch):
        raise NotAllowed
    highest = group_count(batch.capacity)
    if any(not 1 <= group <= highest for group in chosen):
        raise Refused(_("Nomor kelompok harus antara 1 dan %(highest)d.") % {"highest": highest})
    present = {row.group: row for row in GroupCoach.objects.filter(batch=batch).select_related("coach")}
    wanted = {group: pk for group, pk in chosen.items() if (present[group].coach_id if group in present else None) != pk}
    for group in wanted:
        if (present[group].coach_id if group in present else None) != seen.get(group):
            raise StaleVersion(_("Coach kelompok %(n)d baru saja diubah orang lain. Muat ulang halamannya.") % {"n": group})
    people = {user.pk: user for user in coaches_for(batch).filter(pk__in=[pk for pk in wanted.values() if pk])}
    problems = {}
    for group, pk in wanted.items():
        if pk is not None and (problem := _problem(batch, group, people.get(pk))):
            problems[f"coach_{group}"] = problem
    if problems:
        raise Refused(problems)
    for group, pk in wanted.items():
        _keep(batch, group, present.get(group), people[pk] if pk else None, by)
    return len(wanted)


def _problem(batch: Batch, group: int, coach: User | None) -> str:
    if coach is None:
        return _("Akun ini tidak berperan coach di lembaga tersebut. Pilih yang lain.")
    return independence.coach_problem(batch, group, coach)


def _keep(batch: Batch, group: int, row: GroupCoach | None, coach: User | None, by: User) -> None:
    old = str(row.coach) if row else None
    if row is not None:
        _drop_sessions(row, by)
    if coach is None:
        if row is not None:
            row.delete()
    elif row is None:
        GroupCoach.objects.create(batch=batch, group=group, coach=coach)
    else:
        row.coach = coach
        row.save(update_fields=["coach"])
    name = _("Kelompok %(number)d") % {"number": group}
    audit.record(verb="assign_coach", obj=batch, by=by, changes={name: [old, str(coach) if coach else None]})
    if coach is not None:
        notifications.coaches_group(batch, group, coach)


def _drop_sessions(row: GroupCoach, by: User) -> None:
    """Call off what the coach who leaves the group had agreed with its people."""
    seated = Placement.objects.active().filter(seat__batch=row.batch, group=row.group).values("participant_id")
    sessions = MentoringSession.objects.filter(kind=GuideKind.COACH, guide=row.coach_id, participant_id__in=seated)
    drop_open_sessions(sessions, reason=_("Coach kelompok diganti"), by=by)
