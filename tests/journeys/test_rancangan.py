"""A participant on a phone and the mentor at a desk: nothing typed is lost, on a good line or a broken one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from aktualisasi.models import Paper, PaperVersion
from latsar.accounts.enums import Role
from latsar.documents.upload.sessions import UploadSession
from latsar.satker.models import SatkerKind
from mentoring.models import GroupCoach, MentorAssignment
from participants.models import Placement
from tests import factories
from tests.corpus import pdfs
from tests.journeys.conftest import Visitor
from tests.journeys.lines import PIECE, BadLine, large_scan


@pytest.fixture
def people(transactional_db: None, settings) -> tuple[str, str, str]:
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
    coach = factories.UserFactory(username="coach.uji", full_name="Dra. Agnes Contoh, M.Si.")
    factories.RoleGrantFactory(user=coach, role=Role.COACH, institute=batch.institute)
    GroupCoach.objects.create(batch=batch, group=1, coach=coach)
    return author.username, guide.username, coach.username


def enter(visitor: Visitor, login: str) -> None:
    """Sign in with the keyboard alone."""
    visitor.go("/masuk/")
    visitor.page.fill("input[name=login]", login)
    visitor.page.fill("input[name=password]", factories.PASSWORD)
    visitor.page.press("input[name=password]", "Enter")
    visitor.page.wait_for_url(re.compile(r"^(?!.*/masuk/)"))


def send(visitor: Visitor, path: Path) -> None:
    visitor.upload("#id_file", path)
    visitor.page.click("text=Unggah versi baru")


@pytest.mark.browser
def test_participant_hands_in_and_both_readers_answer(people, portal, visit, tmp_path: Path) -> None:
    files = {"bad": pdfs.active("javascript_in_names", packed=True), "first": large_scan(), "second": pdfs.with_pages(4)}
    for name, content in files.items():
        (tmp_path / f"{name}.pdf").write_bytes(content)
    author, mentor, coach = people

    writer = visit("penulis", width=390)
    enter(writer, author)
    writer.go("/aktualisasi/")
    writer.look("kosong")
    bar, page = writer.page.locator("#pengajuan"), writer.page
    expect(bar).to_contain_text("Masih kurang: judul")

    # typing saves by itself, and the bar follows
    page.fill("#id_title", "Menata arsip keputusan")
    expect(page.locator("#tersimpan")).to_contain_text("Tersimpan")
    expect(bar).not_to_contain_text("judul")
    page.fill("#id_summary", "Arsip belum bisa ditelusuri.")
    expect(page.locator("#tersimpan")).to_contain_text("Tersimpan")

    # a hostile document is refused beside its field, and what was typed stays
    send(writer, tmp_path / "bad.pdf")
    expect(page.locator("#id_file_error")).to_contain_text("skrip")
    expect(page.locator("#id_summary")).to_have_value("Arsip belum bisa ditelusuri.")
    writer.said.clear()  # the browser notes every answer of 422; the page said it in words
    writer.look("ditolak")

    # the line breaks once and the page goes on by itself; it breaks again, and a reload goes on where it stopped
    line = BadLine()
    page.route("**/unggahan/**", line)
    line.left = 1
    send(writer, tmp_path / "first.pdf")
    said = page.locator("[data-text]")
    expect(said).to_contain_text("Sambungan putus")
    assert UploadSession.objects.get().offset == PIECE
    line.left = 2
    expect(page.locator("progress")).to_have_js_property("value", round(3 * PIECE * 100 / len(files["first"])), timeout=30_000)
    expect(said).to_contain_text("Sambungan putus")
    line.left, line.passed = -1, 0
    writer.go("/aktualisasi/")
    send(writer, tmp_path / "first.pdf")
    expect(page.locator("main")).to_contain_text("Versi 1 tersimpan, 1 halaman.")
    assert line.passed == 2
    version = PaperVersion.objects.get()
    with version.file.open("rb") as stored:
        assert stored.read() == files["first"]
    writer.said.clear()  # the broken line is noted by the browser too
    expect(bar).to_contain_text("Siap diajukan")
    writer.look("siap")
    page.click("#pengajuan button")
    expect(page.locator("main")).to_contain_text("Rancangan diajukan ke mentor.")

    # the mentor presses a place on the page, writes about it, and sends it back
    guide = visit("mentor")
    enter(guide, mentor)
    guide.go("/aktualisasi/antrean/")
    guide.look("antrean")
    guide.page.click("text=Mulai meninjau")
    guide.page.fill("#id_text", "Jelaskan nilai Growth.")
    guide.page.locator("[data-point]").click(position={"x": 120, "y": 90})
    expect(guide.page.locator("svg.points circle.new")).to_have_count(1)
    expect(guide.page.locator("#id_text")).to_have_value("Jelaskan nilai Growth.")
    guide.page.click("text=Simpan catatan")
    expect(guide.page.locator("main")).to_contain_text("titik 1")
    guide.page.locator("fieldset").first.locator("label.bad").click()
    expect(guide.page.locator("#tersimpan")).to_contain_text("Tersimpan")
    guide.look("tinjau")
    guide.page.click("text=Kembalikan dengan 1 catatan")
    expect(guide.page.locator("main")).to_contain_text("dikembalikan dengan catatan.")

    # the participant says what was done, and hands in the second version
    writer.go("/aktualisasi/")
    expect(page.locator("main")).to_contain_text("Jelaskan nilai Growth.")
    page.fill("[name=reply]", "Ditambah data 2025 di halaman 3.")
    page.click("text=Simpan tanggapan")
    send(writer, tmp_path / "second.pdf")
    expect(page.locator("main")).to_contain_text("Versi 2 tersimpan, 4 halaman.")
    writer.look("versi-dua")
    page.click("#pengajuan button")
    expect(page.locator("main")).to_contain_text("Rancangan diajukan ke mentor.")

    guide.go("/aktualisasi/antrean/")
    guide.page.click("text=Mulai meninjau")
    expect(guide.page.locator("main")).to_contain_text("Ditambah data 2025 di halaman 3.")
    guide.page.click("text=Beda dengan versi 1")
    expect(guide.page.locator("h1")).to_have_text("Beda versi")
    guide.look("beda")
    guide.page.go_back()
    for reader, name in ((guide, ""), (visit("coach", width=390), coach)):
        if name:
            enter(reader, name)
            reader.go("/aktualisasi/antrean/")
            reader.look("antrean")
            reader.page.click("text=Mulai meninjau")
        for label in reader.page.locator("fieldset label.ok").all():
            label.click()
        expect(reader.page.locator("#tersimpan")).to_contain_text("Semua butir sesuai")
        reader.look("sesuai")
        reader.page.click("text=Setujui")
        expect(reader.page.locator("main")).to_contain_text("disetujui.")
    assert Paper.objects.get().stage == "approved"
