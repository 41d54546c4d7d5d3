from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.accounts.models import AuditEntry
from latsar.training.enums import RequestState
from latsar.training.institute_pages import offer_lines, tariff_lines
from latsar.training.models import Institute, SeatOffer, SeatRequest, Tariff
from latsar.training.services import institutes as services
from latsar.training.services.institutes import ContactLine, OfferLine, TariffLine
from participants.models import Placement
from tests import factories

pytestmark = pytest.mark.django_db

SPRING = {"starts_on": date(2026, 2, 1), "ends_on": date(2026, 4, 30), "method": "blended", "golongan": "II/III"}


def test_facts_contacts_offers_and_tariffs_each_by_who_may(cast):
    one = cast.institute_a
    pk = one.pk
    facts = {"accreditation": "A", "accreditation_number": "1/2026", "accredited_until": date(2028, 1, 1)}
    one = services.update_institute(institute_id=pk, version=1, facts=facts, by=cast.provinsi_a)
    one = services.save_contacts(institute_id=pk, version=2, lines=[ContactLine(name="Sekretariat", phone="0812")], by=cast.lembaga_a)
    one = services.save_offers(institute_id=pk, version=3, lines=[OfferLine(**SPRING, seats=80)], by=cast.provinsi_a)
    one = services.save_tariffs(institute_id=pk, version=4, lines=[TariffLine(method="blended", year=2026, amount=5)], by=cast.pksdm)
    assert (one.version, one.contacts.get().name, one.offers.get().seats, one.tariffs.get().amount) == (5, "Sekretariat", 80, 5)
    assert AuditEntry.objects.about(one).count() == 4
    assert services.save_offers(institute_id=pk, version=5, lines=[OfferLine(**SPRING, seats=80)], by=cast.provinsi_a).version == 5
    with pytest.raises(StaleVersion):
        services.save_offers(institute_id=pk, version=1, lines=[], by=cast.pksdm)
    with pytest.raises(Refused):
        services.save_offers(institute_id=pk, version=5, lines=[OfferLine(**SPRING, seats=8), OfferLine(**SPRING, seats=9)], by=cast.pksdm)
    assert SeatOffer.objects.get().seats == 80
    with pytest.raises(Refused):
        services.update_institute(institute_id=pk, version=5, facts={"province": cast.province_b}, by=cast.provinsi_a)


@pytest.mark.parametrize("who", ["provinsi_b", "admin_kupang", "lembaga_b", "pimpinan", "stranger"])
def test_nobody_else_writes(cast, who):
    user, pk = getattr(cast, who), cast.institute_a.pk
    for verb, facts in (
        (services.update_institute, {"facts": {"city": "X"}}),
        (services.save_contacts, {"lines": []}),
        (services.save_offers, {"lines": []}),
        (services.save_tariffs, {"lines": []}),
    ):
        with pytest.raises(NotAllowed):
            verb(institute_id=pk, version=1, by=user, **facts)
    for verb, facts in ((services.save_offers, {"lines": []}), (services.save_tariffs, {"lines": []})):
        with pytest.raises(NotAllowed):
            verb(institute_id=pk, version=1, by=cast.lembaga_a, **facts)
    with pytest.raises(NotAllowed):
        services.create_institute(code="x", facts={"name": "X", "city": "X"}, by=cast.provinsi_a)


def test_offer_lines_count_asked_granted_batches_and_people_once(cast):
    SeatOffer.objects.create(institute=cast.institute_a, **SPRING, seats=100)
    SeatOffer.objects.create(institute=cast.institute_a, **{**SPRING, "golongan": "III"}, seats=50)
    common = {"institute": cast.institute_a, **SPRING, "created_by": cast.pksdm, "letter_number": "1", "letter_date": date(2026, 1, 1)}
    now = timezone.now()
    common |= {"sent_at": now, "answered_at": now}
    SeatRequest.objects.create(**{**common, "golongan": "III"}, seats_asked=40, seats_granted=30, state=RequestState.GRANTED)
    SeatRequest.objects.create(**{**common, "golongan": "II"}, seats_asked=20, state=RequestState.REFUSED)
    SeatRequest.objects.create(institute=cast.institute_a, **SPRING, seats_asked=9, created_by=cast.pksdm)  # a draft counts nowhere
    batch = factories.BatchFactory(institute=cast.institute_a, starts_on=date(2026, 3, 2), golongan="III")
    person = factories.ParticipantFactory(satker=cast.kupang, batch=batch, stage="placed")
    Placement.objects.create(participant=person, seat=batch.seats.first(), placed_by=cast.pksdm)
    lines = {line.offer.golongan: line for line in offer_lines(cast.pksdm, cast.institute_a)}
    assert {k: (one.asked, one.granted, one.seats, one.placed, one.left) for k, one in lines.items()} == {
        "III": (40, 30, 4, 1, 20),
        "II/III": (20, 0, 0, 0, 100),
    }


def test_own_tariff_stands_before_the_national_one(cast):
    for institute, method, amount in ((None, "blended", 1), (None, "klasikal", 2), (cast.institute_a, "blended", 3)):
        Tariff.objects.create(institute=institute, method=method, year=2026, amount=amount)
    assert sorted((row.method, row.amount) for row in tariff_lines(cast.institute_a)) == [("blended", 3), ("klasikal", 2)]


def test_list_filters_sorts_exports_and_asks_as_much_for_one_as_for_three(cast, sign_in):
    client, today = sign_in(cast.provinsi_a), timezone.localdate()

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get("/lembaga/")
        return len(seen)

    asked()
    few = asked()
    soon = factories.InstituteFactory(name="Balai Segera", accredited_until=today + timedelta(days=30))
    gone = factories.InstituteFactory(name="Balai Habis", accredited_until=today - timedelta(days=1))
    factories.InstituteFactory(name="Balai Tidur", is_active=False)
    SeatOffer.objects.create(institute=soon, starts_on=today, ends_on=today + timedelta(days=30), method="blended", seats=70)
    assert asked() == few
    pages = {
        query: [
            name
            for name in ("BPSDM Provinsi NTT", soon.name, gone.name, "Balai Tidur")
            if name in client.get(f"/lembaga/{query}").content.decode()
        ]
        for query in ("?q=balai", "?akreditasi=segera", "?akreditasi=habis", "?aktif=tidak", f"?provinsi={cast.province_a.pk}")
    }
    assert pages == {
        "?q=balai": [soon.name, gone.name],
        "?akreditasi=segera": [soon.name],
        "?akreditasi=habis": [gone.name],
        "?aktif=tidak": ["Balai Tidur"],
        f"?provinsi={cast.province_a.pk}": ["BPSDM Provinsi NTT"],
    }
    book = CalamineWorkbook.from_filelike(BytesIO(client.get("/lembaga/unduh/?urut=-kursi").content))
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows if row[0] == soon.code] == [soon.name]
    assert rows[[row[0] for row in rows].index(soon.code)][7] == 70


def test_pages_edit_lines_without_script_and_warn_of_the_accreditation(cast, sign_in):
    one, client = cast.institute_a, sign_in(cast.provinsi_a)
    facts = {"version": 1, "name": one.name, "city": "Kupang", "accredited_until": "01-01-2020", "is_active": "on"}
    assert client.post(f"/lembaga/{one.pk}/ubah/", facts).status_code == 302
    assert "Akreditasi berlaku sampai 1 Januari 2020" in client.get(f"/lembaga/{one.pk}/").content.decode()
    assert Institute.objects.get(pk=one.pk).province == cast.province_a
    more = client.post(f"/lembaga/{one.pk}/kontak/", {"version": 2, "k-baris": 1, "k0-name": "Sekretariat", "tambah": "k"}).content.decode()
    assert "Sekretariat" in more
    assert 'name="k-baris" value="2"' in more
    refused = client.post(f"/lembaga/{one.pk}/kontak/", {"version": 2, "k-baris": 1, "k0-name": "Sekretariat"})
    assert refused.status_code == 422
    assert "Isi telepon atau e-mailnya." in refused.content.decode()
    saved = {
        "version": 2,
        "k-baris": 2,
        "k0-name": "Sekretariat",
        "k0-phone": "0812",
        "k1-name": "Kelas",
        "k1-email": "k@contoh.go.id",
        "k1-order": 1,
    }
    client.post(f"/lembaga/{one.pk}/kontak/", saved)
    assert list(one.contacts.values_list("name", flat=True)) == ["Kelas", "Sekretariat"]
    assert client.post(f"/lembaga/{one.pk}/kontak/", saved).status_code == 409
    offer = {
        "version": 3,
        "k-baris": 1,
        "k0-starts_on": "2026-02",
        "k0-ends_on": "2026-04",
        "k0-method": "blended",
        "k0-golongan": "III",
        "k0-seats": 40,
    }
    assert client.post(f"/lembaga/{one.pk}/kursi/", offer).status_code == 302
    assert (one.offers.get().starts_on, one.offers.get().ends_on) == (date(2026, 2, 1), date(2026, 4, 30))
    pksdm = sign_in(cast.pksdm)
    tariff = {"version": 4, "k-baris": 1, "k0-method": "blended", "k0-year": 2026, "k0-amount": 5260000}
    assert pksdm.post(f"/lembaga/{one.pk}/tarif/", tariff).status_code == 302
    added = pksdm.post("/lembaga/tambah/", {"code": "baru", "name": "Balai Baru", "city": "Ende", "is_active": "on"})
    assert added.url == f"/lembaga/{Institute.objects.get(code='baru').pk}/"
    assert "Kode ini sudah dipakai" in pksdm.post("/lembaga/tambah/", {"code": "baru", "name": "X", "city": "X"}).content.decode()
