"""The verification queue of a province and of PKSDM."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participants import queue
from participants.enums import Stage
from participants.models import Participant
from tests import factories


def submit(person: Participant, days_ago: int) -> Participant:
    Participant.objects.filter(pk=person.pk).update(stage=Stage.SUBMITTED, stage_at=timezone.now() - timedelta(days=days_ago))
    return person


def test_verification_queue_opens_the_oldest_and_counts_what_is_late(cast, sign_in):
    old = submit(factories.ParticipantFactory(satker=cast.kupang, full_name="Terlama"), 20)
    submit(factories.ParticipantFactory(satker=cast.ende, full_name="Baru"), 0)
    submit(factories.ParticipantFactory(satker=cast.denpasar, full_name="Orang Bali"), 30)
    page = sign_in(cast.provinsi_a).get(reverse("verification_queue"))
    assert page.context["participant"] == old
    assert [one.person.full_name for one in page.context["waiting"]] == ["Terlama", "Baru"]
    assert page.context["counts"] == {"all": 2, "late": 1, "today": 0, "satker": 2}
    assert [one.person.full_name for one in sign_in(cast.provinsi_a).get("/verifikasi-berkas/?batas=lewat").context["waiting"]] == [
        "Terlama"
    ]


def test_verification_queue_shows_everybody_in_pages_and_an_answer_stays_on_the_page(cast, sign_in, monkeypatch):
    monkeypatch.setattr(queue, "SHOWN", 2)
    people = [submit(factories.ParticipantFactory(satker=cast.kupang, full_name=f"Orang {n}"), 20 - n) for n in range(5)]
    client, address = sign_in(cast.provinsi_a), reverse("verification_queue")
    seen = [one.person for number in (1, 2, 3) for one in client.get(f"{address}?halaman={number}").context["waiting"]]
    assert seen == people
    answer = client.post(f"{address}?halaman=2&batas=lewat&orang={people[2].pk}", {"orang": people[2].pk, "putusan": "sesuai"})
    assert answer.headers["Location"] == f"{address}?halaman=2&batas=lewat"
    assert [one.person for one in client.get(answer.headers["Location"]).context["waiting"]] == people[3:]


@pytest.mark.parametrize("text", ["adelheid", "199403", "kota kup"])
def test_verification_queue_search_finds_by_name_nip_or_satker(cast, sign_in, text):
    wanted = submit(factories.ParticipantFactory(satker=cast.kupang, full_name="Adelheid Nahak", nip="199403122025062901"), 3)
    submit(factories.ParticipantFactory(satker=cast.ende, full_name="Orang Lain", nip="199504132025061902"), 9)
    page = sign_in(cast.provinsi_a).get(reverse("verification_queue"), {"q": text})
    assert [one.person for one in page.context["waiting"]] == [wanted]
    assert page.context["participant"] == wanted
    assert page.context["counts"]["all"] == 2


def test_verification_queue_of_pksdm_holds_verified_files_and_those_of_the_secretariat(cast, sign_in):
    verified = factories.ParticipantFactory(satker=cast.kupang, stage=Stage.VERIFIED)
    own = factories.ParticipantFactory(satker=cast.setjen, stage=Stage.SUBMITTED)
    factories.ParticipantFactory(satker=cast.kupang, stage=Stage.SUBMITTED)
    page = sign_in(cast.pksdm).get(reverse("verification_queue"))
    assert {one.person for one in page.context["waiting"]} == {verified, own}


def test_verification_queue_answer_leads_to_the_next_file(cast, sign_in):
    first = submit(factories.ParticipantFactory(satker=cast.kupang), 3)
    second = submit(factories.ParticipantFactory(satker=cast.ende), 2)
    client = sign_in(cast.provinsi_a)
    page = client.post(reverse("verification_queue"), {"orang": first.pk, "putusan": "sesuai"}, follow=True)
    assert page.context["participant"] == second
    page = client.post(reverse("verification_queue"), {"orang": second.pk, "putusan": "kembali", "note": "Gelar kurang."}, follow=True)
    assert "Antrean kosong" in page.content.decode()
    assert dict(Participant.objects.values_list("pk", "stage")) == {first.pk: Stage.VERIFIED, second.pk: Stage.RETURNED}


@pytest.mark.parametrize(("data", "text"), [({}, "Pilih dulu"), ({"putusan": "kembali"}, "Tulis alasannya")])
def test_verification_queue_with_half_an_answer_asks_and_changes_nothing(cast, sign_in, data, text):
    person = submit(factories.ParticipantFactory(satker=cast.kupang), 3)
    answer = sign_in(cast.provinsi_a).post(reverse("verification_queue"), {"orang": person.pk, **data})
    assert answer.status_code == 200
    assert text in answer.content.decode()
    person.refresh_from_db()
    assert person.stage == Stage.SUBMITTED


def test_verification_queue_answer_to_a_foreign_file_changes_nothing(cast, sign_in):
    foreign = submit(factories.ParticipantFactory(satker=cast.denpasar), 3)
    sign_in(cast.provinsi_a).post(reverse("verification_queue"), {"orang": foreign.pk, "putusan": "sesuai"})
    foreign.refresh_from_db()
    assert foreign.stage == Stage.SUBMITTED


def test_verification_queue_costs_the_same_at_one_and_at_ten_files(cast, sign_in):
    client, counts = sign_in(cast.provinsi_a), []
    for more in (1, 9):
        for one in factories.ParticipantFactory.create_batch(more, satker=cast.kupang):
            submit(one, 3)
        client.get(reverse("verification_queue"))  # the first look of a day is recorded
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("verification_queue"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 15


def test_verification_queue_for_a_satker_is_not_found(cast, sign_in):
    assert sign_in(cast.admin_kupang).get(reverse("verification_queue")).status_code == 404


def test_verification_queue_bulk_answer_leads_back_to_the_queue(cast, sign_in):
    person = submit(factories.ParticipantFactory(satker=cast.kupang), 3)
    client, queue_url = sign_in(cast.provinsi_a), reverse("verification_queue")
    order = {"aksi": "verify", "pilih": person.pk, "dari": "antrean"}
    preview = client.get(reverse("participant_bulk"), order).content.decode()
    assert f'class="btn" href="{queue_url}">Batal' in preview
    assert '<input type="hidden" name="dari" value="antrean">' in preview
    done = client.post(reverse("participant_bulk"), {**order, "pasti": "1"}, follow=True).content.decode()
    assert f'href="{queue_url}">Kembali ke antrean' in done
    assert client.post(reverse("participant_bulk"), {"aksi": "verify", "dari": "antrean"}).headers["Location"] == queue_url
    assert (
        "Kembali ke daftar" in client.post(reverse("participant_bulk"), {**order, "dari": "", "pasti": "1"}, follow=True).content.decode()
    )
