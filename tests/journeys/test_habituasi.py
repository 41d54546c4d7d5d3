"""Habituasi from a phone, answered at a desk, and its laporan on the way to the marks of the seminar hasil."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from aktualisasi import services
from aktualisasi.models import Evidence, Paper, PaperVersion, PlanChange, Rancangan, Tahapan, WeeklyReport
from aktualisasi.services.evidence import add_evidence
from aktualisasi.services.recording import record_tahapan
from latsar.documents.upload.services import sent_along
from latsar.training.enums import Rater, SeminarKind
from participants.scoring.scores import Score
from tests.aktualisasi.habituasi.factories import add_phase, add_plan, curriculum_with_values
from tests.aktualisasi.seminars.conftest import Scene, build_scene
from tests.corpus import images, pdfs
from tests.journeys.conftest import Visitor
from tests.journeys.test_rancangan import approve, seminar_begins

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def scene(portal, cast) -> Scene:
    """The rancangan of Agnes was handed in in time and approved; her habituasi began this Monday."""
    curriculum, _values = curriculum_with_values()
    scene = build_scene(cast, curriculum)
    today, agnes = timezone.localdate(), scene.people[0]
    Paper.objects.update(stage="draft", first_submitted_at=None)
    Rancangan.objects.filter(participant=agnes).update(summary="Arsip tersebar.")
    seminar_begins(scene, today + timedelta(days=21))
    paper = Paper.objects.get(rancangan__participant=agnes)
    services.upload_version(paper_id=paper.pk, content=pdfs.with_pages(1), name="rancangan.pdf", by=scene.author)
    for action, by in (("submit", scene.author), ("approve", scene.mentor), ("accept", scene.coach)):
        services.move_paper(paper_id=paper.pk, action=action, by=by)
    seminar_begins(scene, today - timedelta(days=1))
    seminar_begins(scene, today + timedelta(days=21), SeminarKind.RESULT)
    add_phase(scene.batch, today - timedelta(days=today.weekday()))
    add_plan(Rancangan.objects.get(participant=agnes))
    return scene


def proves_what_was_done(writer: Visitor, tmp_path: Path) -> None:
    """A photo and a PDF in one set; the broken one is named, what was typed stays."""
    (tmp_path / "foto.jpg").write_bytes(images.phone_photo())
    (tmp_path / "hasil.pdf").write_bytes(pdfs.with_pages(2))
    (tmp_path / "rusak.jpg").write_bytes(b"bukan foto")
    page = writer.page
    writer.go("/aktualisasi/habituasi/")
    expect(page.locator("main")).to_contain_text("0 dari 4 tahapan selesai")
    writer.look("kosong")
    page.set_input_files("#id_file", [str(tmp_path / "foto.jpg"), str(tmp_path / "rusak.jpg")])
    captions = page.locator("[data-list] input[name=captions]")
    expect(captions).to_have_count(2)
    captions.nth(0).fill("Petugas mencari berita acara")
    captions.nth(1).fill("Foto kedua")
    page.click("text=Simpan bukti")
    expect(page.locator("#bukti")).to_contain_text("Tidak dapat dipakai")
    expect(captions.nth(0)).to_have_value("Petugas mencari berita acara")
    writer.said.clear()  # the browser notes every answer of 422; the page said it in words
    writer.look("ditolak")
    page.locator("[data-list] [data-drop]").nth(1).click()
    page.set_input_files("#id_file", [str(tmp_path / "hasil.pdf")])
    captions.nth(1).fill("Daftar hasil pindaian")
    page.click("text=Simpan bukti")
    expect(page.locator("main")).to_contain_text("2 bukti tersimpan.")
    assert sorted(Evidence.objects.values_list("caption", flat=True)) == ["Daftar hasil pindaian", "Petugas mencari berita acara"]
    writer.look_both("berbukti")


def reports_and_asks_for_a_change(writer: Visitor) -> None:
    page = writer.page
    page.fill("#id_minggu_done", "Mendata dua lemari bersama petugas.")
    expect(page.locator("#tersimpan-minggu")).to_contain_text("Tersimpan")
    page.select_option("#id_minggu_value", label="Kolaboratif")
    page.click("text=Kirim ke mentor")
    expect(page.locator("main")).to_contain_text("Menunggu mentor")
    page.locator("summary", has_text="Ubah rencana").click()
    page.select_option("#id_ubah_tahapan", index=2)
    page.fill("#id_ubah_text", "Memasang tautan di halaman PPID")
    page.fill("#id_ubah_reason", "Situs satker sedang dipindah.")
    writer.look("ubah-rencana")
    page.click("text=Ajukan ke mentor")
    expect(page.locator("main")).to_contain_text("Perubahan menunggu mentor")


def mentor_answers_both(guide: Visitor) -> None:
    """The mentor sees both waiting, reads old beside new, and answers."""
    page = guide.page
    guide.go("/aktualisasi/habituasi/")
    guide.look("antrean")
    page.locator("a.btn-primary", has_text="Jawab").click()
    expect(page.locator("main")).to_contain_text("Petugas mencari berita acara")
    guide.look_both("laporan-mingguan")
    page.click("text=Setujui laporan")
    expect(page.locator("main")).to_contain_text("Laporan disetujui.")
    guide.go("/aktualisasi/habituasi/")
    page.locator("a.btn-primary", has_text="Jawab").click()
    expect(page.locator("main")).to_contain_text("Memasang tautan di halaman PPID")
    guide.look_both("perubahan")
    page.click("text=Setujui perubahan")
    expect(page.locator("main")).to_contain_text("Perubahan disetujui")
    assert (WeeklyReport.objects.get().stage, PlanChange.objects.get().stage) == ("approved", "approved")
    assert Tahapan.objects.filter(text="Memasang tautan di halaman PPID").count() == 1


def weeks_go_by(scene: Scene) -> None:
    """Every tahapan gets done, and the second kegiatan has its proof too."""
    steps = list(Tahapan.objects.filter(kegiatan__rancangan__participant=scene.people[0]).order_by("kegiatan__order", "order"))
    photo = sent_along("meja.jpg", images.saved(images.two_halves(64), "JPEG"))
    add_evidence(
        tahapan_id=steps[-1].pk, files=[photo], captions=["Meja layanan sesudah ditata"], shown_on=timezone.localdate(), by=scene.author
    )
    for step in steps:
        record_tahapan(tahapan_id=step.pk, state="done", version=step.work.version, by=scene.author)


def assembles_declares_and_hands_in(writer: Visitor) -> None:
    """The laporan is there without typing it again; only what nobody recorded is written."""
    page = writer.page
    writer.go("/aktualisasi/laporan/")
    page.click("text=Susun laporan")
    first = page.locator("details[id^=k-]").first
    expect(first.locator("textarea").first).to_have_value("Langkah 1.1; Memasang tautan di halaman PPID")
    for fold in page.locator("details[id^=k-]:not([open]) summary").all():
        fold.click()
    for field in page.locator("#laporan textarea").all():
        if not field.input_value():
            field.fill("Berita acara ditemukan dalam dua menit.")
    for part, text in (("what", "Waktu menemukan berkas"), ("before", "40 menit"), ("after", "2 menit")):
        page.fill(f"#id_m1-{part}", text)
    expect(page.locator("#kelengkapan li")).to_have_text(["pernyataan keaslian"])
    writer.look_both("laporan")
    page.get_by_role("button", name="Saya menyatakan demikian").click()
    expect(page.locator("#kelengkapan")).to_contain_text("Semua sudah terisi.")
    page.click("text=Ke pengajuan")
    expect(page.locator("#pengajuan")).to_contain_text("Siap diajukan")
    writer.look_both("siap")
    page.click("#pengajuan button")
    expect(page.locator("main")).to_contain_text("Laporan diajukan ke mentor.")
    writer.look("diajukan")
    version = PaperVersion.objects.get(paper__kind="laporan")
    assert (version.source, version.number) == ("composed", 1)


def both_readers_approve(guide: Visitor, coach: Visitor) -> None:
    for reader in (guide, coach):
        reader.go("/aktualisasi/antrean/")
        reader.page.click("text=Mulai meninjau")
        picture = reader.page.locator("[data-point]")  # the page shows it by itself once the worker has printed
        expect(picture).to_be_visible(timeout=60_000)
        assert reader.page.request.get(f"{reader.base}{picture.get_attribute('src')}").ok
        approve(reader)
    assert Paper.objects.get(kind="laporan").stage == "approved"
    assert PaperVersion.objects.get(paper__kind="laporan").pages > 5


def seminar_hasil_is_scored(visit, scene: Scene) -> None:
    seminar_begins(scene, timezone.localdate(), SeminarKind.RESULT)
    turn = scene.turn(scene.announce(SeminarKind.RESULT))
    examiner = visit("penguji-hasil", width=390)
    examiner.sign_in(scene.examiner.username)
    examiner.go(f"/seminar/giliran/{turn.pk}/nilai/")
    examiner.page.fill(f"input[name=s-{scene.benefit.pk}]", "91,25")
    examiner.page.get_by_role("button", name="Kirim nilai").click()
    expect(examiner.page.get_by_role("heading", name="Nilai terkirim")).to_be_visible()
    examiner.look("hasil-terkirim")
    scene.send(turn, 80, by=scene.coach, rated_by=Rater.COACH, component=scene.manner)
    given = Score.objects.filter(participant=scene.people[0]).order_by("component__order")
    assert [(score.component, str(score.value)) for score in given] == [(scene.benefit, "91.25"), (scene.manner, "80.00")]


def marks_stand_in_the_score_sheet(visit, scene: Scene) -> None:
    institute = visit("lembaga-nilai")
    institute.sign_in(scene.planner.username)
    institute.go(f"/angkatan/{scene.batch.pk}/nilai/")
    row = institute.page.locator("tr", has_text=scene.people[0].full_name)
    cells = [cell.input_value() for cell in row.locator("input.score").all()]
    assert {"91,25", "80,00"} <= set(cells)
    institute.look_both("lembar-nilai")


def test_participant_proves_reports_and_changes_the_plan_and_the_laporan_is_scored(scene, visit, tmp_path: Path) -> None:
    writer, guide, coach = visit("habituasi-ponsel", width=390), visit("habituasi-mentor"), visit("habituasi-coach", width=390)
    for visitor, user in ((writer, scene.author), (guide, scene.mentor), (coach, scene.coach)):
        visitor.sign_in(user.username)
    proves_what_was_done(writer, tmp_path)
    reports_and_asks_for_a_change(writer)
    mentor_answers_both(guide)
    weeks_go_by(scene)
    assembles_declares_and_hands_in(writer)
    both_readers_approve(guide, coach)
    seminar_hasil_is_scored(visit, scene)
    marks_stand_in_the_score_sheet(visit, scene)
    call_command("check_invariants")
