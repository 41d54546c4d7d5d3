"""A timetable as plain data: a first one from the curriculum, what clashes in one, and its JP against the curriculum. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise, takewhile

from django.utils.translation import gettext as _

from latsar.accounts.zones import ZONES
from latsar.training.calendar import WorkCalendar, days
from latsar.training.models import AgendaSubject, BatchPhase, TrainingSession

JP = timedelta(minutes=45)
"""One lesson hour. Ref: domain, section 5."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of a day that takes one session of at most `jp` lesson hours."""

    start: time
    jp: int

    @property
    def end_minute(self) -> int:
        return self.start.hour * 60 + self.start.minute + self.jp * 45


USUAL_SLOTS = (Slot(time(8), 3), Slot(time(10, 30), 2), Slot(time(13), 3), Slot(time(15, 30), 2))
"""Ten JP a day, with breaks; the form offers them and takes any others."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A session to be made."""

    subject_id: int
    title: str
    jp: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """What fits into the days, and the JP per subject id that do not."""

    sessions: list[Planned]
    left: dict[int, int]


def slot_problem(slots: Sequence[Slot]) -> str:
    """Say what is wrong with the parts of a day: none, running into each other, past midnight."""
    if not slots:
        return _("Isi paling sedikit satu jam pelajaran.")
    ordered = sorted(slots, key=lambda slot: slot.start)
    for one, other in pairwise(ordered):
        if one.end_minute > other.start.hour * 60 + other.start.minute:
            return _("Jam %(one)s dan %(other)s bertumpuk. 1 JP 45 menit.") % {"one": f"{one.start:%H.%M}", "other": f"{other.start:%H.%M}"}
    return _("Jam terakhir melewati tengah malam.") if ordered[-1].end_minute > 24 * 60 else ""


def plan(
    subjects: Sequence[tuple[AgendaSubject, int]],
    *,
    first: date,
    last: date,
    slots: Sequence[Slot],
    zone: str,
    calendar: WorkCalendar,
    taken: Collection[tuple[datetime, datetime]] = (),
) -> Plan:
    """Put the JP of the subjects, in their order, into the slots of the working days between two days.

    One slot holds one subject; the rest of a slot stays free when the subject ends in it. A slot that meets a moment of
    `taken` is passed over.
    """
    left = {subject.pk: jp for subject, jp in subjects if jp > 0}
    waiting = [subject for subject, jp in subjects if jp > 0]
    made: list[Planned] = []
    for day in days(first, last):
        for slot in sorted(slots, key=lambda one: one.start) if calendar.is_working(day) else ():
            if not waiting:
                return Plan(made, {})
            subject = waiting[0]
            jp = min(slot.jp, left[subject.pk])
            start = datetime.combine(day, slot.start, ZONES[zone])
            end = start + JP * jp
            if any(start < busy_end and busy_start < end for busy_start, busy_end in taken):
                continue
            made.append(Planned(subject.pk, subject.name, jp, start, end))
            left[subject.pk] -= jp
            if not left[subject.pk]:
                waiting.pop(0)
    return Plan(made, {pk: jp for pk, jp in left.items() if jp})


@dataclass(frozen=True, slots=True)
class SessionClash:
    """One warning about a session of the batch: `kind` is lecturer, room, group, phase or holiday; `text` tells it."""

    kind: str
    session: TrainingSession
    other: TrainingSession | None
    text: str


def find_clashes(
    own: Sequence[TrainingSession],
    others: Sequence[TrainingSession],
    phases: Mapping[int, BatchPhase],
    holidays: Mapping[date, str],
) -> list[SessionClash]:
    """Find what cannot both be: `others` are sessions of other batches with the same lecturers or rooms."""
    found: list[SessionClash] = []
    ordered = sorted(own, key=lambda one: one.starts_at)
    for index, session in enumerate(ordered):
        found += _alone(session, phases, holidays)
        for other in [*_before(session.ends_at, ordered[index + 1 :]), *others]:
            if session.starts_at < other.ends_at and other.starts_at < session.ends_at:
                found += _together(session, other)
    return found


def _before(moment: datetime, ordered: Sequence[TrainingSession]) -> Iterable[TrainingSession]:
    return takewhile(lambda one: one.starts_at < moment, ordered)


def _alone(session: TrainingSession, phases: Mapping[int, BatchPhase], holidays: Mapping[date, str]) -> Iterable[SessionClash]:
    day = session.local_start.date()
    phase = phases.get(session.phase_id or 0)
    if phase is not None and not (phase.starts_on <= day and session.local_end.date() <= phase.ends_on):
        yield SessionClash("phase", session, None, _("di luar fase %(phase)s") % {"phase": phase.name})
    if day in holidays:
        yield SessionClash("holiday", session, None, _("jatuh pada hari libur, %(name)s") % {"name": holidays[day]})


def _together(session: TrainingSession, other: TrainingSession) -> Iterable[SessionClash]:
    same_batch = session.batch_id == other.batch_id
    where = str(other) if same_batch else f"{other}, {other.batch}"
    if session.lecturer_id is not None and session.lecturer_id == other.lecturer_id:
        text = _("%(name)s juga mengajar %(other)s pada jam yang sama") % {"name": session.lecturer, "other": where}
        yield SessionClash("lecturer", session, other, text)
    if _room(session) and _room(session) == _room(other):
        text = _("ruang %(room)s juga dipakai %(other)s") % {"room": session.room, "other": where}
        yield SessionClash("room", session, other, text)
    if same_batch and (session.group is None or other.group is None or session.group == other.group):
        yield SessionClash("group", session, other, _("pesertanya juga di %(other)s") % {"other": where})


def _room(session: TrainingSession) -> str:
    return " ".join(session.room.casefold().split())


@dataclass(frozen=True, slots=True)
class AgendaTotal:
    """JP of an agenda in the timetable against the curriculum."""

    agenda: str
    planned: int
    wanted: int

    @property
    def level(self) -> str:
        """Too much is a warning; too little may still come, or needs no session."""
        return "ok" if self.planned == self.wanted else "warn" if self.planned > self.wanted else "mute"


def agenda_totals(subjects: Sequence[AgendaSubject], sessions: Iterable[TrainingSession]) -> list[AgendaTotal]:
    """Add up the JP per agenda in the order of the curriculum. Parallel groups count once, the longest of them."""
    per_group: dict[int, dict[int | None, int]] = defaultdict(lambda: defaultdict(int))
    for session in sessions:
        if session.subject_id is not None:
            per_group[session.subject_id][session.group] += session.jp
    totals: dict[str, list[int]] = {}
    for subject in subjects:
        line = totals.setdefault(subject.agenda, [0, 0])
        line[0] += planned_jp(per_group[subject.pk])
        line[1] += subject.hours
    return [AgendaTotal(agenda, planned, wanted) for agenda, (planned, wanted) in totals.items()]


def planned_jp(by_group: Mapping[int | None, int]) -> int:
    """Return the JP that one person takes: those of everybody and of the group with most."""
    return by_group.get(None, 0) + max((jp for group, jp in by_group.items() if group is not None), default=0)
