"""A participant whom no mail reaches: the satker prints slips, and a phone with paper and camera is all it takes."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from latsar.accounts.enums import Role
from latsar.satker.models import Satker
from participants.enums import Stage
from participants.models import ActivationSlip, Participant
from tests.factories import ParticipantFactory, RoleGrantFactory, UserFactory
from tests.journeys.test_main_job import bulk, wait_for_job
from tests.participants.test_slips import CODE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def theodora(portal) -> Participant:
    call_command("load_reference", verbosity=0)
    kupang = Satker.objects.get(code="53.71")
    RoleGrantFactory(user=UserFactory(username="satker"), role=Role.ADMIN_SATKER, satker=kupang)
    people = [
        ParticipantFactory(satker=kupang, stage=Stage.VERIFIED, full_name=name) for name in ("Theodora Nahak, S.Kom.", "Agus Bria, S.H.")
    ]
    return people[0]


def satker_prints_slips(visit, tmp_path: Path) -> Path:
    satker = visit("satker")
    satker.sign_in("satker")
    satker.go("/peserta/undangan/")
    satker.look("undangan")
    satker.page.get_by_role("link", name=re.compile("^Siap")).first.click()
    satker.page.wait_for_url(re.compile(r"/peserta/\?"))
    bulk(satker, "Cetak slip")
    wait_for_job(satker, "slip-dicetak")
    with satker.page.expect_download() as file:
        satker.page.locator("#b-unduh").click()
    pdf = tmp_path / "slip.pdf"
    file.value.save_as(pdf)
    return pdf


def what_the_paper_says(pdf: Path) -> tuple[str, str]:
    """Read the address and Theodora's code off the printed sheet, as camera and eyes would."""
    subprocess.run(["pdftoppm", "-r", "150", "-png", str(pdf), str(pdf.with_suffix(""))], check=True)
    picture = next(pdf.parent.glob("slip*.png"))
    address = subprocess.run(["zbarimg", "--raw", "-q", str(picture)], check=True, capture_output=True, text=True).stdout.split()[0]
    text = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    names, codes = re.findall("Agus Bria|Theodora Nahak", text), CODE.findall(text)  # slips stand side by side: all names, then all codes
    return re.sub(r"^HTTP", "http", address), dict(zip(names, codes, strict=True))["Theodora Nahak"]


def participant_activates_on_a_phone(visit, address: str, code: str, nip: str):
    phone = visit("peserta-slip", width=390)
    phone.page.goto(address)
    phone.look("aktivasi")
    phone.page.fill("input[name=nip]", f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}")
    phone.page.fill("input[name=kode]", "ABCD-EFGH-JKLM")
    phone.page.get_by_role("button", name="Lanjut").click()
    expect(phone.page.locator("input[name=nip]")).to_have_value(re.compile(re.escape(nip[-3:])))
    expect(phone.page.get_by_role("alert")).to_contain_text("tidak cocok")
    phone.said.clear()  # the browser notes the refusal's status
    phone.look("kode-salah")
    phone.page.fill("input[name=kode]", code.lower().replace("-", " "))
    phone.page.get_by_role("button", name="Lanjut").click()
    expect(phone.page.locator("h1")).to_have_text("Halo, Theodora")
    phone.look("kata-sandi")
    phone.page.fill("input[name=password1]", "sepeda-biru-di-tepi-laut")
    phone.page.fill("input[name=password2]", "sepeda-biru-di-tepi-laut")
    phone.page.get_by_role("button", name="periksa kontak").click()
    expect(phone.page.get_by_text("Selamat datang").first).to_be_visible()
    return phone


def participant_gives_a_number_that_the_satker_takes(visit, phone, person: Participant) -> None:
    phone.look("kontak")
    phone.page.fill("input[name=phone]", "081298765432")
    phone.page.select_option("select[name=clothing_size]", "L")
    phone.page.get_by_role("button", name="Simpan").click()
    expect(phone.page.get_by_role("heading", name="Menunggu satker Anda")).to_be_visible()
    phone.look("kontak-menunggu")
    satker = visit("satker-kontak")
    satker.sign_in("satker")
    satker.go("/peserta/kontak/")
    satker.look("usulan")
    satker.page.locator("input[name=pilih]").first.check()
    satker.page.get_by_role("button", name="Terima").click()
    satker.page.wait_for_load_state("load")
    person.refresh_from_db()
    assert (person.phone, person.clothing_size) == ("081298765432", "L")


def test_participant_without_mail_activates_with_a_printed_slip(theodora, visit, tmp_path):
    address, code = what_the_paper_says(satker_prints_slips(visit, tmp_path))
    phone = participant_activates_on_a_phone(visit, address, code, theodora.nip)
    assert ActivationSlip.objects.get(participant=theodora).used_at
    participant_gives_a_number_that_the_satker_takes(visit, phone, theodora)
    other = visit("peserta-lain", width=390)
    other.page.goto(address)
    other.page.fill("input[name=nip]", theodora.nip)
    other.page.fill("input[name=kode]", code)
    other.page.get_by_role("button", name="Lanjut").click()
    expect(other.page.get_by_role("alert")).to_contain_text("tidak cocok")
