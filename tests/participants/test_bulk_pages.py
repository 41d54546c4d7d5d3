"""The preview of an order for several people and its result: both at addresses that can be opened again."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from participants.enums import Stage
from participants.models import Participant
from tests import factories

BULK, DONE = "participant_bulk", "participant_bulk_done"


@pytest.fixture
def two(cast) -> list[Participant]:
    return [
        factories.ParticipantFactory(satker=cast.kupang, full_name="Siap", stage=Stage.SUBMITTED),
        factories.ParticipantFactory(satker=cast.kupang, full_name="Sudah", stage=Stage.VERIFIED),
    ]


def order(people, **more: str) -> dict[str, object]:
    return {"aksi": "verify", "dari": "antrean", "pilih": [one.pk for one in people], **more}


@pytest.mark.parametrize(("data", "place"), [({}, "participant_list"), ({"dari": "antrean"}, "verification_queue")])
def test_participant_bulk_opened_with_nobody_leads_to_where_people_are_ticked(cast, sign_in, data, place):
    assert sign_in(cast.provinsi_a).get(reverse(BULK), data).headers["Location"] == reverse(place)


@pytest.mark.parametrize("page", ["participant_list", "verification_queue"])
def test_pages_with_ticks_lead_to_the_preview_by_an_address_without_a_token(cast, sign_in, two, page):
    text = sign_in(cast.provinsi_a).get(reverse(page)).content.decode()
    form = re.search(rf'<form action="{reverse(BULK)}".*?</form>', text, re.DOTALL)
    assert form is not None
    assert "csrfmiddlewaretoken" not in form[0]


def test_bulk_preview_has_an_address_to_which_theme_and_language_lead_back(cast, sign_in, two):
    client = sign_in(cast.provinsi_a)
    text = client.get(reverse(BULK), order(two)).content.decode()
    back = re.findall(r'name="next" value="([^"]+)"', text)[0].replace("&amp;", "&")
    again = client.get(client.post(reverse("set_theme"), {"theme": "dark", "next": back}).headers["Location"])
    assert [[one.participant.pk for one in again.context[name]] for name in ("ready", "left")] == [[two[0].pk], [two[1].pk]]
    assert Participant.objects.filter(stage=Stage.VERIFIED).count() == 1


def test_bulk_preview_promises_no_number_and_says_what_each_stage_becomes(cast, sign_in, two):
    text = sign_in(cast.provinsi_a).get(reverse(BULK), order(two)).content.decode()
    assert "Hanya yang dicentang" in text
    assert re.findall(r"\d+ orang", text) == ["1 orang"]  # only those who cannot
    rows = [re.sub(r"<[^>]+>|\s+", " ", row) for row in re.findall(r"<tr.*?</tr>", text) if "tick" in row or "name" in row]
    assert [("menjadi" in row, "Terverifikasi" in row) for row in rows] == [(True, True), (False, True)]
    assert "Diajukan ke provinsi menjadi Terverifikasi" in " ".join(rows[0].split())


def test_bulk_result_can_be_reloaded_and_keeps_the_reasons_of_those_who_stayed(cast, sign_in, two):
    client = sign_in(cast.provinsi_a)
    answer = client.post(reverse(BULK), order(two, pasti="1"))
    assert answer.headers["Location"] == reverse(DONE)
    for _load in range(2):
        page = client.get(reverse(DONE))
        assert [one.participant.full_name for one in page.context["done"]] == ["Siap"]
        assert "Tahapnya sekarang Terverifikasi" in page.content.decode()
        assert "Kembali ke antrean" in page.content.decode()


def test_bulk_result_shows_nobody_whom_the_reader_sees_no_more_and_nothing_to_others(cast, sign_in, two):
    client = sign_in(cast.provinsi_a)
    client.post(reverse(BULK), order(two, pasti="1"))
    Participant.objects.filter(pk=two[0].pk).update(satker=cast.denpasar, province=cast.denpasar.province)
    assert client.get(reverse(DONE)).context["done"] == []
    assert sign_in(cast.pksdm).get(reverse(DONE)).headers["Location"] == reverse("participant_list")
