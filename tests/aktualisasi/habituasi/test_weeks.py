"""Weeks of a habituasi: Monday to Sunday, cut to the phase."""

from __future__ import annotations

from datetime import date

import pytest

from aktualisasi.report_weeks import planned_day, week_of, weeks_between, weeks_past

MONDAY = date(2026, 1, 12)


def test_weeks_between_whole_weeks_are_due_on_their_fridays() -> None:
    weeks = weeks_between(MONDAY, date(2026, 2, 13))
    assert [(week.number, week.starts_on, week.due_on) for week in weeks] == [
        (1, date(2026, 1, 12), date(2026, 1, 16)),
        (2, date(2026, 1, 19), date(2026, 1, 23)),
        (3, date(2026, 1, 26), date(2026, 1, 30)),
        (4, date(2026, 2, 2), date(2026, 2, 6)),
        (5, date(2026, 2, 9), date(2026, 2, 13)),
    ]
    assert weeks[-1].ends_on == date(2026, 2, 13)


@pytest.mark.parametrize(
    ("first", "last", "due"),
    [
        (date(2026, 1, 14), date(2026, 1, 18), date(2026, 1, 16)),  # begins on a Wednesday
        (date(2026, 1, 17), date(2026, 1, 18), date(2026, 1, 18)),  # a weekend alone: its last day
        (date(2026, 1, 12), date(2026, 1, 13), date(2026, 1, 13)),  # ends before its Friday
    ],
)
def test_weeks_between_short_weeks_are_due_within_themselves(first, last, due) -> None:
    (week,) = weeks_between(first, last)
    assert week.due_on == due


def test_week_of_days_outside_belong_to_none() -> None:
    weeks = weeks_between(MONDAY, date(2026, 1, 25))
    found = [
        getattr(week_of(weeks, day), "number", None)
        for day in (date(2026, 1, 11), MONDAY, date(2026, 1, 18), date(2026, 1, 19), date(2026, 1, 26))
    ]
    assert found == [None, 1, 1, 2, None]


def test_weeks_past_counts_a_week_from_the_day_after_its_friday() -> None:
    weeks = weeks_between(MONDAY, date(2026, 1, 25))
    assert [weeks_past(weeks, date(2026, 1, day)) for day in (16, 17, 23, 24)] == [0, 1, 1, 2]


def test_planned_day_without_a_week_is_the_last() -> None:
    weeks = weeks_between(MONDAY, date(2026, 1, 25))
    assert [planned_day(weeks, n) for n in (1, 2, 9, None)] == [date(2026, 1, 16), date(2026, 1, 23), date(2026, 1, 23), date(2026, 1, 23)]
    assert planned_day([], 1) is None
