"""The probation clock: how much of the year is left, and whether the seat comes in time.

Ref: PP 11/2017 jo 17/2020 Pasal 34-36.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from latsar.training.models import Holiday
from latsar.ui.components import Clock
from participants.enums import ENDED, Stage

CRITICAL_DAYS = 30
WATCHFUL_DAYS = 90
YEAR_DAYS = 365


class ClockState(StrEnum):
    CRITICAL = "critical"
    WATCHFUL = "watchful"
    SAFE = "safe"
    DONE = "done"
    STOPPED = "stopped"


LEVELS = {ClockState.CRITICAL: "bad", ClockState.WATCHFUL: "warn", ClockState.SAFE: "ok", ClockState.DONE: "ok", ClockState.STOPPED: "mute"}


@dataclass(frozen=True, slots=True)
class PersonClock:
    """`days` until the deadline, below zero when it has passed; `percent` of the probation time gone.

    `reachable_on` is when Latsar would end on the earliest seat still free, for who has none.
    """

    state: ClockState
    days: int
    deadline: date
    percent: int
    seat_ends_on: date | None = None
    reachable_on: date | None = None

    @property
    def label(self) -> str:
        return {
            ClockState.CRITICAL: _("Kritis"),
            ClockState.WATCHFUL: _("Waspada"),
            ClockState.SAFE: _("Aman"),
            ClockState.DONE: _("Lulus"),
            ClockState.STOPPED: _("Berhenti"),
        }[self.state]

    @property
    def level(self) -> str:
        return LEVELS[self.state]

    @property
    def has_stopped(self) -> bool:
        return self.state in (ClockState.DONE, ClockState.STOPPED)

    @property
    def is_late(self) -> bool:
        """Whether the seat ends after the deadline."""
        return self.seat_ends_on is not None and self.seat_ends_on > self.deadline

    @property
    def days_over(self) -> int:
        return max(0, -self.days)

    @property
    def why(self) -> str:
        """Say what the word rests on."""
        if self.days < 0:
            return _("batas sudah lewat")
        if self.is_late:
            return _("Latsar baru selesai sesudah batas")
        if self.seat_ends_on == self.deadline:
            return _("Latsar selesai tepat pada hari batas")
        if self.seat_ends_on is not None:
            return _("Latsar selesai %(days)d hari sebelum batas") % {"days": (self.deadline - self.seat_ends_on).days}
        if self.reachable_on is None:
            return _("belum ada kursi")
        spare = (self.deadline - self.reachable_on).days
        if spare < 0:
            return _("kursi tercepat baru selesai %(days)d hari sesudah batas") % {"days": -spare}
        if spare == 0:
            return _("belum ada kursi; yang tercepat selesai tepat pada batas")
        return _("belum ada kursi; yang tercepat selesai %(days)d hari sebelum batas") % {"days": spare}

    @property
    def face(self) -> Clock:
        """The clock as the component draws it; whose clock has stopped has no days to count."""
        days = None if self.has_stopped else self.days
        return Clock(label=self.label, level=self.level, days=days, deadline=self.deadline, percent=self.percent)


def clock_of(
    deadline: date,
    today: date,
    seat_ends_on: date | None = None,
    *,
    stage: str = "",
    reachable_on: date | None = None,
    since: date | None = None,
) -> PersonClock:
    """Judge one person's clock; it stops on graduation and when the person leaves.

    Without a seat it is critical when even the earliest seat ends too late, else it follows the days. `since` is the
    TMT, to know how much of an extended probation is gone. Ref: design rule "Clock".
    """
    days = (deadline - today).days
    whole = (deadline - since).days if since else YEAR_DAYS
    percent = max(0, min(100, round(100 * (whole - days) / whole)))
    percent = 100 if stage == Stage.GRADUATED else percent
    state = _state(days, deadline, seat_ends_on or reachable_on, stage)
    if state == ClockState.SAFE and seat_ends_on is None:
        state = _state(days, deadline, None, stage)
    return PersonClock(state, days, deadline, percent, seat_ends_on, reachable_on)


def _state(days: int, deadline: date, seat_ends_on: date | None, stage: str) -> ClockState:
    if stage in ENDED:
        return ClockState.DONE if stage == Stage.GRADUATED else ClockState.STOPPED
    if days < 0:
        return ClockState.CRITICAL
    if seat_ends_on is not None:
        return ClockState.SAFE if seat_ends_on <= deadline else ClockState.CRITICAL
    if days <= CRITICAL_DAYS:
        return ClockState.CRITICAL
    return ClockState.WATCHFUL if days <= WATCHFUL_DAYS else ClockState.SAFE


@dataclass(frozen=True, slots=True)
class Bucket:
    """People whose deadline is `low` to `high` days away; None is open."""

    key: str
    label: str | Promise
    low: int | None
    high: int | None

    def q(self, today: date) -> Q:
        """Rows of this bucket; whose clock has stopped is in none."""
        condition = ~Q(stage__in=ENDED)
        if self.low is not None:
            condition &= Q(deadline__gte=today + timedelta(days=self.low))
        if self.high is not None:
            condition &= Q(deadline__lte=today + timedelta(days=self.high))
        return condition


BUCKETS = (
    Bucket("lewat", gettext_lazy("Lewat batas"), None, -1),
    Bucket("1-30", gettext_lazy("30 hari atau kurang"), 0, 30),
    Bucket("31-60", gettext_lazy("31 sampai 60 hari"), 31, 60),
    Bucket("61-90", gettext_lazy("61 sampai 90 hari"), 61, 90),
    Bucket("91-120", gettext_lazy("91 sampai 120 hari"), 91, 120),
    Bucket("120+", gettext_lazy("Lebih dari 120 hari"), 121, None),
)
BUCKET_BY_KEY = {bucket.key: bucket for bucket in BUCKETS}


def bucket_q(key: str, today: date) -> Q:
    """Rows of the bucket with this key; an unknown key selects nothing."""
    bucket = BUCKET_BY_KEY.get(key)
    return bucket.q(today) if bucket else Q(pk__in=[])


def holidays_between(start: date, end: date) -> frozenset[date]:
    return frozenset(Holiday.objects.filter(date__range=(start, end)).values_list("date", flat=True))


def working_day_after(start: date, days: int, holidays: frozenset[date]) -> date:
    """Return the day `days` working days after `start`."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= _works(day, holidays)
    return day


def working_days_between(start: date, end: date, holidays: frozenset[date]) -> int:
    """Count the working days after `start` up to and including `end`; below zero when `end` comes first."""
    if end < start:
        return -working_days_between(end, start, holidays)
    return sum(_works(start + timedelta(days=n), holidays) for n in range(1, (end - start).days + 1))


def _works(day: date, holidays: frozenset[date]) -> bool:
    return day.weekday() < 5 and day not in holidays
