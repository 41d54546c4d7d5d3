"""The planner as PKSDM sees it."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from latsar.jobs.run import run_job
from latsar.training.enums import GolonganGroup, Method, RequestState
from latsar.training.models import SeatRequest
from latsar.training.reference.rules import load_schemes
from participants.enums import Stage
from participants.home import tally
from participants.models import Participant, Plan
from participants.planning import home
from participants.planning.enums import PlanReason, PlanState
from participants.services import plan_commit, planning
from participants.services.plan_offers import ThoughtUp

pytestmark = pytest.mark.django_db

RULES = {"name": "", "margin_days": "14", "notice_days": "7", "pregnancy_weeks": "32", "allow_other_provinces": "on"}


@pytest.fixture
def client(cast, sign_in):
    return sign_in(cast.pksdm)


def test_journey_from_the_overview_to_people_on_seats(cast, client, today, offered, needing, seating):
    batch = offered(1, 60, 3)
    people = [needing(f"Orang {n}", 80) for n in range(2)]
    needing("Bali", 80, satker=cast.denpasar)
    overview = client.get("/perencanaan/").content.decode()
    assert "/perencanaan/buat/?provinsi=53" in overview
    form = client.get("/perencanaan/buat/?provinsi=53").context["form"]
    assert (form.chosen_provinces(), form.ticked()) == ("Nusa Tenggara Timur", {batch.pk})
    refused = client.post("/perencanaan/buat/", {**RULES, "scope": "provinces", "batches": [batch.pk]})
    assert "Pilih paling sedikit satu provinsi." in refused.content.decode()
    assert refused.context["ticked"] == {batch.pk}
    made = client.post("/perencanaan/buat/", {**RULES, "scope": "provinces", "provinces": [cast.province_a.pk], "batches": [batch.pk]})
    plan = Plan.objects.get()
    assert made.headers["Location"] == plan.get_absolute_url() == f"/perencanaan/{plan.pk}/"
    assert (plan.name.split(",")[0], seating(plan)) == ("Nusa Tenggara Timur", {"Orang 0": 1, "Orang 1": 1})
    page = client.get(plan.get_absolute_url()).content.decode()
    assert "2 orang ke 1 angkatan" in " ".join(page.split())
    asked = client.get(f"/perencanaan/{plan.pk}/terapkan/")
    assert asked.context["seated"] == 2
    assert client.post(f"/perencanaan/{plan.pk}/terapkan/", {"version": plan.version + 1}).headers["Location"] == plan.get_absolute_url()
    started = client.post(f"/perencanaan/{plan.pk}/terapkan/", {"version": plan.version})
    plan.refresh_from_db()
    assert started.headers["Location"] == plan.job.get_absolute_url()
    run_job(plan.job.pk, plan_commit.commit_items, stopped=plan_commit.settle_commit)
    assert Participant.objects.filter(pk__in=[one.pk for one in people], stage=Stage.PLACED, batch=batch).count() == 2
    done = client.get(plan.get_absolute_url()).content.decode()
    assert "Rencana sudah diterapkan." in done
    assert "/undangan/" in done
    assert "Terapkan usulan</a>" not in done
    assert client.get(f"/perencanaan/{plan.pk}/ubah/").status_code == 404


def test_move_is_looked_at_with_htmx_and_without_and_made_and_undone(cast, client, offered, needing, facts, seating):
    first, second = offered(1, 60, 1), offered(2, 62, 1, golongan="II")
    person = needing("Satu", 80)
    plan = planning.create_plan(facts=facts(first, second), by=cast.pksdm)
    wrong = plan.offers.get(batch=second)
    url, said = f"/perencanaan/{plan.pk}/pindah/", {"version": plan.version, "orang": [person.pk], "saring": "kursi=tepat"}
    look = client.post(url, {**said, "tujuan": wrong.pk, "aksi": "periksa"}, headers={"HX-Request": "true"})
    assert "untuk Golongan II, sedangkan Satu bergolongan III/a." in look.content.decode()
    assert "<html" not in look.content.decode()
    bare = client.post(url, {**said, "tujuan": wrong.pk, "aksi": "periksa"})
    assert (bare.status_code, "bergolongan III/a" in bare.content.decode()) == (200, True)
    assert f'value="{person.pk}" checked' in bare.content.decode()
    refused = client.post(url, {**said, "tujuan": wrong.pk})
    assert (refused.status_code, "bergolongan III/a" in refused.content.decode()) == (422, True)
    assert client.post(url, {**said, "version": 1, "tujuan": "0"}).status_code == 409
    moved = client.post(url, {**said, "tujuan": "0"})
    assert (moved.status_code, moved.headers["Location"]) == (302, f"/perencanaan/{plan.pk}/orang/?kursi=tepat")
    assert seating(plan) == {"Satu": PlanReason.OUT}
    listed = client.get(f"/perencanaan/{plan.pk}/orang/?kursi=tangan").content.decode()
    assert "Dipindah dengan tangan" in listed
    plan.refresh_from_db()
    client.post(f"/perencanaan/{plan.pk}/urung/", {"version": plan.version, "orang": [person.pk]})
    assert seating(plan) == {"Satu": 1}
    assert client.post(f"/perencanaan/{plan.pk}/hitung/", {"tangan": "lepas"}).status_code == 302


def test_what_if_is_compared_beside_the_plan_kept_and_made_real(cast, client, today, offered, needing, facts, seating):
    needing("Satu", 80)
    plan = planning.create_plan(facts=facts(), by=cast.pksdm)
    url = f"/perencanaan/{plan.pk}/andai/"
    begins, ends = today + timedelta(days=20), today + timedelta(days=70)
    seats = {
        "institute": cast.institute_b.pk,
        "seats": "40",
        "golongan": "II/III",
        "method": "blended",
        "starts_on": begins,
        "ends_on": ends,
    }
    bad = client.post(url, {**seats, "ends_on": today})
    assert (bad.status_code, "Selesai sebelum mulai" in bad.content.decode()) == (422, True)
    unknown = client.post(url, {**seats, "ends_on": ""})
    assert "Isi tanggal selesainya." in unknown.content.decode()  # no scheme is in force here
    assert client.post(url, {**seats, "allow_other_provinces": "on"}).status_code == 302
    page = client.get(plan.get_absolute_url())
    trial = page.context["trial"]
    cells = {line.label: line.cells[1].difference for line in page.context["comparison"]}
    assert (cells["Tepat waktu"], cells["Belum dapat kursi"], cells["Keluar provinsi"]) == ("+1, lebih baik", "−1, lebih baik", "+1")
    side = client.get("/perencanaan/banding/", {"rencana": [plan.pk, trial.pk]})
    assert [(row.person.full_name, [seat for seat, _name in row.seats]) for row in side.context["rows"]] == [
        ("Satu", ["tanpa kursi", "Kursi andaian, BPSDM Provinsi Bali"])
    ]
    assert client.get("/perencanaan/banding/", {"rencana": [plan.pk, "x"]}).headers["Location"] == "/perencanaan/rencana/"
    client.post(f"/perencanaan/{trial.pk}/simpan/", {"name": "Dengan Bali"})
    assert [row.plan.name for row in client.get("/perencanaan/rencana/?cari=bali").context["rows"]] == ["Dengan Bali"]
    offer = trial.offers.get()
    door = client.get(f"/perencanaan/{trial.pk}/kursi/{offer.pk}/").content.decode()
    link = (
        f"/angkatan/buat/?institute={cast.institute_b.pk}&amp;method=blended&amp;golongan=II%2FIII&amp;starts_on={begins}&amp;capacity=40"
    )
    assert link in door
    prefilled = client.get(link.replace("&amp;", "&")).context["form"]
    assert (str(prefilled["starts_on"].value()), prefilled["golongan"].value()) == (str(begins), "II/III")
    trial.refresh_from_db()
    real = offered(8, 65, institute=cast.institute_b, province=cast.province_b)
    client.post(f"/perencanaan/{trial.pk}/kursi/{offer.pk}/", {"version": trial.version, "batch": real.pk})
    assert seating(trial) == {"Satu": 8}
    client.post(f"/perencanaan/{plan.pk}/buang/")
    assert [Plan.objects.get(pk=one.pk).state for one in (plan, trial)] == [PlanState.DISCARDED, PlanState.DRAFT]


def test_edit_computes_again_and_refuses_a_stale_form(cast, client, offered, needing, facts, seating):
    batch = offered(1, 60)
    needing("Satu", 50)
    plan = planning.create_plan(facts=facts(batch), by=cast.pksdm)
    url, said = f"/perencanaan/{plan.pk}/ubah/", {**RULES, "scope": "nation", "batches": [batch.pk], "allow_late": "on"}
    assert client.get(url).context["form"].ticked() == {batch.pk}
    stale = client.post(url, {**said, "name": "Diketik", "version": 1})
    assert (stale.status_code, 'value="Diketik"' in stale.content.decode()) == (409, True)
    assert client.post(url, {**said, "version": plan.version}).status_code == 302
    plan.refresh_from_db()
    assert (seating(plan), plan.figures["late"]) == ({"Satu": 1}, 1)
    assert "perlu perpanjangan" in client.get(f"/perencanaan/{plan.pk}/orang/?kursi=terlambat").content.decode()


def test_export_holds_people_seats_and_measures(cast, client, offered, needing, facts):
    person = needing("=1+1", 80)
    plan = planning.create_plan(facts=facts(offered(1, 60)), by=cast.pksdm)
    book = load_workbook(BytesIO(client.get(f"/perencanaan/{plan.pk}/usulan.xlsx").content))
    assert book.sheetnames == ["Usulan", "Angkatan", "Ukuran"]
    rows = list(book["Usulan"].iter_rows(values_only=True))
    assert rows[3][1:3] == (person.nip, "'=1+1")
    assert list(book["Angkatan"].iter_rows(values_only=True))[3][6:8] == (2, 1)


def test_pages_cost_the_same_queries_at_one_and_three_rows(cast, client, today, offered, needing, facts):
    batches = [offered(n, 60 + n) for n in range(1, 4)]
    counts: dict[str, list[int]] = {}
    for size in (1, 3):
        for n in range(size):
            needing(f"Orang {size} {n}", 80)
            needing(f"Lain {size} {n}", 10)
            needing(f"Belum {size} {n}", 80, stage=Stage.SUBMITTED)
        plan = planning.create_plan(facts=facts(*batches[:size]), by=cast.pksdm)
        more = ThoughtUp(cast.institute_b, Method.BLENDED, GolonganGroup.MIXED, 40, today + timedelta(days=20), today + timedelta(days=70))
        trial = planning.try_seats(plan_id=plan.pk, seats=more, allow_other_provinces=True, by=cast.pksdm)
        for url in (
            "/perencanaan/", "/perencanaan/rencana/", "/perencanaan/buat/", f"/perencanaan/{plan.pk}/", f"/perencanaan/{plan.pk}/orang/",
            f"/perencanaan/{plan.pk}/terapkan/", f"/perencanaan/{plan.pk}/ubah/", f"/perencanaan/banding/?rencana={plan.pk}&rencana={trial.pk}",
        ):  # fmt: skip
            client.get(url)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            counts.setdefault(url.replace(f"/{plan.pk}/", "/n/").split("?")[0], []).append(len(captured))
    assert all(len(set(numbers)) == 1 for numbers in counts.values()), counts
    assert all(max(numbers) <= 15 for numbers in counts.values()), counts


def test_home_names_drafts_that_lie_or_hold_late_people(cast, client, today, offered, needing, facts):
    def waiting():
        return [todo.url for todo in home.to_apply(cast.pksdm, home_counts())]

    def home_counts():
        return tally(cast.pksdm, today, {})

    needing("Satu", 50)
    batch = offered(1, 60)
    fresh = planning.create_plan(facts=facts(batch), by=cast.pksdm)
    assert waiting() == []
    Plan.objects.filter(pk=fresh.pk).update(created_at=fresh.created_at - timedelta(days=5))
    assert waiting() == [fresh.get_absolute_url()]
    planning.create_plan(facts=facts(batch, allow_late=True), by=cast.pksdm)
    assert waiting() == ["/perencanaan/rencana/?keadaan=draft"]
    assert "Terapkan atau buang 2 konsep penempatan" in client.get("/").content.decode()


def test_plan_uses_seats_that_an_institute_granted(cast, client, today, needing):
    asked = SeatRequest.objects.create(
        institute=cast.institute_a, province=cast.province_a, starts_on=today, ends_on=today + timedelta(days=200), method=Method.BLENDED,
        golongan=GolonganGroup.III, seats_asked=40, seats_granted=25, state=RequestState.GRANTED, created_by=cast.pksdm,
        sent_at=timezone.now(), answered_at=timezone.now(), letter_number="1/SP/2026", letter_date=today,
    )  # fmt: skip
    load_schemes()
    needing("Orang", 300)
    page = client.get(f"/perencanaan/buat/?kursi={asked.pk}").content.decode()
    assert f'name="granted" value="{asked.pk}" checked' in page
    assert client.post("/perencanaan/buat/", {**RULES, "scope": "nation", "granted": [asked.pk]}).status_code == 302
    offer = Plan.objects.get().offers.get()
    assert (offer.institute, offer.seats, offer.starts_on > today + timedelta(days=7), offer.assignments.count()) == (
        cast.institute_a,
        25,
        True,
        1,
    )
