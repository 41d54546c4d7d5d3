"""The nation plans, and months later the institute closes: from red people on the map to recorded STTP, in a real browser."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone
from openpyxl import Workbook, load_workbook
from playwright.sync_api import expect

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.satker.models import Satker
from latsar.training.models import Batch, BatchPhase, Institute, TrainingSession
from participants.enums import Stage
from participants.models import Attendance, DutyLetter, Participant, Result, Score, Sttp
from tests.factories import ParticipantFactory, RoleGrantFactory, UserFactory
from tests.journeys.test_main_job import bulk, wait_for_job

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys"), pytest.mark.timeout(600)]

PEOPLE = 12


@pytest.fixture
def people(portal) -> dict[str, User]:
    call_command("load_reference", verbosity=0)
    institute = Institute.objects.get(code="bpsdm-ntt")
    made = {}
    for name, full_name, grant in (
        ("pksdm", "Dewi Contoh, S.Psi.", {"role": Role.PKSDM}),
        ("lembaga", "Operator BPSDM NTT", {"role": Role.LEMBAGA, "institute": institute}),
        ("pemeriksa", "Pemeriksa BPSDM NTT", {"role": Role.LEMBAGA, "institute": institute}),
    ):
        made[name] = UserFactory(username=name, full_name=full_name)
        RoleGrantFactory(user=made[name], **grant)
    units = list(Satker.objects.filter(province__code="53").exclude(code="53").order_by("code")[:4])
    soon = timezone.localdate() + timedelta(days=25)
    for number in range(PEOPLE):
        person = ParticipantFactory(
            satker=units[number % 4], stage=Stage.APPROVED, golongan="III/a", deadline=soon + timedelta(days=150 if number else 0)
        )
        person.stage_changes.create(action="approve", old=Stage.VERIFIED, new=Stage.APPROVED, by=made["pksdm"])
    return made


def opens_seats(pksdm, number: int, starts_in: int) -> Batch:
    """Enter the seats that BPSDM NTT gives."""
    pksdm.go("/angkatan/buat/")
    pksdm.page.select_option("select[name=institute]", label="BPSDM Provinsi NTT")
    pksdm.page.select_option("select[name=method]", "blended")
    pksdm.page.fill("input[name=starts_on]", f"{timezone.localdate() + timedelta(days=starts_in):%Y-%m-%d}")
    pksdm.page.fill("input[name=capacity]", "10")
    pksdm.page.get_by_role("button", name="Simpan angkatan").click()
    pksdm.page.wait_for_url(re.compile(r"/angkatan/\d+/$"))
    batch = Batch.objects.latest("pk")
    assert batch.number == number
    pksdm.page.get_by_role("button", name="Buka penempatan").click()
    pksdm.page.wait_for_load_state("load")
    return batch


def nation_plans(visit) -> Batch:
    pksdm = visit("pksdm-rencana")
    pksdm.sign_in("pksdm")
    first, second = opens_seats(pksdm, 1, 12), opens_seats(pksdm, 2, 20)
    pksdm.go("/perencanaan/")
    pksdm.look("kebutuhan")
    pksdm.page.get_by_role("link", name=re.compile("Nusa Tenggara Timur")).first.click()
    pksdm.page.wait_for_load_state("load")
    pksdm.look("aturan-rencana")
    pksdm.page.get_by_role("button", name="Hitung usulan").click()
    pksdm.page.wait_for_url(re.compile(r"/perencanaan/\d+/$"))
    pksdm.look("usulan")
    expect(pksdm.page.locator(".figures")).to_contain_text("11")  # the twelfth comes too late for every seat
    address = pksdm.page.url
    pksdm.page.goto(f"{address}orang/")
    pksdm.page.locator("input[name=orang]").nth(1).check()  # the first one has no seat in time
    pksdm.page.wait_for_load_state("networkidle")  # the check of the move answers
    label = pksdm.page.locator("#id_tujuan option").nth(2).inner_text()
    pksdm.page.select_option("#id_tujuan", label=label)
    pksdm.page.wait_for_load_state("networkidle")
    pksdm.look("pindah")
    pksdm.page.get_by_role("button", name="Pindahkan", exact=True).last.click()
    pksdm.page.wait_for_load_state("load")
    pksdm.page.goto(address)
    pksdm.page.get_by_role("link", name="Terapkan usulan").first.click()
    pksdm.page.wait_for_load_state("load")
    pksdm.look("terapkan")
    pksdm.page.get_by_role("button", name=re.compile("Terapkan")).last.click()
    wait_for_job(pksdm, "diterapkan")
    assert Participant.objects.filter(stage=Stage.PLACED, batch__in=[first, second]).count() == PEOPLE - 1
    return max((first, second), key=lambda batch: batch.participants.count())


def letters_and_invitations_come_out(visit, batch: Batch) -> None:
    """Surat tugas for everybody of the angkatan, and the invitations as one job."""
    pksdm = visit("pksdm-surat")
    pksdm.sign_in("pksdm")
    pksdm.go(f"/surat-tugas/?angkatan={batch.pk}")
    pksdm.look("tanpa-surat")
    pksdm.page.get_by_role("link", name=re.compile(r"Buat untuk \d+ orang")).click()
    texts = {
        "pattern": "{n:03d}/ST/{year}",
        "first": "1",
        "city": "Jakarta",
        "signer_title": "Kepala Pusat",
        "signer_name": "Penanda Contoh",
    }
    for name, text in texts.items():
        pksdm.page.fill(f"input[name={name}]", text)
    pksdm.page.fill("input[name=letter_date]", f"{timezone.localdate():%Y-%m-%d}")
    pksdm.page.fill("textarea[name=basis]", "Surat pemanggilan lembaga")
    pksdm.page.get_by_role("button", name="Periksa nomornya").click()
    pksdm.look("nomor-surat")
    pksdm.page.get_by_role("button", name=re.compile(r"Buat \d+ surat tugas")).click()
    pksdm.page.wait_for_url(re.compile(r"/surat-tugas/(?!buat)"))
    assert DutyLetter.objects.filter(batch=batch).count() == batch.participants.count()
    pksdm.go("/peserta/?tahap=placed")
    bulk(pksdm, "Undang")
    pksdm.page.wait_for_url(re.compile(r"/peserta/sekaligus/hasil/"))  # so few are invited at once
    pksdm.look("diundang")
    assert Participant.objects.filter(stage=Stage.PLACED, user__isnull=False).count() == PEOPLE - 1


def months_go_by(batch: Batch) -> None:
    """Let the angkatan begin in the past: only its days change."""
    back = timedelta(days=100)
    BatchPhase.objects.filter(batch=batch).update(starts_on=F("starts_on") - back, ends_on=F("ends_on") - back)
    Batch.objects.filter(pk=batch.pk).update(starts_on=F("starts_on") - back, ends_on=F("ends_on") - back)


def starts(visit, batch: Batch) -> None:
    pksdm = visit("pksdm-mulai")
    pksdm.sign_in("pksdm")
    pksdm.go(f"/angkatan/{batch.pk}/")
    pksdm.page.get_by_role("button", name="Mulai angkatan").click()
    pksdm.page.wait_for_load_state("load")
    assert Participant.objects.filter(batch=batch, stage=Stage.TRAINING).exists()


def uploads(visitor, path: Path, shot: str) -> None:
    visitor.upload("input[type=file]", path)
    visitor.page.get_by_role("button", name="Periksa berkas").click()
    visitor.page.wait_for_url(re.compile(r"/unggahan/\d+/"))
    visitor.look(shot)
    visitor.page.get_by_role("button", name="Simpan", exact=True).click()
    visitor.page.wait_for_url(re.compile(r"^(?!.*/unggahan/)"))


def table(path: Path, *rows: list[object]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def institute_imports(visit, batch: Batch, tmp_path: Path) -> None:
    """Attendance and scores come from files; only a whole sheet is sent to the checker."""
    members = list(Participant.objects.filter(batch=batch, stage=Stage.TRAINING).order_by("full_name", "pk"))
    begun = timezone.now() - timedelta(days=3)
    session = TrainingSession.objects.create(
        batch=batch,
        phase=batch.phases.first(),
        number=1,
        title="Wawasan kebangsaan",
        jp=3,
        starts_at=begun,
        ends_at=begun + timedelta(hours=3),
        created_by=User.objects.get(username="lembaga"),
    )
    institute = visit("lembaga")
    institute.sign_in("lembaga")
    institute.go(f"/angkatan/{batch.pk}/kehadiran/{session.pk}/impor/")
    marks = [[person.nip, "Alpa" if n == 0 else "Hadir"] for n, person in enumerate(members)]
    uploads(institute, table(tmp_path / "hadir.xlsx", ["NIP", "Kehadiran"], *marks), "kehadiran")
    assert Attendance.objects.filter(session=session).count() == len(members)
    institute.go(f"/angkatan/{batch.pk}/nilai/?kelompok=semua")
    institute.look("lembar-kosong")
    with institute.page.expect_download() as file:
        institute.page.get_by_role("link", name="Templat Excel").click()
    file.value.save_as(tmp_path / "templat.xlsx")
    book = load_workbook(tmp_path / "templat.xlsx")
    for n, row in enumerate(book.active.iter_rows(min_row=2)):
        for cell in row[2:]:
            cell.value = 82 + n
    book.save(tmp_path / "nilai.xlsx")
    institute.page.get_by_role("link", name="Impor dari Excel").click()
    uploads(institute, tmp_path / "nilai.xlsx", "nilai")
    institute.look("lembar-penuh")
    assert Score.objects.filter(batch=batch, value__isnull=False).exists()
    institute.page.get_by_role("button", name="Kirim ke pemeriksa").click()
    institute.page.wait_for_load_state("load")
    expect(institute.page.get_by_role("button", name="Finalkan nilai")).to_have_count(0)


def second_person_finalises(visit, batch: Batch) -> None:
    checker = visit("pemeriksa")
    checker.sign_in("pemeriksa")
    checker.page.get_by_role("link", name=re.compile("Periksa")).first.click()
    checker.page.get_by_role("button", name="Nyatakan sudah diperiksa").click()
    checker.page.get_by_role("button", name="Finalkan nilai").click()
    checker.page.wait_for_load_state("load")
    checker.go(f"/angkatan/{batch.pk}/hasil/")
    checker.look("hasil")
    assert Result.objects.filter(batch=batch).count() == batch.participants.count()


def pksdm_publishes(visit, batch: Batch) -> None:
    pksdm = visit("pksdm-umumkan")
    pksdm.sign_in("pksdm")
    pksdm.go(f"/angkatan/{batch.pk}/nilai/")
    pksdm.page.get_by_role("button", name="Umumkan nilai").click()
    pksdm.page.wait_for_load_state("load")
    pksdm.look("diumumkan")


def institute_closes(visit, batch: Batch, tmp_path: Path) -> None:
    institute = visit("lembaga-tutup")
    institute.sign_in("lembaga")
    institute.go(f"/angkatan/{batch.pk}/kelulusan/")
    institute.look("kelulusan")
    institute.page.get_by_role("button", name="Catat lulus").click()
    institute.page.wait_for_load_state("load")
    passed = list(Participant.objects.filter(batch=batch, stage=Stage.GRADUATED).order_by("full_name", "pk"))
    assert len(passed) == batch.participants.count()
    assert {person.qualification for person in passed} <= {"Memuaskan", "Sangat memuaskan"}
    institute.go(f"/angkatan/{batch.pk}/berita-acara/")
    for name, text in (("number", "BA-7/2026"), ("place", "Kupang"), ("chair_name", "Ketua Contoh"), ("chair_title", "Kepala BPSDM")):
        institute.page.fill(f"input[name={name}]", text)
    institute.page.fill("input[name=held_on]", f"{timezone.localdate():%Y-%m-%d}")
    institute.page.get_by_role("button", name="Simpan berita acara").click()
    institute.page.wait_for_load_state("load")
    institute.look("berita-acara")
    institute.go(f"/angkatan/{batch.pk}/sttp/impor/")
    today = f"{timezone.localdate():%d-%m-%Y}"
    rows = [[person.nip, f"{n:04d}/STTP/2026", f"90-{n}", today] for n, person in enumerate(passed, 1)]
    uploads(institute, table(tmp_path / "sttp.xlsx", ["NIP", "Nomor STTP", "Kode Registrasi", "Tanggal STTP"], *rows), "sttp")
    institute.look("sttp-tercatat")
    assert Sttp.objects.filter(batch=batch).count() == len(passed)


def test_nation_plans_and_the_institute_closes(people, portal, visit, tmp_path):
    batch = nation_plans(visit)
    letters_and_invitations_come_out(visit, batch)
    months_go_by(batch)
    starts(visit, batch)
    institute_imports(visit, batch, tmp_path)
    second_person_finalises(visit, batch)
    pksdm_publishes(visit, batch)
    institute_closes(visit, batch, tmp_path)
    call_command("check_invariants")
