"""The free days of the working calendar, which stands above this room: training registers it at start-up."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, timedelta
from typing import TypeAlias

from django.utils import timezone

FreeDays: TypeAlias = Callable[[date, date], Collection[date]]
AHEAD = timedelta(days=40)
"""Longer than any row of free days that a mail could have to wait for."""

_sources: list[FreeDays] = []


def register(source: FreeDays) -> None:
    """Take `fn(first, last) -> holidays` as the calendar of the portal."""
    _sources[:] = [source]


def coming_holidays() -> frozenset[date]:
    """Return the holidays from yesterday on, so that it fits every zone; one query."""
    first = timezone.localdate() - timedelta(days=1)
    return frozenset(day for source in _sources for day in source(first, first + AHEAD))
