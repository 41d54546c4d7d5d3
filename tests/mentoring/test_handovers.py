"""From one mentor to the next: begun by the change, written by the old one, received by the new one."""

from __future__ import annotations

import pytest

from latsar.accounts.errors import IllegalMove, NotAllowed, Refused, StaleVersion
from latsar.notices.models import Notice
from mentoring import services
from mentoring.models import Handover, MentorAssignment, MentoringSession
from tests import factories
from tests.mentoring.conftest import facts, make_mentor

pytestmark = pytest.mark.django_db


@pytest.fixture
def handover(cast, pair) -> Handover:
    """A change of mentor with an appointment and a rancangan that waits."""
    services.propose_sessions(kind="mentor", participant_ids=[pair.participant_id], facts=facts(agenda="Bahas jadwal"), by=pair.mentor.user)
    factories.PaperFactory(rancangan__participant=pair.participant, stage="submitted")
    new = make_mentor(cast.badung, user=factories.UserFactory(full_name="Mentor Baru, S.E."))
    services.change_mentor(participant_id=pair.participant_id, mentor_id=new.pk, reason="Mutasi", by=cast.admin_kupang)
    return Handover.objects.select_related("before__mentor__user", "after__mentor__user").get()


def test_change_begins_a_handover_with_open_points_and_tells_three(pair, handover):
    assert len(handover.open_points) == 2
    assert "Bahas jadwal" in handover.open_points[0]
    assert "menunggu jawaban mentor" in handover.open_points[1]
    assert MentoringSession.objects.get().stage == "cancelled"
    for user, text in (
        (pair.mentor.user, "Tulis serah terima"),
        (handover.after.mentor.user, "Anda menggantikan"),
        (pair.participant.user, "Mentor Anda berganti"),
    ):
        assert Notice.objects.filter(user=user, text__contains=text).count() == 1


def test_old_mentor_writes_until_received_and_reads_nothing_else(cast, pair, handover, sign_in):
    old, new = pair.mentor.user, handover.after.mentor.user
    with pytest.raises(NotAllowed):
        services.write_handover(handover_id=handover.pk, version=1, notes="x", by=new)
    with pytest.raises(Refused):
        services.write_handover(handover_id=handover.pk, version=1, notes=" ", by=old)
    services.write_handover(handover_id=handover.pk, version=1, notes="Isu: arsip", by=old)
    with pytest.raises(StaleVersion):
        services.write_handover(handover_id=handover.pk, version=1, notes="Lain", by=old)
    with pytest.raises(StaleVersion):
        services.receive_handover(handover_id=handover.pk, version=1, by=new)
    with pytest.raises(NotAllowed):
        services.receive_handover(handover_id=handover.pk, version=2, by=old)
    services.receive_handover(handover_id=handover.pk, version=2, by=new)
    with pytest.raises(IllegalMove):
        services.write_handover(handover_id=handover.pk, version=3, notes="Terlambat", by=old)
    with pytest.raises(IllegalMove):
        services.receive_handover(handover_id=handover.pk, version=3, by=new)
    client = sign_in(old)
    assert "Isu: arsip" in client.get(f"/bimbingan/serah-terima/{handover.pk}/").content.decode()
    session = MentoringSession.objects.get()
    for closed in (f"/bimbingan/{pair.pk}/", f"/bimbingan/sesi/{session.pk}/", f"/bimbingan/kartu/{pair.participant_id}/mentor/"):
        assert client.get(closed).status_code == 404
    assert sign_in(new).get(f"/bimbingan/sesi/{session.pk}/").status_code == 200


@pytest.mark.parametrize("who", ["mentor_b", "coach_a", "admin_denpasar", "provinsi_b", "stranger"])
def test_handover_is_a_miss_for_everybody_else(cast, handover, sign_in, who):
    assert sign_in(getattr(cast, who)).get(f"/bimbingan/serah-terima/{handover.pk}/").status_code == 404


def test_handover_pages_write_then_receive(cast, pair, handover, sign_in):
    url = handover.get_absolute_url()
    assert "Tulis serah terima" in sign_in(pair.mentor.user).get("/").content.decode()
    assert sign_in(pair.mentor.user).post(url, {"version": 1, "notes": ""}).status_code == 422
    assert sign_in(pair.mentor.user).post(url, {"version": 1, "notes": "Sudah sepakat isu"}).status_code == 302
    new = sign_in(handover.after.mentor.user)
    assert "Sudah sepakat isu" in new.get(url).content.decode()
    assert new.post(url, {"version": 1}).status_code == 409
    assert new.post(url, {"version": 2}).status_code == 302
    assert sign_in(cast.admin_kupang).post(url, {"version": 3}).status_code == 404
    page = sign_in(cast.admin_kupang).get(f"/peserta/{pair.participant_id}/bimbingan/").content.decode()
    assert str(pair.mentor) in page
    assert url in page
    assert str(pair.mentor) in sign_in(cast.admin_kupang).get(f"/peserta/{pair.participant_id}/").content.decode()


def test_end_then_assign_is_a_change_too_and_the_first_mentor_hands_over_nothing(cast, pair):
    services.end_assignment(assignment_id=pair.pk, reason="Cuti", by=cast.admin_kupang)
    assert not Handover.objects.exists()
    again = services.assign_mentor(mentor_id=pair.mentor_id, participant_id=pair.participant_id, by=cast.admin_kupang)
    assert not Handover.objects.exists()  # the same mentor came back
    services.end_assignment(assignment_id=again.pk, reason="Cuti", by=cast.admin_kupang)
    services.assign_mentor(mentor_id=make_mentor(cast.badung).pk, participant_id=pair.participant_id, by=cast.admin_kupang)
    assert Handover.objects.get().before_id in {pair.pk, again.pk}


def test_refused_change_leaves_everything_as_it_was(cast, pair, fill):
    full = make_mentor(cast.badung)
    fill(full, 5)
    services.propose_sessions(kind="mentor", participant_ids=[pair.participant_id], facts=facts(), by=pair.mentor.user)
    with pytest.raises(Refused):
        services.change_mentor(participant_id=pair.participant_id, mentor_id=full.pk, reason="Mutasi", by=cast.admin_kupang)
    assert MentorAssignment.objects.active().filter(pk=pair.pk).exists()
    assert MentoringSession.objects.get().stage == "proposed"
    assert not Handover.objects.exists()
