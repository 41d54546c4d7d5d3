"""The habituasi in weeks, numbered from 1: the first begins with the phase, every other one on a Monday."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

UNDATED_WEEKS = 6
"""Weeks offered while nobody knows the dates: a habituasi of about 30 working days."""


@dataclass(frozen=True)
class Week:
    """One week of the habituasi. Without a batch it has a number only."""

    number: int
    starts_on: date | None = None
    ends_on: date | None = None
    holidays: tuple[tuple[date, str], ...] = ()


def weeks_of(first: date | None, last: date | None, holidays: Iterable[tuple[date, str]] = ()) -> list[Week]:
    """Cut the days from `first` to `last` into weeks; without dates return numbered ones."""
    if first is None or last is None:
        return [Week(number) for number in range(1, UNDATED_WEEKS + 1)]
    free, start = sorted(holidays), first
    found: list[Week] = []
    while start <= last:
        end = min(start + timedelta(days=6 - start.weekday()), last)
        if start.weekday() < 5 or start == first:
            found.append(Week(len(found) + 1, start, end, tuple(day for day in free if start <= day[0] <= end)))
        start = end + timedelta(days=1)
    return found


def outside(weeks: Sequence[int], known: Sequence[Week]) -> list[int]:
    """Return the chosen weeks that the habituasi no longer has, because its dates were moved."""
    numbers = {week.number for week in known}
    return [week for week in weeks if week not in numbers]
