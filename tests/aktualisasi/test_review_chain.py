"""From the mentor to the coach: notes on a point, replies, lateness by the scheme, and what each reader sees."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aktualisasi import deadlines, services
from aktualisasi.models import Paper, PaperVersion, ReviewNote
from aktualisasi.services import NoteDraft
from latsar.accounts.enums import Role
from latsar.accounts.errors import NotAllowed, Refused
from latsar.notices.models import Notice
from latsar.training.enums import BatchStage
from latsar.training.models import AnswerTime, Batch, BatchPhase, RegulationScheme, ScoreComponent
from mentoring.models import GroupCoach, MentorAssignment
from participants.models import Placement, ScoreRemark
from tests import factories
from tests.aktualisasi.conftest import all_ok
from tests.corpus import pdfs


def body(answer) -> str:
    return answer.content.decode()


def facts_of(paper: Paper, by) -> dict[str, object]:
    return {"paper_id": paper.pk, "seen_version_id": paper.latest_version.pk, "by": by}


def seminar_on(story, day: date) -> None:
    phases = BatchPhase.objects.filter(batch=story.participant.batch, kind="seminar_rancangan")
    phases.update(starts_on=day, ends_on=day + timedelta(days=1))


def test_approval_of_the_mentor_goes_to_the_coach_and_tells_both(story) -> None:
    paper = story.submit()
    services.review_paper(action="approve", answers=all_ok(), **facts_of(paper, story.mentor))
    paper.refresh_from_db()
    assert paper.stage == "at_coach"
    coach, author = Notice.objects.get(user=story.coach), Notice.objects.get(user=story.author)
    assert coach.text == f"Rancangan {story.participant} disetujui mentor, sekarang menunggu Anda."
    assert coach.url == f"/aktualisasi/naskah/{paper.pk}/tinjau/"
    assert author.text == "Rancangan Anda disetujui mentor, sekarang dibaca coach."


def test_coach_has_an_own_checklist_and_the_mentor_no_say_in_it(story) -> None:
    paper = story.at_coach()
    with pytest.raises(NotAllowed):
        services.review_paper(action="accept", answers=all_ok(role="coach"), **facts_of(paper, story.mentor))
    with pytest.raises(Refused, match="Sistematika"):
        services.review_paper(action="accept", answers=all_ok(), **facts_of(paper, story.coach))
    assert services.review_paper(action="accept", answers=all_ok(role="coach"), **facts_of(paper, story.coach)).stage == "approved"


def test_coach_sends_back_and_the_mentor_reads_it_again(story) -> None:
    paper = story.at_coach()
    services.save_review(answers={}, note=NoteDraft("Rapikan lembar pengesahan", 1, 500, 250), **facts_of(paper, story.coach))
    assert not ReviewNote.objects.visible_to(story.author).exists()
    services.review_paper(action="send_back", answers={}, **facts_of(paper, story.coach))
    note = ReviewNote.objects.visible_to(story.author).get()
    assert (note.role, note.page, note.x, note.y) == ("coach", 1, 500, 250)
    assert "Coach mengembalikan rancangan" in Notice.objects.filter(user=story.mentor).latest("pk").text
    story.upload(paper, 2)
    services.move_paper(paper_id=paper.pk, action="submit", by=story.author)
    paper.refresh_from_db()
    assert paper.stage == "submitted"


def test_mentor_recalls_an_approval_while_the_coach_has_not_answered(story) -> None:
    paper = story.at_coach()
    assert services.move_paper(paper_id=paper.pk, action="recall", by=story.mentor).stage == "submitted"
    assert services.move_paper(paper_id=paper.pk, action="approve", by=story.mentor).stage == "at_coach"


def test_a_coach_never_answers_the_own_paper(story) -> None:
    """A participant who is coach of the own group by mistake in the data is not the reader of the own paper; the twin is."""
    paper = story.at_coach()
    factories.RoleGrantFactory(user=story.author, role=Role.COACH)
    GroupCoach.objects.update(coach=story.author)
    with pytest.raises(NotAllowed):
        services.move_paper(paper_id=paper.pk, action="accept", by=story.author)
    GroupCoach.objects.update(coach=story.coach)
    assert services.move_paper(paper_id=paper.pk, action="accept", by=story.coach).stage == "approved"


def test_without_a_coach_the_paper_waits_and_the_page_says_why(story, sign_in) -> None:
    paper = story.at_coach()
    GroupCoach.objects.all().delete()
    page = body(sign_in(story.author).get("/aktualisasi/"))
    assert "Coach belum ditetapkan." in page
    GroupCoach.objects.create(batch=story.participant.batch, group=1, coach=story.coach)
    assert services.move_paper(paper_id=paper.pk, action="accept", by=story.coach).stage == "approved"


@pytest.mark.parametrize(("lead", "due"), [(0, "2027-03-03"), (5, "2027-02-24")])
def test_due_day_is_the_seminar_less_the_working_days_of_the_scheme(story, lead, due) -> None:
    seminar_on(story, date(2027, 3, 3))
    with_settled_rules(story, submit_lead_days=lead)
    story.participant.batch.scheme.refresh_from_db()
    assert deadlines.due_day(story.participant).isoformat() == due


def with_settled_rules(story, **changes) -> None:
    """Put the batch under a scheme with these numbers; published ones are never edited."""
    scheme = factories.SchemeFactory(published_at=None, **changes)
    RegulationScheme.objects.filter(pk=scheme.pk).update(published_at=timezone.now())
    move_to_scheme(story, scheme)


def move_to_scheme(story, scheme: RegulationScheme) -> None:
    batch = factories.BatchFactory(institute=story.participant.batch.institute, scheme=scheme, province=story.participant.batch.province)
    Placement.objects.filter(participant=story.participant).update(seat=batch.seats.first())
    phase = BatchPhase.objects.get(batch=story.participant.batch, kind="seminar_rancangan")
    BatchPhase.objects.filter(batch=batch, kind="seminar_rancangan").update(
        starts_on=phase.starts_on, ends_on=phase.starts_on + timedelta(days=1)
    )
    GroupCoach.objects.create(batch=batch, group=1, coach=story.coach)
    story.participant.batch = batch
    story.participant.save(update_fields=["batch"])


@pytest.mark.parametrize(("limit", "accepted"), [(None, True), (10, True), (2, False)])
def test_late_is_marked_and_refused_only_where_the_scheme_says_so(story, limit, accepted) -> None:
    with_settled_rules(story, late_refused_after=limit)
    seminar_on(story, timezone.localdate() - timedelta(days=7))
    paper = story.write()
    story.upload(paper)
    if not accepted:
        with pytest.raises(Refused, match="Tidak diterima lagi"):
            services.move_paper(paper_id=paper.pk, action="submit", by=story.author)
        paper.refresh_from_db()
        assert (paper.stage, paper.submitted_late, paper.first_submitted_at) == ("draft", False, None)
        return
    sent = services.move_paper(paper_id=paper.pk, action="submit", by=story.author)
    assert (sent.submitted_late, sent.late_days) == (True, deadlines.late_days(sent.due_on, timezone.localdate()))
    assert sent.late_days > 2


def test_what_a_reader_sent_back_is_not_late_again(story) -> None:
    paper = story.submit()
    services.move_paper(paper_id=paper.pk, action="return", by=story.mentor, note="Perbaiki")
    seminar_on(story, timezone.localdate() - timedelta(days=7))
    story.upload(paper, 2)
    assert services.move_paper(paper_id=paper.pk, action="submit", by=story.author).submitted_late is False


def test_reply_says_what_was_done_and_stays_when_the_paper_is_read(story, sign_in) -> None:
    paper = story.submit()
    services.move_paper(paper_id=paper.pk, action="return", by=story.mentor, note="Jelaskan nilai Growth")
    note = ReviewNote.objects.get()
    writer = sign_in(story.author)
    assert "Yang Anda lakukan" in body(writer.get("/aktualisasi/"))
    answer = writer.post(f"/aktualisasi/catatan/{note.pk}/tanggapan/", {"reply": "Sudah, lihat halaman 2"})
    assert answer["Location"] == f"/aktualisasi/#catatan-{note.pk}"
    story.upload(paper, 2)
    services.move_paper(paper_id=paper.pk, action="submit", by=story.author)
    assert "Sudah, lihat halaman 2" in body(sign_in(story.mentor).get(f"/aktualisasi/naskah/{paper.pk}/tinjau/"))
    with pytest.raises(Refused, match="sedang dibaca"):
        services.reply_note(note_id=note.pk, text="Berubah", by=story.author)
    with pytest.raises(NotAllowed):
        services.reply_note(note_id=note.pk, text="Saya mentor", by=story.mentor)


def test_pressing_the_page_puts_a_point_and_keeps_what_is_typed(story, sign_in) -> None:
    paper = story.submit(pages=2)
    url, mentor = f"/aktualisasi/naskah/{paper.pk}/tinjau/", sign_in(story.mentor)
    facts = {"seen_version_id": paper.latest_version.pk, "page": 2, "text": "Tabel USG ini", "own_task": "ok"}
    page = mentor.post(url, facts | {"titik.x": "380", "titik.y": "107"})
    assert page.status_code == 200
    assert 'cx="50.0%" cy="9.9%"' in body(page)
    assert "Tabel USG ini" in body(page)
    form = page.context["form"]
    assert (form["x"].value(), form["y"].value(), ReviewNote.objects.count()) == ("500", "99", 0)
    mentor.post(url, facts | {"x": "500", "y": "99", "action": "note"})
    note = ReviewNote.objects.get()
    assert (note.page, note.x, note.y, note.text) == (2, 500, 99, "Tabel USG ini")
    assert 'cx="50.0%" cy="9.9%"' in body(mentor.get(f"{url}?halaman=2"))
    mentor.post(url, facts | {"text": "Umum", "x": "500", "y": "99", "whole": "on", "action": "note"})
    assert ReviewNote.objects.filter(page=None, x=None, text="Umum").exists()


@pytest.mark.parametrize("pressed", [("-1", "5"), ("abc", "5"), ("999999", "5"), ("", "")])
def test_a_point_made_up_by_hand_changes_nothing(story, sign_in, pressed) -> None:
    paper = story.submit()
    facts = {"seen_version_id": paper.latest_version.pk, "page": 1, "text": "x", "titik.x": pressed[0], "titik.y": pressed[1]}
    answer = sign_in(story.mentor).post(f"/aktualisasi/naskah/{paper.pk}/tinjau/", facts)
    assert answer.status_code in (200, 422)
    assert not ReviewNote.objects.exists()


def test_queue_shows_age_and_due_date_for_mentor_and_coach_and_goes_on_to_the_next(story, sign_in) -> None:
    AnswerTime.objects.update_or_create(code="review_coach", defaults={"name": "Coach", "working_days": 2})
    paper = story.submit()
    Paper.objects.update(stage_at=timezone.now() - timedelta(days=9))
    mentor = body(sign_in(story.mentor).get("/aktualisasi/antrean/"))
    assert "9 hari" in mentor
    assert "sudah lewat batas." in mentor
    assert "Antrean kosong" in body(sign_in(story.coach).get("/aktualisasi/antrean/"))
    services.move_paper(paper_id=paper.pk, action="approve", by=story.mentor)
    coach = sign_in(story.coach)
    page = body(coach.get("/aktualisasi/antrean/"))
    assert "Coach" in page
    assert story.participant.full_name in page
    answer = coach.post(
        f"/aktualisasi/naskah/{paper.pk}/tinjau/",
        {"seen_version_id": paper.latest_version.pk, "page": 1, "action": "accept", **dict.fromkeys(all_ok(role="coach"), "ok")},
    )
    assert answer["Location"] == "/aktualisasi/antrean/"


def test_queue_and_list_ask_the_same_at_one_and_three(story, cast, sign_in) -> None:
    story.submit()
    mentor, staff = sign_in(story.mentor), sign_in(cast.provinsi_a)

    def count(client, url: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    before = [count(mentor, "/aktualisasi/antrean/"), count(mentor, "/bimbingan/"), count(staff, "/aktualisasi/")]
    for slot in (2, 3):
        other = factories.ParticipantFactory(satker=cast.kupang)
        factories.PaperFactory(rancangan__participant=other, stage="submitted")
        MentorAssignment.objects.create(mentor=story.assignment.mentor, participant=other, slot=slot, assigned_by=story.admin)
    assert [count(mentor, "/aktualisasi/antrean/"), count(mentor, "/bimbingan/"), count(staff, "/aktualisasi/")] == before
    assert max(before) <= 15


def test_two_own_pdfs_are_compared_page_beside_page(story, sign_in) -> None:
    paper = story.write()
    first, second = story.upload(paper, 1), story.upload(paper, 2)
    page = body(sign_in(story.author).get(f"/aktualisasi/naskah/{paper.pk}/banding/?dari=1&ke=2&halaman=2"))
    assert f"/aktualisasi/berkas/{second.pk}/halaman/2/" in page
    assert f"/aktualisasi/berkas/{first.pk}/halaman/2/" not in page
    assert "Versi ini hanya 1 halaman." in page


def test_comparison_needs_two_versions_and_says_so(story, sign_in) -> None:
    paper = story.write()
    assert "Belum ada dua versi" in body(sign_in(story.author).get(f"/aktualisasi/naskah/{paper.pk}/banding/?dari=x&ke=9"))


def test_upload_in_pieces_becomes_a_version_and_the_pieces_go(story, sign_in, settings) -> None:
    from latsar.documents.models import UploadSession
    from latsar.documents.upload.services import add_piece, start_upload

    writer = sign_in(story.author)
    ticket = writer.get("/aktualisasi/").context["ticket"]
    content = pdfs.with_pages(2)
    session = start_upload(ticket=ticket, name="Rancangan saya.pdf", length=len(content), by=story.author)
    add_piece(token=session.token, offset=0, piece=content[:100], by=story.author)
    early = writer.post("/aktualisasi/rancangan/unggah/", {"upload": session.token})
    assert "Berkas yang terkirim sudah tidak ada" in body(early)
    add_piece(token=session.token, offset=100, piece=content[100:], by=story.author)
    assert writer.post("/aktualisasi/rancangan/unggah/", {"upload": session.token}).status_code == 302
    version = PaperVersion.objects.get()
    assert (version.name, version.pages, version.size) == ("Rancangan saya.pdf", 2, len(content))
    assert not UploadSession.objects.exists()


def test_pieces_of_somebody_else_or_for_another_paper_are_not_taken(story, sign_in, cast) -> None:
    from latsar.documents.upload.services import add_piece, start_upload
    from latsar.documents.upload.tickets import write_ticket

    content = pdfs.plain()
    for owner, target in (
        (story.mentor, f"naskah:{story.participant.pk}:rancangan"),
        (story.author, f"naskah:{story.participant.pk}:laporan"),
    ):
        session = start_upload(ticket=write_ticket(user=owner, target=target, limit=10**6), name="a.pdf", length=len(content), by=owner)
        add_piece(token=session.token, offset=0, piece=content, by=owner)
        answer = sign_in(story.author).post("/aktualisasi/rancangan/unggah/", {"upload": session.token})
        assert "Berkas yang terkirim sudah tidak ada" in body(answer)
    assert not PaperVersion.objects.exists()


def test_laporan_opens_after_the_coach_approved(story, sign_in) -> None:
    writer = sign_in(story.author)
    story.at_coach()
    assert "Laporan belum dapat diajukan" in body(writer.get("/aktualisasi/laporan/naskah/"))
    refused = writer.post("/aktualisasi/laporan/unggah/", {"file": SimpleUploadedFile("a.pdf", pdfs.plain())})
    assert refused.status_code == 422
    services.move_paper(paper_id=Paper.objects.get().pk, action="accept", by=story.coach)
    assert writer.post("/aktualisasi/laporan/unggah/", {"file": SimpleUploadedFile("a.pdf", pdfs.plain())}).status_code == 302
    laporan = Paper.objects.get(kind="laporan")
    assert laporan.due_on == BatchPhase.objects.get(batch=story.participant.batch, kind="seminar_hasil").starts_on
    sent = services.move_paper(paper_id=laporan.pk, action="submit", by=story.author)
    assert sent.stage == "submitted"
    page = sign_in(story.mentor).get(f"/aktualisasi/naskah/{laporan.pk}/tinjau/")
    assert "Bukti cocok dengan yang dilaporkan" in body(page)
    assert "Isu berasal dari tugas" not in body(page)


def test_a_note_written_while_the_paper_was_taken_back_is_there_again(story, sign_in) -> None:
    paper = story.submit()
    services.move_paper(paper_id=paper.pk, action="withdraw", by=story.author)
    url, mentor = f"/aktualisasi/naskah/{paper.pk}/tinjau/", sign_in(story.mentor)
    facts = {"seen_version_id": paper.latest_version.pk, "page": 1, "text": "Perjelas dampak", "action": "return"}
    assert "Catatan Anda disimpan" in body(mentor.post(url, facts, follow=True))
    assert not ReviewNote.objects.visible_to(story.author).exists()
    services.move_paper(paper_id=paper.pk, action="submit", by=story.author)
    assert "Perjelas dampak" in body(mentor.get(url))


def test_lateness_is_left_with_the_late_sensitive_score_of_that_seminar(story) -> None:
    """Two late working days and more stand beside the component of the seminar rancangan, and beside no other."""
    scheme = factories.SchemeFactory(published_at=None)
    facts = {"scheme": scheme, "weight": 50, "rated_by": "penguji"}
    touched = ScoreComponent.objects.create(
        **facts, order=1, code="rancangan", name="Rancangan", seminar="seminar_rancangan", is_late_sensitive=True
    )
    ScoreComponent.objects.create(**facts, order=2, code="hasil", name="Hasil", seminar="seminar_hasil", is_late_sensitive=True)
    RegulationScheme.objects.filter(pk=scheme.pk).update(published_at=timezone.now())
    move_to_scheme(story, scheme)
    seminar_on(story, timezone.localdate() - timedelta(days=7))
    paper = story.write()
    story.upload(paper)
    sent = services.move_paper(paper_id=paper.pk, action="submit", by=story.author)
    remark = ScoreRemark.objects.get()
    assert (remark.component, remark.late_days, remark.participant) == (touched, sent.late_days, story.participant)
    services.move_paper(paper_id=paper.pk, action="withdraw", by=story.author)
    services.move_paper(paper_id=paper.pk, action="submit", by=story.author)
    assert ScoreRemark.objects.get().version == 1


def test_home_of_the_institute_names_papers_that_wait_for_a_coach_nobody_named(story, cast, sign_in) -> None:
    paper = story.at_coach()
    said = "Tetapkan coach, 1 naskah menunggu"
    assert said not in sign_in(cast.lembaga_a).get("/").content.decode()
    GroupCoach.objects.all().delete()
    home = sign_in(cast.lembaga_a).get("/").content.decode()
    assert said in home
    batch = paper.rancangan.participant.batch
    assert f"{batch.label} kelompok 1" in home
    assert f'href="/angkatan/{batch.pk}/coach/"' in home
    assert sign_in(cast.lembaga_a).get(f"/angkatan/{batch.pk}/coach/").status_code == 200
    assert said not in sign_in(cast.lembaga_b).get("/").content.decode()
    Batch.objects.update(stage=BatchStage.CLOSED)
    assert said not in sign_in(cast.lembaga_a).get("/").content.decode()
