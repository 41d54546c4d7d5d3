"""Who may not be what to whom: nobody guides oneself, a coach is not the mentor of somebody in the group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.training.clash import Finding, is_face_to_face, overlap
from latsar.training.enums import BatchStage
from latsar.training.layout import PhaseDates
from latsar.training.models import Batch, BatchPhase
from latsar.ui import words
from mentoring import policies
from mentoring.models import GroupCoach, Mentor, MentorAssignment
from participants.models import Participant, Placement

USUAL_GROUP = 10
CROWDED = 12
"""More people than this in one group is worth a second look; about ten is usual. Ref: domain, batch size."""


GuideCheck: TypeAlias = Callable[[User, Iterable[int]], str]
_checks: list[GuideCheck] = []


def guide_check(check: GuideCheck) -> GuideCheck:
    """Register `fn(user, participant ids) -> why this account may not guide them, or nothing`; upper apps do so at start-up."""
    _checks.append(check)
    return check


def guide_problem(guide: User, participant_ids: Iterable[int]) -> str:
    """Say what upper apps know against this account as mentor or coach of these people, or nothing."""
    ids = list(participant_ids)
    return next((problem for check in _checks if (problem := check(guide, ids))), "") if ids else ""


def coach_problem(batch: Batch, group: int, coach: User) -> str:
    """Say why this account cannot coach this group, or nothing; two queries, and those of upper apps."""
    members = group_members(batch).get(group, [])
    own = Participant.objects.filter(pk__in=members, user=coach).first()
    if own is not None:
        return _("%(name)s adalah peserta kelompok ini.") % {"name": own.full_name}
    guided = MentorAssignment.objects.active().filter(mentor__user=coach, participant__in=members).select_related("participant").first()
    if guided is not None:
        facts = {"coach": coach, "name": guided.participant.full_name}
        return _("%(coach)s adalah mentor %(name)s di kelompok ini. Coach dan mentor tidak boleh orang yang sama.") % facts
    return guide_problem(coach, members)


def mentor_problem(mentor: Mentor, participant: Participant) -> str:
    """Say why this mentor cannot guide this person, or nothing; one query."""
    if policies.is_same_person(mentor, participant):
        return _("Peserta tidak dapat membimbing dirinya sendiri. Pilih mentor lain.")
    row = GroupCoach.objects.of_participant(participant.pk).filter(coach_id=mentor.user_id).first()
    if row is not None:
        facts = {"mentor": mentor, "n": row.group, "name": participant.full_name}
        return _("%(mentor)s adalah coach kelompok %(n)d, tempat %(name)s duduk. Pilih mentor lain.") % facts
    return ""


def group_members(batch: Batch) -> dict[int, list[int]]:
    """Return the people of each group, one query."""
    found: dict[int, list[int]] = {}
    rows = Placement.objects.active().filter(seat__batch=batch, group__isnull=False).order_by("pk")
    for group, person in rows.values_list("group", "participant_id"):
        found.setdefault(group or 0, []).append(person)
    return found


def warnings_of(batch: Batch, coaches: Mapping[int, int], sizes: Mapping[int, int]) -> dict[int, list[str]]:
    """Say per group what is unusual and allowed: one coach with several groups here or elsewhere at once, a crowded group; one query."""
    elsewhere: dict[int, list[str]] = {}
    rows = GroupCoach.objects.filter(
        coach__in=set(coaches.values()), batch__starts_on__lte=batch.ends_on, batch__ends_on__gte=batch.starts_on
    )
    for row in rows.exclude(batch=batch).exclude(batch__stage=BatchStage.CLOSED).select_related("batch__institute"):
        elsewhere.setdefault(row.coach_id, []).append(str(row.batch))
    found: dict[int, list[str]] = {}
    for group, coach in coaches.items():
        others = sorted(number for number, pk in coaches.items() if pk == coach and number != group)
        if others:
            text = _("Juga membimbing kelompok %(groups)s.") % {"groups": ", ".join(map(str, others))}
            found.setdefault(group, []).append(text)
        if busy := elsewhere.get(coach):
            found.setdefault(group, []).append(_("Juga membimbing di %(batches)s.") % {"batches": "; ".join(sorted(set(busy)))})
    for group, size in sizes.items():
        if size > CROWDED:
            text = _("%(n)d orang, biasanya sekitar %(usual)d.") % {"n": size, "usual": USUAL_GROUP}
            found.setdefault(group, []).append(text)
    return found


def coach_clashes(batch: Batch, phases: Sequence[PhaseDates], url: str) -> list[Finding]:
    """Coaches who are called to two places at once, and coaches who mentor somebody in their group; three queries."""
    rows = list(GroupCoach.objects.filter(batch=batch).select_related("coach").order_by("group"))
    if not rows:
        return []
    found = _mentors_too(batch, rows, url)
    meetings = [phase for phase in phases if is_face_to_face(phase, batch.method)]
    ids = {row.coach_id for row in rows}
    others = BatchPhase.objects.filter(batch__group_coaches__coach__in=ids, starts_on__lte=batch.ends_on, ends_on__gte=batch.starts_on)
    others = others.exclude(batch=batch).exclude(batch__stage=BatchStage.CLOSED).select_related("batch__institute").distinct()
    by_batch = [phase for phase in others if is_face_to_face(phase, phase.batch.method)]
    if not by_batch:
        return found
    pairs = set(GroupCoach.objects.filter(coach__in=ids, batch__in={p.batch_id for p in by_batch}).values_list("coach_id", "batch_id"))
    for coach in {row.coach_id: row.coach for row in rows}.values():
        for phase in by_batch:
            days = next((days for one in meetings if (days := overlap(one, phase))), None)
            if days and (coach.pk, phase.batch_id) in pairs:
                facts = {"coach": coach, "batch": phase.batch, "days": words.date_range(*days)}
                found.append(Finding("warn", _("%(coach)s juga mengajar di %(batch)s pada %(days)s.") % facts, url, _("Ubah coach")))
    return found


def _mentors_too(batch: Batch, rows: Sequence[GroupCoach], url: str) -> list[Finding]:
    members = group_members(batch)
    own = {row.coach_id: row for row in rows}
    guided = (
        MentorAssignment.objects.active().filter(mentor__user__in=own, participant__batch=batch).select_related("mentor", "participant")
    )
    found = []
    for assignment in guided:
        groups = [
            row for row in rows if row.coach_id == assignment.mentor.user_id and assignment.participant_id in members.get(row.group, ())
        ]
        for row in groups:
            facts = {"coach": row.coach, "name": assignment.participant.full_name, "n": row.group}
            text = _("%(coach)s adalah coach kelompok %(n)d dan sekaligus mentor %(name)s.") % facts
            found.append(Finding("bad", text, url, _("Ubah coach")))
    return found
