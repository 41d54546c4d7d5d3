"""Habituasi from a phone, answered at a desk: photos as evidence, a weekly report, a change of plan."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from aktualisasi.models import Evidence, PlanChange, Rancangan, Tahapan, WeeklyReport
from aktualisasi.report_weeks import today_at
from latsar.accounts.enums import Role
from latsar.satker.models import SatkerKind
from latsar.settings import base
from mentoring.models import MentorAssignment
from participants.models import Placement
from tests import factories
from tests.aktualisasi.habituasi.factories import add_phase, add_plan, curriculum_with_values
from tests.corpus import images, pdfs


@pytest.fixture
def people(transactional_db: None, settings) -> tuple[str, str]:
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS  # the portal's own processes check what is written here
    province = factories.SatkerFactory(code="53", name="KPU Provinsi Contoh", kind=SatkerKind.PROVINCE, parent=None, province=None)
    province.province = province
    province.save()
    belu = factories.SatkerFactory(code="53.04", name="KPU Kabupaten Contoh", parent=province)
    curriculum, _values = curriculum_with_values()
    batch = factories.BatchFactory(curriculum=curriculum)
    author, guide, staff = (
        factories.UserFactory(username="peserta.uji"),
        factories.UserFactory(username="mentor.uji"),
        factories.UserFactory(),
    )
    factories.RoleGrantFactory(user=author, role=Role.PESERTA)
    factories.RoleGrantFactory(user=guide, role=Role.MENTOR)
    person = factories.ParticipantFactory(satker=belu, user=author, full_name="Oktavianus Contoh, S.Kom.", batch=batch, stage="training")
    Placement.objects.create(participant=person, seat=batch.seats.first(), group=1, placed_by=staff)
    mentor = factories.MentorFactory(user=guide, satker=belu)
    MentorAssignment.objects.create(mentor=mentor, participant=person, slot=1, assigned_by=staff)
    today = today_at(person)
    add_phase(batch, today - timedelta(days=today.weekday()))
    add_plan(Rancangan.objects.create(participant=person, title="Daftar telusur", summary="Arsip tersebar.", stage="approved"))
    return author.username, guide.username


@pytest.mark.browser
def test_participant_proves_reports_and_changes_the_plan_and_the_mentor_answers(people, portal, visit, tmp_path: Path) -> None:
    (tmp_path / "foto.jpg").write_bytes(images.phone_photo())
    (tmp_path / "hasil.pdf").write_bytes(pdfs.with_pages(2))
    (tmp_path / "rusak.jpg").write_bytes(b"bukan foto")
    author, mentor = people

    # a photo and a PDF in one set; the broken one is named, what was typed stays
    writer = visit("habituasi-ponsel", width=390)
    writer.sign_in(author)
    writer.go("/aktualisasi/habituasi/")
    page = writer.page
    expect(page.locator("main")).to_contain_text("0 dari 4 tahapan selesai")
    writer.look("kosong")
    page.set_input_files("#id_file", [str(tmp_path / "foto.jpg"), str(tmp_path / "rusak.jpg")])
    captions = page.locator("[data-list] input[name=captions]")
    expect(captions).to_have_count(2)
    captions.nth(0).fill("Petugas mencari berita acara")
    captions.nth(1).fill("Foto kedua")
    page.click("text=Simpan bukti")
    expect(page.locator("#bukti")).to_contain_text("Tidak dapat dipakai")
    expect(page.locator("[data-list] input[name=captions]").nth(0)).to_have_value("Petugas mencari berita acara")
    writer.said.clear()  # the browser notes every answer of 422; the page said it in words
    writer.look("ditolak")
    page.locator("[data-list] [data-drop]").nth(1).click()
    page.set_input_files("#id_file", [str(tmp_path / "hasil.pdf")])
    page.locator("[data-list] input[name=captions]").nth(1).fill("Daftar hasil pindaian")
    page.click("text=Simpan bukti")
    expect(page.locator("main")).to_contain_text("2 bukti tersimpan.")
    assert sorted(Evidence.objects.values_list("caption", flat=True)) == ["Daftar hasil pindaian", "Petugas mencari berita acara"]
    writer.look("berbukti")

    # the report saves by itself and is sent
    page.fill("#id_minggu_done", "Mendata dua lemari bersama petugas.")
    expect(page.locator("#tersimpan-minggu")).to_contain_text("Tersimpan")
    page.select_option("#id_minggu_value", label="Kolaboratif")
    page.click("text=Kirim ke mentor")
    expect(page.locator("main")).to_contain_text("Menunggu mentor")

    # the plan is to change
    page.locator("summary", has_text="Ubah rencana").click()
    page.select_option("#id_ubah_tahapan", index=2)
    page.fill("#id_ubah_text", "Memasang tautan di halaman PPID")
    page.fill("#id_ubah_reason", "Situs satker sedang dipindah.")
    writer.look("ubah-rencana")
    page.click("text=Ajukan ke mentor")
    expect(page.locator("main")).to_contain_text("Perubahan menunggu mentor")

    # the mentor sees both waiting, reads old beside new, and answers
    guide = visit("habituasi-mentor")
    guide.sign_in(mentor)
    guide.go("/aktualisasi/habituasi/")
    guide.look("antrean")
    guide.page.locator("text=Jawab").first.click()
    expect(guide.page.locator("main")).to_contain_text("Petugas mencari berita acara")
    guide.look("laporan-mingguan")
    guide.page.click("text=Setujui laporan")
    expect(guide.page.locator("main")).to_contain_text("Laporan disetujui.")
    guide.go("/aktualisasi/habituasi/")
    guide.page.locator("a.btn-primary", has_text="Jawab").click()
    expect(guide.page.locator("main")).to_contain_text("Memasang tautan di halaman PPID")
    guide.look("perubahan")
    guide.page.click("text=Setujui perubahan")
    expect(guide.page.locator("main")).to_contain_text("Perubahan disetujui")
    assert (WeeklyReport.objects.get().stage, PlanChange.objects.get().stage) == ("approved", "approved")
    assert Tahapan.objects.filter(text="Memasang tautan di halaman PPID").count() == 1

    # the laporan is there without typing it again
    writer.go("/aktualisasi/laporan/")
    page.click("text=Susun laporan")
    expect(page.locator("main")).to_contain_text("Pelaksanaan per kegiatan")
    page.fill("#id_outcome", "Berita acara ditemukan dalam dua menit.")
    expect(page.locator("#tersimpan")).to_contain_text("Tersimpan")
    writer.look("laporan")
