from datetime import date

import pytest

from latsar.training import reference, services
from latsar.training.models import Batch, Curriculum, Institute, RegulationScheme
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def facts(cast):
    """What somebody types to prepare a blended angkatan."""
    reference.load(year=2026)
    return {
        "institute": Institute.objects.get(code="bpsdm-ntt").pk,
        "scheme": RegulationScheme.objects.get(code="perlan-1-2021").pk,
        "curriculum": Curriculum.objects.get(code="berakhlak").pk,
        "method": "blended",
        "golongan": "III",
        "starts_on": "26-01-2026",
        "capacity": "40",
    }


@pytest.fixture
def batch(cast, facts):
    return services.create_batch(
        institute=Institute.objects.get(pk=facts["institute"]),
        scheme=RegulationScheme.objects.get(pk=facts["scheme"]),
        curriculum=Curriculum.objects.get(pk=facts["curriculum"]),
        method="blended",
        golongan="III",
        capacity=40,
        starts_on=date(2026, 1, 26),
        by=cast.pksdm,
    )


def test_batch_add_posted_prepares_and_goes_to_the_batch(cast, facts, sign_in):
    answer = sign_in(cast.pksdm).post("/angkatan/buat/", facts)
    batch = Batch.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/angkatan/{batch.pk}/")
    assert (batch.number, batch.starts_on, batch.created_by) == (1, date(2026, 1, 26), cast.pksdm)


def test_batch_add_preview_button_shows_the_schedule_and_saves_nothing(cast, facts, sign_in):
    page = sign_in(cast.pksdm).post("/angkatan/buat/", {**facts, "aksi": "lihat"}).content.decode()
    assert "26 Januari 2026 sampai 14 April 2026" in page
    assert "Angkatan I," in page
    assert Batch.objects.count() == 0


def test_batch_preview_crowded_klasikal_warns_twice(cast, facts, sign_in):
    page = sign_in(cast.pksdm).get("/angkatan/buat/jadwal/", {**facts, "method": "klasikal", "capacity": "45"}).content.decode()
    assert "Klasikal sejak 2024 memerlukan persetujuan tertulis Kepala LAN." in page
    assert "Lebih dari 40 kursi." in page


def test_batch_add_refused_keeps_what_was_typed_and_says_where(cast, facts, sign_in):
    page = sign_in(cast.pksdm).post("/angkatan/buat/", {**facts, "method": "klasikal", "place": "Gedung Diklat"}).content.decode()
    assert "Sejak 2024 klasikal memerlukan persetujuan tertulis Kepala LAN. Isi nomor dan tanggalnya." in page
    assert 'value="Gedung Diklat"' in page
    assert Batch.objects.count() == 0


def test_batch_list_filters_and_hides_other_institutes(cast, batch, sign_in):
    factories.BatchFactory(institute=cast.institute_b, number=7)
    assert len(sign_in(cast.pksdm).get("/angkatan/").context["rows"]) == 2
    assert [row.batch for row in sign_in(cast.pksdm).get("/angkatan/", {"tahun": "2026", "keadaan": "draft"}).context["rows"]] == [batch]
    assert [row.batch for row in sign_in(cast.lembaga_a).get("/angkatan/").context["rows"]] == [batch]
    assert sign_in(cast.pksdm).get("/angkatan/", {"tahun": "dua ribu"}).context["rows"] == []


def test_batch_phases_shift_shows_followers_and_saves_only_on_demand(cast, batch, sign_in):
    client, url = sign_in(cast.pksdm), f"/angkatan/{batch.pk}/jadwal/"
    typed = {"version": batch.version}
    for number, phase in enumerate(batch.phases.order_by("order")):
        typed |= {f"starts_{number}": phase.starts_on.isoformat(), f"ends_{number}": phase.ends_on.isoformat()}
    typed |= {"starts_0": "2026-02-02", "ends_0": "2026-02-18"}
    shifted = client.post(url, {**typed, "geser": "0"})
    assert shifted.context["form"].initial["starts_1"] == date(2026, 2, 19)
    assert batch.phases.get(order=1).starts_on == date(2026, 1, 26)
    clash = client.post(url, typed).content.decode()
    assert "E-learning mulai Kamis, 12 Feb, padahal MOOC mandiri baru selesai Rabu, 18 Feb" in clash
    moved = {**typed, **{name: day.isoformat() for name, day in shifted.context["form"].initial.items() if name != "version"}}
    assert client.post(url, moved).status_code == 302
    assert batch.phases.get(order=2).starts_on == date(2026, 2, 19)


def test_batch_phases_shift_of_the_first_day_alone_keeps_the_length(cast, batch, sign_in):
    client, url = sign_in(cast.pksdm), f"/angkatan/{batch.pk}/jadwal/"
    phases = list(batch.phases.order_by("order"))
    typed = {"version": batch.version}
    for number, phase in enumerate(phases):
        typed |= {f"starts_{number}": phase.starts_on.isoformat(), f"ends_{number}": phase.ends_on.isoformat()}
    typed["starts_0"] = "2026-03-02"
    shifted = client.post(url, {**typed, "geser": "0"}).context["form"]
    assert shifted.is_shifted
    assert shifted.initial["ends_0"] - shifted.initial["starts_0"] == phases[0].ends_on - phases[0].starts_on
    refused = client.post(url, typed).context["form"]
    assert refused.errors == {"ends_0": ["MOOC mandiri selesai sebelum mulai. Periksa kedua tanggalnya."]}
    assert batch.phases.get(order=1).starts_on == phases[0].starts_on


def test_batch_phases_saved_by_somebody_else_first_answers_409(cast, batch, sign_in):
    url = f"/angkatan/{batch.pk}/jadwal/"
    typed = {"version": batch.version - 1}
    for number, phase in enumerate(batch.phases.order_by("order")):
        typed |= {f"starts_{number}": phase.starts_on.isoformat(), f"ends_{number}": phase.ends_on.isoformat()}
    assert sign_in(cast.pksdm).post(url, typed).status_code == 409


def test_batch_pages_refuse_who_may_not(cast, batch, sign_in):
    for user in (cast.provinsi_a, cast.admin_kupang, cast.lembaga_a, cast.pimpinan, cast.stranger):
        client = sign_in(user)
        for url in ("/angkatan/buat/", "/angkatan/buat/jadwal/", f"/angkatan/{batch.pk}/ubah/"):
            assert client.get(url).status_code == 404
    assert sign_in(cast.provinsi_a).get(f"/angkatan/{batch.pk}/jadwal/").status_code == 200
    for user in (cast.provinsi_b, cast.admin_kupang, cast.lembaga_a, cast.pimpinan):
        assert sign_in(user).get(f"/angkatan/{batch.pk}/jadwal/").status_code == 404


def test_batch_edit_open_batch_no_longer_asks_what_is_frozen(cast, batch, sign_in):
    opened = services.open_batch(batch_id=batch.pk, by=cast.pksdm)
    client, url = sign_in(cast.pksdm), f"/angkatan/{batch.pk}/ubah/"
    assert set(client.get(url).context["form"].fields) == {"number", "wave_number", "capacity", "place", "approval_basis", "version"}
    typed = {"version": opened.version, "number": "1", "capacity": "42", "place": "Kupang", "method": "jarak_jauh"}
    assert client.post(url, typed).status_code == 302
    opened.refresh_from_db()
    assert (opened.capacity, opened.method, opened.seats.count()) == (42, "blended", 42)
