from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from latsar.ui import words

WEDNESDAY = date(2026, 8, 12)


def test_long_date_with_weekday_in_indonesian_names_month_and_day() -> None:
    assert words.long_date_with_weekday(WEDNESDAY, lang="id") == "12 Agustus 2026 (Rabu)"


def test_long_date_follows_the_active_language() -> None:
    with translation.override("en"):
        assert words.long_date_with_weekday(WEDNESDAY) == "12 August 2026 (Wednesday)"
    with translation.override("id"):
        assert words.long_date_with_weekday(WEDNESDAY) == "12 Agustus 2026 (Rabu)"


def test_short_date_drops_the_year() -> None:
    assert words.short_date(WEDNESDAY, lang="id") == "Rabu, 12 Agu"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2026, 1, 26), date(2026, 4, 21), "26 Januari sampai 21 April 2026"),
        (date(2026, 3, 4), date(2026, 3, 5), "4 sampai 5 Maret 2026"),
        (date(2025, 12, 4), date(2026, 3, 5), "4 Desember 2025 sampai 5 Maret 2026"),
        (date(2026, 3, 4), date(2026, 3, 4), "4 Maret 2026"),
    ],
)
def test_date_range_shared_parts_are_said_once(start: date, end: date, expected: str) -> None:
    assert words.date_range(start, end, lang="id") == expected


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("Asia/Jakarta", "09.42 WIB"), ("Asia/Makassar", "10.42 WITA"), ("Asia/Jayapura", "11.42 WIT"), ("Asia/Pontianak", "09.42 WIB")],
)
def test_clock_time_each_zone_shows_its_own_clock(zone: str, expected: str) -> None:
    assert words.clock_time(datetime(2026, 8, 12, 2, 42, tzinfo=UTC), zone, lang="id") == expected


def test_when_same_day_in_the_zone_is_today() -> None:
    now = datetime(2026, 2, 9, 16, 30, tzinfo=UTC)  # already the 10th in Jayapura
    moment = datetime(2026, 2, 9, 15, 30, tzinfo=UTC)
    assert words.when(moment, now, "Asia/Jayapura", lang="id") == "Hari ini, 00.30 WIT"
    assert words.when(datetime(2026, 2, 6, 8, 2, tzinfo=UTC), now, "Asia/Makassar", lang="id") == "Jumat, 6 Feb, 16.02 WITA"
    assert words.when(datetime(2025, 2, 6, 8, 2, tzinfo=UTC), now, "Asia/Makassar", lang="id") == "6 Februari 2025, 16.02 WITA"


@pytest.mark.parametrize(("days", "expected"), [(20, "20 hari lagi"), (0, "hari ini"), (-3, "lewat 3 hari")])
def test_days_left_says_where_the_deadline_stands(days: int, expected: str) -> None:
    assert words.days_left(days, lang="id") == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "0"), (999, "999"), (1234567, "1.234.567"), (-28, "−28"), (Decimal("18.4"), "18,4"), (Decimal("-1234.50"), "−1.234,50")],
)
def test_thousands_in_indonesian_uses_points(number: int | Decimal, expected: str) -> None:
    assert words.thousands(number, lang="id") == expected


def test_thousands_rounding_to_zero_has_no_sign() -> None:
    assert words.thousands(-0.04, places=1, lang="id") == "0,0"


def test_percent_of_nothing_is_zero() -> None:
    assert words.percent(869, 3278, lang="id") == "26,5%"
    assert words.percent(1, 2, lang="id") == "50%"
    assert words.percent(1, 0, lang="id") == "0%"


def test_round_half_up_goes_upwards_where_python_goes_to_even() -> None:
    assert [words.round_half_up(value) for value in (0.5, 1.5, 2.5)] == [1, 2, 3]


@pytest.mark.parametrize(("number", "expected"), [(1, "I"), (4, "IV"), (14, "XIV"), (40, "XL"), (1994, "MCMXCIV"), (3999, "MMMCMXCIX")])
def test_roman_known_numbers(number: int, expected: str) -> None:
    assert words.roman(number) == expected


@pytest.mark.parametrize("number", [0, -1, 4000])
def test_roman_outside_its_range_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="Roman"):
        words.roman(number)


def test_group_nip_of_18_digits_prints_8_6_1_3() -> None:
    assert words.group_nip("199808122025052904") == "19980812 202505 2 904"
    assert words.group_nip("1998.0812 202505-2 904") == "19980812 202505 2 904"
    assert words.group_nip("19980812") == "19980812"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "nol"),
        (11, "sebelas"),
        (15, "lima belas"),
        (100, "seratus"),
        (647, "enam ratus empat puluh tujuh"),
        (1000, "seribu"),
        (2014, "dua ribu empat belas"),
        (1_000_000, "satu juta"),
        (1_500_075, "satu juta lima ratus ribu tujuh puluh lima"),
        (-7, "minus tujuh"),
    ],
)
def test_spell_number_known_numbers(number: int, expected: str) -> None:
    assert words.spell_number(number) == expected


@given(st.integers(min_value=0, max_value=10**12), st.integers(min_value=0, max_value=10**12))
def test_spell_number_different_numbers_are_spelt_differently(one: int, other: int) -> None:
    assert (words.spell_number(one) == words.spell_number(other)) == (one == other)


@pytest.mark.parametrize(
    ("size", "expected"), [(10, "10 byte"), (2048, "2 KB"), (1023 * 1024, "1,0 MB"), (3_250_585, "3,1 MB"), (5 * 1024**3, "5,0 GB")]
)
def test_file_size_picks_the_unit(size: int, expected: str) -> None:
    assert words.file_size(size, lang="id") == expected


@pytest.mark.parametrize(("sentence", "said"), [("Mentor Anda: Maria, S.H..", "Mentor Anda: Maria, S.H."), ("Selesai.", "Selesai.")])
def test_one_stop_name_with_title_ends_once(sentence, said):
    assert words.one_stop(sentence) == said
