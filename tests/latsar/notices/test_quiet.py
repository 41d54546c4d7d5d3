from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latsar.accounts.zones import ZONES
from latsar.notices.quiet import SATURDAY, earliest, is_quiet

WITA = ZONES["WITA"]


def leaves(moment: str, *, weekends: bool = False, start: int = 21, end: int = 6) -> str:
    local = datetime.fromisoformat(moment).replace(tzinfo=WITA)
    found = earliest(local, WITA, quiet_from=time(start), quiet_to=time(end), is_open_on_weekends=weekends)
    return found.astimezone(WITA).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23 12:00", "2026-11-23 12:00"),  # Monday noon
        ("2026-11-23 20:59", "2026-11-23 20:59"),
        ("2026-11-23 21:00", "2026-11-24 06:00"),
        ("2026-11-24 05:59", "2026-11-24 06:00"),
        ("2026-11-24 06:00", "2026-11-24 06:00"),
        ("2026-11-27 22:00", "2026-11-30 06:00"),  # Friday night: Saturday is no working day
        ("2026-11-28 10:00", "2026-11-30 06:00"),  # Saturday
        ("2026-11-29 23:00", "2026-11-30 06:00"),  # Sunday
    ],
)
def test_earliest_waits_over_night_and_weekend(moment, expected):
    assert leaves(moment) == expected


def test_earliest_waits_over_holidays_and_the_weekend_behind_them():
    local = datetime(2026, 12, 24, 10, tzinfo=WITA)  # Thursday and Friday are free, then the weekend
    off = frozenset({date(2026, 12, 24), date(2026, 12, 25)})
    quiet = {"quiet_from": time(21), "quiet_to": time(6)}
    assert earliest(local, WITA, **quiet, is_open_on_weekends=False, holidays=off).strftime("%d %H:%M") == "28 06:00"
    assert earliest(local, WITA, **quiet, is_open_on_weekends=True, holidays=off) == local


def test_earliest_with_weekends_waits_for_the_morning_alone():
    assert leaves("2026-11-28 10:00", weekends=True) == "2026-11-28 10:00"
    assert leaves("2026-11-28 22:00", weekends=True) == "2026-11-29 06:00"


def test_earliest_without_quiet_hours_is_at_once_on_a_working_day():
    assert leaves("2026-11-23 03:00", start=8, end=8) == "2026-11-23 03:00"
    assert leaves("2026-11-28 03:00", start=8, end=8) == "2026-11-30 00:00"


def test_earliest_with_quiet_hours_at_noon():
    assert leaves("2026-11-23 12:30", start=12, end=13) == "2026-11-23 13:00"


@given(
    st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 1, 1)),
    st.integers(0, 23),
    st.integers(0, 23),
    st.booleans(),
    st.sampled_from(sorted(ZONES)),
)
def test_earliest_is_never_before_and_never_in_the_quiet(moment, start, end, weekends, zone):
    moment = moment.replace(tzinfo=WITA)
    found = earliest(moment, ZONES[zone], quiet_from=time(start), quiet_to=time(end), is_open_on_weekends=weekends)
    local = found.astimezone(ZONES[zone])
    assert found >= moment
    assert not is_quiet(local.time(), time(start), time(end))
    assert weekends or local.weekday() < SATURDAY
