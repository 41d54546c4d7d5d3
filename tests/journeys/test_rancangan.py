"""A participant on a phone and the mentor at a desk: nothing typed is lost, on a good line or a broken one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from aktualisasi.models import Rancangan
from latsar.accounts.enums import Role
from latsar.satker.models import SatkerKind
from mentoring.models import MentorAssignment
from participants.models import Placement
from tests import factories
from tests.corpus import pdfs
from tests.journeys.conftest import Visitor


@pytest.fixture
def people(transactional_db: None, settings) -> tuple[str, str]:
    # The portal under test reads these rows with its own hashers, which do not know the fast one of the tests.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    province = factories.SatkerFactory(
        code="53", name="KPU Provinsi Nusa Tenggara Timur", kind=SatkerKind.PROVINCE, parent=None, province=None
    )
    province.province = province
    province.save()
    kupang = factories.SatkerFactory(code="53.71", name="KPU Kota Kupang", parent=province)
    batch = factories.BatchFactory()
    author = factories.UserFactory(username="peserta.uji", full_name="Maria Contoh, S.Kom.")
    factories.RoleGrantFactory(user=author, role=Role.PESERTA)
    person = factories.ParticipantFactory(satker=kupang, user=author, full_name=author.full_name, batch=batch, stage="placed")
    staff = factories.UserFactory()
    Placement.objects.create(participant=person, seat=batch.seats.first(), group=1, placed_by=staff)
    guide = factories.UserFactory(username="mentor.uji", full_name="Bernadus Contoh, S.T.")
    factories.RoleGrantFactory(user=guide, role=Role.MENTOR)
    MentorAssignment.objects.create(
        mentor=factories.MentorFactory(user=guide, satker=province), participant=person, slot=1, assigned_by=staff
    )
    return author.username, guide.username


def enter(visitor: Visitor, login: str) -> None:
    """Sign in with the keyboard alone."""
    visitor.go("/masuk/")
    visitor.page.fill("input[name=login]", login)
    visitor.page.fill("input[name=password]", factories.PASSWORD)
    visitor.page.press("input[name=password]", "Enter")
    visitor.page.wait_for_url(re.compile(r"^(?!.*/masuk/)"))


@pytest.mark.browser
def test_participant_writes_and_mentor_answers(people, portal, visit, tmp_path: Path) -> None:
    files = {"bad": pdfs.active("javascript_in_names", packed=True), "first": pdfs.with_pages(3), "second": pdfs.with_pages(4)}
    for name, content in files.items():
        (tmp_path / f"{name}.pdf").write_bytes(content)
    author, mentor = people

    writer = visit("penulis", width=390)
    enter(writer, author)
    writer.go("/aktualisasi/")
    writer.look("kosong")
    bar, page = writer.page.locator("#pengajuan"), writer.page
    expect(bar).to_contain_text("judul, ringkasan, dokumen PDF")

    # typing saves by itself, and the bar follows
    page.fill("#id_title", "Menata arsip keputusan")
    expect(page.locator("#tersimpan")).to_contain_text("Tersimpan")
    expect(bar).to_contain_text("Masih kurang: ringkasan, dokumen PDF.")
    page.fill("#id_summary", "Arsip belum bisa ditelusuri.")

    # a hostile document is refused beside its field, and what was typed stays
    writer.upload("#id_file", tmp_path / "bad.pdf")
    page.click("[data-upload]")
    expect(page.locator("#id_file_error")).to_contain_text("skrip")
    expect(page.locator("#id_summary")).to_have_value("Arsip belum bisa ditelusuri.")
    writer.said.clear()  # the browser notes every answer of 422; the page said it in words
    writer.look("ditolak")

    # a line that breaks keeps the chosen file; the next try goes through
    writer.upload("#id_file", tmp_path / "first.pdf")
    writer.context.set_offline(True)
    page.click("[data-upload]")
    expect(page.locator("[data-text]")).to_contain_text("Sambungan putus")
    writer.context.set_offline(False)
    writer.said.clear()  # the broken line is noted by the browser too
    page.click("[data-upload]")
    expect(page.locator("main")).to_contain_text("Versi 1 tersimpan, 3 halaman.")
    expect(bar).to_contain_text("Siap diajukan")
    writer.look("siap")
    page.click("#pengajuan button")
    expect(page.locator("main")).to_contain_text("Rancangan diajukan ke mentor.")

    # the mentor leafs through with a note half written, and sends it back
    guide = visit("mentor")
    enter(guide, mentor)
    guide.go("/bimbingan/")
    guide.look("bimbingan")
    guide.page.click("text=Mulai meninjau")
    guide.page.fill("#id_text", "Jelaskan nilai Growth.")
    guide.page.click("text=Halaman berikutnya")
    expect(guide.page.locator("figcaption")).to_contain_text("Halaman 2 dari 3")
    expect(guide.page.locator("main")).to_contain_text("Jelaskan nilai Growth.")
    guide.page.locator("fieldset").first.locator("label.bad").click()
    expect(guide.page.locator("#tersimpan")).to_contain_text("Tersimpan")
    guide.look("tinjau")
    guide.page.click("text=Kembalikan dengan 1 catatan")
    expect(guide.page.locator("main")).to_contain_text("dikembalikan dengan catatan.")

    writer.go("/aktualisasi/")
    expect(page.locator("main")).to_contain_text("Jelaskan nilai Growth.")
    writer.upload("#id_file", tmp_path / "second.pdf")
    page.click("[data-upload]")
    expect(page.locator("main")).to_contain_text("Versi 2 tersimpan, 4 halaman.")
    writer.look("versi-dua")
    page.click("#pengajuan button")
    expect(page.locator("main")).to_contain_text("Rancangan diajukan ke mentor.")

    guide.go("/bimbingan/")
    guide.page.click("text=Mulai meninjau")
    for label in guide.page.locator("fieldset label.ok").all():
        label.click()
    expect(guide.page.locator("#tersimpan")).to_contain_text("Semua butir sesuai")
    guide.page.click("text=Setujui")
    expect(guide.page.locator("main")).to_contain_text("disetujui.")
    assert Rancangan.objects.get().stage == "approved"
