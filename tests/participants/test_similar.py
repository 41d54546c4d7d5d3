from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from participants.models import Participant
from participants.similar import is_same_name, name_words, similar_people
from tests.factories import ParticipantFactory
from tests.participants.services.test_imports import changed, preview
from tests.participants.workbook.people import many_rows

BORN = date(1996, 5, 14)


@pytest.mark.parametrize(
    ("one", "other", "same_day", "next_day"),
    [
        ("Drs. Yohanes Seran", "Yohanes Seran, S.H.", True, True),
        ("Maria Goreti Seran", "Maria Goretti Seran", True, True),
        ("Moh. Rizky", "Muhammad Rizki, S.Kom.", True, True),
        ("Theresia Doelah", "Teresia Dulah", True, True),
        ("Maria Seran", "Maria Goreti Seran", True, False),
        ("Yohanis Seran", "Yohanes Seran", True, False),
        ("José Amaral", "Jose Amaral", True, True),
        ("Maria Seran", "Agnes Bria", False, False),
        ("Contoh Peserta 1", "Contoh Peserta 2", False, False),
        ("Maria", "Maria Goreti Seran", False, False),
    ],
)
def test_is_same_name_bears_titles_spelling_and_slips(one, other, same_day, next_day):
    words = name_words(one), name_words(other)
    assert [is_same_name(*words, is_same_day=near) for near in (True, False)] == [same_day, next_day]


@pytest.mark.parametrize(("shift", "found"), [(0, True), (1, True), (-1, True), (2, False)])
def test_similar_people_bears_a_day_between_birth_dates(cast, shift, found):
    twin = ParticipantFactory(satker=cast.kupang, full_name="Drs. Yohanes Seran", birth_date=BORN)
    near = similar_people(cast.admin_kupang, full_name="Yohanes Seran, S.H.", birth_date=BORN + timedelta(days=shift))
    assert near == ([twin] if found else [])
    assert similar_people(cast.admin_denpasar, full_name="Yohanes Seran, S.H.", birth_date=BORN + timedelta(days=shift)) == []


def test_similar_people_asks_as_often_for_one_as_for_three(cast, django_assert_num_queries):
    assert cast.admin_kupang.scope.satker_ids  # read once for each user
    for count in range(3):
        ParticipantFactory(satker=cast.kupang, full_name="Yohanes Seran", birth_date=BORN)
        with django_assert_num_queries(2):
            assert len(similar_people(cast.admin_kupang, full_name="Yohanes Seran", birth_date=BORN)) == count + 1


def test_preview_import_of_a_twin_under_another_nip_warns_and_shows_it(cast, sign_in):
    rows = many_rows(3)
    born = rows[0][9]
    twin = ParticipantFactory(satker=cast.kupang, full_name=f"Drs. {rows[0][1]}", birth_date=born)
    ParticipantFactory(satker=cast.denpasar, full_name=rows[1][1], birth_date=rows[1][9])
    upload = preview(rows, cast.admin_kupang)
    warned = {row.number: row.warnings for row in upload.rows.all()}
    assert [len(warned[number]) for number in (2, 3, 4)] == [1, 0, 0]
    assert f"Mungkin orang yang sama dengan {twin.full_name}, NIP " in warned[2][0]
    client = sign_in(cast.admin_kupang)
    for address in ("", "?hasil=dilihat"):
        assert twin.full_name in client.get(upload.get_absolute_url() + address).content.decode()
    assert client.get(upload.get_absolute_url() + "?hasil=dilihat").context["sections"] == []


def test_preview_import_two_rows_of_one_person_warn_each_other(cast):
    first, second = many_rows(2)
    twin = changed(first, NIP=first[0][:15] + "955", Email="lain@contoh.go.id")
    upload = preview([first, second, twin], cast.admin_kupang)
    assert [bool(row.warnings) for row in upload.rows.order_by("number")] == [True, False, True]


def test_preview_import_asks_as_often_for_one_row_as_for_three(cast, django_assert_max_num_queries):
    for count in (1, 3):
        with django_assert_max_num_queries(40):
            preview(many_rows(count), cast.admin_kupang)


def test_participant_add_of_a_name_spelled_otherwise_asks_first(cast, sign_in):
    twin = ParticipantFactory(satker=cast.kupang, full_name="Maria Goretti Seran, S.H.", birth_date=date(1999, 3, 18))
    typed = {
        "nip": "199903172026012941", "full_name": "Dra. Maria Goreti Seran", "satker": "53.71", "golongan": "III/a", "jabatan": "Arsiparis",
        "email": "maria@contoh.go.id",
    }  # fmt: skip
    answer = sign_in(cast.admin_kupang).post(reverse("participant_add"), typed)
    assert (answer.context["form"].similar, Participant.objects.count()) == ([twin], 1)
