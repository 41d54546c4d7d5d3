"""Rows of the lists, with their words ready: templates only loop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from aktualisasi import deadlines
from aktualisasi.enums import RancanganStage
from aktualisasi.forms import ListForm
from aktualisasi.models import Rancangan, RancanganQuerySet
from latsar.accounts.models import User
from latsar.training.models import Batch
from latsar.ui import words
from latsar.ui.components import Step, pill
from mentoring.models import GroupCoach, MentorAssignment
from participants.models import Participant, Placement
from participants.people import ParticipantQuerySet

PILLS = {
    RancanganStage.DRAFT: ("", "pencil"),
    RancanganStage.SUBMITTED: ("info", "hourglass-split"),
    RancanganStage.RETURNED: ("warn", "arrow-counterclockwise"),
    RancanganStage.APPROVED: ("ok", "check-lg"),
}


def stage_pill(rancangan: Rancangan | None) -> SafeString:
    """Show the stage of a rancangan, or that there is none yet."""
    if rancangan is None:
        return pill("", _("Belum dimulai"), "circle")
    kind, symbol = PILLS[RancanganStage(rancangan.stage)]
    return pill(kind, rancangan.get_stage_display(), symbol)


def due_level(days: int) -> str:
    """Colour of a date somebody must keep: red from two days, ochre from seven."""
    return "is-bad" if days <= 2 else "is-warn" if days <= 7 else ""


@dataclass(frozen=True)
class Due:
    """A date with the days left, in words."""

    date: date
    days: int

    @property
    def text(self) -> str:
        return words.days_left(self.days)

    @property
    def level(self) -> str:
        return due_level(self.days)


def due_on(day: date | None) -> Due | None:
    return Due(day, (day - timezone.localdate()).days) if day else None


@dataclass(frozen=True)
class Waiting:
    """A submission in a mentor's queue."""

    rancangan: Rancangan
    due: Due | None


def filtered(rows: RancanganQuerySet, form: ListForm) -> RancanganQuerySet:
    """Apply what could be read of the filters."""
    form.is_valid()
    chosen = form.cleaned_data
    if chosen.get("tahap"):
        rows = rows.filter(stage=chosen["tahap"])
    if chosen.get("angkatan"):
        rows = rows.filter(participant__batch=chosen["angkatan"])
    if chosen.get("q"):
        rows = rows.filter(participant__in=ParticipantQuerySet(Participant).search(chosen["q"]))
    return rows


def queue_of(user: User) -> list[Waiting]:
    """Return what waits for a mentor's answer, the oldest submission first."""
    rows = (
        Rancangan.objects.mentored_by(user)
        .filter(stage=RancanganStage.SUBMITTED)
        .with_version_count()
        .select_related("participant__satker")
        .order_by("stage_at", "pk")
    )
    found = list(rows)
    dates = deadlines.answer_dates(row.stage_at for row in found)
    return [Waiting(row, due_on(dates[row.stage_at])) for row in found]


@dataclass(frozen=True)
class Mentee:
    """One line of the mentor's home."""

    assignment: MentorAssignment
    rancangan: Rancangan | None
    pill: SafeString
    waiting: str
    due: Due | None

    @property
    def is_mine_to_answer(self) -> bool:
        return self.rancangan is not None and self.rancangan.stage == RancanganStage.SUBMITTED


def mentees_of(user: User) -> list[Mentee]:
    """Return a mentor's people, who waits for an answer first, then by the participant's own date."""
    assignments = list(
        MentorAssignment.objects.mentored_by(user)
        .select_related("participant__satker", "participant__batch")
        .order_by("participant__full_name")
    )
    rancangan = _by_participant(user, [assignment.participant_id for assignment in assignments])
    answers = deadlines.answer_dates(row.stage_at for row in rancangan.values() if row.stage == RancanganStage.SUBMITTED)
    rows = [_mentee(assignment, rancangan.get(assignment.participant_id), answers) for assignment in assignments]
    return sorted(rows, key=_urgency)


@dataclass(frozen=True)
class Group:
    """A coach's group: (participant, rancangan or None, pill) in the order of names."""

    batch: Batch
    number: int
    members: list[tuple[Participant, Rancangan | None, SafeString]]


def _urgency(row: Mentee) -> tuple[bool, date, float]:
    since = row.rancangan.stage_at.timestamp() if row.rancangan else 0.0
    return (not row.is_mine_to_answer, row.due.date if row.due else date.max, since)


def groups_of(user: User) -> list[Group]:
    """Return the groups that a coach guides; three queries whatever their number."""
    groups = list(GroupCoach.objects.coached_by(user).select_related("batch__institute"))
    if not groups:
        return []
    seated = Placement.objects.active().filter(seat__batch_id__in=[group.batch_id for group in groups]).order_by("participant__full_name")
    placements = list(seated.select_related("participant__satker", "seat"))
    rancangan = _by_participant(user, [placement.participant_id for placement in placements])
    members = defaultdict(list)
    for placement in placements:
        own = rancangan.get(placement.participant_id)
        members[placement.seat.batch_id, placement.group].append((placement.participant, own, stage_pill(own)))
    return [Group(group.batch, group.group, members[group.batch_id, group.group]) for group in groups]


def _by_participant(user: User, ids: Sequence[int]) -> dict[int, Rancangan]:
    rows = Rancangan.objects.visible_to(user).filter(participant_id__in=ids).with_version_count().with_seminar()
    return {row.participant_id: row for row in rows}


def _mentee(assignment: MentorAssignment, rancangan: Rancangan | None, answers: Mapping[datetime, date]) -> Mentee:
    if rancangan is None:
        text, due = _("Peserta belum mulai menulis"), None
    elif rancangan.stage == RancanganStage.SUBMITTED:
        text = _("Versi %(number)s menunggu Anda") % {"number": rancangan.last_number}  # type: ignore[attr-defined]
        due = due_on(answers[rancangan.stage_at])
    elif rancangan.stage == RancanganStage.APPROVED:
        text, due = _("Tidak ada, rancangan sudah Anda setujui"), None
    else:
        text, due = _("Tidak ada, peserta sedang menulis"), due_on(rancangan.seminar_on)  # type: ignore[attr-defined]
    return Mentee(assignment, rancangan, stage_pill(rancangan), text, due)


def steps_of(rancangan: Rancangan | None, seminar: date | None) -> list[Step]:
    """Return the participant's way from writing to the seminar."""
    stage = rancangan.stage if rancangan else RancanganStage.DRAFT
    at = {RancanganStage.SUBMITTED: 1, RancanganStage.APPROVED: 3}.get(RancanganStage(stage), 0)
    notes = ["", "", "", words.day_and_month(seminar) if seminar else ""]
    if rancangan is not None:
        notes[min(at, 2)] = _("sejak %(day)s") % {"day": words.day_and_month(timezone.localtime(rancangan.stage_at))}
    labels = (_("Disusun"), _("Ditinjau mentor"), _("Disetujui"), _("Seminar"))
    return [
        Step(label, note, "done" if n < at else "now" if n == at else "todo")
        for n, (label, note) in enumerate(zip(labels, notes, strict=True))
    ]
