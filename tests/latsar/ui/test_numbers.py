from __future__ import annotations

import pytest
from django.urls import reverse

from latsar.ui.numbers import only_digits, whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), ("007", 7), ("9" * 18, int("9" * 18)), ("9" * 19, None), ("²", None), ("٣", None), ("", None), (None, None), ("-1", None)],
)
def test_whole_number_reads_plain_small_numbers_only(text, number):
    assert whole_number(text) == number


def test_only_digits_refuses_what_int_refuses():
    assert [only_digits(text) for text in ("12", "1²", "", "1 2")] == [True, False, False, False]


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["²", "9" * 400])
@pytest.mark.parametrize(
    ("url", "name", "method"),
    [
        ("participant_list", "angkatan", "get"),
        ("participant_list", "q", "get"),
        ("verification_queue", "orang", "get"),
        ("verification_queue", "orang", "post"),
        ("participant_bulk", "pilih", "get"),
        ("participant_bulk", "pilih", "post"),
        ("nip_check", "orang", "get"),
        ("trail", "halaman", "get"),
        ("mentor_assign", "peserta", "get"),
    ],
)
def test_pages_take_strange_numbers_for_none(cast, sign_in, typed, url, name, method):
    answer = getattr(sign_in(cast.pksdm), method)(reverse(url), {name: typed, "aksi": "approve"})
    assert answer.status_code in (200, 302)


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["s².1", "s1.²", f"b{'9' * 400}.1"])
def test_participant_list_takes_a_strange_place_for_its_first_page(cast, sign_in, place):
    assert sign_in(cast.pksdm).get(reverse("participant_list"), {"halaman": place}).status_code == 200
