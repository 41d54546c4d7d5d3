"""The national page and a province's page, as browsers get them."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from latsar.accounts.enums import Role
from latsar.dashboard import recent
from latsar.training.enums import BatchStage
from participants.enums import ENDED, Stage
from participants.models import Participant
from tests import factories
from tests.participants.populations import people_everywhere, running_batch

QUERY_LIMIT = 15


@pytest.fixture(autouse=True)
def _plain_sign_in(settings):
    settings.MFA_REQUIRED = False


@pytest.fixture
def population(cast):
    today = timezone.localdate()
    batch = running_batch(today, institute=cast.institute_a, province=cast.province_a)
    people_everywhere([cast.kupang, cast.setjen], batch, today, prefix="Timur")
    other = running_batch(today, institute=cast.institute_b, province=cast.province_b)
    people_everywhere([cast.denpasar, cast.badung], other, today, prefix="KENARI")
    return batch


def test_national_dashboard_shows_map_ranking_and_every_block(cast, sign_in, population):
    page = sign_in(cast.pksdm).get("/dasbor/").content.decode()
    assert page.count('<rect class="q') >= 38
    for heading in ("Sampai di mana", "Sisa masa percobaan", "Kursi terhadap kebutuhan", "Angkatan berjalan", "Semua 38 provinsi"):
        assert heading in page
    total = Participant.objects.count()
    assert f"{total} CPNS di 7 satker" in page
    assert '<table class="table rank">' in page
    assert "Sekretariat Jenderal KPU RI" in page


@pytest.mark.parametrize("key", ["belum", "kritis", "latsar", "lulus", "tidak-ada", ""])
def test_national_dashboard_takes_the_measure_from_the_address(cast, sign_in, population, key):
    page = sign_in(cast.pimpinan).get("/dasbor/", {"ukuran": key}).content.decode()
    chosen = re.findall(r'href="\?ukuran=(\w+)#peta" aria-current="true"', page)
    assert chosen == [key if key in {"belum", "kritis", "latsar", "lulus"} else "belum"]


def test_national_dashboard_of_an_empty_country_says_so(cast, sign_in):
    answer = sign_in(cast.pksdm).get("/dasbor/")
    assert answer.status_code == 200
    assert "Tidak ada CPNS yang belum dapat kursi" in answer.content.decode()
    assert "Belum ada angkatan yang berjalan" in answer.content.decode()


def test_national_dashboard_leads_a_province_admin_home(cast, sign_in):
    answer = sign_in(cast.provinsi_a).get("/dasbor/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/dasbor/53/")


def test_national_dashboard_follows_the_active_role(cast, sign_in):
    both = factories.UserFactory(username="dua.peran")
    factories.RoleGrantFactory(user=both, role=Role.PKSDM)
    grant = factories.RoleGrantFactory(user=both, role=Role.ADMIN_PROVINSI, satker=cast.province_b)
    client = sign_in(both)
    assert client.get("/dasbor/").status_code == 200
    session = client.session
    session["grant_id"] = grant.pk
    session.save()
    assert client.get("/dasbor/").headers["Location"] == "/dasbor/51/"


@pytest.mark.parametrize("who", ["admin_kupang", "lembaga_a", "mentor_a", "coach_a", "penguji_a"])
@pytest.mark.parametrize("path", ["/dasbor/", "/dasbor/53/"])
def test_dashboards_do_not_exist_for_other_roles(cast, sign_in, who, path):
    assert sign_in(getattr(cast, who)).get(path).status_code == 404


def test_dashboard_province_shows_a_province_admin_nothing_foreign(cast, sign_in, population):
    client = sign_in(cast.provinsi_a)
    page = client.get("/dasbor/53/").content.decode()
    assert "KPU Kota Kupang" in page
    assert "KPU Kabupaten Ende" in page
    for foreign in ("KENARI", "Denpasar", "Badung", "Bali", "provinsi=51"):
        assert foreign not in page
    for code in ("51", "00", "99", "53.71"):
        assert client.get(f"/dasbor/{code}/").status_code == 404


def test_dashboard_province_of_the_secretariat_lists_its_own_people(cast, sign_in, population):
    page = sign_in(cast.pksdm).get("/dasbor/00/").content.decode()
    own = Participant.objects.filter(province=cast.setjen).count()
    assert f"{own} CPNS di 1 satker" in page


def count_queries(client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


@pytest.mark.parametrize("path", ["/dasbor/", "/dasbor/53/"])
def test_dashboards_ask_the_same_number_of_queries_however_many_people(cast, sign_in, path):
    today = timezone.localdate()
    client = sign_in(cast.pksdm)
    batch = running_batch(today, institute=cast.institute_a)
    factories.ParticipantFactory(satker=cast.kupang, stage=Stage.TRAINING, batch=batch)
    few = count_queries(client, path)
    for number in range(6):
        more = running_batch(today, institute=cast.institute_b, number=400 + number)
        people_everywhere([cast.kupang, cast.ende], more, today)
    many = count_queries(client, path)
    assert many == few <= QUERY_LIMIT


@pytest.mark.parametrize("who", ["admin_kupang", "provinsi_a", "lembaga_a", "pksdm", "pimpinan"])
def test_home_shows_clocks_of_ones_own_people(cast, sign_in, population, who):
    user = getattr(cast, who)
    page = sign_in(user).get("/").content.decode()
    waiting = Participant.objects.visible_to(user).exclude(stage__in=ENDED).count()
    assert f"Jam percobaan {waiting} CPNS" in page
    if who in {"admin_kupang", "provinsi_a", "lembaga_a"}:
        assert "KENARI" not in page


def test_home_puts_phases_of_one_day_together(cast, sign_in):
    starts = timezone.localdate()
    for number in (1, 2):
        factories.BatchFactory(number=number, institute=cast.institute_a, starts_on=starts, stage=BatchStage.OPEN)
    page = sign_in(cast.pksdm).get("/").content.decode()
    assert "Seminar rancangan mulai" in page
    assert "2 angkatan" in page


def test_recent_changes_are_sentences_and_leave_out_downloads(cast):
    person = factories.ParticipantFactory(satker=cast.kupang, full_name="Melkianus Contoh, S.H.")
    from latsar.accounts import audit

    audit.record(verb="verify", obj=person, by=cast.provinsi_a)
    audit.record(verb="export", obj=person, by=cast.provinsi_a)
    audit.record(verb="approve", obj=factories.ParticipantFactory(satker=cast.denpasar, full_name="KENARI"), by=cast.pksdm)
    lines = recent.recent_changes(cast.admin_kupang)
    assert [str(line.text) for line in lines] == ["<b>Provinsi A, S.H.</b> memverifikasi Melkianus Contoh, S.H."]
    assert [str(line.text) for line in recent.recent_changes(cast.provinsi_a)] == ["<b>Anda</b> memverifikasi Melkianus Contoh, S.H."]
