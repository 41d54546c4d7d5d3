from datetime import date
from io import BytesIO

import pikepdf
import pytest
from django.utils import timezone

from latsar.accounts.models import DataView
from latsar.training.models import SeatRequest
from participants.enums import Stage
from participants.seat_letter import letter_of, people_of
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(cast) -> SeatRequest:
    return SeatRequest.objects.create(
        institute=cast.institute_a, province=cast.province_a, starts_on=date(2026, 2, 1), ends_on=date(2026, 4, 30), method="blended",
        golongan="II/III", seats_asked=80, created_by=cast.provinsi_a,
    )  # fmt: skip


def person(satker, golongan="III/a", stage=Stage.APPROVED):
    return factories.ParticipantFactory(satker=satker, golongan=golongan, stage=stage)


def test_letter_counts_who_waits_by_unit_and_golongan(cast, asked):
    person(cast.kupang), person(cast.kupang, "II/c"), person(cast.ende)
    person(cast.denpasar)  # another province
    person(cast.ende, stage=Stage.VERIFIED)  # not approved yet
    people = list(people_of(asked, cast.provinsi_a))
    letter = letter_of(asked, people, date(2026, 1, 12))
    assert [(line.name, line.third, line.second) for line in letter.units] == [("KPU Kabupaten Ende", 1, 0), ("KPU Kota Kupang", 1, 1)]
    assert (letter.sums.total, len(letter.people), letter.seats_words) == (3, 3, "delapan puluh")
    assert (letter.period, letter.head) == ("Februari sampai April 2026", "PROVINSI NUSA TENGGARA TIMUR")
    asked.golongan = "II"
    assert [one.golongan for one in people_of(asked, cast.provinsi_a)] == ["II/c"]


def test_letter_is_a_pdf_of_who_asks_and_notes_who_took_it(cast, asked, sign_in):
    client = sign_in(cast.provinsi_a)
    url = f"/kursi/{asked.pk}/surat.pdf"
    assert client.get(url).url == f"/kursi/{asked.pk}/"  # nobody waits
    waits = person(cast.kupang)
    answer = client.get(url)
    with pikepdf.open(BytesIO(answer.content)) as pdf:
        assert (len(pdf.pages), pdf.Root.MarkInfo.Marked) == (2, True)
    assert DataView.objects.filter(object_id=str(waits.pk), kind="export", viewer=cast.provinsi_a, day=timezone.localdate()).count() == 1
    assert sign_in(cast.provinsi_b).get(url).status_code == 404
    assert "Cetak surat" in client.get(f"/kursi/{asked.pk}/").content.decode()
