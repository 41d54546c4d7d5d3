"""The one box of the top bar."""

from __future__ import annotations

import pytest
from django.utils import timezone

from latsar.dashboard.finding import find
from latsar.documents.models import IssuedDocument
from tests.factories import BatchFactory


def test_find_units_stay_inside_the_scope(cast):
    assert [unit for unit, _url in find(cast.provinsi_a, "kota").units] == [cast.kupang]
    assert not find(cast.admin_kupang, "Ende")


def test_find_figures_of_a_nip_find_no_unit(cast):
    assert not find(cast.pksdm, "19970101")


@pytest.mark.parametrize("text", ["Angkatan IV", "iv", "4"])
def test_batch_search_number_as_typed_finds_the_batch(cast, text):
    batch = BatchFactory(number=4, institute=cast.institute_a)
    BatchFactory(number=5, institute=cast.institute_a)
    assert list(find(cast.pksdm, text).batches) == [batch]


def test_search_name_of_a_unit_shows_links_to_its_people(cast, sign_in):
    answer = sign_in(cast.admin_kupang).get("/cari/", {"q": "kupang"})
    assert answer.status_code == 200
    assert "/peserta/?satker=53.71" in answer.content.decode()


def test_search_name_of_a_person_leads_to_the_list(cast, sign_in):
    answer = sign_in(cast.admin_kupang).get("/cari/", {"q": "Maria"})
    assert answer["Location"] == "/peserta/?q=Maria"


def test_find_number_of_a_document_stays_inside_the_scope(cast):
    made = {}
    for satker in (cast.kupang, cast.denpasar):
        made[satker] = IssuedDocument.objects.create(
            kind="completion", number=f"00{satker.pk}/SDM.05-SK/06/2026", holder_name="Orang Contoh", title="Surat", satker=satker, province=satker.province,
            face={}, state="issued", file="a.pdf", sha256="0" * 64, issued_at=timezone.now(), issued_by=cast.pksdm,
        )  # fmt: skip
    IssuedDocument.objects.create(kind="mentor", number="9/SDM.05-SK/06/2026", holder_name="x", title="x", face={}, state="prepared")
    assert list(find(cast.provinsi_a, "/SDM.05-SK").documents) == [made[cast.kupang]]
    assert {document.pk for document in find(cast.pksdm, "/sdm.05-sk").documents} == {one.pk for one in made.values()}
