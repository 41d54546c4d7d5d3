"""Reports by job: what is in the file, who may have it, and what happens when rights change meanwhile."""

from __future__ import annotations

import csv
import io
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from latsar.accounts.enums import Role
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import AuditEntry, RoleGrant, User
from latsar.jobs.models import Job, JobState
from latsar.jobs.run import run_job
from latsar.reports import services
from latsar.reports.registry import report_for, reports_for
from latsar.reports.tasks import build
from participants.enums import UNSEATED, Stage
from participants.models import Participant, Placement
from tests import factories
from tests.participants.populations import people_everywhere, running_batch

EXPECTED = {
    "pksdm": ["nasional", "provinsi", "satker", "angkatan", "risiko"],
    "pimpinan": ["nasional", "provinsi", "satker", "angkatan", "risiko"],
    "provinsi_a": ["provinsi", "satker", "angkatan", "risiko"],
    "admin_kupang": ["satker", "angkatan", "risiko"],
    "lembaga_a": ["angkatan"],
    "mentor_a": [],
    "stranger": [],
}


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MFA_REQUIRED = False
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}},
    }


@pytest.fixture
def batch(cast):
    today = timezone.localdate()
    batch = running_batch(today, institute=cast.institute_a, province=cast.province_a)
    people_everywhere([cast.kupang, cast.ende, cast.setjen], batch, today, prefix="Timur")
    people_everywhere([cast.denpasar], batch, today, prefix="KENARI")
    own = Participant.objects.filter(satker=cast.kupang, stage=Stage.TRAINING).first()
    Placement.objects.create(participant=own, seat=batch.seats.first(), group=1, placed_by=cast.pksdm)
    return batch


def made(key: str, by: User, **data: str) -> Job:
    """Ask for a report and let a worker write it."""
    job = services.request_report(key=key, data=data, by=by)
    build(job.pk)
    job.refresh_from_db()
    return job


def content_of(job: Job) -> bytes:
    with job.result_file.open("rb") as stream:
        return stream.read()


def sheet_rows(job: Job) -> list[list[object]]:
    assert (job.state, job.message) == (JobState.DONE, "")
    return [list(row) for row in load_workbook(io.BytesIO(content_of(job))).active.iter_rows(values_only=True)]


def table(job: Job) -> list[dict[str, object]]:
    """Return the rows under the three title lines as dictionaries."""
    head, *rows = sheet_rows(job)[3:]
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.mark.parametrize("who", EXPECTED)
def test_reports_for_a_role_are_exactly_these(cast, who):
    user = getattr(cast, who)
    assert [one.key for one in reports_for(user)] == EXPECTED[who]
    assert report_for(user, "tidak-ada") is None


def test_national_report_adds_up_to_live_counts(cast, batch):
    rows = table(made("nasional", cast.pksdm, format="xlsx"))
    assert [row["Kode"] for row in rows] == ["51", "53", "00", None]
    total = rows[-1]
    everybody = Participant.objects.all()
    assert total["Provinsi"] == "Jumlah"
    assert total["Satker"] == 7
    assert total["Terdaftar"] == everybody.count()
    assert total["Belum dapat kursi"] == everybody.filter(stage__in=UNSEATED).count()
    assert total["Ditempatkan"] == everybody.filter(stage=Stage.PLACED).count()
    assert total["Sedang Latsar"] == everybody.filter(stage=Stage.TRAINING).count()
    assert total["Lulus"] == everybody.filter(stage=Stage.GRADUATED).count()
    for column in ("Terdaftar", "Belum dapat kursi", "Ditempatkan", "Sedang Latsar", "Lulus", "Kritis"):
        assert sum(row[column] for row in rows[:-1]) == total[column]


def test_report_says_title_state_filter_and_source_first(cast, batch):
    job = made("provinsi", cast.provinsi_a, province="53", format="xlsx")
    titles = [row[0] for row in sheet_rows(job)[:3]]
    assert titles[0] == "Rekap Latsar CPNS KPU Provinsi Nusa Tenggara Timur"
    assert titles[1].startswith("Keadaan ")
    assert titles[1].endswith("Penyaring: KPU Provinsi Nusa Tenggara Timur.")
    assert titles[2].startswith("Sumber: portal Latsar KPU, ")
    assert job.result_name.startswith("Rekap-Latsar-CPNS-KPU-Provinsi-Nusa-Tenggara-Timur-")
    assert (job.done, job.total) == (3, 3)


def test_province_report_lists_the_satker_that_the_admin_sees(cast, batch):
    rows = table(made("provinsi", cast.provinsi_a, province="53", format="xlsx"))
    assert [row["Kode"] for row in rows] == ["53", "53.08", "53.71", None]
    assert rows[-1]["Terdaftar"] == Participant.objects.filter(province=cast.province_a).count()


@pytest.mark.parametrize(
    ("who", "key", "data"),
    [
        ("provinsi_a", "provinsi", {"province": "51"}),
        ("provinsi_a", "satker", {"satker": "51.71"}),
        ("admin_kupang", "satker", {"satker": "53.08"}),
        ("lembaga_b", "angkatan", {"batch": "THE BATCH"}),
    ],
)
def test_request_report_answers_foreign_and_unknown_alike(cast, batch, who, key, data):
    user = getattr(cast, who)
    foreign = {name: str(batch.pk) if value == "THE BATCH" else value for name, value in data.items()}
    unknown = dict.fromkeys(data, "999999")
    said = []
    for wrong in (foreign, unknown):
        with pytest.raises(Refused) as refusal:
            services.request_report(key=key, data={**wrong, "format": "xlsx"}, by=user)
        said.append(refusal.value.messages)
    assert said[0] == said[1]
    assert not Job.objects.exists()


def test_request_report_of_another_role_is_not_allowed(cast):
    with pytest.raises(NotAllowed):
        services.request_report(key="nasional", data={"format": "xlsx"}, by=cast.provinsi_a)
    assert not Job.objects.exists()


@pytest.mark.parametrize("who", ["admin_kupang", "provinsi_a"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_person_lists_never_hold_a_foreign_person(cast, batch, who, kind):
    user = getattr(cast, who)
    for key, data in {"angkatan": {"batch": str(batch.pk)}, "risiko": {"within": "90"}, "satker": {"satker": "53.71"}}.items():
        job = made(key, user, format=kind, **data)
        assert job.state == JobState.DONE
        body = str(sheet_rows(job)) if kind == "xlsx" else content_of(job).decode("utf-8-sig")
        assert "KENARI" not in body
        assert "Timur 53.71" in body


def test_satker_report_filters_by_stage(cast, batch):
    everybody = table(made("satker", cast.pksdm, satker="53.71", stage="", format="xlsx"))
    assert len(everybody) == Participant.objects.filter(satker=cast.kupang).count()
    waiting = table(made("satker", cast.pksdm, satker="53.71", stage="belum-kursi", format="xlsx"))
    assert len(waiting) == Participant.objects.filter(satker=cast.kupang, stage__in=UNSEATED).count()


def test_risk_report_names_why_and_leaves_out_who_is_safe(cast):
    today = timezone.localdate()
    late = running_batch(today, institute=cast.institute_a, number=1)
    timely = running_batch(today, institute=cast.institute_a, number=2)

    def person(name: str, days: int, **fields: object) -> None:
        deadline = today + timedelta(days=days)
        factories.ParticipantFactory(
            full_name=name, satker=cast.kupang, tmt_cpns=deadline - timedelta(days=365), deadline=deadline, **fields
        )

    person("Lewat", -1)
    person("Dekat", 20)
    person("Sedang", 60)
    person("Jauh", 200)
    person("Telat", 40, stage=Stage.TRAINING, batch=late)
    person("Tepat", 50, stage=Stage.TRAINING, batch=timely)
    person("Selesai", -5, stage=Stage.GRADUATED, batch=timely, graduated_on=today)
    rows = table(made("risiko", cast.admin_kupang, within="30", format="xlsx"))
    assert {row["Nama lengkap"]: row["Keadaan"] for row in rows} == {
        "Lewat": "Batas sudah lewat",
        "Dekat": "Kritis, belum dapat kursi",
        "Telat": "Kursi selesai 10 hari sesudah batas",
    }
    assert "Sedang" in {row["Nama lengkap"] for row in table(made("risiko", cast.admin_kupang, within="90", format="xlsx"))}


def test_roster_shows_groups_and_only_the_columns_of_the_role(cast):
    batch = running_batch(timezone.localdate(), institute=cast.institute_a)
    person = factories.ParticipantFactory(
        satker=cast.kupang, stage=Stage.TRAINING, batch=batch, special_needs="Kursi roda", phone="081200000000"
    )
    Placement.objects.create(participant=person, seat=batch.seats.first(), group=3, placed_by=cast.pksdm)
    [own] = table(made("angkatan", cast.admin_kupang, batch=str(batch.pk), format="xlsx"))
    assert (own["Kelompok"], own["NIP"], own["Kebutuhan khusus"], own["No. HP"]) == (3, person.nip, "Kursi roda", "081200000000")
    [institute] = table(made("angkatan", cast.lembaga_a, batch=str(batch.pk), format="xlsx"))
    assert (institute["Kebutuhan khusus"], institute["No. HP"]) == (None, "081200000000")
    [leader] = table(made("angkatan", cast.pimpinan, batch=str(batch.pk), format="xlsx"))
    assert not {"Kebutuhan khusus", "No. HP", "E-mail"} & set(leader)


def test_build_report_judges_the_rights_of_the_moment_it_runs(cast, batch):
    job = services.request_report(key="risiko", data={"within": "90", "format": "csv"}, by=cast.provinsi_a)
    RoleGrant.objects.filter(user=cast.provinsi_a).update(role=Role.ADMIN_SATKER, satker=cast.ende)
    build(job.pk)
    job.refresh_from_db()
    body = content_of(job).decode("utf-8-sig")
    assert "Timur 53.08" in body
    assert "Timur 53.71" not in body


@pytest.mark.parametrize("loss", ["grant", "account"])
def test_build_report_for_somebody_without_rights_writes_no_file(cast, batch, loss):
    job = services.request_report(key="provinsi", data={"province": "53", "format": "xlsx"}, by=cast.provinsi_a)
    if loss == "grant":
        RoleGrant.objects.filter(user=cast.provinsi_a).update(valid_to=timezone.localdate() - timedelta(days=1), valid_from="2020-01-01")
    else:
        User.objects.filter(pk=cast.provinsi_a.pk).update(is_active=False)
    build(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result_file.name) == (JobState.FAILED, "")
    assert job.message == "Anda tidak lagi berhak atas pekerjaan ini."
    assert not AuditEntry.objects.filter(verb="export").exists()


def test_build_report_leaves_an_audit_row_and_is_safe_to_run_twice(cast, batch):
    job = made("risiko", cast.provinsi_a, within="60", format="csv")
    first = job.result_file.name
    build(job.pk)
    job.refresh_from_db()
    assert job.result_file.name == first
    assert AuditEntry.objects.get(verb="export").actor == cast.provinsi_a


def test_csv_opens_in_indonesian_spreadsheets_and_holds_no_formula(cast):
    factories.ParticipantFactory(satker=cast.kupang, full_name="=HYPERLINK(1)")
    job = made("satker", cast.admin_kupang, satker="53.71", format="csv")
    body = content_of(job)
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
    assert rows[4][1] == "'=HYPERLINK(1)"


@pytest.mark.parametrize(("key", "data"), [("nasional", {}), ("satker", {"satker": "53.71"})])
def test_pdf_is_tagged_and_says_what_the_sheet_says(cast, batch, tmp_path, key, data):
    job = made(key, cast.pksdm, format="pdf", **data)
    assert (job.state, job.message) == (JobState.DONE, "")
    path = tmp_path / "laporan.pdf"
    path.write_bytes(content_of(job))
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    info = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    assert "Tagged:          yes" in info
    assert "Sumber: portal Latsar KPU" in text
    assert "Halaman 1 dari" in text
    if key == "nasional":
        assert text.count("SUMUT") == 1
        assert "Jumlah" in text
    else:
        person = Participant.objects.filter(satker=cast.kupang).first()
        assert f"{person.nip[:8]} {person.nip[8:14]} {person.nip[14]} {person.nip[15:]}" in text.replace("\xa0", " ")


def test_pdf_beyond_the_limit_is_refused_with_the_way_out(cast, monkeypatch):
    monkeypatch.setattr(services, "PRINTED_LIMIT", 2)
    for _ in range(3):
        factories.ParticipantFactory(satker=cast.kupang)
    job = made("satker", cast.admin_kupang, satker="53.71", format="pdf")
    assert job.state == JobState.FAILED
    assert job.message == "PDF paling banyak memuat 2 baris, laporan ini 3 baris. Pilih Excel atau persempit penyaringnya."


def test_cancelled_report_leaves_no_file(cast, batch):
    job = services.request_report(key="risiko", data={"within": "90", "format": "xlsx"}, by=cast.pksdm)

    def work(runner):
        Job.objects.filter(pk=job.pk).update(cancel_requested=True)
        services.build_report(runner)

    run_job(job.pk, work)
    job.refresh_from_db()
    assert (job.state, job.result_file.name) == (JobState.CANCELLED, "")


def test_xlsx_opens_again_in_libreoffice(cast, batch, tmp_path):
    job = made("nasional", cast.pksdm, format="xlsx")
    source = tmp_path / "rekap.xlsx"
    source.write_bytes(content_of(job))
    profile = f"-env:UserInstallation=file://{tmp_path}/profil"
    command = ["soffice", profile, "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):59,34,76", "--outdir", tmp_path, source]
    subprocess.run(command, capture_output=True, check=True, timeout=180)
    lines = Path(tmp_path / "rekap.csv").read_text(encoding="utf-8").splitlines()
    total = Participant.objects.count()
    assert lines[3].startswith("Kode;Provinsi;Satker;Terdaftar")
    assert lines[-1].split(";")[1:4] == ["Jumlah", "7", str(total)]


def test_report_list_offers_only_what_the_role_may_have(cast, sign_in, batch):
    page = sign_in(cast.admin_kupang).get("/laporan/").content.decode()
    assert "Rekap satker" in page
    assert "Rekap nasional per provinsi" not in page
    assert "Denpasar" not in page
    assert sign_in(cast.mentor_a).get("/laporan/").status_code == 404


def test_report_run_starts_a_job_and_leads_to_its_progress(cast, sign_in, batch):
    answer = sign_in(cast.provinsi_a).post("/laporan/provinsi/", {"province": "53", "format": "pdf"})
    job = Job.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, job.get_absolute_url())
    assert (job.title, job.requested_by, job.back_url) == ("Rekap provinsi per satker, PDF", cast.provinsi_a, "/laporan/")


def test_report_run_with_a_gap_says_so_beside_the_field_and_keeps_the_rest(cast, sign_in):
    answer = sign_in(cast.pksdm).post("/laporan/satker/", {"satker": "", "stage": "belum-kursi", "format": "csv"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Pilih salah satu dari daftar." in page
    assert '<option value="belum-kursi" selected>' in page
    assert not Job.objects.exists()


@pytest.mark.parametrize(("who", "key"), [("admin_kupang", "nasional"), ("pksdm", "tidak-ada"), ("lembaga_a", "risiko")])
def test_report_run_of_what_is_not_ones_own_does_not_exist(cast, sign_in, who, key):
    assert sign_in(getattr(cast, who)).post(f"/laporan/{key}/", {"format": "xlsx"}).status_code == 404
