from __future__ import annotations

import hashlib
import threading
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import close_old_connections, connections
from django.utils import timezone

from aktualisasi import deadlines, previews, services, tasks
from aktualisasi.models import PaperVersion, Rancangan, ReviewAnswer, ReviewNote
from aktualisasi.services import NoteDraft
from latsar.accounts.errors import IllegalMove, NotAllowed, Refused, StaleVersion
from latsar.accounts.models import AuditEntry
from latsar.documents.intake.refusal import MAX_UPLOAD_BYTES
from latsar.notices.models import Notice, OutboxMail
from latsar.training.models import BatchPhase
from mentoring.services import end_assignment
from tests.aktualisasi.conftest import all_ok
from tests.corpus import pdfs

OK = all_ok()


def stored_files() -> set[Path]:
    return {path for path in (Path(settings.MEDIA_ROOT) / "rancangan").rglob("*") if path.is_file()}


def test_first_words_make_the_paper_with_the_seminar_as_due(story) -> None:
    paper = story.write()
    seminar = BatchPhase.objects.get(batch=story.participant.batch, kind="seminar_rancangan")
    assert (paper.due_on, paper.stage) == (seminar.starts_on, "draft")


@pytest.mark.parametrize("make", [pdfs.plain, pdfs.packed, pdfs.signed, pdfs.with_links])
def test_upload_version_keeps_every_byte(story, make) -> None:
    content = make()
    version = services.upload_version(paper_id=story.write().pk, content=content, name="../../Rancangan ku.pdf", by=story.author)
    with version.file.open("rb") as stored:
        kept = stored.read()
    assert kept == content
    assert (version.sha256, version.size, version.pages) == (hashlib.sha256(content).hexdigest(), len(content), 1)
    assert version.name == "Rancangan ku.pdf"
    assert "Rancangan" not in (version.file.name or "")


def test_upload_version_numbers_run_on_and_old_ones_stay(story) -> None:
    paper = story.write()
    assert [story.upload(paper, pages).number for pages in (1, 2, 3)] == [1, 2, 3]
    assert paper.latest_version.pages == 3


def test_upload_version_same_bytes_again_is_refused_and_leaves_no_file(story) -> None:
    paper = story.write()
    story.upload(paper)
    before = stored_files()
    with pytest.raises(Refused, match="sama persis dengan versi 1"):
        story.upload(paper)
    assert (PaperVersion.objects.count(), stored_files()) == (1, before)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "Berkas kosong"),
        (b"PK\x03\x04 bukan pdf", "bukan PDF"),
        (pdfs.active("javascript_in_names", packed=True), "skrip"),
        (b"%PDF-1.7" + b"0" * MAX_UPLOAD_BYTES, "10 MB"),
    ],
    ids=["empty", "not_pdf", "script", "too_large"],
)
def test_upload_version_hostile_is_refused_and_keeps_nothing(story, content, text) -> None:
    paper = story.write()
    before = stored_files()
    with pytest.raises(Refused, match=text):
        services.upload_version(paper_id=paper.pk, content=content, name="a.pdf", by=story.author)
    assert (PaperVersion.objects.exists(), stored_files()) == (False, before)


def test_upload_version_while_submitted_is_refused(story) -> None:
    paper = story.submit()
    with pytest.raises(Refused, match="Tarik kembali"):
        story.upload(paper, 2)


def test_upload_version_by_another_participant_is_not_allowed(story, cast) -> None:
    paper = story.write()
    with pytest.raises(NotAllowed):
        services.upload_version(paper_id=paper.pk, content=pdfs.plain(), name="a.pdf", by=cast.admin_kupang)


def test_move_paper_submit_says_everything_that_is_missing(story) -> None:
    paper = story.write(title="Judul saja", summary="")
    story.assignment.delete()
    with pytest.raises(Refused) as refused:
        services.move_paper(paper_id=paper.pk, action="submit", by=story.author)
    assert refused.value.messages == [
        "Belum dapat diajukan. Masih kurang: isian rancangan (5% lengkap), atau PDF buatan sendiri, mentor, yang ditetapkan admin satker Anda."
    ]


def test_move_paper_submit_tells_the_mentor_by_notice_and_mail(story) -> None:
    paper = story.submit()
    notice = Notice.objects.get(user=story.mentor)
    assert notice.text == f"{story.participant} mengajukan rancangan aktualisasi."
    assert notice.url == f"/aktualisasi/naskah/{paper.pk}/tinjau/"
    assert OutboxMail.objects.get().to == story.mentor.email


def test_move_paper_submit_after_the_seminar_began_is_late_not_refused(story) -> None:
    paper = story.submit()
    assert paper.submitted_late is False
    services.move_paper(paper_id=paper.pk, action="withdraw", by=story.author)
    BatchPhase.objects.filter(batch=story.participant.batch, kind="seminar_rancangan").update(
        starts_on=timezone.localdate() - timedelta(days=1)
    )
    assert services.move_paper(paper_id=paper.pk, action="submit", by=story.author).submitted_late is True


def test_move_paper_return_needs_a_note_and_sends_it(story) -> None:
    paper = story.submit(pages=3)
    with pytest.raises(Refused, match="paling sedikit satu catatan"):
        services.move_paper(paper_id=paper.pk, action="return", by=story.mentor, note="  ")
    facts = {"paper_id": paper.pk, "seen_version_id": paper.latest_version.pk, "answers": {}, "by": story.mentor}
    services.save_review(note=NoteDraft("Jelaskan", 2, 120, 999), **facts)
    services.move_paper(paper_id=paper.pk, action="return", by=story.mentor, note="Rapikan")
    assert set(ReviewNote.objects.sent().values_list("page", "x", "y", "text")) == {
        (2, 120, 999, "Jelaskan"),
        (None, None, None, "Rapikan"),
    }
    assert Notice.objects.filter(user=story.author).exists()


def test_move_paper_note_for_a_page_that_is_not_there_is_refused(story) -> None:
    paper = story.submit(pages=2)
    with pytest.raises(Refused, match="Halaman 3 tidak ada"):
        services.save_review(
            paper_id=paper.pk, seen_version_id=paper.latest_version.pk, answers={}, note=NoteDraft("x", 3), by=story.mentor
        )
    paper.refresh_from_db()
    assert (paper.stage, ReviewNote.objects.count()) == ("submitted", 0)


def test_move_paper_resubmit_needs_a_new_version(story) -> None:
    paper = story.submit()
    services.move_paper(paper_id=paper.pk, action="return", by=story.mentor, note="Perbaiki bab 3")
    with pytest.raises(Refused, match="versi baru"):
        services.move_paper(paper_id=paper.pk, action="submit", by=story.author)
    story.upload(paper, 2)
    assert services.move_paper(paper_id=paper.pk, action="submit", by=story.author).stage == "submitted"


def test_move_paper_approve_of_an_unseen_version_is_stale(story) -> None:
    paper = story.submit()
    seen = paper.latest_version.pk
    services.move_paper(paper_id=paper.pk, action="withdraw", by=story.author)
    story.upload(paper, 2)
    services.move_paper(paper_id=paper.pk, action="submit", by=story.author)
    with pytest.raises(StaleVersion):
        services.move_paper(paper_id=paper.pk, action="approve", by=story.mentor, seen_version_id=seen)


def test_move_paper_former_mentor_is_not_allowed(story) -> None:
    paper = story.submit()
    end_assignment(assignment_id=story.assignment.pk, reason="Pindah", by=story.admin)
    with pytest.raises(NotAllowed):
        services.move_paper(paper_id=paper.pk, action="approve", by=story.mentor)
    assert not Rancangan.objects.visible_to(story.mentor).exists()


def test_review_paper_approve_needs_every_point(story) -> None:
    paper = story.submit()
    facts = {"paper_id": paper.pk, "seen_version_id": paper.latest_version.pk, "by": story.mentor}
    with pytest.raises(Refused, match="Jadwal muat"):
        services.review_paper(action="approve", answers=OK | {"schedule": False}, **facts)
    assert not ReviewAnswer.objects.exists()
    services.save_review(answers={"own_task": True}, **facts)
    assert services.review_paper(action="approve", answers=OK, **facts).stage == "at_coach"


def test_accept_leaves_the_title_on_the_person(story) -> None:
    paper = story.at_coach()
    facts = {"paper_id": paper.pk, "seen_version_id": paper.latest_version.pk, "by": story.coach}
    person = paper.rancangan.participant
    person.refresh_from_db()
    assert person.aktualisasi_title == ""
    services.review_paper(action="accept", answers=all_ok(role="coach"), **facts)
    person.refresh_from_db()
    assert person.aktualisasi_title == paper.rancangan.title != ""
    entry = AuditEntry.objects.about(person).get(verb="title_aktualisasi")
    assert (entry.changes, entry.actor) == ({"aktualisasi_title": ["", paper.rancangan.title]}, story.coach)


def test_review_paper_return_leaves_no_title(story) -> None:
    paper = story.submit()
    services.move_paper(paper_id=paper.pk, action="return", note="Perjelas isu.", by=story.mentor)
    paper.rancangan.participant.refresh_from_db()
    assert paper.rancangan.participant.aktualisasi_title == ""


def test_save_review_notes_stay_unseen_until_the_decision(story) -> None:
    paper = story.submit()
    facts = {"paper_id": paper.pk, "seen_version_id": paper.latest_version.pk, "by": story.mentor}
    services.save_review(answers={}, note=NoteDraft("Belum dikirim", 1), **facts)
    assert not ReviewNote.objects.visible_to(story.author).exists()
    assert not ReviewNote.objects.visible_to(story.admin).exists()
    assert ReviewNote.objects.visible_to(story.mentor).count() == 1
    services.review_paper(action="return", answers={}, **facts)
    assert ReviewNote.objects.visible_to(story.author).get().text == "Belum dikirim"


def test_drop_note_only_by_its_writer(story, cast) -> None:
    paper = story.submit()
    services.save_review(paper_id=paper.pk, seen_version_id=paper.latest_version.pk, answers={}, note=NoteDraft("x", 1), by=story.mentor)
    note = ReviewNote.objects.get()
    with pytest.raises(NotAllowed):
        services.drop_note(note_id=note.pk, by=cast.mentor_b)
    services.drop_note(note_id=note.pk, by=story.mentor)
    assert not ReviewNote.objects.exists()


def test_draw_pages_twice_draws_once_and_missing_row_is_ignored(story) -> None:
    version = story.upload(story.write(), 2)
    assert tasks.draw_pages(version.pk) == 4
    assert tasks.draw_pages(version.pk) == 0
    assert tasks.draw_pages(10**9) == 0
    assert version.file.storage.exists(previews.page_image(version, 2, small=True))


def test_answer_due_counts_working_days(story) -> None:
    paper = story.submit()
    paper.stage_at = datetime(2026, 2, 6, 23, 0, tzinfo=ZoneInfo("Asia/Jakarta"))  # a Friday
    assert deadlines.answer_due(paper).isoformat() == "2026-02-11"


@pytest.mark.django_db(transaction=True)
def test_approve_and_withdraw_at_once_never_cross(story) -> None:
    """Whoever locks first wins; the other is told that the move no longer applies."""
    paper = story.submit()
    barrier, outcomes = threading.Barrier(2), []

    def move(action: str, by: object) -> None:
        close_old_connections()
        barrier.wait(timeout=30)
        try:
            services.move_paper(paper_id=paper.pk, action=action, by=by)  # type: ignore[arg-type]
            outcomes.append(action)
        except IllegalMove:
            outcomes.append("illegal")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=move, args=pair) for pair in (("approve", story.mentor), ("withdraw", story.author))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    paper.refresh_from_db()
    assert sorted(outcomes) in (["approve", "illegal"], ["illegal", "withdraw"])
    assert paper.stage == ("at_coach" if "approve" in outcomes else "draft")
    assert paper.stage_changes.count() == 2
