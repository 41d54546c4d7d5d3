"""Journey 1, with all of its turns: Kupang registers twelve CPNS, the province returns one, PKSDM approves; then a leader looks."""

from __future__ import annotations

import re
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import expect

from aktualisasi.demo.sample_pdf import sample_rancangan
from latsar.accounts.enums import Role
from latsar.satker.models import Satker
from participants.enums import Stage
from participants.models import DossierDocument, FieldNote, Participant
from tests.factories import RoleGrantFactory, UserFactory, nip_of
from tests.journeys import workbooks
from tests.journeys.test_main_job import bulk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture
def people(portal) -> None:
    call_command("load_reference", verbosity=0)
    ntt, kupang = Satker.objects.get(code="53"), Satker.objects.get(code="53.71")
    for name, grant in (
        ("satker", {"role": Role.ADMIN_SATKER, "satker": kupang}),
        ("provinsi", {"role": Role.ADMIN_PROVINSI, "satker": ntt}),
        ("pksdm", {"role": Role.PKSDM}),
        ("pimpinan", {"role": Role.PIMPINAN}),
    ):
        RoleGrantFactory(user=UserFactory(username=name, full_name=f"{name.title()} Contoh, S.H."), **grant)


def adds_one_by_nip(satker, tmt: date) -> None:
    nip = nip_of(date(1998, 4, 12), tmt, female=True, serial=941)
    satker.go("/peserta/tambah/")
    satker.page.fill("input[name=nip]", nip)
    expect(satker.page.locator("#nip-read")).to_contain_text("12 April 1998")
    satker.page.fill("input[name=full_name]", "Agnes Contoh, S.Kom.")
    satker.page.fill("input[name=jabatan]", "Arsiparis")
    satker.page.select_option("select[name=golongan]", "III/a")
    satker.page.fill("input[name=email]", "agnes@contoh.go.id")
    satker.look("isian")
    satker.page.get_by_role("button", name="Daftarkan CPNS").click()
    satker.page.wait_for_url(re.compile(r"/peserta/\d+/$"))
    satker.look("orangnya")


def imports_eleven_with_three_wrong(satker, tmp_path: Path, tmt: date) -> None:
    rows = [workbooks.row(n, "53.71", tmt) for n in range(301, 309)]
    rows.append(workbooks.row(309, "53.71", tmt, NIP=1.99704e17))
    rows.append(workbooks.row(310, "53.99", tmt))
    rows.append(workbooks.row(311, "53.71", tmt, **{"Tanggal Lahir": "01-01-1990"}))
    _checks(satker, workbooks.write(tmp_path / "sebelas.xlsx", rows))
    satker.look("pratinjau")
    with satker.page.expect_download() as book:
        satker.page.get_by_role("link", name=re.compile("buku kerja perbaikan")).click()
    wrong = tmp_path / "perbaikan.xlsx"
    book.value.save_as(wrong)
    satker.page.get_by_role("button", name=re.compile("Simpan 8 baris")).click()
    _ends_well(satker, "impor-8")
    _checks(satker, _repaired(wrong, tmt))
    satker.page.get_by_role("button", name=re.compile("Simpan 3 baris")).click()
    _ends_well(satker, "impor-3")
    assert Participant.objects.filter(satker__code="53.71").count() == 12


def _ends_well(satker, title: str) -> None:
    satker.page.wait_for_url(re.compile(r"/pekerjaan/\d+/"))
    expect(satker.page.locator(".page-head .pill.ok")).to_be_visible(timeout=90_000)
    satker.look(title)


def _checks(satker, book: Path) -> None:
    satker.go("/peserta/impor/")
    satker.upload("input[type=file]", book)
    satker.page.get_by_role("button", name="Periksa berkas").click()
    satker.page.wait_for_url(re.compile(r"/peserta/impor/\d+/"))


def _repaired(wrong: Path, tmt: date) -> Path:
    """Put the right values over the wrong ones, in the workbook that the portal gave back."""
    book = load_workbook(wrong)
    sheet = book["CPNS"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    right = {str(row[1]): row for row in (workbooks.row(n, "53.71", tmt) for n in (309, 310, 311))}
    for line in range(2, sheet.max_row + 1):
        name = str(sheet.cell(line, heads["Nama Lengkap"]).value)
        for column, value in zip(workbooks.HEADINGS, right[name], strict=True):
            sheet.cell(line, heads[column]).value = value
    fixed = wrong.with_name("sudah-benar.xlsx")
    book.save(fixed)
    return fixed


def uploads_dossiers_and_submits(satker, tmp_path: Path) -> None:
    archive = tmp_path / "berkas.zip"
    with zipfile.ZipFile(archive, "w") as bundle:
        for nip in Participant.objects.values_list("nip", flat=True):
            for code in ("sk-cpns", "spmt"):
                bundle.writestr(f"{nip}_{code}.pdf", sample_rancangan())
    satker.go("/peserta/berkas/unggah-zip/")
    satker.upload("input[type=file]", archive)
    satker.page.get_by_role("button", name="Periksa ZIP").click()
    satker.page.wait_for_url(re.compile(r"/unggah-zip/\d+/"))
    satker.look("isi-zip")
    satker.page.get_by_role("button", name=re.compile("Simpan 24 berkas")).click()
    _ends_well(satker, "berkas-24")
    assert DossierDocument.objects.current().count() == 24
    satker.go("/peserta/berkas/")
    satker.look("kelengkapan")
    satker.go("/peserta/")
    bulk(satker, "Ajukan untuk verifikasi")
    assert Participant.objects.filter(stage=Stage.SUBMITTED).count() == 12


def province_returns_one_and_verifies_the_rest(visit) -> Participant:
    province = visit("provinsi")
    province.sign_in("provinsi")
    province.go("/verifikasi-berkas/")
    province.look("antrean")
    name = province.page.locator("#dokumen").inner_text()
    province.page.locator("input[name=putusan][value=kembali]").check(force=True)
    province.page.get_by_text("Tandai isian yang salah").click()
    province.page.fill("input[name=isian_jabatan]", "Menurut SK: Penata Kelola Pemilu Ahli Pertama")
    province.page.locator(".bar-end .btn-primary").click()
    province.page.wait_for_load_state("load")
    returned = Participant.objects.get(stage=Stage.RETURNED)
    assert returned.full_name == name
    province.go("/peserta/?tahap=submitted")
    bulk(province, "Verifikasi")
    assert Participant.objects.filter(stage=Stage.VERIFIED).count() == 11
    return returned


def satker_mends_what_was_returned(satker, returned: Participant) -> None:
    satker.go("/")
    satker.page.get_by_role("link", name="Perbaiki", exact=True).first.click()
    satker.page.wait_for_url(re.compile(rf"/peserta/{returned.pk}/ubah/"))
    expect(satker.page.locator("#id_jabatan_helptext")).to_contain_text("Menurut SK: Penata Kelola Pemilu")
    satker.look("catatan-di-isian")
    satker.page.fill("input[name=jabatan]", "Penata Kelola Pemilu Ahli Pertama")
    satker.page.get_by_role("button", name="Simpan perubahan").click()
    satker.page.wait_for_url(re.compile(rf"/peserta/{returned.pk}/$"))
    satker.page.get_by_role("button", name="Ajukan untuk verifikasi").click()
    satker.page.wait_for_load_state("load")
    assert not FieldNote.objects.unsettled().exists()


def province_verifies_and_pksdm_approves(visit) -> None:
    province = visit("provinsi-lagi")
    province.sign_in("provinsi")
    province.go("/verifikasi-berkas/")
    expect(province.page.locator("main")).to_contain_text("sudah diubah satker")
    province.look("antrean-lagi")
    province.page.locator("input[form=putusan][name=putusan][value=sesuai]").check(force=True)
    province.page.locator(".bar-end .btn-primary").click()
    province.page.wait_for_load_state("load")
    pksdm = visit("pksdm")
    pksdm.sign_in("pksdm")
    pksdm.go("/peserta/?tahap=verified")
    bulk(pksdm, "Setujui")
    assert Participant.objects.filter(stage=Stage.APPROVED).count() == 12


def leader_drills_to_one_person(visit, returned: Participant) -> None:
    leader = visit("pimpinan")
    leader.sign_in("pimpinan")
    leader.go("/dasbor/53/")
    leader.page.get_by_role("link", name=re.compile("Kota Kupang")).first.click()
    leader.page.wait_for_url(re.compile(r"/peserta/\?"))
    leader.page.get_by_role("link", name=returned.full_name).click()
    leader.page.wait_for_url(re.compile(rf"/peserta/{returned.pk}/"))
    leader.look("satu-orang")


def test_satker_registers_with_every_turn(people, portal, visit, tmp_path):
    tmt = (timezone.localdate().replace(day=1) - timedelta(days=60)).replace(day=1)
    satker = visit("satker")
    satker.sign_in("satker")
    adds_one_by_nip(satker, tmt)
    imports_eleven_with_three_wrong(satker, tmp_path, tmt)
    uploads_dossiers_and_submits(satker, tmp_path)
    returned = province_returns_one_and_verifies_the_rest(visit)
    satker_mends_what_was_returned(satker, returned)
    province_verifies_and_pksdm_approves(visit)
    leader_drills_to_one_person(visit, returned)
