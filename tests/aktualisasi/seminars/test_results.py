from datetime import timedelta

import pypdfium2 as pdfium
import pytest
from django.utils import timezone

from aktualisasi.models import SeminarPaper, SeminarTurn
from aktualisasi.seminar_face import render_records, seminar_face, spelled_day
from aktualisasi.services import seminar_results as services
from aktualisasi.services.seminar_results import ToRepair
from latsar.accounts.errors import IllegalMove, NotAllowed, Refused, StaleVersion
from latsar.notices.models import Notice
from tests.corpus import pdfs

pytestmark = pytest.mark.django_db

FIX = [ToRepair(None, "Output kegiatan 2 dibuat terukur.", "Matriks"), ToRepair(None, "Kaitan Smart ASN dijelaskan.", "BAB IV")]


@pytest.fixture
def turn(scene):
    return scene.turn(scene.announce())


def due():
    return timezone.localdate() + timedelta(days=4)


def revise(scene, turn, **more):
    return scene.result(turn, "revise", revision_due_on=due(), revisions=FIX, **more)


def test_record_result_keeps_decision_repairs_and_who_was_there(scene, turn):
    row = revise(scene, turn, note="Manfaat sudah terlihat.")
    assert (row.outcome, row.outcome_by, row.revision_due_on) == ("revise", scene.planner, due())
    assert [(one.number, one.text, one.part) for one in row.revisions.all()] == [(1, FIX[0].text, "Matriks"), (2, FIX[1].text, "BAB IV")]
    assert [(one.role, one.name) for one in row.presences.all()] == [
        ("penguji", str(scene.examiner)), ("penguji", str(scene.second)), ("coach", str(scene.coach)),
        ("mentor", str(scene.mentor)), ("peserta", "Agnes Contoh"),
    ]  # fmt: skip
    said = Notice.objects.filter(text="Seminar rancangan Agnes Contoh: diterima dengan perbaikan. Lihat catatannya.")
    assert set(said.values_list("user", flat=True)) == {scene.author.pk, scene.mentor.pk}


@pytest.mark.parametrize(
    ("outcome", "more", "said"),
    [
        ("revise", {"revisions": []}, "paling sedikit satu"),
        ("revise", {"revision_due_on": None}, "sampai kapan"),
        ("revise", {"revision_due_on": "past"}, "Lebih awal"),
        ("accepted", {"presences": {"peserta-1": "absent"}}, "tidak hadir"),
        ("gone", {}, "Pilih hasilnya"),
    ],
)
def test_record_result_refuses_what_does_not_fit_together(scene, turn, outcome, more, said):
    given = {"revisions": FIX, "revision_due_on": due(), **more}
    if given["revision_due_on"] == "past":
        given["revision_due_on"] = timezone.localdate() - timedelta(days=1)
    with pytest.raises(Refused, match=said):
        scene.result(turn, outcome, **given)
    turn.refresh_from_db()
    assert turn.outcome == ""


def test_record_result_is_for_planners_and_examiners_from_the_day_on(scene, turn):
    for user in (scene.coach, scene.mentor, scene.author, scene.cast.admin_kupang, scene.cast.lembaga_b, scene.cast.penguji_b):
        with pytest.raises(NotAllowed):
            scene.result(turn, by=user)
    assert scene.result(turn, by=scene.examiner).outcome == "accepted"
    with pytest.raises(StaleVersion):
        scene.result(turn, "repeat", version=1)


def test_record_result_before_the_day_is_refused(scene):
    with pytest.raises(Refused, match="belum hari ini"):
        scene.result(scene.turn(scene.announce(days=3)))


def test_record_result_again_keeps_the_lines_and_their_state(scene, turn):
    row = revise(scene, turn)
    first, second = row.revisions.all()
    services.mark_revision(revision_id=first.pk, action="done", by=scene.author)
    services.mark_revision(revision_id=first.pk, action="confirm", by=scene.coach)
    with pytest.raises(Refused, match="sudah diperiksa coach"):
        scene.result(turn, "revise", revision_due_on=due(), revisions=[ToRepair(second.pk, second.text)])
    scene.result(
        turn,
        "revise",
        revision_due_on=due(),
        revisions=[ToRepair(second.pk, "Diubah"), ToRepair(first.pk, first.text), ToRepair(None, "Baru")],
    )
    rows = list(turn.revisions.all())
    assert [(one.number, one.text, one.confirmed_at is not None) for one in rows] == [
        (1, "Diubah", False),
        (2, first.text, True),
        (3, "Baru", False),
    ]


def test_revision_is_done_by_the_participant_and_confirmed_by_the_coach(scene, turn):
    first, second = revise(scene, turn).revisions.all()
    for user, action in (
        (scene.coach, "done"),
        (scene.mentor, "done"),
        (scene.author, "confirm"),
        (scene.coach, "confirm"),
        (scene.mentor, "confirm"),
    ):
        with pytest.raises(NotAllowed):
            services.mark_revision(revision_id=first.pk, action=action, by=user)
    services.mark_revision(revision_id=first.pk, action="done", by=scene.author)
    with pytest.raises(IllegalMove):
        services.mark_revision(revision_id=first.pk, action="done", by=scene.author)
    services.mark_revision(revision_id=first.pk, action="undo", by=scene.author)
    services.mark_revision(revision_id=first.pk, action="done", by=scene.author)
    assert not Notice.objects.filter(user=scene.coach, text__contains="menandai perbaikan").exists()
    services.mark_revision(revision_id=second.pk, action="done", by=scene.author)
    assert Notice.objects.filter(user=scene.coach, text__contains="menandai perbaikan").count() == 1
    services.mark_revision(revision_id=first.pk, action="confirm", by=scene.coach)
    with pytest.raises(NotAllowed):
        services.mark_revision(revision_id=first.pk, action="undo", by=scene.author)
    services.mark_revision(revision_id=second.pk, action="reject", by=scene.coach)
    second.refresh_from_db()
    assert (second.done_at, second.confirmed_at) == (None, None)


# --- paper


def text_of(pdf):
    return [" ".join(page.get_textpage().get_text_range().split()) for page in pdfium.PdfDocument(pdf)]


def loaded(turn):
    rows = SeminarTurn.objects.select_related("participant__satker", "seminar__batch__institute").prefetch_related("revisions", "presences")
    return rows.get(pk=turn.pk)


def test_record_of_one_person_says_everything_and_no_score(scene, turn):
    scene.send(turn, "87.65")
    revise(scene, turn, number="BA-014/2026")
    text = text_of(render_records([loaded(turn)]))[0]
    for said in (
        "BERITA ACARA SEMINAR RANCANGAN AKTUALISASI", "Nomor BA-014/2026", "Agnes Contoh", "Menata arsip Agnes Contoh", "pukul 08.00 sampai dengan 08.45 WIB",
        "Ruang Lontar", "diterima dengan perbaikan", "Output kegiatan 2 dibuat terukur.", "BAB IV", str(scene.coach), "Hadir, luring",
    ):  # fmt: skip
        assert said in text
    assert not {"87,65", "87.65"} & {word.strip(".,;") for word in text.split()}
    assert "87,6" not in text
    assert "KONSEP" not in text


def test_record_without_number_or_result_is_a_draft(scene, turn):
    assert "Nomor KONSEP" in text_of(render_records([loaded(turn)]))[0]
    scene.result(turn)
    assert "Nomor KONSEP" in text_of(render_records([loaded(turn)]))[0]
    scene.result(turn, number="BA-1")
    assert seminar_face(loaded(turn), "Judul", ()).number == "BA-1"


def test_record_of_a_seminar_has_a_page_each(scene):
    seminar = scene.announce()
    turns = [loaded(scene.turn(seminar, n)) for n in range(3)]
    pages = text_of(render_records(turns))
    assert len(pages) == 3
    assert [name for name in ("Agnes", "Bria", "Citra") if f"{name} Contoh" in pages[("Agnes", "Bria", "Citra").index(name)]] == [
        "Agnes",
        "Bria",
        "Citra",
    ]


def test_spelled_day():
    assert spelled_day(2026, 3, 6, 4) == "Jumat, tanggal enam bulan Maret tahun dua ribu dua puluh enam"


def test_keep_paper_keeps_the_bytes_and_refuses_what_is_no_pdf(scene, turn):
    scene.result(turn)
    content = pdfs.with_pages(1)
    paper = services.keep_paper(turn_id=turn.pk, content=content, name="ba-ttd.pdf", by=scene.planner)
    with paper.file.open() as stored:
        assert stored.read() == content
    with pytest.raises(Refused, match="sama persis"):
        services.keep_paper(turn_id=turn.pk, content=content, name="ba-ttd.pdf", by=scene.planner)
    with pytest.raises(Refused):
        services.keep_paper(turn_id=turn.pk, content=b"<html>", name="ba.pdf", by=scene.planner)
    with pytest.raises(NotAllowed):
        services.keep_paper(turn_id=turn.pk, content=pdfs.with_pages(2), name="ba.pdf", by=scene.coach)
    assert SeminarPaper.objects.count() == 1
