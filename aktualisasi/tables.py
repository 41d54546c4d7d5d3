"""Rows of the lists, with their words ready: templates only loop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from aktualisasi import deadlines
from aktualisasi.enums import WAITING_STAGES, PaperKind, PaperStage, Reviewer
from aktualisasi.forms import ListForm
from aktualisasi.models import Paper
from aktualisasi.papers import READER_AT, PaperQuerySet
from latsar.accounts.models import User
from latsar.training.calendar import WorkCalendar
from latsar.training.models import Batch
from latsar.ui import words
from latsar.ui.components import Step, pill
from mentoring.models import GroupCoach, MentorAssignment
from participants.models import Participant, Placement
from participants.people import ParticipantQuerySet

PILLS = {
    PaperStage.DRAFT: ("", "pencil"),
    PaperStage.SUBMITTED: ("info", "hourglass-split"),
    PaperStage.RETURNED: ("warn", "arrow-counterclockwise"),
    PaperStage.AT_COACH: ("info", "hourglass-split"),
    PaperStage.APPROVED: ("ok", "check-lg"),
}


def stage_pill(paper: Paper | None) -> SafeString:
    """Show the stage of a paper, or that there is none yet."""
    if paper is None:
        return pill("", _("Belum dimulai"), "circle")
    kind, symbol = PILLS[PaperStage(paper.stage)]
    return pill(kind, paper.get_stage_display(), symbol)


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
    """A paper in a reviewer's queue; `age` in whole days."""

    paper: Paper
    role: Reviewer
    due: Due | None
    age: int

    @property
    def age_text(self) -> str:
        return _("hari ini") if self.age == 0 else _("%(n)s hari") % {"n": self.age}


def filtered(rows: PaperQuerySet, form: ListForm) -> PaperQuerySet:
    """Apply what could be read of the filters."""
    form.is_valid()
    chosen = form.cleaned_data
    if chosen.get("naskah"):
        rows = rows.filter(kind=chosen["naskah"])
    if chosen.get("tahap"):
        rows = rows.filter(stage=chosen["tahap"])
    if chosen.get("angkatan"):
        rows = rows.filter(rancangan__participant__batch=chosen["angkatan"])
    if chosen.get("terlambat"):
        rows = rows.filter(submitted_late=True)
    if chosen.get("q"):
        rows = rows.filter(rancangan__participant__in=ParticipantQuerySet(Participant).search(chosen["q"]))
    return rows


def queue_of(user: User) -> list[Waiting]:
    """Return what waits for a person's answer as mentor or coach, by the day it is due; two queries."""
    rows = (
        Paper.objects.waiting_for(user)
        .with_version_count()
        .with_reader_days()
        .select_related("rancangan__participant__satker", "rancangan__participant__batch")
        .order_by("stage_at", "pk")
    )
    found = list(rows)
    dates = deadlines.answer_dates(found)
    waiting = [
        Waiting(row, READER_AT[PaperStage(row.stage)], due_on(dates.get(row.pk)), deadlines.moment_days(row.stage_at)) for row in found
    ]
    return sorted(waiting, key=lambda item: item.due.date if item.due else date.max)


@dataclass(frozen=True)
class Mentee:
    """One line of the mentor's home. `paper` is the one at hand: the laporan once there is one, before that the rancangan."""

    assignment: MentorAssignment
    paper: Paper | None
    pill: SafeString
    waiting: str
    due: Due | None

    @property
    def is_mine_to_answer(self) -> bool:
        return self.paper is not None and self.paper.stage == PaperStage.SUBMITTED


def mentees_of(user: User, work: WorkCalendar | None = None) -> list[Mentee]:
    """Return a mentor's people, who waits for an answer first, then by the participant's own date."""
    assignments = list(
        MentorAssignment.objects.mentored_by(user)
        .select_related("participant__satker", "participant__batch")
        .order_by("participant__full_name")
    )
    papers = current_papers(user, [assignment.participant_id for assignment in assignments])
    dates = deadlines.due_dates((paper for paper in papers.values() if paper.is_editable), work)
    dates |= deadlines.answer_dates((paper for paper in papers.values() if paper.stage == PaperStage.SUBMITTED), work)
    rows = [_mentee(assignment, papers.get(assignment.participant_id), dates) for assignment in assignments]
    return sorted(rows, key=_urgency)


@dataclass(frozen=True)
class Member:
    """One person of a coach's group with the paper at hand."""

    participant: Participant
    paper: Paper | None
    pill: SafeString

    @property
    def is_mine_to_answer(self) -> bool:
        return self.paper is not None and self.paper.stage == PaperStage.AT_COACH


@dataclass(frozen=True)
class Group:
    """A coach's group, its people in the order of names."""

    batch: Batch
    number: int
    members: list[Member]


def _urgency(row: Mentee) -> tuple[bool, date, float]:
    since = row.paper.stage_at.timestamp() if row.paper else 0.0
    return (not row.is_mine_to_answer, row.due.date if row.due else date.max, since)


def groups_of(user: User) -> list[Group]:
    """Return the groups that a coach guides; three queries whatever their number."""
    groups = list(GroupCoach.objects.coached_by(user).select_related("batch__institute"))
    if not groups:
        return []
    seated = Placement.objects.active().filter(seat__batch_id__in=[group.batch_id for group in groups]).order_by("participant__full_name")
    placements = list(seated.select_related("participant__satker", "seat"))
    papers = current_papers(user, [placement.participant_id for placement in placements])
    members = defaultdict(list)
    for placement in placements:
        own = papers.get(placement.participant_id)
        members[placement.seat.batch_id, placement.group].append(Member(placement.participant, own, stage_pill(own)))
    return [Group(group.batch, group.group, members[group.batch_id, group.group]) for group in groups]


def current_papers(user: User, ids: Sequence[int]) -> dict[int, Paper]:
    """Return the paper at hand of each of these people; one query."""
    rows = Paper.objects.visible_to(user).filter(rancangan__participant_id__in=ids).with_version_count().with_seminar().with_reader_days()
    found: dict[int, Paper] = {}
    for row in rows.select_related("rancangan__participant__batch__scheme"):
        if row.kind == PaperKind.LAPORAN or row.participant_id not in found:
            found[row.participant_id] = row
    return found


def _mentee(assignment: MentorAssignment, paper: Paper | None, dates: Mapping[int, date]) -> Mentee:
    due = None
    if paper is None:
        text = _("Peserta belum mulai menulis")
    elif paper.stage == PaperStage.SUBMITTED:
        text = _("Versi %(number)s menunggu Anda") % {"number": paper.last_number}  # type: ignore[attr-defined]
        due = due_on(dates.get(paper.pk))
    elif paper.stage == PaperStage.AT_COACH:
        text = _("Tidak ada, sedang dibaca coach")
    elif paper.stage == PaperStage.APPROVED:
        text = _("Tidak ada, sudah disetujui coach")
    else:
        text, due = _("Tidak ada, peserta sedang menulis"), due_on(dates.get(paper.pk))
    return Mentee(assignment, paper, stage_pill(paper), text, due)


def steps_of(paper: Paper | None, seminar: date | None) -> list[Step]:
    """Return the participant's way from writing to the seminar."""
    stage = PaperStage(paper.stage) if paper else PaperStage.DRAFT
    at = {PaperStage.SUBMITTED: 1, PaperStage.AT_COACH: 2, PaperStage.APPROVED: 3}.get(stage, 0)
    notes = ["", "", "", words.day_and_month(seminar) if seminar else ""]
    if paper is not None and at < len(notes) - 1:
        notes[at] = _("sejak %(day)s") % {"day": words.day_and_month(timezone.localtime(paper.stage_at))}
    labels = (_("Disusun"), _("Dibaca mentor"), _("Dibaca coach"), _("Seminar"))
    return [
        Step(label, note, "done" if n < at else "now" if n == at else "todo")
        for n, (label, note) in enumerate(zip(labels, notes, strict=True))
    ]


def is_waiting(paper: Paper | None) -> bool:
    return paper is not None and paper.stage in WAITING_STAGES
