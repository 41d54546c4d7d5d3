"""Sessions: agreed, held, written and confirmed by both; who may, and what is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from latsar.accounts.errors import IllegalMove, NotAllowed, Refused, StaleVersion
from latsar.accounts.models import AuditEntry
from latsar.notices.models import Notice
from mentoring import cards, policies, services
from mentoring.models import GroupCoach, MentorAssignment, MentoringSession, SessionFile
from tests import factories
from tests.mentoring.conftest import facts, make_mentor

pytestmark = pytest.mark.django_db
NOTES = services.Written("Isu terpilih ditetapkan.", "Peserta menyusun fishbone.")


def propose(pair, by, kind="mentor", **more) -> MentoringSession:
    return services.propose_sessions(kind=kind, participant_ids=[pair.participant_id], facts=facts(**more), by=by)[0]


def held(pair, by) -> MentoringSession:
    """A session that was agreed and is over."""
    session = propose(pair, by)
    other = pair.participant.user if by == pair.mentor.user else pair.mentor.user
    services.accept_session(session_id=session.pk, version=session.version, by=other)
    start = timezone.now() - timedelta(hours=3)
    MentoringSession.objects.filter(pk=session.pk).update(starts_at=start, ends_at=start + timedelta(hours=1))
    session.refresh_from_db()
    return session


def test_session_goes_from_proposal_to_both_parafs(pair):
    own, guide = pair.participant.user, pair.mentor.user
    session = held(pair, own)
    assert session.stage == "agreed"
    session = services.write_notes(session_id=session.pk, version=session.version, written=NOTES, by=guide)
    assert (session.stage, session.guide_confirmed_at is None, session.participant_confirmed_at) == ("noted", False, None)
    assert not MentoringSession.objects.confirmed().exists()
    session = services.confirm_session(session_id=session.pk, version=session.version, by=own)
    assert session.stage == "confirmed"
    assert MentoringSession.objects.confirmed().get().notes == NOTES.notes
    assert [change.action for change in session.changes.order_by("pk")] == ["propose", "accept", "note", "confirm"]
    assert set(AuditEntry.objects.filter(verb__endswith="_session_guidance").values_list("object_id", flat=True)) == {
        str(pair.participant_id)
    }
    told = list(Notice.objects.filter(user=own).values_list("text", flat=True))
    assert any("menulis catatan sesi" in text for text in told)


def test_changing_notes_clears_the_other_paraf_and_asks_again(pair):
    own, guide = pair.participant.user, pair.mentor.user
    session = held(pair, own)
    session = services.write_notes(session_id=session.pk, version=session.version, written=NOTES, by=guide)
    session = services.confirm_session(session_id=session.pk, version=session.version, by=own)
    changed = services.Written("Isu lain.")
    session = services.write_notes(session_id=session.pk, version=session.version, written=changed, by=own)
    assert (session.stage, session.guide_confirmed_at, session.participant_confirmed_at is None) == ("noted", None, False)
    with pytest.raises(IllegalMove):  # the writer does not confirm what the writer wrote
        services.confirm_session(session_id=session.pk, version=session.version, by=own)
    assert services.confirm_session(session_id=session.pk, version=session.version, by=guide).stage == "confirmed"


def test_paraf_under_notes_that_changed_meanwhile_is_stale(pair):
    own, guide = pair.participant.user, pair.mentor.user
    session = held(pair, own)
    seen = services.write_notes(session_id=session.pk, version=session.version, written=NOTES, by=guide).version
    services.write_notes(session_id=session.pk, version=seen, written=services.Written("Lain sama sekali."), by=guide)
    with pytest.raises(StaleVersion):
        services.confirm_session(session_id=session.pk, version=seen, by=own)
    session.refresh_from_db()
    assert session.participant_confirmed_at is None


def test_unchanged_notes_of_the_other_side_ask_for_a_paraf_instead(pair):
    own, guide = pair.participant.user, pair.mentor.user
    session = held(pair, own)
    session = services.write_notes(session_id=session.pk, version=session.version, written=NOTES, by=guide)
    with pytest.raises(Refused, match="tekan Beri paraf"):
        services.write_notes(session_id=session.pk, version=session.version, written=NOTES, by=own)


def test_who_proposed_does_not_accept_and_a_counter_turns_it_round(pair):
    own, guide = pair.participant.user, pair.mentor.user
    session = propose(pair, own)
    with pytest.raises(IllegalMove):
        services.accept_session(session_id=session.pk, version=session.version, by=own)
    session = services.reschedule_session(session_id=session.pk, version=session.version, facts=facts(hours=72), by=guide)
    with pytest.raises(IllegalMove):
        services.accept_session(session_id=session.pk, version=session.version, by=guide)
    assert services.accept_session(session_id=session.pk, version=session.version, by=own).stage == "agreed"


@pytest.mark.parametrize("who", ["mentor_b", "coach_b", "admin_kupang", "pksdm", "stranger", "coach_a"])
def test_no_third_person_proposes_or_moves(cast, pair, who):
    by = getattr(cast, who)
    with pytest.raises(NotAllowed):
        propose(pair, by)
    session = propose(pair, pair.mentor.user)
    for step in (services.accept_session, services.confirm_session):
        with pytest.raises(NotAllowed):
            step(session_id=session.pk, version=session.version, by=by)
    with pytest.raises(NotAllowed):
        services.cancel_session(session_id=session.pk, version=session.version, reason="x", by=by)


def test_notes_before_the_session_and_a_proposal_in_the_past_are_refused(pair):
    guide = pair.mentor.user
    with pytest.raises(Refused, match="sudah lewat"):
        propose(pair, guide, hours=-2)
    session = propose(pair, guide)
    services.accept_session(session_id=session.pk, version=session.version, by=pair.participant.user)
    session.refresh_from_db()
    with pytest.raises(Refused, match="belum berlangsung"):
        services.write_notes(session_id=session.pk, version=session.version, written=NOTES, by=guide)


def test_two_sessions_at_one_time_are_refused_for_either_side(cast, pair, mentor):
    propose(pair, mentor.user)
    with pytest.raises(Refused, match="pada jam itu"):
        propose(pair, pair.participant.user)
    other = factories.ParticipantFactory(satker=cast.kupang)
    MentorAssignment.objects.create(mentor=mentor, participant=other, slot=2, assigned_by=cast.pksdm)
    with pytest.raises(Refused, match="sesi lain pada jam itu"):
        services.propose_sessions(kind="mentor", participant_ids=[other.pk], facts=facts(), by=mentor.user)
    assert MentoringSession.objects.count() == 1


def test_group_session_makes_a_row_each_and_steps_reach_all(cast, pair, mentor):
    other = factories.ParticipantFactory(satker=cast.kupang)
    MentorAssignment.objects.create(mentor=mentor, participant=other, slot=2, assigned_by=cast.pksdm)
    ids = [pair.participant_id, other.pk]
    rows = services.log_sessions(kind="mentor", participant_ids=ids, facts=facts(hours=-3), written=NOTES, by=mentor.user)
    assert [row.stage for row in rows] == ["noted", "noted"]
    assert rows[0].bundle == rows[1].bundle
    more = services.Written("Catatan bersama.")
    services.write_notes(session_id=rows[0].pk, version=rows[0].version, written=more, by=mentor.user, together=True)
    assert set(MentoringSession.objects.values_list("notes", flat=True)) == {"Catatan bersama."}
    stranger = factories.ParticipantFactory(satker=cast.kupang)
    with pytest.raises(NotAllowed):
        services.propose_sessions(kind="mentor", participant_ids=[*ids, stranger.pk], facts=facts(), by=mentor.user)
    assert MentoringSession.objects.count() == 2  # half of it would have left a row


def test_coach_has_sessions_with_the_own_group_and_loses_them_with_it(cast, pair):
    session = propose(pair, cast.coach_a, kind="coach")
    assert list(MentoringSession.objects.visible_to(cast.coach_a)) == [session]
    assert list(MentoringSession.objects.visible_to(cast.mentor_a)) == []
    services.assign_coaches(batch_id=pair.participant.batch_id, chosen={1: cast.coach_b.pk}, seen={1: cast.coach_a.pk}, by=cast.pksdm)
    session.refresh_from_db()
    assert (session.stage, session.cancel_reason) == ("cancelled", "Coach kelompok diganti")
    assert list(MentoringSession.objects.visible_to(cast.coach_a)) == []
    assert list(MentoringSession.objects.visible_to(cast.coach_b)) == [session]


def test_participant_may_still_confirm_what_a_former_mentor_wrote(cast, pair):
    own, guide = pair.participant.user, pair.mentor.user
    session = held(pair, own)
    session = services.write_notes(session_id=session.pk, version=session.version, written=NOTES, by=guide)
    services.change_mentor(participant_id=pair.participant_id, mentor_id=make_mentor(cast.badung).pk, reason="Mutasi", by=cast.admin_kupang)
    session = MentoringSession.objects.select_related("participant", "assignment").get(pk=session.pk)
    assert not policies.can_move(guide, session, "note")
    with pytest.raises(IllegalMove):
        services.write_notes(session_id=session.pk, version=session.version, written=services.Written("Baru"), by=own)
    assert services.confirm_session(session_id=session.pk, version=session.version, by=own).stage == "confirmed"


def test_database_counts_no_session_with_one_paraf(pair):
    session = propose(pair, pair.mentor.user)
    now = timezone.now()
    for wrong in (
        {"stage": "confirmed", "notes": "x", "guide_confirmed_at": now},
        {"stage": "confirmed", "guide_confirmed_at": now, "participant_confirmed_at": now},
        {"stage": "noted", "notes": "x"},
        {"stage": "cancelled"},
        {"link": "http://contoh.go.id/"},
        {"assignment": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            MentoringSession.objects.filter(pk=session.pk).update(**wrong)


def png() -> bytes:
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return out.getvalue()


def test_evidence_is_judged_kept_once_and_removed_by_its_sender_only(pair):
    own, guide = pair.participant.user, pair.mentor.user
    session = held(pair, own)
    photo = services.attached(png(), "foto.png")
    session = services.write_notes(session_id=session.pk, version=session.version, written=NOTES, by=guide, files=[photo, photo])
    file = SessionFile.objects.get(session=session)
    with pytest.raises(NotAllowed):
        services.remove_session_file(file_id=file.pk, by=own)
    services.remove_session_file(file_id=file.pk, by=guide)
    assert not SessionFile.objects.exists()
    with pytest.raises(Refused):
        services.attached(b"<script>", "foto.png")


def test_refused_notes_leave_no_file_behind(pair, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    session = held(pair, pair.participant.user)
    photo = services.attached(png(), "foto.png")
    with pytest.raises(StaleVersion):
        services.write_notes(session_id=session.pk, version=99, written=NOTES, by=pair.mentor.user, files=[photo])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_pages_lead_a_session_from_proposal_to_card(cast, pair, sign_in):
    own, guide = sign_in(pair.participant.user), sign_in(pair.mentor.user)
    day = timezone.localdate() + timedelta(days=3)
    typed = {"day": day.isoformat(), "starts": "14:00", "ends": "15:00", "zone": "WITA", "mode": "online", "agenda": "Bahas isu"}
    refused = guide.post("/bimbingan/sesi/tambah/", {**typed, "people": [pair.participant_id]})
    assert refused.status_code == 422
    assert "Tulis tautan ruangnya." in refused.content.decode()
    assert 'value="Bahas isu"' in refused.content.decode()
    typed["link"] = "https://rapat.contoh.go.id/a"
    assert guide.post("/bimbingan/sesi/tambah/", {**typed, "people": [pair.participant_id]}).status_code == 302
    session = MentoringSession.objects.get()
    assert session.local_start.strftime("%H:%M") == "14:00"
    page = f"/bimbingan/sesi/{session.pk}/"
    assert "Setujui waktunya" in own.get(page).content.decode()
    assert own.post(f"{page}langkah/", {"langkah": "setuju", "version": session.version}).status_code == 302
    start = timezone.now() - timedelta(hours=2)
    MentoringSession.objects.update(starts_at=start, ends_at=start + timedelta(hours=1))
    session.refresh_from_db()
    empty = own.post(f"{page}catatan/", {"version": session.version, "notes": "", "next_steps": "Tetap ada"})
    assert empty.status_code == 422
    assert "Tetap ada" in empty.content.decode()
    form = {"version": session.version, "notes": "Isu disepakati", "files": [SimpleUploadedFile("foto.png", png())]}
    assert own.post(f"{page}catatan/", form).status_code == 302
    session.refresh_from_db()
    assert guide.post(f"{page}langkah/", {"langkah": "paraf", "version": 1}).status_code == 409
    assert guide.post(f"{page}langkah/", {"langkah": "paraf", "version": session.version}).status_code == 302
    card = own.get(f"/bimbingan/kartu/{pair.participant_id}/mentor/")
    assert b"".join(card.streaming_content).startswith(b"%PDF-")
    assert sign_in(cast.mentor_b).get(f"/bimbingan/kartu/{pair.participant_id}/mentor/").status_code == 404
    assert guide.get(f"/bimbingan/kartu/{pair.participant_id}/coach/").status_code == 404


def test_card_shows_confirmed_sessions_only_and_fills_blank_rows(cast, pair):
    own, guide = pair.participant.user, pair.mentor.user
    session = held(pair, own)
    services.write_notes(session_id=session.pk, version=session.version, written=NOTES, by=guide)
    face = cards.card_face(pair.participant, "mentor", list(MentoringSession.objects.confirmed()))
    assert [line.text for line in face.lines] == [""] * cards.LEAST_ROWS
    session.refresh_from_db()
    services.confirm_session(session_id=session.pk, version=session.version, by=own)
    face = cards.card_face(pair.participant, "mentor", list(MentoringSession.objects.confirmed()))
    assert face.lines[0].text == "Isu terpilih ditetapkan.\nTindak lanjut: Peserta menyusun fishbone."
    assert face.lines[0].paraf.startswith("dikonfirmasi ")
    assert len(face.lines) == cards.LEAST_ROWS
    assert (face.head_1, face.guide) == ("", str(pair.mentor))
    institute = pair.participant.batch.institute
    institute.head_1 = "PEMERINTAH PROVINSI CONTOH"
    institute.save()
    pair.participant.batch.refresh_from_db()
    coach = cards.card_face(pair.participant, "coach", [])
    assert (coach.head_1, coach.guide) == ("PEMERINTAH PROVINSI CONTOH", str(cast.coach_a))


def test_lists_ask_the_same_number_of_queries_at_one_and_three(cast, pair, sign_in):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def add(hours: int) -> None:
        services.log_sessions(
            kind="mentor", participant_ids=[pair.participant_id], facts=facts(hours=-hours), written=NOTES, by=pair.mentor.user
        )

    def count(client, url: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    add(3)
    watched = [
        (sign_in(pair.mentor.user), "/bimbingan/sesi/"),
        (sign_in(pair.participant.user), "/bimbingan/sesi/"),
        (sign_in(pair.mentor.user), "/bimbingan/"),
        (sign_in(pair.participant.user), "/"),
        (sign_in(cast.admin_kupang), f"/peserta/{pair.participant_id}/bimbingan/"),
    ]
    for place in watched:
        count(*place)  # the first look of a day is written down
    one = [count(*place) for place in watched]
    add(6), add(9)
    assert [count(*place) for place in watched] == one
    assert max(one[:3] + one[4:]) <= 26


def test_filters_find_what_waits_and_by_text(pair, sign_in):
    session = propose(pair, pair.participant.user, agenda="Membahas fishbone")
    client = sign_in(pair.mentor.user)
    assert session.agenda in client.get("/bimbingan/sesi/?keadaan=menunggu").content.decode()
    assert session.agenda in client.get("/bimbingan/sesi/?q=fishb").content.decode()
    assert "Tidak ada sesi yang cocok" in client.get("/bimbingan/sesi/?keadaan=confirmed").content.decode()
    assert session.agenda not in sign_in(pair.participant.user).get("/bimbingan/sesi/?keadaan=menunggu").content.decode()


def test_home_pages_and_calendar_name_what_is_next(cast, pair, sign_in):
    session = propose(pair, pair.mentor.user)
    assert "Jawab usulan sesi dengan" in sign_in(pair.participant.user).get("/").content.decode()
    services.accept_session(session_id=session.pk, version=session.version, by=pair.participant.user)
    assert "Sesi bimbingan dengan" in sign_in(pair.mentor.user).get("/").content.decode()
    from participants.calendar_feed import feed_of

    for user in (pair.mentor.user, pair.participant.user):
        assert b"UID:bimbingan-" in feed_of(user, timezone.now())
    assert b"UID:bimbingan-" not in feed_of(cast.mentor_b, timezone.now())


def test_reminders_of_tomorrow_and_of_missing_notes(pair):
    from latsar.notices.reminders import Asked, reminders

    session = propose(pair, pair.mentor.user)
    services.accept_session(session_id=session.pk, version=session.version, by=pair.participant.user)
    session.refresh_from_db()
    day, today = session.local_start.date(), timezone.localdate()
    told = {
        audience: [one.user for one in reminders("guidance_session", Asked(audience, day, today))]
        for audience in ("mentor", "person", "coach")
    }
    assert told == {"mentor": [pair.mentor.user], "person": [pair.participant.user], "coach": []}
    assert list(reminders("guidance_session", Asked("mentor", day + timedelta(days=1), today))) == []
    start = timezone.now() - timedelta(days=1, hours=1)
    MentoringSession.objects.update(starts_at=start, ends_at=start + timedelta(hours=1))
    session.refresh_from_db()
    missing = list(reminders("guidance_notes", Asked("mentor", session.local_start.date(), today)))
    assert [one.url for one in missing] == [session.get_absolute_url()]


def test_no_guide_no_session(cast, pair):
    GroupCoach.objects.all().delete()
    with pytest.raises(Refused, match="Coach Anda belum ditetapkan"):
        propose(pair, pair.participant.user, kind="coach")
    with pytest.raises(Refused):
        services.propose_sessions(kind="mentor", participant_ids=[], facts=facts(), by=pair.mentor.user)
    with pytest.raises(Refused):
        propose(pair, pair.mentor.user, minutes=13 * 60)
    wrong = replace(facts(), link="http://contoh.go.id")
    with pytest.raises(Refused, match="https"):
        services.propose_sessions(kind="mentor", participant_ids=[pair.participant_id], facts=wrong, by=pair.mentor.user)
