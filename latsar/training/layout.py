"""Phases on the calendar. Pure: templates and days in, dates out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

from latsar.training.calendar import WorkCalendar
from latsar.training.enums import DayCount

DAY = timedelta(days=1)


class Template(Protocol):
    """What a phase needs to be laid out; PhaseTemplate rows and plans both have it."""

    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def length(self) -> int: ...
    @property
    def day_count(self) -> str: ...
    @property
    def offset(self) -> int: ...
    @property
    def is_parallel(self) -> bool: ...
    @property
    def is_mandatory(self) -> bool: ...


@dataclass(frozen=True)
class PhasePlan:
    """A phase by its length (working or calendar days) and its gap (always working days)."""

    kind: str
    name: str
    length: int
    day_count: str = DayCount.WORKING
    offset: int = 0
    is_parallel: bool = False
    is_mandatory: bool = True


@dataclass(frozen=True)
class PhaseDates:
    kind: str
    name: str
    starts_on: date
    ends_on: date
    day_count: str = DayCount.WORKING
    is_parallel: bool = False
    is_mandatory: bool = True


@dataclass(frozen=True)
class Clash:
    """Two phases that cannot both be kept; `index` is the later one's place in the list."""

    index: int
    earlier: PhaseDates
    later: PhaseDates


def lay_out(templates: Iterable[Template], starts_on: date, calendar: WorkCalendar) -> list[PhaseDates]:
    """Put the phases one after the other from the first working day on or after `starts_on`.

    Every phase starts on a working day. Working-day phases count working days only, calendar-day phases all days.
    `offset` is the number of working days left free after the phase before; a parallel phase starts that many
    working days after the phase before it started, and pushes nothing.
    """
    laid: list[PhaseDates] = []
    previous: PhaseDates | None = None
    for template in templates:
        phase = _place(template, _first_day(template, previous, starts_on, calendar), calendar)
        laid.append(phase)
        if not template.is_parallel or previous is None:
            previous = phase
    return laid


def measure(phases: Sequence[PhaseDates], calendar: WorkCalendar) -> list[PhasePlan]:
    """Read lengths and gaps back from dates, so that moved phases keep them."""
    plans: list[PhasePlan] = []
    previous: PhaseDates | None = None
    for phase in phases:
        length = (phase.ends_on - phase.starts_on).days + 1
        if phase.day_count == DayCount.WORKING:
            length = max(1, calendar.count(phase.starts_on, phase.ends_on))
        plans.append(_plan(phase, length, _gap(phase, previous, calendar)))
        if not phase.is_parallel or previous is None:
            previous = phase
    return plans


def shift(phases: Sequence[PhaseDates], days: int, calendar: WorkCalendar) -> list[PhaseDates]:
    """Move everything by a number of working days, back when it is negative; lengths and gaps stay."""
    if not phases:
        return []
    return lay_out(measure(phases, calendar), calendar.moved(phases[0].starts_on, days), calendar)


def insert(phases: Sequence[PhaseDates], index: int, plan: PhasePlan, calendar: WorkCalendar) -> list[PhaseDates]:
    """Put a phase before the one at `index`, or at the end; those after it make room and keep length and gap."""
    before, after = list(phases[:index]), measure(phases, calendar)[index:]
    start = phases[min(index, len(phases) - 1)].starts_on if phases else None
    if start is None:
        raise ValueError("a schedule has at least one phase")
    laid, previous = before, _leader(before)
    for one in (plan, *after):
        phase = _place(one, _first_day(one, previous, start, calendar), calendar)
        laid.append(phase)
        if not one.is_parallel or previous is None:
            previous = phase
    return laid


def move(phases: Sequence[PhaseDates], index: int, starts_on: date, ends_on: date | None, calendar: WorkCalendar) -> list[PhaseDates]:
    """Set one phase to the given days, without `ends_on` in its own length; those after it follow with their length and gap."""
    plans = measure(phases, calendar)
    ends_on = ends_on or _place(plans[index], starts_on, calendar).ends_on
    moved = [*phases[:index], replace(phases[index], starts_on=starts_on, ends_on=ends_on)]
    previous = _leader(moved)
    for plan in plans[index + 1 :]:
        phase = _place(plan, _first_day(plan, previous, starts_on, calendar), calendar)
        moved.append(phase)
        if not plan.is_parallel:
            previous = phase
    return moved


def clashes(phases: Sequence[PhaseDates]) -> list[Clash]:
    """Find sequential phases that start before the one before them has ended, and parallel ones that start too early."""
    found: list[Clash] = []
    previous: PhaseDates | None = None
    for index, phase in enumerate(phases):
        if previous is not None:
            limit = previous.starts_on if phase.is_parallel else previous.ends_on + DAY
            if phase.starts_on < limit:
                found.append(Clash(index, previous, phase))
        if not phase.is_parallel or previous is None:
            previous = phase
    return found


def _first_day(template: Template, previous: PhaseDates | None, starts_on: date, calendar: WorkCalendar) -> date:
    if previous is None:
        return calendar.on_or_after(starts_on)
    base = previous.starts_on if template.is_parallel else previous.ends_on + DAY
    return calendar.add(calendar.on_or_after(base), template.offset)


def _place(template: Template, first: date, calendar: WorkCalendar) -> PhaseDates:
    last = first + (template.length - 1) * DAY
    if template.day_count == DayCount.WORKING:
        last = calendar.add(first, template.length - 1)
    return PhaseDates(template.kind, template.name, first, last, template.day_count, template.is_parallel, template.is_mandatory)


def _plan(phase: PhaseDates, length: int, gap: int) -> PhasePlan:
    return PhasePlan(phase.kind, phase.name, length, phase.day_count, gap, phase.is_parallel, phase.is_mandatory)


def _leader(phases: Sequence[PhaseDates]) -> PhaseDates | None:
    """Return the phase that the next one follows: the last that is not parallel, else the first."""
    return next((phase for phase in reversed(phases) if not phase.is_parallel), phases[0] if phases else None)


def _gap(phase: PhaseDates, previous: PhaseDates | None, calendar: WorkCalendar) -> int:
    if previous is None:
        return 0
    base = previous.starts_on if phase.is_parallel else previous.ends_on + DAY
    return calendar.count(base, phase.starts_on - DAY)
