from __future__ import annotations

import pytest

from latsar.accounts.errors import IllegalMove, NotAllowed, Refused
from latsar.accounts.models import AuditEntry
from latsar.notices.models import Notice
from participants.enums import Stage
from participants.models import Participant, ParticipantStageChange
from participants.services.verification import move_many, move_participant, preview_many
from tests import factories


@pytest.fixture
def person(cast) -> Participant:
    return factories.ParticipantFactory(satker=cast.kupang)


def test_move_participant_writes_stage_story_and_audit_together(cast, person):
    moved = move_participant(participant_id=person.pk, action="submit", by=cast.admin_kupang)
    change = ParticipantStageChange.objects.get()
    entry = AuditEntry.objects.get()
    assert (moved.stage, moved.version) == (Stage.SUBMITTED, person.version + 1)
    assert (change.action, change.old, change.new, change.by, change.at) == (
        "submit",
        "registered",
        "submitted",
        cast.admin_kupang,
        moved.stage_at,
    )
    assert (entry.verb, entry.actor, entry.changes) == ("submit", cast.admin_kupang, {"stage": ["registered", "submitted"]})


def test_move_participant_back_keeps_the_note_and_tells_the_satker(cast, person):
    move_participant(participant_id=person.pk, action="submit", by=cast.admin_kupang)
    moved = move_participant(participant_id=person.pk, action="return", by=cast.provinsi_a, note="  Gelar kurang. ")
    assert (moved.stage, moved.return_note) == (Stage.RETURNED, "Gelar kurang.")
    told = Notice.objects.exclude(user=cast.provinsi_a)
    assert [(notice.user, notice.url) for notice in told] == [(cast.admin_kupang, person.get_absolute_url())]
    again = move_participant(participant_id=person.pk, action="submit", by=cast.admin_kupang)
    assert again.return_note == ""


@pytest.mark.parametrize(
    ("action", "actor", "note", "error"),
    [
        ("verify", "provinsi_a", "", IllegalMove),
        ("submit", "admin_ende", "", NotAllowed),
        ("submit", "pimpinan", "", NotAllowed),
        ("submit", "stranger", "", NotAllowed),
    ],
)
def test_move_participant_refused_leaves_nothing(cast, person, action, actor, note, error):
    with pytest.raises(error):
        move_participant(participant_id=person.pk, action=action, by=getattr(cast, actor), note=note)
    person.refresh_from_db()
    assert (person.stage, ParticipantStageChange.objects.count(), AuditEntry.objects.count()) == (Stage.REGISTERED, 0, 0)


@pytest.mark.parametrize(("note", "text"), [("", "Tulis alasannya"), ("   ", "Tulis alasannya"), ("x" * 501, "terlalu panjang")])
def test_move_participant_without_a_fit_reason_is_refused(cast, person, note, text):
    Participant.objects.update(stage=Stage.SUBMITTED)
    with pytest.raises(Refused, match=text):
        move_participant(participant_id=person.pk, action="return", by=cast.provinsi_a, note=note)
    person.refresh_from_db()
    assert person.stage == Stage.SUBMITTED


def test_move_participant_of_nobody_is_not_allowed(cast):
    with pytest.raises(NotAllowed):
        move_participant(participant_id=10**9, action="submit", by=cast.pksdm)


def test_move_participant_with_a_version_seen_earlier_makes_an_edit_stale(cast, person):
    moved = move_participant(participant_id=person.pk, action="submit", by=cast.admin_kupang)
    assert moved.version > person.version


def test_move_many_moves_who_can_and_names_who_cannot(cast):
    ready = factories.ParticipantFactory(satker=cast.kupang)
    late = factories.ParticipantFactory(satker=cast.kupang, stage=Stage.VERIFIED)
    foreign = factories.ParticipantFactory(satker=cast.denpasar)
    ids = [ready.pk, late.pk, foreign.pk]
    preview = {one.participant.pk: one.is_done for one in preview_many(participant_ids=ids, action="submit", by=cast.admin_kupang)}
    done = {one.participant.pk: one.is_done for one in move_many(participant_ids=ids, action="submit", by=cast.admin_kupang)}
    assert preview == done == {ready.pk: True, late.pk: False}
    assert set(Participant.objects.filter(stage=Stage.SUBMITTED)) == {ready}


def test_preview_many_changes_nothing(cast, person):
    preview_many(participant_ids=[person.pk], action="submit", by=cast.admin_kupang)
    person.refresh_from_db()
    assert (person.stage, AuditEntry.objects.count()) == (Stage.REGISTERED, 0)
