"""Evidence: what comes in, what is turned away, what may go again."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from aktualisasi import evidence_pages, invariants, tasks
from aktualisasi.habituasi_enums import MAX_AT_ONCE, MAX_PER_TAHAPAN
from aktualisasi.models import Evidence, TahapanWork, WeeklyReport
from aktualisasi.services import evidence as services
from aktualisasi.services.evidence import BrokenFiles, add_evidence, edit_evidence, remove_evidence, restore_evidence
from aktualisasi.services.weekly import move_report
from latsar.accounts.errors import IllegalMove, NotAllowed, Refused
from latsar.accounts.models import AuditEntry
from latsar.documents.upload.services import sent_along
from tests.aktualisasi.habituasi.factories import EvidenceFactory
from tests.corpus import images, pdfs


def stored() -> set[Path]:
    return {path for path in (Path(settings.MEDIA_ROOT) / "bukti").rglob("*") if path.is_file()}


def test_add_evidence_writes_a_photo_anew_without_place(work) -> None:
    content = images.phone_photo()
    assert Image.open(BytesIO(content)).getexif().get_ifd(0x8825), "the photo of the corpus has GPS: else this proves nothing"
    made = work.evidence(content=content)
    with made.file.open("rb") as kept:
        data = kept.read()
    assert not Image.open(BytesIO(data)).getexif()
    assert (made.sha256, made.source_sha256) == (hashlib.sha256(data).hexdigest(), hashlib.sha256(content).hexdigest())
    assert (made.kind, made.pages, made.proves, made.size) == ("jpeg", 1, "Output 1.1", len(data))


def test_add_evidence_keeps_every_byte_of_a_signed_pdf(work) -> None:
    content = pdfs.signed()
    made = work.evidence(content=content, name="tanda terima.pdf")
    with made.file.open("rb") as kept:
        assert kept.read() == content
    assert (made.kind, made.name, made.sha256) == ("pdf", "tanda terima.pdf", hashlib.sha256(content).hexdigest())


def test_add_evidence_begins_the_tahapan_and_is_in_the_trail(work) -> None:
    work.evidence(captions=["Petugas mencari berita acara"])
    row = TahapanWork.objects.get(tahapan=work.steps[0])
    assert (row.state, row.started_on) == ("running", work.today)
    assert AuditEntry.objects.get(verb="add_evidence").note == "1.1: Petugas mencari berita acara"


def test_add_evidence_a_set_is_kept_whole(work) -> None:
    files = [sent_along("a.png", images.see_through_png()), sent_along("b.pdf", pdfs.plain())]
    made = add_evidence(tahapan_id=work.steps[1].pk, files=files, captions=["Foto", "Surat"], shown_on=work.today, by=work.story.author)
    assert [(one.caption, one.kind) for one in made] == [("Foto", "png"), ("Surat", "pdf")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", pdfs.active("javascript_in_names", packed=True)),
        ("a.pdf", pdfs.encrypted(user="", owner="x")),
        ("a.pdf", pdfs.html_before()),
        ("a.pdf", pdfs.bomb_by_pixels()),
        ("a.jpg", images.bomb()),
        ("a.jpg", images.truncated()),
        ("a.png", images.jpeg_with_script() + b"%PDF-"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
        ("a.html", b"<html></html>"),
        ("a.jpg", b""),
    ],
)
def test_add_evidence_hostile_files_leave_nothing(work, name, content) -> None:
    before = stored()
    good = images.saved(images.two_halves(), "JPEG")
    with pytest.raises(BrokenFiles) as refused:
        add_evidence(
            tahapan_id=work.steps[0].pk, files=[sent_along("baik.jpg", good), sent_along(name, content)], captions=["Satu", "Dua"],
            shown_on=work.today, by=work.story.author,
        )  # fmt: skip
    assert refused.value.places == frozenset({2})
    assert refused.value.messages[0].startswith(f"{name}: ")
    assert (stored(), Evidence.objects.count()) == (before, 0)


def test_add_evidence_the_same_file_twice_is_refused_and_its_copy_removed(work) -> None:
    content = images.saved(images.two_halves(), "JPEG")
    work.evidence(content=content, captions=["Pertama"])
    before = stored()
    with pytest.raises(Refused, match="sama persis dengan bukti “Pertama”"):
        work.evidence(1, content=content)
    assert stored() == before


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"captions": [" "]}, "captions"), ({"captions": []}, "captions"), ({"shown_on": 1}, "shown_on"), ({"shown_on": -60}, "shown_on")],
)
def test_add_evidence_what_is_missing_is_said_beside_its_field(work, facts, field) -> None:
    if isinstance(facts.get("shown_on"), int):
        facts = {"shown_on": work.today + timedelta(days=facts["shown_on"])}
    with pytest.raises(Refused) as refused:
        work.evidence(**facts)
    assert list(refused.value.message_dict) == [field]


def test_add_evidence_stops_at_the_limits(work) -> None:
    file = sent_along("a.jpg", b"x")
    with pytest.raises(Refused, match="sekali kirim"):
        add_evidence(
            tahapan_id=work.steps[0].pk, files=[file] * (MAX_AT_ONCE + 1), captions=["x"] * (MAX_AT_ONCE + 1), shown_on=work.today,
            by=work.story.author,
        )  # fmt: skip
    for _ in range(MAX_PER_TAHAPAN):
        EvidenceFactory(participant=work.story.participant, tahapan=work.steps[0], shown_on=work.today, uploaded_by=work.story.author)
    with pytest.raises(Refused, match="untuk satu tahapan"):
        work.evidence()


@pytest.mark.parametrize("name", ["mentor_a", "admin_kupang", "pksdm", "stranger"])
def test_add_evidence_of_anybody_else_is_never_opened(work, cast, name) -> None:
    def explode() -> bytes:
        raise AssertionError("opened")

    file = sent_along("a.jpg", b"x")
    file = type(file)(file.token, file.name, file.size, explode)
    with pytest.raises(NotAllowed):
        add_evidence(tahapan_id=work.steps[0].pk, files=[file], captions=["x"], shown_on=work.today, by=getattr(cast, name))


def test_remove_evidence_can_be_brought_back(work) -> None:
    made = work.evidence()
    remove_evidence(evidence_id=made.pk, by=work.story.author)
    assert not Evidence.objects.current().exists()
    restore_evidence(evidence_id=made.pk, by=work.story.author)
    assert Evidence.objects.current().get() == made
    assert list(AuditEntry.objects.filter(verb__endswith="_evidence").values_list("verb", flat=True).order_by("pk")) == [
        "add_evidence", "remove_evidence", "restore_evidence",
    ]  # fmt: skip


def test_restore_evidence_when_the_file_came_again_is_refused(work) -> None:
    content = images.saved(images.two_halves(), "JPEG")
    first = work.evidence(content=content)
    remove_evidence(evidence_id=first.pk, by=work.story.author)
    work.evidence(content=content)
    with pytest.raises(Refused, match="sudah diunggah lagi"):
        restore_evidence(evidence_id=first.pk, by=work.story.author)


def test_evidence_of_an_approved_report_stays_as_it_is(work) -> None:
    made = work.evidence()
    week = 1 + (work.today - work.phase.starts_on).days // 7
    report = work.send(week)
    made.refresh_from_db()
    assert made.report == report
    move_report(report_id=report.pk, action="approve", by=work.story.mentor)
    with pytest.raises(IllegalMove):
        remove_evidence(evidence_id=made.pk, by=work.story.author)
    kept = {
        "caption": made.caption,
        "shown_on": made.shown_on,
        "proves": made.proves,
        "tahapan_id": made.tahapan_id,
        "by": work.story.author,
    }
    with pytest.raises(IllegalMove):
        edit_evidence(evidence_id=made.pk, in_laporan=True, **(kept | {"caption": "Lain"}))
    assert edit_evidence(evidence_id=made.pk, in_laporan=False, **kept).report_id == report.pk


def test_edit_evidence_changes_words_and_tahapan(work) -> None:
    made = work.evidence()
    edit_evidence(
        evidence_id=made.pk, caption="Baru", shown_on=work.today, proves="Notula", tahapan_id=work.steps[2].pk, in_laporan=True, by=work.story.author
    )  # fmt: skip
    made.refresh_from_db()
    assert (made.caption, made.proves, made.tahapan) == ("Baru", "Notula", work.steps[2])


def test_add_evidence_of_a_sent_week_belongs_to_its_report(work) -> None:
    report = work.send(1 + (work.today - work.phase.starts_on).days // 7)
    assert work.evidence().report == report
    assert WeeklyReport.objects.get().stage == "sent"


def test_add_evidence_half_failed_leaves_nothing(work, monkeypatch) -> None:
    before = stored()
    monkeypatch.setattr(services, "touch", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        work.evidence()
    assert (stored(), Evidence.objects.count()) == (before, 0)


def test_draw_evidence_draws_every_page_once(work) -> None:
    made = work.evidence(content=pdfs.with_pages(2), name="hasil.pdf")
    drawn = tasks.draw_evidence(made.pk)
    assert (drawn, tasks.draw_evidence(made.pk), tasks.draw_evidence(0)) == (4, 0, 0)
    assert evidence_pages.printed_page(made, 2).startswith(b"\xff\xd8\xff")


def test_invariants_find_evidence_that_differs_and_evidence_that_proves_another_plan(work) -> None:
    made = work.evidence()
    assert list(invariants.broken()) == []
    Path(settings.MEDIA_ROOT, made.file.name).write_bytes(b"lain")
    assert list(invariants.broken()) == [f"evidence {made.pk}: differs from its SHA-256"]
    Path(settings.MEDIA_ROOT, made.file.name).unlink()
    assert list(invariants.broken()) == [f"evidence {made.pk}: missing"]
