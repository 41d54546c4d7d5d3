"""The rancangan from the first issue to the marks of its seminar: a participant on a phone, mentor and coach, an examiner."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from aktualisasi.models import Issue, Kegiatan, Paper, PaperVersion, Rancangan, ReviewNote
from latsar.documents.upload.sessions import UploadSession
from latsar.training.enums import SeminarKind
from latsar.training.models import BatchPhase
from mentoring import services as mentoring
from mentoring.models import MentorAssignment, MentoringSession
from participants.scoring.scores import Score
from tests import factories
from tests.aktualisasi.builder.conftest import rules
from tests.aktualisasi.habituasi.factories import add_phase
from tests.aktualisasi.seminars.conftest import Scene, build_scene
from tests.corpus import pdfs
from tests.journeys.conftest import Visitor
from tests.journeys.lines import PIECE, BadLine, large_scan
from tests.journeys.test_builder import HOME, saved

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def scene(portal, cast) -> Scene:
    """Nobody has written anything yet, and the seminar is three weeks away; the mentor guides Agnes and three others."""
    scene = build_scene(cast, rules("blended"))
    Paper.objects.all().delete()
    Rancangan.objects.all().delete()
    today = timezone.localdate()
    seminar_begins(scene, today + timedelta(days=21))
    add_phase(scene.batch, today + timedelta(days=40))
    for slot in (2, 3, 4):
        other = factories.ParticipantFactory(satker=cast.ende, stage="approved")
        other.stage_changes.create(action="approve", old="verified", new="approved", by=cast.pksdm)
        MentorAssignment.objects.create(mentor=scene.more["mentor"], participant=other, slot=slot, assigned_by=cast.pksdm)
    return scene


def seminar_begins(scene: Scene, day: date, kind: str = SeminarKind.PROPOSAL) -> None:
    phases = BatchPhase.objects.filter(batch=scene.batch, kind=kind)
    phases.update(starts_on=day, ends_on=day + timedelta(days=5))


def send(visitor: Visitor, path: Path) -> None:
    visitor.upload("#id_file", path)
    visitor.page.click("text=Unggah versi baru")


def press(page, selector: str) -> None:
    with page.expect_navigation():
        page.click(selector)


def scores_three_issues(writer: Visitor, scene: Scene) -> None:
    page = writer.page
    writer.go(HOME + "isu/")
    for _n in range(3):
        press(page, 'button[value="tambah:issue"]')
    words = (("Arsip belum tertata", "554"), ("PPID lewat tenggat", "443"), ("Papan belum seragam", ""))
    for issue, (text, marks) in zip(Issue.objects.order_by("order"), words, strict=True):
        key = f"#issue\\.{issue.pk}\\."
        page.fill(f"{key}statement", text)
        for name in ("aktual", "problematik", "kekhalayakan", "layak"):
            page.select_option(key + name, "0" if not marks and name == "layak" else "1")
        for name, mark in zip(("urgency", "seriousness", "growth"), marks, strict=False):
            page.select_option(key + name, mark)
    saved(page)
    row = page.locator("tr[data-issue]")
    expect(row.nth(0).locator("[data-total]")).to_have_text("14")
    expect(row.nth(0).locator("[data-rank]")).to_have_text("Tertinggi")
    expect(row.nth(2).locator("[data-rank]")).to_have_text("Gugur: Layak")
    expect(row.nth(0)).to_contain_text("Arsip belum tertata")  # what follows from the fields is told without loading the page
    expect(page.locator("#terpilih")).to_contain_text("Arsip belum tertata, USG 14")
    expect(page.locator("[data-choice-stale]")).to_be_hidden()
    writer.look_both("isu")
    assert Rancangan.objects.get(participant=scene.people[0]).chosen_issue == Issue.objects.get(order=1)


def builds_one_kegiatan(writer: Visitor, scene: Scene) -> None:
    page = writer.page
    writer.go(HOME + "akar/")
    chosen = Issue.objects.get(order=1)
    press(page, f'button[value="tambah:cause:{chosen.pk}:metode"]')
    cause = chosen.causes.get()
    page.fill(f"#cause\\.{cause.pk}\\.text", "Pola nama berkas tidak ada")
    page.check(f"#cause\\.{cause.pk}\\.is_root")
    saved(page)
    writer.go(HOME + "gagasan/")
    page.fill("#rancangan\\.title", "Menata arsip keputusan")
    page.fill("#rancangan\\.summary", "Arsip belum bisa ditelusuri.")
    saved(page)
    writer.go(HOME + "kegiatan/")
    press(page, 'button[value="tambah:kegiatan"]')
    kegiatan = Kegiatan.objects.get()
    key = f"#kegiatan\\.{kegiatan.pk}\\."
    page.fill(f"{key}title", "Menyusun daftar arsip")
    page.select_option(f"{key}cause", str(cause.pk))
    press(page, f'button[value="tambah:tahapan:{kegiatan.pk}"]')
    step = kegiatan.tahapan.get()
    for name, text in (("text", "Mendata keputusan"), ("output", "Daftar arsip"), ("proof", "Foto")):
        page.fill(f"#tahapan\\.{step.pk}\\.{name}", text)
    curriculum = scene.batch.curriculum
    for value in curriculum.values.all():
        page.fill(f"#nilai\\.{kegiatan.pk}\\.{value.pk}", f"Kaitan {value.name}")
    for subject in curriculum.subjects.filter(agenda="Agenda 3"):
        page.fill(f"#agenda\\.{kegiatan.pk}\\.{subject.pk}", f"Kaitan {subject.name}")
    page.fill(f"{key}visi_misi", "Misi 3")
    page.fill(f"{key}penguatan", "Terbuka")
    saved(page)
    writer.look_both("kegiatan")
    writer.go(HOME + "jadwal/")
    page.check(f'input[name="kegiatan.{kegiatan.pk}.weeks"][value="2"]')
    saved(page)
    writer.look("jadwal")
    kegiatan.refresh_from_db()
    assert (kegiatan.title, kegiatan.cause_id, kegiatan.weeks) == ("Menyusun daftar arsip", cause.pk, [2])


def hands_in_over_a_broken_line(writer: Visitor, tmp_path: Path) -> None:
    bar, page = writer.page.locator("#pengajuan"), writer.page
    writer.go("/aktualisasi/")
    expect(bar).to_contain_text("lengkap), atau PDF buatan sendiri")

    # a hostile document is refused beside its field
    send(writer, tmp_path / "bad.pdf")
    expect(page.locator("#id_file_error")).to_contain_text("skrip")
    writer.said.clear()  # the browser notes every answer of 422; the page said it in words
    writer.look("ditolak")

    # the line breaks once and the page goes on by itself; it breaks again, and a reload goes on where it stopped
    line, size = BadLine(), (tmp_path / "first.pdf").stat().st_size
    page.route("**/unggahan/**", line)
    line.left = 1
    send(writer, tmp_path / "first.pdf")
    said = page.locator("[data-text]")
    expect(said).to_contain_text("Sambungan putus")
    assert UploadSession.objects.get().offset == PIECE
    line.left = 2
    expect(page.locator("progress:visible[aria-labelledby=g-unggah]")).to_have_js_property(
        "value", round(3 * PIECE * 100 / size), timeout=30_000
    )
    expect(said).to_contain_text("Sambungan putus")
    line.left, line.passed = -1, 0
    writer.go("/aktualisasi/")
    send(writer, tmp_path / "first.pdf")
    expect(page.locator("main")).to_contain_text("Versi 1 tersimpan, 1 halaman.")
    assert line.passed == 2
    with PaperVersion.objects.get().file.open("rb") as stored:
        assert stored.read() == (tmp_path / "first.pdf").read_bytes()
    writer.said.clear()  # the broken line is noted by the browser too
    expect(bar).to_contain_text("Siap diajukan")
    writer.look_both("siap")
    page.click("#pengajuan button")
    expect(page.locator("main")).to_contain_text("Rancangan diajukan ke mentor.")
    writer.look("diajukan")
    paper = Paper.objects.get(rancangan__title="Menata arsip keputusan")
    assert (paper.stage, paper.submitted_late, paper.due_on > timezone.localdate()) == ("submitted", False, True)


def sixth_mentee_is_refused(visit, scene: Scene) -> None:
    """The fifth comes while the page of the sixth is open; afterwards the mentor cannot even be chosen."""
    mentor, (_author, fifth, sixth) = scene.more["mentor"], scene.people
    desk = visit("provinsi-mentor")
    desk.sign_in(scene.cast.provinsi_a.username)
    desk.go(f"/mentor/penetapan/?peserta={sixth.pk}")
    desk.page.check(f"input[name=mentor][value='{mentor.pk}']")
    mentoring.assign_mentor(mentor_id=mentor.pk, participant_id=fifth.pk, by=scene.cast.provinsi_a)
    desk.page.get_by_role("button", name="Tetapkan mentor").click()
    expect(desk.page.locator("#id_mentor_error")).to_contain_text("sudah membimbing 5 peserta")
    desk.said.clear()  # the browser notes the answer of 422
    desk.look("keenam")
    desk.go(f"/mentor/penetapan/?peserta={sixth.pk}&q=Mentor")
    expect(desk.page.locator(f"input[name=mentor][value='{mentor.pk}']")).to_be_disabled()
    assert MentorAssignment.objects.active().filter(mentor=mentor).count() == 5


def both_confirm_an_online_session(guide: Visitor, writer: Visitor, scene: Scene) -> None:
    guide.go("/bimbingan/")
    guide.look_both("bimbingan")
    guide.go("/bimbingan/sesi/tambah/?cara=catat")
    page = guide.page
    page.check(f"input[name=people][value='{scene.people[0].pk}']")
    page.fill("input[name=day]", f"{timezone.localdate() - timedelta(days=1):%Y-%m-%d}")
    page.fill("input[name=starts]", "09:00")
    page.fill("input[name=ends]", "09:45")
    page.locator("label:has(input[name=mode][value=online])").click()
    page.fill("input[name=link]", "https://rapat.contoh.go.id/agnes")
    page.fill("input[name=agenda]", "Membahas isu terpilih dan tulang ikan")
    page.fill("textarea[name=notes]", "Akar masalah disepakati: pola nama berkas.")
    guide.look_both("catat-sesi")
    page.get_by_role("button", name="Simpan catatan").click()
    expect(page.locator("main")).to_contain_text("Akar masalah disepakati")
    writer.go("/bimbingan/sesi/")
    writer.look("sesi")
    writer.page.locator("main table a").first.click()
    writer.look_both("paraf")
    writer.page.get_by_role("button", name="Beri paraf").click()
    expect(writer.page.get_by_role("button", name="Beri paraf")).to_have_count(0)
    session = MentoringSession.objects.get()
    assert (session.mode, session.stage) == ("online", "confirmed")
    assert session.guide_confirmed_at
    assert session.participant_confirmed_at


def returns_it_with_two_notes(guide: Visitor) -> None:
    page = guide.page
    guide.go("/aktualisasi/antrean/")
    guide.look("antrean")
    page.click("text=Mulai meninjau")
    page.fill("#id_text", "Jelaskan nilai Growth.")
    page.locator("[data-point]").click(position={"x": 120, "y": 90})
    expect(page.locator("svg.points circle.new")).to_have_count(1)
    expect(page.locator("#id_text")).to_have_value("Jelaskan nilai Growth.")
    page.click("text=Simpan catatan")
    expect(page.locator("main")).to_contain_text("titik 1")
    page.fill("#id_text", "Tambahkan data tahun lalu.")
    page.check("input[name=whole]")
    page.click("text=Simpan catatan")
    expect(page.locator("main")).to_contain_text("Seluruh dokumen, versi 1")
    page.locator("fieldset").first.locator("label.bad").click()
    expect(page.locator("#tersimpan")).to_contain_text("Tersimpan")
    guide.look_both("tinjau")
    page.click("text=Kembalikan dengan 2 catatan")
    expect(page.locator("main")).to_contain_text("dikembalikan dengan catatan.")
    notes = list(ReviewNote.objects.sent().order_by("pk"))
    assert [(note.page, note.has_point) for note in notes] == [(1, True), (None, False)]


def answers_with_a_second_version(writer: Visitor, tmp_path: Path) -> None:
    page = writer.page
    writer.go("/aktualisasi/")
    expect(page.locator("main")).to_contain_text("Jelaskan nilai Growth.")
    page.locator("[name=reply]").first.fill("Ditambah data 2025 di halaman 3.")
    page.get_by_role("button", name="Simpan tanggapan").first.click()
    expect(page.locator("[name=reply]").first).to_have_value("Ditambah data 2025 di halaman 3.")
    send(writer, tmp_path / "second.pdf")
    expect(page.locator("main")).to_contain_text("Versi 2 tersimpan, 4 halaman.")
    writer.look_both("versi-dua")
    page.click("#pengajuan button")
    expect(page.locator("main")).to_contain_text("Rancangan diajukan ke mentor.")


def both_readers_approve(guide: Visitor, coach: Visitor) -> None:
    guide.go("/aktualisasi/antrean/")
    guide.page.click("text=Mulai meninjau")
    expect(guide.page.locator("main")).to_contain_text("Ditambah data 2025 di halaman 3.")
    guide.page.click("text=Beda dengan versi 1")
    expect(guide.page.locator("h1")).to_have_text("Beda versi")
    guide.look_both("beda")
    guide.page.go_back()
    approve(guide)
    coach.go("/aktualisasi/antrean/")
    coach.page.click("text=Mulai meninjau")
    approve(coach)
    assert Paper.objects.get(rancangan__title="Menata arsip keputusan").stage == "approved"


def approve(reader: Visitor) -> None:
    """Call every point of the checklist in order, and approve."""
    for label in reader.page.locator("fieldset label.ok").all():
        label.click()
    expect(reader.page.locator("#tersimpan")).to_contain_text("Semua butir sesuai")
    reader.look("sesuai")
    reader.page.click("text=Setujui")
    expect(reader.page.locator("main")).to_contain_text("disetujui.")


def examiner_scores_the_seminar(visit, scene: Scene) -> None:
    seminar_begins(scene, timezone.localdate())
    turn = scene.turn(scene.announce())
    examiner = visit("penguji-rancangan", width=390)
    examiner.sign_in(scene.examiner.username)
    examiner.go("/seminar/")
    examiner.look("seminar")
    examiner.go(f"/seminar/giliran/{turn.pk}/nilai/")
    examiner.page.fill(f"input[name=s-{scene.proposal.pk}]", "88,5")
    expect(examiner.page.locator("[data-share]")).to_have_text("35,40")
    expect(examiner.page.locator("[data-state]")).to_contain_text("Tersimpan")
    examiner.look_both("nilai")
    examiner.page.get_by_role("button", name="Kirim nilai").click()
    expect(examiner.page.get_by_role("heading", name="Nilai terkirim")).to_be_visible()
    examiner.look("terkirim")
    scene.send(turn, 84, rater=2)
    scores = Score.objects.filter(participant=scene.people[0], component=scene.proposal)
    assert [str(score.value) for score in scores.order_by("rater")] == ["88.50", "84.00"]


def test_participant_builds_hands_in_and_both_readers_answer(scene, visit, tmp_path: Path) -> None:
    files = {"bad": pdfs.active("javascript_in_names", packed=True), "first": large_scan(), "second": pdfs.with_pages(4)}
    for name, content in files.items():
        (tmp_path / f"{name}.pdf").write_bytes(content)
    writer, guide, coach = visit("penulis", width=390), visit("mentor"), visit("coach", width=390)
    for visitor, user in ((writer, scene.author), (guide, scene.mentor), (coach, scene.coach)):
        visitor.sign_in(user.username)
    scores_three_issues(writer, scene)
    builds_one_kegiatan(writer, scene)
    hands_in_over_a_broken_line(writer, tmp_path)
    sixth_mentee_is_refused(visit, scene)
    both_confirm_an_online_session(guide, writer, scene)
    returns_it_with_two_notes(guide)
    answers_with_a_second_version(writer, tmp_path)
    both_readers_approve(guide, coach)
    examiner_scores_the_seminar(visit, scene)
    call_command("check_invariants")
