"""The list of participants: what is offered, ordered, found, taken along and moved together."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from participants import bulk, list_filters
from participants.enums import Stage
from participants.models import Participant
from participants.services.lists import choose_columns
from tests import factories
from tests.participants.test_people_views import seat


@pytest.mark.parametrize(("who", "shows_needs"), [("provinsi_a", True), ("pimpinan", False), ("lembaga_a", False)])
def test_participant_export_of_everything_leaves_needs_to_those_who_may_read_them(cast, sign_in, who, shows_needs):
    seat(
        factories.ParticipantFactory(satker=cast.kupang, special_needs="Kursi roda", address="Jalan Panjang 77"), institute=cast.institute_a
    )
    answer = sign_in(getattr(cast, who)).post(reverse("participant_export"), {"isian": "semua"})
    cells = {str(cell.value) for row in load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.iter_rows() for cell in row}
    assert {"Tempat lahir", "Tanggal lahir", "Agama", "Ukuran baju", "Ukuran sepatu"} <= cells
    assert ({"Jalan Panjang 77", "E-mail"} <= cells, "Jalan Panjang 77" in cells) == (who != "pimpinan", who != "pimpinan")
    assert ({"Kebutuhan khusus", "Kursi roda"} <= cells, "Kursi roda" in cells) == (shows_needs, shows_needs)


def test_participant_export_follows_the_chosen_columns(cast, sign_in):
    person = factories.ParticipantFactory(satker=cast.kupang)
    choose_columns(names=["akun", "kontak"], by=cast.provinsi_a)
    answer = sign_in(cast.provinsi_a).post(reverse("participant_export"))
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.iter_rows()]
    assert ["NIP", "Nama lengkap", "E-mail", "No. HP", "Akun"] in rows
    assert [person.nip, person.full_name, person.email, person.phone or None, "Belum diverifikasi"] in rows


def test_participant_list_offers_an_order_without_script(cast, sign_in):
    factories.ParticipantFactory(satker=cast.kupang, full_name="Ani", golongan="III/a")
    factories.ParticipantFactory(satker=cast.kupang, full_name="Budi", golongan="II/c")
    page = sign_in(cast.admin_kupang).get(reverse("participant_list"), {"urut": "golongan"})
    assert [row.name for row in page.context["people"].rows] == ["Budi", "Ani"]
    assert '<option value="golongan" selected>' in page.content.decode()


def test_participant_list_filters_offer_what_there_is(cast, sign_in):
    factories.ParticipantFactory(satker=cast.kupang, jabatan="Analis Contoh")
    factories.ParticipantFactory(satker=cast.denpasar, jabatan="Rahasia Bali")
    closed = factories.BatchFactory(institute=cast.institute_a, stage="closed")
    seat(factories.ParticipantFactory(satker=cast.kupang), institute=cast.institute_a)
    fields = {field.name: field for field in sign_in(cast.provinsi_a).get(reverse("participant_list")).context["fields"]}
    offered = {value for value, _label in fields["jabatan"].options}
    assert ("Analis Contoh" in offered, "Rahasia Bali" in offered, "Pengelola Layanan Kesehatan" in offered) == (True, False, False)
    national = {field.name: field for field in sign_in(cast.pksdm).get(reverse("participant_list")).context["fields"]}
    assert str(closed.pk) in {value for value, _label in national["angkatan"].options}
    assert {"53.71", "51.71"} <= {value for value, _label in national["satker"].options}
    chosen = sign_in(cast.pksdm).get(reverse("participant_list"), {"satker": "53.71 KPU Kota Kupang"})
    assert [label for label, _href in chosen.context["chips"]] == [cast.kupang.name]


def test_participant_list_says_when_the_batches_offered_are_cut(cast, sign_in, monkeypatch):
    monkeypatch.setattr(list_filters, "BATCH_CHOICES", 2)
    notes = []
    for number in range(3):
        factories.BatchFactory(institute=cast.institute_a, number=number + 1)
        fields = {field.name: field for field in sign_in(cast.pksdm).get(reverse("participant_list")).context["fields"]}
        notes.append((len(fields["angkatan"].options), bool(fields["angkatan"].note)))
    assert notes == [(1, False), (2, False), (2, True)]


def test_search_takes_words_apart_and_looks_up_satker_of_the_viewer_only(cast, sign_in):
    factories.ParticipantFactory(satker=cast.kupang, full_name="Maria Goreti Seran")
    for number in range(45):
        factories.SatkerFactory(
            code=f"51.{number + 10}", name=f"KPU Kota Kupang {number}", parent=cast.province_b, province=cast.province_b
        )
    client = sign_in(cast.admin_kupang)
    for text, count in (("maria seran", 1), ("seran  maria", 1), ("maria bria", 0), ("kupang", 1)):
        assert len(client.get(reverse("participant_list"), {"q": text}).context["people"].rows) == count, text


@pytest.mark.parametrize("step", [{}, {"pasti": "1"}])
def test_participant_bulk_with_one_person_outside_the_scope_is_not_found_and_moves_nobody(cast, sign_in, step):
    own, foreign = factories.ParticipantFactory(satker=cast.kupang), factories.ParticipantFactory(satker=cast.denpasar)
    client = sign_in(cast.admin_kupang)
    for ids, status in (([own.pk, foreign.pk], 404), ([own.pk, 987654321], 404), ([own.pk, own.pk], 200)):
        assert client.post(reverse("participant_bulk"), {"aksi": "submit", "pilih": ids, **step}, follow=True).status_code == status
        foreign.refresh_from_db()
        assert (foreign.stage, Participant.objects.filter(stage=Stage.SUBMITTED).count()) == (
            Stage.REGISTERED,
            int(status == 200 and bool(step)),
        )


def test_participant_bulk_for_all_filtered_begins_with_those_who_can_move(cast, sign_in, monkeypatch):
    monkeypatch.setattr(bulk, "LIMIT", 3)
    factories.ParticipantFactory.create_batch(4, satker=cast.kupang, stage=Stage.APPROVED)
    factories.ParticipantFactory.create_batch(5, satker=cast.kupang, stage=Stage.SUBMITTED)
    client, order = sign_in(cast.provinsi_a), {"aksi": "verify", "semua": "1", "saringan": ""}
    for ready, left, is_cut in ((3, 0, True), (2, 1, True)):
        page = client.post(reverse("participant_bulk"), order)
        assert (len(page.context["ready"]), len(page.context["left"]), page.context["order"].is_cut) == (ready, left, is_cut)
        ids = [one.participant.pk for one in page.context["ready"]]
        client.post(reverse("participant_bulk"), {"aksi": "verify", "pasti": "1", "pilih": ids})
    assert Participant.objects.filter(stage=Stage.VERIFIED).count() == 5
