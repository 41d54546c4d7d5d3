"""The portal's main job, from a workbook of 115 to a QR code on paper, played by its people in a real browser."""

from __future__ import annotations

import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from aktualisasi.demo.sample_pdf import sample_rancangan
from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.documents.models import IssuedDocument
from latsar.satker.models import Satker
from latsar.training.models import Batch, DossierRequirement, Institute
from mentoring.models import MentorAssignment
from mentoring.services import assign_coaches
from participants.enums import Stage
from participants.models import Participant
from tests.factories import MentorFactory, RoleGrantFactory, UserFactory
from tests.journeys import workbooks
from tests.journeys.test_builder import saved

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture
def people(portal) -> dict[str, User]:
    call_command("load_reference", verbosity=0)
    DossierRequirement.objects.update(blocks_submission=False)  # the dossiers have a journey of their own
    ntt, kupang, ende = (Satker.objects.get(code=code) for code in ("53", "53.71", "53.08"))
    institute = Institute.objects.get(code="bpsdm-ntt")
    made = {}
    for name, full_name, grant in (
        ("satker", "Yuliana Contoh, S.E.", {"role": Role.ADMIN_SATKER, "satker": kupang}),
        ("provinsi", "Frederik Contoh, S.Sos.", {"role": Role.ADMIN_PROVINSI, "satker": ntt}),
        ("pksdm", "Dewi Contoh, S.Psi.", {"role": Role.PKSDM}),
        ("lembaga", "Operator BPSDM NTT", {"role": Role.LEMBAGA, "institute": institute}),
        ("mentor", "Bernadus Contoh, S.T.", {"role": Role.MENTOR}),
        ("coach", "Dra. Agnes Contoh, M.Si.", {"role": Role.COACH, "institute": institute}),
    ):
        made[name] = UserFactory(username=name, full_name=full_name)
        RoleGrantFactory(user=made[name], **grant)
    MentorFactory(user=made["mentor"], satker=ende)
    return made


def wait_for_job(visitor, title: str) -> None:
    """Stay on the progress page until the job has ended well; the page refreshes itself."""
    visitor.page.wait_for_url(re.compile(r"/pekerjaan/\d+/"))
    expect(visitor.page.locator(".page-head .pill.ok")).to_be_visible(timeout=90_000)
    visitor.look(title)


def bulk(visitor, label: str) -> None:
    """Choose all that the filter shows, read the preview, confirm."""
    visitor.page.locator("input[name=semua]").check()
    visitor.page.get_by_role("button", name=label, exact=True).last.click()
    visitor.page.locator("input[name=pasti]").wait_for(state="attached")
    visitor.page.locator(".bar-end .btn-primary").click()
    visitor.page.wait_for_load_state("load")


def satker_imports_and_corrects(visit, tmp_path: Path, tmt) -> None:
    satker = visit("satker")
    satker.sign_in("satker")
    satker.look("beranda")
    satker.go("/peserta/impor/")
    satker.upload("input[type=file]", workbooks.with_three_wrong(tmp_path / "tiga-salah.xlsx", tmt))
    satker.page.get_by_role("button", name="Periksa berkas").click()
    satker.page.wait_for_url(re.compile(r"/peserta/impor/\d+/"))
    text = satker.page.inner_text("main")
    assert "Excel telah membulatkan NIP" in text
    assert "53.99" in text
    assert Participant.objects.count() == 0
    satker.look("pratinjau")
    with satker.page.expect_download() as book:
        satker.page.get_by_role("link", name=re.compile("buku kerja perbaikan")).click()
    assert book.value.suggested_filename.endswith(".xlsx")
    satker.page.get_by_role("button", name="Simpan 2 baris").click()
    wait_for_job(satker, "pekerjaan")
    assert Participant.objects.filter(satker__code="53.71").count() == 2


def province_imports_and_verifies(visit, tmp_path: Path, tmt) -> None:
    province = visit("provinsi")
    province.sign_in("provinsi")
    province.go("/peserta/impor/")
    province.upload("input[type=file]", workbooks.whole_province(tmp_path / "ntt.xlsx", tmt))
    province.page.get_by_role("button", name="Periksa berkas").click()
    province.page.wait_for_url(re.compile(r"/peserta/impor/\d+/"))
    province.look("pratinjau-115")
    province.page.get_by_role("button", name="Simpan 115 baris").click()
    wait_for_job(province, "impor-115")
    assert Participant.objects.count() == 117
    province.go("/peserta/")
    province.look("peserta")
    bulk(province, "Ajukan untuk verifikasi")
    wait_for_job(province, "ajukan-117")
    province.go("/verifikasi-berkas/")
    province.look("antrean")
    province.go("/peserta/")
    bulk(province, "Verifikasi")
    wait_for_job(province, "verifikasi-117")
    assert Participant.objects.filter(stage=Stage.VERIFIED).count() == 117


def pksdm_opens_and_fills_a_batch(visit) -> Batch:
    pksdm = visit("pksdm")
    pksdm.sign_in("pksdm")
    pksdm.go("/peserta/")
    bulk(pksdm, "Setujui")
    wait_for_job(pksdm, "setujui-117")
    assert Participant.objects.filter(stage=Stage.APPROVED).count() == 117
    pksdm.go("/angkatan/buat/")
    pksdm.page.select_option("select[name=institute]", label="BPSDM Provinsi NTT")
    pksdm.page.select_option("select[name=method]", "blended")
    pksdm.page.fill("input[name=starts_on]", f"{timezone.localdate() - timedelta(days=20):%Y-%m-%d}")
    expect(pksdm.page.locator("#jadwal")).to_contain_text("MOOC")
    pksdm.look("buat-angkatan")
    pksdm.page.get_by_role("button", name="Simpan angkatan").click()
    pksdm.page.wait_for_url(re.compile(r"/angkatan/\d+/"))
    batch = Batch.objects.get()
    pksdm.go(f"/angkatan/{batch.pk}/")
    pksdm.page.get_by_role("button", name="Buka penempatan").click()
    pksdm.go(f"/angkatan/{batch.pk}/penempatan/")
    pksdm.page.get_by_role("button", name=re.compile("Isi otomatis")).click()
    pksdm.look("penempatan")
    pksdm.page.get_by_role("button", name="Periksa penempatan").click()
    pksdm.page.get_by_role("button", name="Tempatkan 40 orang").click()
    pksdm.page.wait_for_load_state("load")
    assert Participant.objects.filter(batch=batch, stage=Stage.PLACED).count() == 40
    pksdm.go(f"/angkatan/{batch.pk}/")
    pksdm.page.get_by_role("button", name="Mulai angkatan").click()
    pksdm.page.wait_for_load_state("load")
    pksdm.look("angkatan")
    assert Participant.objects.filter(batch=batch, stage=Stage.TRAINING).count() == 40
    return batch


def mentor_is_assigned(visit, chosen: Participant) -> None:
    province = visit("provinsi-mentor")
    province.sign_in("provinsi")
    province.go(f"/mentor/penetapan/?peserta={chosen.pk}&q=Bernadus")
    province.page.locator("input[name=mentor]").first.check()
    province.look("penetapan")
    province.page.get_by_role("button", name="Tetapkan mentor").click()
    province.page.wait_for_load_state("load")
    assert MentorAssignment.objects.active().get(participant=chosen).mentor.user.username == "mentor"


def participant_is_invited_and_proposes(visit, portal, chosen: Participant, tmp_path: Path) -> None:
    province = visit("provinsi-undang")
    province.sign_in("provinsi")
    province.go(f"/peserta/{chosen.pk}/")
    province.look("peserta-detail")
    province.page.get_by_role("button", name=re.compile("Undang|undangan")).first.click()
    link = re.search(r"http://\S+/aktivasi/\S+", portal.wait_for_mail(chosen.email))
    assert link
    person = visit("peserta", width=390)
    person.page.goto(link.group(0))
    person.look("kata-sandi")
    person.page.fill("input[name=password1]", "sepeda-biru-di-tepi-laut")
    person.page.fill("input[name=password2]", "sepeda-biru-di-tepi-laut")
    person.page.locator("form:has(input[type=password]) button.btn-primary").first.click()
    expect(person.page.get_by_text("Selamat datang").first).to_be_visible()
    person.look("beranda")
    person.go("/aktualisasi/rancangan/gagasan/")
    person.page.fill("#rancangan\\.title", "Arsip digital Keputusan Ketua di KPU Kota Kupang")
    person.page.fill("#rancangan\\.summary", "Arsip tersebar; rancangan ini menata, memindai, dan menerbitkannya melalui JDIH.")
    saved(person.page)
    person.go("/aktualisasi/")
    pdf = tmp_path / "rancangan.pdf"
    pdf.write_bytes(sample_rancangan())
    person.upload("input[type=file]", pdf)
    person.page.get_by_role("button", name=re.compile("Unggah")).first.click()
    expect(person.page.get_by_text("Versi 1").first).to_be_visible(timeout=30_000)
    person.look("rancangan")
    person.page.get_by_role("button", name="Ajukan ke mentor").click()
    expect(person.page.locator("main")).to_contain_text("Rancangan diajukan ke mentor.")


def mentor_and_coach_approve(visit, chosen: Participant) -> None:
    group = chosen.placements.active().get().group
    coach, by = User.objects.get(username="coach"), User.objects.get(username="lembaga")
    assign_coaches(batch_id=chosen.batch_id, chosen={group: coach.pk}, seen={group: None}, by=by)
    for name in ("mentor", "coach"):
        reader = visit(name)
        reader.sign_in(name)
        reader.look("beranda")
        reader.page.get_by_role("link", name="Tinjau").first.click()
        reader.page.wait_for_load_state("load")
        reader.look("tinjau")
        for choice in reader.page.get_by_role("radio", name="Sesuai", exact=True).all():
            choice.check()
        reader.page.get_by_role("button", name="Setujui").first.click()
        expect(reader.page.locator("main")).to_contain_text("disetujui.")
    assert chosen.rancangan.paper().stage == "approved"


def institute_graduates(visit, batch: Batch) -> None:
    institute = visit("lembaga")
    institute.sign_in("lembaga")
    institute.go(f"/angkatan/{batch.pk}/kelulusan/")
    institute.look("kelulusan")
    institute.page.select_option("select[name=qualification]", index=1)
    institute.page.locator("main form .btn-primary").first.click()
    institute.page.wait_for_load_state("load")
    assert Participant.objects.filter(batch=batch, stage=Stage.GRADUATED).count() == 40


def certificates_come_out(visit, batch: Batch) -> None:
    pksdm = visit("pksdm-sertifikat")
    pksdm.sign_in("pksdm")
    pksdm.go(f"/angkatan/{batch.pk}/sertifikat/")
    pksdm.look("siap-terbit")
    pksdm.page.get_by_role("button", name="Terbitkan 40 sertifikat").click()
    pksdm.page.wait_for_url(re.compile(r"/pekerjaan/\d+/"))
    pksdm.page.reload()
    wait_for_job(pksdm, "terbit")
    assert IssuedDocument.objects.filter(state="issued").count() == 40


def outsider_scans(visit, chosen: Participant, tmp_path: Path) -> None:
    person = visit("peserta-unduh", width=390)
    person.sign_in(chosen.nip, "sepeda-biru-di-tepi-laut")
    person.go("/sertifikat/")
    person.look("sertifikat")
    with person.page.expect_download() as file:
        person.page.get_by_role("link", name=re.compile("Unduh")).first.click()
    pdf = tmp_path / "sertifikat.pdf"
    file.value.save_as(pdf)
    subprocess.run(["pdftoppm", "-r", "200", "-png", "-f", "1", "-l", "1", str(pdf), str(tmp_path / "lembar")], check=True)
    image = next(tmp_path.glob("lembar*.png"))
    address = subprocess.run(["zbarimg", "--raw", "-q", str(image)], check=True, capture_output=True, text=True).stdout.strip()
    outsider = visit("umum", width=390)
    outsider.page.goto(re.sub(r"^HTTP", "http", address))
    text = outsider.page.inner_text("main")
    document = IssuedDocument.objects.get(holder_name=chosen.full_name)
    assert document.number in text
    assert chosen.full_name in text
    assert chosen.nip not in text.replace(" ", "")
    outsider.look("verifikasi")


def nation_looks(visit) -> None:
    pksdm = visit("pksdm-dasbor")
    pksdm.sign_in("pksdm")
    pksdm.go("/dasbor/?ukuran=lulus")
    pksdm.look("dasbor")
    assert re.search(r"Lulus\s*40\b", pksdm.page.inner_text(".figures"))
    pksdm.go("/dasbor/53/")
    pksdm.look("provinsi")


def test_main_job_from_workbook_to_scanned_qr(people, portal, visit, tmp_path):
    tmt = (timezone.localdate().replace(day=1) - timedelta(days=60)).replace(day=1)
    satker_imports_and_corrects(visit, tmp_path, tmt)
    province_imports_and_verifies(visit, tmp_path, tmt)
    batch = pksdm_opens_and_fills_a_batch(visit)
    chosen = (
        Participant.objects.filter(batch=batch, satker__code="53.71").order_by("pk").first()
        or Participant.objects.filter(batch=batch).first()
    )
    assert chosen
    mentor_is_assigned(visit, chosen)
    participant_is_invited_and_proposes(visit, portal, chosen, tmp_path)
    mentor_and_coach_approve(visit, chosen)
    institute_graduates(visit, batch)
    certificates_come_out(visit, batch)
    outsider_scans(visit, chosen, tmp_path)
    nation_looks(visit)
    call_command("check_invariants")
