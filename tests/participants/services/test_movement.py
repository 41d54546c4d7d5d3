"""Movements: proposed, decided, applied; what each does to stage, seat, clock and the once-only rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from aktualisasi.demo.sample_pdf import sample_rancangan
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import AuditEntry
from latsar.notices.models import Notice
from latsar.training.enums import BatchStage
from latsar.training.rules import EXTENSION_MONTHS
from participants import movement_rules
from participants.clock import ClockState
from participants.enums import MovementKind, MovementReason, MovementState, Stage
from participants.field_notes import last_return
from participants.models import Movement, Participant, ParticipantStageChange, Placement
from participants.reachable import person_clock
from participants.services.movement import Evidence, MovementFacts, cancel_movement, decide_movement, propose_movement
from participants.services.placement import place_participant, start_batch
from participants.services.verification import move_participant
from tests import factories
from tests.corpus import images

K, R = MovementKind, MovementReason
NOW = timedelta()


def facts(kind=K.DEFER, reason=R.BIRTH, **changed) -> MovementFacts:
    """Return the facts of a movement; a span stands for a day so far from today, the day on which the test runs."""
    said = {"kind": kind, "reason": reason, "note": "Uraian contoh.", "effective_on": NOW, **changed}
    today = timezone.localdate()
    return MovementFacts(**{name: today + value if isinstance(value, timedelta) else value for name, value in said.items()})


SCAN = Evidence(sample_rancangan(), "keputusan.pdf")
LETTER = {"basis_number": "12/SDM.05-SK/2026", "basis_date": NOW}


@pytest.fixture
def person(cast) -> Participant:
    """An approved woman of Kupang with a seat in an open batch."""
    someone = factories.ParticipantFactory(satker=cast.kupang, stage=Stage.APPROVED, sex="P")
    batch = factories.BatchFactory(institute=cast.institute_a, starts_on=timezone.localdate())
    place_participant(batch_id=batch.pk, participant_id=someone.pk, by=cast.pksdm)
    return Participant.objects.get(pk=someone.pk)


@pytest.fixture
def trainee(cast, person) -> Participant:
    start_batch(batch_id=person.batch_id, by=cast.pksdm)
    return Participant.objects.get(pk=person.pk)


def test_propose_movement_by_pksdm_applies_at_once(cast, person):
    old_batch = person.batch
    movement = propose_movement(participant_id=person.pk, facts=facts(until=timezone.localdate() + timedelta(days=60)), by=cast.pksdm)
    person.refresh_from_db()
    assert (movement.state, movement.decided_by, movement.from_batch) == (MovementState.APPLIED, cast.pksdm, old_batch)
    assert (person.stage, person.batch, person.deferred_until) == (Stage.DEFERRED, None, timezone.localdate() + timedelta(days=60))
    assert Placement.objects.active().filter(participant=person).count() == 0
    assert ParticipantStageChange.objects.filter(participant=person, action="defer").count() == 1
    assert AuditEntry.objects.about(person).filter(verb="defer").count() == 1


def test_propose_movement_by_satker_waits_and_changes_nothing(cast, person):
    movement = propose_movement(participant_id=person.pk, facts=facts(), by=cast.admin_kupang)
    person.refresh_from_db()
    assert (movement.state, person.stage) == (MovementState.PROPOSED, Stage.PLACED)
    assert Placement.objects.active().filter(participant=person).count() == 1


def test_propose_movement_second_open_proposal_is_refused(cast, person):
    propose_movement(participant_id=person.pk, facts=facts(), by=cast.admin_kupang)
    with pytest.raises(Refused, match="Masih ada usulan"):
        propose_movement(participant_id=person.pk, facts=facts(), by=cast.provinsi_a)
    assert Movement.objects.count() == 1


@pytest.mark.parametrize("who", ["admin_ende", "provinsi_b", "lembaga_a", "mentor_a", "stranger", "pimpinan"])
def test_propose_movement_others_may_not(cast, person, who):
    with pytest.raises(NotAllowed):
        propose_movement(participant_id=person.pk, facts=facts(), by=getattr(cast, who))
    assert Movement.objects.count() == 0


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"reason": R.DISCIPLINE}, "reason"),
        ({"note": "  "}, "note"),
        ({"effective_on": timedelta(days=1)}, "effective_on"),
        ({"until": timedelta(days=-1)}, "until"),
        ({"basis_number": "1/2026"}, "basis_date"),
        ({"basis_number": "1/2026", "basis_date": timedelta(days=1)}, "basis_date"),
        ({"kind": K.RESUME}, "kind"),
        ({"kind": "hilang"}, "kind"),
        ({"kind": K.EXTEND, "reason": R.BUDGET, **LETTER}, "until"),
        ({"kind": K.EXTEND, "reason": R.BUDGET, "until": NOW, **LETTER}, "until"),
        ({"kind": K.EXTEND, "reason": R.BUDGET, "until": timedelta(days=400)}, "basis_number"),
        ({"kind": K.EXTEND, "reason": R.BUDGET, "until": timedelta(days=900), **LETTER}, "until"),
        ({"kind": K.EXTEND, "reason": R.BUDGET, "until": timedelta(days=36500), **LETTER}, "until"),
        ({"effective_on": date(1900, 1, 1)}, "effective_on"),
        ({"basis_number": "1/2026", "basis_date": date(1900, 1, 1)}, "basis_date"),
        ({"kind": K.CORRECT_EXTEND, "reason": R.MISTAKE}, "kind"),
        ({"kind": K.CHANGE_SATKER, "reason": R.MUTATION, **LETTER}, "to_satker"),
        ({"kind": K.CHANGE_BATCH, "reason": R.DUTY}, "to_batch"),
        ({"kind": K.DISMISS, "reason": R.DISCIPLINE}, "basis_number"),
        ({"kind": K.SECOND_ENTRY, "reason": R.POLICY, **LETTER}, "kind"),
    ],
)
def test_propose_movement_bad_facts_are_named_by_field(cast, person, changed, field):
    with pytest.raises(Refused) as refusal:
        propose_movement(participant_id=person.pk, facts=facts(**changed), by=cast.pksdm, evidence=SCAN)
    assert list(refusal.value.error_dict) == [field]
    assert Movement.objects.count() == 0


def test_propose_movement_birth_of_a_man_is_refused(cast, person):
    Participant.objects.update(sex="L")
    with pytest.raises(Refused, match="perempuan"):
        propose_movement(participant_id=person.pk, facts=facts(), by=cast.pksdm)


def test_decide_movement_accept_applies_and_tells_the_proposer(cast, person):
    movement = propose_movement(participant_id=person.pk, facts=facts(), by=cast.admin_kupang)
    decide_movement(movement_id=movement.pk, accept=True, note="", by=cast.pksdm)
    person.refresh_from_db()
    assert person.stage == Stage.DEFERRED
    assert Notice.objects.filter(user=cast.admin_kupang, text__contains="Berlaku").count() == 1
    with pytest.raises(Refused, match="sudah diputus"):
        decide_movement(movement_id=movement.pk, accept=False, note="Terlambat.", by=cast.pksdm)


def test_decide_movement_refuse_needs_the_reason_and_leaves_the_person(cast, person):
    movement = propose_movement(participant_id=person.pk, facts=facts(), by=cast.admin_kupang)
    with pytest.raises(Refused):
        decide_movement(movement_id=movement.pk, accept=False, note=" ", by=cast.pksdm)
    decide_movement(movement_id=movement.pk, accept=False, note="Surat belum ada.", by=cast.pksdm)
    movement.refresh_from_db()
    person.refresh_from_db()
    assert (movement.state, movement.decision_note, person.stage) == (MovementState.REFUSED, "Surat belum ada.", Stage.PLACED)


def test_decide_movement_by_the_proposing_units_is_not_allowed(cast, person):
    movement = propose_movement(participant_id=person.pk, facts=facts(), by=cast.admin_kupang)
    for who in (cast.admin_kupang, cast.provinsi_a, cast.pimpinan):
        with pytest.raises(NotAllowed):
            decide_movement(movement_id=movement.pk, accept=True, note="", by=who)


def test_decide_movement_that_is_no_longer_possible_is_refused(cast, person):
    movement = propose_movement(participant_id=person.pk, facts=facts(), by=cast.admin_kupang)
    Participant.objects.filter(pk=person.pk).update(stage=Stage.WITHDRAWN, batch=None)
    with pytest.raises(Refused, match="Tidak berlaku"):
        decide_movement(movement_id=movement.pk, accept=True, note="", by=cast.pksdm)


def test_cancel_movement_only_by_its_proposer_while_open(cast, person):
    movement = propose_movement(participant_id=person.pk, facts=facts(), by=cast.admin_kupang)
    with pytest.raises(NotAllowed):
        cancel_movement(movement_id=movement.pk, by=cast.provinsi_a)
    cancel_movement(movement_id=movement.pk, by=cast.admin_kupang)
    movement.refresh_from_db()
    assert movement.state == MovementState.CANCELLED
    with pytest.raises(Refused, match="sudah diputus"):
        cancel_movement(movement_id=movement.pk, by=cast.admin_kupang)


def test_defer_midway_needs_a_letter_and_opens_a_second_entry(cast, trainee):
    assert (trainee.stage, trainee.latsar_entries, trainee.entries_allowed) == (Stage.TRAINING, 1, 1)
    with pytest.raises(Refused) as refusal:
        propose_movement(participant_id=trainee.pk, facts=facts(), by=cast.pksdm)
    assert list(refusal.value.error_dict) == ["basis_number"]
    propose_movement(participant_id=trainee.pk, facts=facts(**LETTER), by=cast.pksdm)
    propose_movement(participant_id=trainee.pk, facts=facts(kind=K.RESUME), by=cast.pksdm)
    trainee.refresh_from_db()
    assert (trainee.stage, trainee.entries_allowed, trainee.deferred_until) == (Stage.APPROVED, 2, None)
    again = factories.BatchFactory(institute=cast.institute_a, starts_on=timezone.localdate())
    place_participant(batch_id=again.pk, participant_id=trainee.pk, by=cast.pksdm)
    start_batch(batch_id=again.pk, by=cast.pksdm)
    trainee.refresh_from_db()
    assert (trainee.stage, trainee.latsar_entries) == (Stage.TRAINING, 2)


def test_second_entry_without_basis_gets_no_seat(cast, trainee):
    """Withdrawn after the start and taken back: Latsar was begun once, so a seat needs a recorded basis."""
    for kind, reason in ((K.WITHDRAW, R.OWN_REQUEST), (K.REINSTATE, R.POLICY)):
        propose_movement(participant_id=trainee.pk, facts=facts(kind=kind, reason=reason), by=cast.pksdm, evidence=SCAN)
    Participant.objects.filter(pk=trainee.pk).update(stage=Stage.APPROVED)
    batch = factories.BatchFactory(institute=cast.institute_a)
    with pytest.raises(Refused, match="hanya diikuti sekali"):
        place_participant(batch_id=batch.pk, participant_id=trainee.pk, by=cast.pksdm)
    basis = facts(kind=K.SECOND_ENTRY, reason=R.POLICY, **LETTER)
    propose_movement(participant_id=trainee.pk, facts=basis, by=cast.pksdm)
    place_participant(batch_id=batch.pk, participant_id=trainee.pk, by=cast.pksdm)
    assert Participant.objects.get(pk=trainee.pk).stage == Stage.PLACED


def test_database_refuses_a_second_entry_without_basis(trainee):
    with pytest.raises(IntegrityError), transaction.atomic():
        Participant.objects.filter(pk=trainee.pk).update(latsar_entries=2)


def test_change_batch_moves_the_seat_at_once(cast, person):
    target = factories.BatchFactory(institute=cast.institute_a)
    propose_movement(participant_id=person.pk, facts=facts(kind=K.CHANGE_BATCH, reason=R.DUTY, to_batch=target), by=cast.pksdm)
    person.refresh_from_db()
    assert (person.stage, person.batch) == (Stage.PLACED, target)
    assert [row.seat.batch for row in Placement.objects.active().filter(participant=person)] == [target]


def test_change_batch_into_a_full_or_shut_one_changes_nothing(cast, person):
    before = person.batch
    full = factories.BatchFactory(institute=cast.institute_a, capacity=1)
    other = factories.ParticipantFactory(satker=cast.ende, stage=Stage.APPROVED)
    place_participant(batch_id=full.pk, participant_id=other.pk, by=cast.pksdm)
    running = factories.BatchFactory(institute=cast.institute_a, stage=BatchStage.RUNNING)
    for target in (full, running):
        with pytest.raises(Refused):
            propose_movement(participant_id=person.pk, facts=facts(kind=K.CHANGE_BATCH, reason=R.DUTY, to_batch=target), by=cast.pksdm)
    person.refresh_from_db()
    assert (person.batch, Movement.objects.count()) == (before, 0)
    assert Placement.objects.active().filter(participant=person).count() == 1


def test_change_satker_takes_province_and_scope_along(cast, person):
    move = facts(kind=K.CHANGE_SATKER, reason=R.MUTATION, to_satker=cast.denpasar, **LETTER)
    movement = propose_movement(participant_id=person.pk, facts=move, by=cast.admin_kupang)
    decide_movement(movement_id=movement.pk, accept=True, note="", by=cast.pksdm)
    person.refresh_from_db()
    assert (person.satker, person.province, person.stage) == (cast.denpasar, cast.province_b, Stage.PLACED)
    assert not Participant.objects.visible_to(cast.admin_kupang).filter(pk=person.pk).exists()
    assert Participant.objects.visible_to(cast.admin_denpasar).filter(pk=person.pk).exists()
    assert Movement.objects.visible_to(cast.admin_kupang).filter(pk=movement.pk).exists()


def test_change_satker_to_a_closed_one_is_refused(cast, person):
    cast.denpasar.closed_on = timezone.localdate()
    cast.denpasar.save()
    move = facts(kind=K.CHANGE_SATKER, reason=R.MUTATION, to_satker=cast.denpasar, **LETTER)
    with pytest.raises(Refused, match="sudah ditutup"):
        propose_movement(participant_id=person.pk, facts=move, by=cast.pksdm)


def test_extend_moves_the_clock_and_survives_a_correction_of_the_nip(cast, person):
    from participants.services.registration import update_participant

    until = person.deadline + timedelta(days=180)
    propose_movement(
        participant_id=person.pk, facts=facts(kind=K.EXTEND, reason=R.BUDGET, until=until, **LETTER), by=cast.pksdm, evidence=SCAN
    )
    person.refresh_from_db()
    assert (person.deadline, person.extended_until) == (until, until)
    nip = person.nip[:-3] + "998"
    update_participant(participant_id=person.pk, version=person.version, by=cast.pksdm, nip=nip)
    assert Participant.objects.get(pk=person.pk).deadline == until


@pytest.mark.parametrize(("kind", "reason"), [(K.WITHDRAW, R.OWN_REQUEST), (K.DISMISS, R.DISCIPLINE)])
def test_leaving_frees_the_seat_and_stops_the_clock(cast, person, kind, reason):
    propose_movement(participant_id=person.pk, facts=facts(kind=kind, reason=reason, **LETTER), by=cast.pksdm, evidence=SCAN)
    person.refresh_from_db()
    assert person.stage in (Stage.WITHDRAWN, Stage.DISMISSED)
    assert person_clock(person, timezone.localdate(), {}).state == ClockState.STOPPED
    assert Placement.objects.active().filter(participant=person).count() == 0


def test_propose_movement_keeps_the_evidence_byte_for_byte(cast, person):
    content = sample_rancangan()
    movement = propose_movement(
        participant_id=person.pk, facts=facts(), by=cast.admin_kupang, evidence=Evidence(content, "surat lahir.pdf")
    )
    assert movement.evidence_name == "surat lahir.pdf"
    with movement.evidence.open("rb") as stored:
        assert stored.read() == content


def test_propose_movement_refused_leaves_no_file(cast, person):
    propose_movement(participant_id=person.pk, facts=facts(), by=cast.admin_kupang)
    before = _stored()
    with pytest.raises(Refused, match="Masih ada usulan"):
        propose_movement(participant_id=person.pk, facts=facts(), by=cast.admin_kupang, evidence=Evidence(sample_rancangan(), "b.pdf"))
    assert _stored() == before


def test_propose_movement_evidence_that_is_no_pdf_is_refused_beside_its_field(cast, person):
    with pytest.raises(Refused) as refusal:
        propose_movement(participant_id=person.pk, facts=facts(), by=cast.pksdm, evidence=Evidence(b"MZ bukan pdf", "a.pdf"))
    assert list(refusal.value.error_dict) == ["evidence"]
    assert Movement.objects.count() == 0


def _stored() -> list[str]:
    day = f"movements/{timezone.now():%Y/%m}"
    return sorted(default_storage.listdir(day)[1]) if default_storage.exists(day) else []


@pytest.mark.parametrize(("kind", "reason"), [(K.EXTEND, R.BUDGET), (K.WITHDRAW, R.OWN_REQUEST), (K.DISMISS, R.DISCIPLINE)])
def test_propose_movement_that_rests_on_a_decree_needs_its_scan(cast, person, kind, reason):
    until = person.deadline + timedelta(days=30) if kind == K.EXTEND else None
    said = facts(kind=kind, reason=reason, until=until, **LETTER)
    with pytest.raises(Refused) as refusal:
        propose_movement(participant_id=person.pk, facts=said, by=cast.pksdm)
    assert list(refusal.value.error_dict) == ["evidence"]
    assert propose_movement(participant_id=person.pk, facts=said, by=cast.pksdm, evidence=SCAN).evidence


def test_propose_movement_keeps_a_photo_drawn_anew(cast, person):
    photo = images.phone_photo()
    movement = propose_movement(participant_id=person.pk, facts=facts(), by=cast.admin_kupang, evidence=Evidence(photo, "surat.jpg"))
    with movement.evidence.open() as file:
        stored = file.read()
    assert (stored[:3], stored != photo, movement.evidence.name.endswith(".jpg")) == (b"\xff\xd8\xff", True, True)


@pytest.mark.parametrize("months", [None, 3])
def test_extension_reaches_as_far_as_the_scheme_in_force_says(cast, person, months):
    if months:
        factories.SchemeFactory(effective_from=timezone.localdate(), extension_months=months)
        factories.SchemeFactory(effective_from=timezone.localdate() + timedelta(days=1), extension_months=60)
    latest = movement_rules.latest_extension(person, timezone.localdate())
    assert (latest.year - person.deadline.year) * 12 + latest.month - person.deadline.month == (months or EXTENSION_MONTHS)
    said = facts(kind=K.EXTEND, reason=R.BUDGET, until=latest + timedelta(days=1), **LETTER)
    with pytest.raises(Refused) as refusal:
        propose_movement(participant_id=person.pk, facts=said, by=cast.pksdm, evidence=SCAN)
    assert list(refusal.value.error_dict) == ["until"]
    propose_movement(participant_id=person.pk, facts=replace(said, until=latest), by=cast.pksdm, evidence=SCAN)
    assert Participant.objects.get(pk=person.pk).deadline == latest


@pytest.mark.parametrize("days", [30, None])
def test_correct_extend_replaces_or_annuls_and_keeps_both_rows(cast, person, days):
    year_end = person.deadline
    until = year_end + timedelta(days=180)
    propose_movement(
        participant_id=person.pk, facts=facts(kind=K.EXTEND, reason=R.BUDGET, until=until, **LETTER), by=cast.pksdm, evidence=SCAN
    )
    right = year_end + timedelta(days=days) if days else None
    said = facts(kind=K.CORRECT_EXTEND, reason=R.MISTAKE, until=right)
    for wrong in (until, year_end):
        with pytest.raises(Refused) as refusal:
            propose_movement(participant_id=person.pk, facts=replace(said, until=wrong), by=cast.pksdm)
        assert list(refusal.value.error_dict) == ["until"]
    propose_movement(participant_id=person.pk, facts=said, by=cast.pksdm)
    person.refresh_from_db()
    assert (person.extended_until, person.deadline) == (right, right or year_end)
    rows = Movement.objects.order_by("pk").values_list("kind", "until", "from_deadline", "state")
    assert list(rows) == [("extend", until, year_end, "applied"), ("correct_extend", right, until, "applied")]
    entry = AuditEntry.objects.about(person).get(verb="correct_extend")
    assert entry.changes["extended_until"] == [until.isoformat(), right.isoformat() if right else None]


def test_movement_is_told_in_the_language_of_the_records(cast, person):
    with translation.override("en"):
        propose_movement(participant_id=person.pk, facts=facts(), by=cast.pksdm)
    assert ParticipantStageChange.objects.get(participant=person, action="defer").note == "Penundaan, Melahirkan: Uraian contoh."


def test_movement_recorded_by_pksdm_tells_the_person_and_the_satker(cast, person):
    Participant.objects.filter(pk=person.pk).update(user=cast.stranger)
    propose_movement(participant_id=person.pk, facts=facts(), by=cast.pksdm)
    assert set(Notice.objects.filter(text__contains="Penundaan").values_list("user__username", flat=True)) == {
        cast.stranger.username,
        cast.admin_kupang.username,
    }


def test_change_satker_tells_the_new_satker_and_its_province(cast, person):
    move = facts(kind=K.CHANGE_SATKER, reason=R.MUTATION, to_satker=cast.denpasar, **LETTER)
    movement = propose_movement(participant_id=person.pk, facts=move, by=cast.provinsi_a)
    decide_movement(movement_id=movement.pk, accept=True, note="", by=cast.pksdm)
    told = dict(Notice.objects.filter(text__contains="Pindah satker").values_list("user__username", "url"))
    page = person.get_absolute_url()
    assert told == {
        cast.provinsi_a.username: movement.get_absolute_url(),
        cast.admin_kupang.username: "",
        cast.admin_denpasar.username: page,
        cast.provinsi_b.username: page,
    }


@pytest.mark.parametrize(
    ("who", "words"), [("pksdm", "Putuskan usulan itu"), ("admin_kupang", "Tarik usulan itu"), ("provinsi_a", "Tunggu keputusannya")]
)
def test_second_proposal_is_refused_with_a_step_that_this_person_can_take(cast, person, who, words):
    propose_movement(participant_id=person.pk, facts=facts(), by=cast.admin_kupang)
    with pytest.raises(Refused, match=words):
        propose_movement(participant_id=person.pk, facts=facts(), by=getattr(cast, who))


def leave(person, by, kind=K.DISMISS, reason=R.DISCIPLINE) -> Participant:
    propose_movement(participant_id=person.pk, facts=facts(kind=kind, reason=reason, **LETTER), by=by, evidence=SCAN)
    return Participant.objects.get(pk=person.pk)


def take_back(person, by, reason=R.MISTAKE) -> Participant:
    propose_movement(participant_id=person.pk, facts=facts(kind=K.REINSTATE, reason=reason), by=by)
    return Participant.objects.get(pk=person.pk)


@pytest.mark.parametrize("stage", [Stage.REGISTERED, Stage.SUBMITTED, Stage.VERIFIED, Stage.APPROVED])
def test_reinstate_after_a_wrong_record_gives_back_the_stage_of_before(cast, stage):
    person = factories.ParticipantFactory(satker=cast.kupang, stage=stage)
    person = take_back(leave(person, cast.pksdm), cast.pksdm)
    change = person.stage_changes.first()
    assert (person.stage, change.action, change.old, change.new) == (stage, "reinstate", Stage.DISMISSED, stage)
    assert AuditEntry.objects.about(person).get(verb="reinstate").changes["stage"] == [Stage.DISMISSED, stage]


def test_reinstate_for_any_other_reason_begins_again(cast, person):
    assert take_back(leave(person, cast.pksdm), cast.pksdm, R.POLICY).stage == Stage.REGISTERED


def test_reinstate_of_somebody_who_had_a_seat_lets_them_be_placed_again(cast, trainee):
    person = take_back(leave(trainee, cast.pksdm), cast.pksdm)
    assert (person.stage, person.batch, person.entries_allowed) == (Stage.APPROVED, None, 2)
    batch = factories.BatchFactory(institute=cast.institute_a)
    place_participant(batch_id=batch.pk, participant_id=person.pk, by=cast.pksdm)
    assert Participant.objects.get(pk=person.pk).stage == Stage.PLACED


def test_reinstate_after_a_wrong_record_goes_on_with_the_deferral(cast, person):
    until = timezone.localdate() + timedelta(days=60)
    propose_movement(participant_id=person.pk, facts=facts(until=until), by=cast.pksdm)
    back = take_back(leave(person, cast.pksdm), cast.pksdm)
    assert (back.stage, back.deferred_until) == (Stage.DEFERRED, until)


def test_reinstate_after_a_wrong_record_keeps_what_the_verifier_said(cast):
    person = factories.ParticipantFactory(satker=cast.kupang, stage=Stage.SUBMITTED)
    move_participant(participant_id=person.pk, action="return", by=cast.provinsi_a, note="SK belum terbaca.")
    back = take_back(leave(person, cast.pksdm), cast.pksdm)
    assert (back.stage, back.return_note, last_return(back).reason) == (Stage.RETURNED, "SK belum terbaca.", "SK belum terbaca.")


def test_reinstate_by_a_satker_waits_for_pksdm(cast, person):
    gone = leave(person, cast.pksdm)
    assert take_back(gone, cast.admin_kupang).stage == Stage.DISMISSED


def test_death_is_told_as_such_and_only_a_wrong_record_takes_it_back(cast, person):
    Participant.objects.filter(pk=person.pk).update(user=cast.stranger)
    gone = leave(person, cast.pksdm, K.WITHDRAW, R.DEATH)
    movement = Movement.objects.get()
    assert (gone.stage, gone.get_stage_display(), movement.get_kind_display()) == (Stage.WITHDRAWN, "Meninggal dunia", "Meninggal dunia")
    assert (gone.stage_changes.first().action, gone.stage_changes.first().note) == (
        "pass_away",
        "Meninggal dunia: Uraian contoh. (12/SDM.05-SK/2026)",
    )
    assert Notice.objects.filter(user=cast.admin_kupang, text__contains="tercatat meninggal dunia").count() == 1
    assert not Notice.objects.filter(user=cast.stranger).exists()
    assert movement_rules.possible_kinds(gone) == [K.REINSTATE]
    with pytest.raises(Refused):
        take_back(gone, cast.pksdm, R.POLICY)
    back = take_back(gone, cast.pksdm)
    assert (back.stage, back.has_died, back.get_stage_display()) == (Stage.APPROVED, False, "Disetujui PKSDM")


def test_propose_movement_names_a_wrong_file_beside_the_other_problems(cast, person):
    said = facts(kind=K.EXTEND, reason=R.BUDGET, until=timezone.localdate(), **LETTER)
    with pytest.raises(Refused) as refusal:
        propose_movement(participant_id=person.pk, facts=said, by=cast.pksdm, evidence=Evidence(b"MZ bukan pdf", "a.pdf"))
    assert set(refusal.value.error_dict) == {"until", "evidence"}
