"""The laporan: filled from what was recorded, saved as typed, declared, printed."""

from __future__ import annotations

import json
from io import BytesIO

import pikepdf
import pytest
from django.utils import timezone

from aktualisasi import paper_content
from aktualisasi.laporan_content import snapshot
from aktualisasi.laporan_documents import pictures_of, render_laporan
from aktualisasi.laporan_gaps import meter_of
from aktualisasi.laporan_prefill import done_of
from aktualisasi.models import Laporan, LaporanKegiatan, LaporanMeasure, OriginalityStatement
from aktualisasi.paper_layout import usual_layout
from aktualisasi.services.laporan import (
    declare_laporan,
    present_statement,
    refill_laporan,
    save_laporan,
    start_laporan,
    take_back_declaration,
)
from aktualisasi.services.plan_changes import move_change
from aktualisasi.services.recording import record_tahapan
from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from tests.corpus import pdfs


def start(work) -> Laporan:
    return start_laporan(participant_id=work.person_id, by=work.story.author)


def save(work, version: int, texts=None, told=None, measures=()) -> Laporan:
    return save_laporan(
        participant_id=work.person_id, texts=texts or {}, told=told or {}, measures=measures, version=version, by=work.story.author
    )


def test_start_laporan_fills_each_kegiatan_from_the_records(work) -> None:
    record_tahapan(tahapan_id=work.steps[0].pk, state="done", version=0, by=work.story.author)
    laporan = start(work)
    assert (laporan.background, laporan.action) == ("Arsip tersebar.", "Daftar telusur.")
    row = LaporanKegiatan.objects.get(kegiatan=work.steps[0].kegiatan)
    assert (row.what, row.where, row.outputs) == ("Langkah 1.1", "KPU Kota Kupang", "Output 1.1")
    assert row.who == "Penulis Contoh, S.Kom., didampingi mentor Mentor A, S.H."
    assert start(work).pk == laporan.pk


def test_save_laporan_keeps_texts_words_and_measures(work) -> None:
    kegiatan = work.steps[0].kegiatan_id
    laporan = save(
        work, start(work).version, {"outcome": "Dua menit."}, {kegiatan: {"how": "Bersama petugas."}}, [("Waktu", "40 menit", "2 menit")]
    )
    assert (laporan.outcome, laporan.version) == ("Dua menit.", 2)
    assert LaporanKegiatan.objects.get(kegiatan=kegiatan).how == "Bersama petugas."
    assert [str(one) for one in LaporanMeasure.objects.all()] == ["Waktu: 40 menit → 2 menit"]
    assert save(work, 2, {"outcome": "Dua menit."}, measures=[("Waktu", "40 menit", "2 menit")]).version == 2


def test_save_laporan_from_an_old_window_is_stale_and_changes_nothing(work) -> None:
    version = start(work).version
    save(work, version, {"outcome": "Satu"})
    save(work, version + 1, {"outcome": "Dua"})
    with pytest.raises(StaleVersion):
        save(work, version + 1, {"outcome": "Tiga"}, measures=[("Waktu", "1", "2")])
    assert (Laporan.objects.get().outcome, LaporanMeasure.objects.count()) == ("Dua", 0)


def test_save_laporan_of_a_foreign_kegiatan_is_not_allowed(work) -> None:
    with pytest.raises(NotAllowed):
        save(work, start(work).version, told={0: {"how": "x"}})


def test_save_laporan_too_many_measures_are_refused(work) -> None:
    with pytest.raises(Refused):
        save(work, start(work).version, measures=[(str(n), "1", "2") for n in range(11)])


def test_refill_laporan_fills_only_what_is_empty(work) -> None:
    laporan = start(work)
    kegiatan = work.steps[0].kegiatan_id
    save(work, laporan.version, told={kegiatan: {"what": "Tulisan saya", "when": ""}})
    record_tahapan(tahapan_id=work.steps[0].pk, state="done", version=0, by=work.story.author)
    refill_laporan(participant_id=work.person_id, by=work.story.author)
    row = LaporanKegiatan.objects.get(kegiatan=kegiatan)
    assert (row.what, bool(row.when)) == ("Tulisan saya", True)


def test_declare_laporan_freezes_the_words_that_were_read(work) -> None:
    start(work)
    present = present_statement()
    laporan = declare_laporan(participant_id=work.person_id, statement_id=present.pk, by=work.story.author)
    OriginalityStatement.objects.filter(pk=present.pk).update(text="Kata baru")
    laporan.refresh_from_db()
    assert (laporan.statement_text, laporan.statement_by) == (present.text, work.story.author)
    with pytest.raises(Refused, match="sudah Anda berikan"):
        declare_laporan(participant_id=work.person_id, statement_id=present.pk, by=work.story.author)
    assert take_back_declaration(participant_id=work.person_id, by=work.story.author).statement_at is None


def test_declare_laporan_with_a_statement_that_no_longer_counts_is_stale(work) -> None:
    start(work)
    old = present_statement()
    OriginalityStatement.objects.create(text="Baru", effective_from=timezone.localdate())
    with pytest.raises(StaleVersion):
        declare_laporan(participant_id=work.person_id, statement_id=old.pk, by=work.story.author)


@pytest.mark.parametrize("name", ["mentor_a", "coach_a", "admin_kupang", "pksdm", "stranger"])
def test_start_laporan_by_anybody_else_is_not_allowed(work, cast, name) -> None:
    with pytest.raises(NotAllowed):
        start_laporan(participant_id=work.person_id, by=getattr(cast, name))


def test_meter_names_what_is_missing_and_is_whole_in_the_end(work) -> None:
    laporan = start(work)
    meter = meter_of(laporan, done_of(work.rancangan))
    assert (meter.done + len(meter.gaps), [gap.anchor for gap in meter.gaps][-1]) == (meter.total, "h-asli")
    for step in work.steps:
        record_tahapan(tahapan_id=step.pk, state="done", version=0, by=work.story.author)
    work.evidence(0)
    work.evidence(2)
    filled = dict.fromkeys(("what", "who", "when", "where", "why", "how", "outputs", "values_lived"), "x")
    texts = dict.fromkeys(("background", "situation", "action", "outcome", "benefit_unit", "benefit_public", "follow_up", "closing"), "x")
    told = {row.kegiatan_id: filled for row in laporan.kegiatan.all()}
    save(work, laporan.version, texts, told, [("Waktu", "2", "1")])
    declare_laporan(participant_id=work.person_id, statement_id=present_statement().pk, by=work.story.author)
    assert [gap.text for gap in meter_of(Laporan.objects.get(), done_of(work.rancangan)).gaps] == []


def test_snapshot_is_plain_data_and_lists_what_was_changed_and_chosen(work) -> None:
    work.evidence(captions=["Masuk"])
    kept = work.evidence(captions=["Tidak masuk"])
    type(kept).objects.filter(pk=kept.pk).update(in_laporan=False)
    move_change(change_id=work.ask(text="Langkah baru").pk, action="approve", by=work.story.mentor)
    content = snapshot(start(work))
    assert json.loads(json.dumps(content)) == content
    assert (content["schema"], content["kind"], content["mentor"]) == (1, "laporan", "Mentor A, S.H.")
    assert [one["caption"] for row in content["kegiatan"] for one in row["evidence"]] == ["Masuk"]
    assert [(one["old"]["text"], one["new"]["text"]) for one in content["plan_changes"]] == [("Langkah 1.1", "Langkah baru")]
    assert snapshot(start(work)) == content


def test_render_laporan_prints_every_part_with_its_pictures(work) -> None:
    work.evidence(captions=["Foto petugas"])
    work.evidence(1, content=pdfs.with_pages(4), name="hasil.pdf", captions=["Hasil pindaian"])
    content = paper_content.report_content(start(work))
    pictures = pictures_of(content["report"])
    assert len(pictures) == 3  # the photo, and the first two pages of the PDF
    with pikepdf.open(BytesIO(render_laporan(content, usual_layout("laporan")))) as document:
        sizes = {(round(float(page.mediabox[2])), round(float(page.mediabox[3]))) for page in document.pages}
        images = sum(len(page.get_images()) for page in document.pages)
    assert sizes == {(595, 842), (842, 595)}
    assert images >= 3


def test_render_laporan_without_its_pictures_says_so_and_loads_nothing_from_outside(work) -> None:
    work.evidence(captions=["<img src=https://contoh.go.id/x.png>"])
    content = paper_content.report_content(start(work))
    assert render_laporan(content, usual_layout("laporan"), {}).startswith(b"%PDF-")
