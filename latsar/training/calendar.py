"""Working days: Monday to Friday without the days in the Holiday table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

SATURDAY = 5
DAY = timedelta(days=1)
YEAR_IN_DAYS = 366


@dataclass(frozen=True)
class WorkCalendar:
    """The free days besides the weekends. Pure: the same set gives the same answers."""

    holidays: frozenset[date] = field(default_factory=frozenset)

    def is_working(self, day: date) -> bool:
        return day.weekday() < SATURDAY and day not in self.holidays

    def on_or_after(self, day: date) -> date:
        """Return the first working day from `day` on; gives up after a year without one."""
        for number in range(YEAR_IN_DAYS):
            found = day + number * DAY
            if self.is_working(found):
                return found
        raise ValueError(f"no working day within a year of {day}")

    def add(self, day: date, count: int) -> date:
        """Return the working day that is `count` working days after `day`, counting none for `day` itself."""
        for _ in range(count):
            day = self.on_or_after(day + DAY)
        return day

    def moved(self, day: date, count: int) -> date:
        """Return the working day that is `count` working days after `day`, or before it when `count` is negative."""
        if count >= 0:
            return self.add(self.on_or_after(day), count)
        for _ in range(-count):
            day = self._before(day)
        return day

    def _before(self, day: date) -> date:
        for number in range(1, YEAR_IN_DAYS):
            found = day - number * DAY
            if self.is_working(found):
                return found
        raise ValueError(f"no working day within a year before {day}")

    def count(self, first: date, last: date) -> int:
        """Count the working days from first to last, both included."""
        return sum(self.is_working(day) for day in days(first, last))


def days(first: date, last: date) -> Iterator[date]:
    return (first + number * DAY for number in range((last - first).days + 1))


def from_database(years: Iterable[int]) -> WorkCalendar:
    """Read the holidays of these years: one query."""
    from latsar.training.places import Holiday

    return WorkCalendar(frozenset(Holiday.objects.filter(date__year__in=sorted(set(years))).values_list("date", flat=True)))


def holidays_between(first: date, last: date) -> frozenset[date]:
    """Return the free days besides the weekends: one query."""
    from latsar.training.places import Holiday

    return frozenset(Holiday.objects.filter(date__range=(first, last)).values_list("date", flat=True))


def around(start: date, end: date | None = None) -> WorkCalendar:
    """Read the holidays that a batch between these days can meet, a year of slack on both sides."""
    last = end or start
    return from_database(range(start.year - 1, last.year + 2))
