"""Bars over days: the phases of a batch on the calendar, weekends hollow, holidays ochre, today dotted."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from . import words
from .components import EMPTY

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Phase:
    """One bar from its first to its last day; `series` picks the colour, 1 to 4, `note` is added to the dates."""

    label: str
    start: date
    end: date
    series: int = 1
    note: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days that a strip spans."""

    first: date
    last: date

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1

    def at(self, day: date) -> str:
        return _share((day - self.first).days, self.length)

    def span(self, start: date, end: date) -> str:
        return _share((end - start).days + 1, self.length)

    def days(self) -> Iterator[date]:
        return (self.first + timedelta(days=number) for number in range(self.length))


def timeline_strip(phases: Sequence[Phase], *, today: date, holidays: Collection[date] = (), strip_id: str = "strip") -> SafeString:
    """Draw every phase on one calendar. The free days are drawn once and shared by the rows through `strip_id`."""
    if not phases:
        return EMPTY
    calendar = Calendar(min(phase.start for phase in phases), max(phase.end for phase in phases))
    ground = _ground(calendar, holidays, strip_id)
    rows = (
        (
            phase.label,
            words.short_date_range(phase.start, phase.end),
            f", {phase.note}" if phase.note else "",
            ground if number == 0 else format_html('<use href="#{}"/>', strip_id),
            phase.series,
            calendar.at(phase.start),
            calendar.span(phase.start, phase.end),
            _today(calendar, today),
        )
        for number, phase in enumerate(phases)
    )
    return format_html(
        '<div class="strip">{}{}</div>',
        _axis(calendar),
        format_html_join(
            "\n",
            '<div class="strip-row"><div><b>{}</b><small class="muted d-block">{}{}</small></div><svg aria-hidden="true">{}'
            '<rect class="f-{}" rx="4" y="25%" height="50%" x="{}%" width="{}%"/>{}</svg></div>',
            rows,
        ),
    )


def _axis(calendar: Calendar) -> SafeString:
    months = words.SHORT_MONTHS[words.language()]
    firsts = (day for day in calendar.days() if day.day == 1)
    return format_html(
        '<div class="strip-row strip-head"><span></span><svg class="strip-axis" aria-hidden="true">{}</svg></div>',
        format_html_join("", '<text x="{}%" y="12" dx="3">{}</text>', ((calendar.at(day), months[day.month - 1]) for day in firsts)),
    )


def _ground(calendar: Calendar, holidays: Collection[date], strip_id: str) -> SafeString:
    weekends = _runs(day for day in calendar.days() if day.weekday() >= SATURDAY)
    free = _runs(day for day in calendar.days() if day in holidays)
    shapes = [("wk", *run) for run in weekends] + [("hol", *run) for run in free]
    return format_html(
        '<g id="{}">{}</g>',
        strip_id,
        format_html_join(
            "",
            '<rect class="{}" x="{}%" width="{}%" height="100%"/>',
            ((kind, calendar.at(start), calendar.span(start, end)) for kind, start, end in shapes),
        ),
    )


def _today(calendar: Calendar, today: date) -> SafeString:
    if not calendar.first <= today <= calendar.last:
        return EMPTY
    middle = _share((today - calendar.first).days * 2 + 1, calendar.length * 2)
    return format_html('<line class="l-text" x1="{0}%" x2="{0}%" y1="0" y2="100%" stroke-width="2" stroke-dasharray="3 3"/>', middle)


def _runs(days: Iterable[date]) -> list[tuple[date, date]]:
    runs: list[tuple[date, date]] = []
    for day in days:
        if runs and day - runs[-1][1] == timedelta(days=1):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def _share(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.2f}".rstrip("0").rstrip(".")
