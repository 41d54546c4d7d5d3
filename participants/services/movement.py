"""Movements: proposed by who administers the person, decided and applied by PKSDM."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.documents.intake.names import display_name
from latsar.satker.models import Satker
from latsar.training.models import Batch
from participants import movement_notices, movement_policies
from participants.enums import MovementKind, MovementReason, MovementState, Stage
from participants.field_notes import last_return
from participants.models import Movement, Participant
from participants.movement_checks import NEEDS_FILE, lacks_file, problems_of
from participants.movement_rules import EXTENDING, STAGE_KINDS, stage_after_mistake, stage_before_leaving, year_end
from participants.movement_words import decided_text, told, waiting_text
from participants.services.dossier import SUFFIXES, judge_file
from participants.services.placement import leave_seat, reseat_participant
from participants.services.verification import NOTE_LIMIT, move_participant

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Evidence:
    """A file from outside and the name its sender gave it."""

    content: bytes
    name: str


@dataclass(frozen=True)
class MovementFacts:
    """What somebody says about a movement."""

    kind: str
    reason: str
    note: str
    effective_on: date
    until: date | None = None
    to_satker: Satker | None = None
    to_batch: Batch | None = None
    basis_number: str = ""
    basis_date: date | None = None


def propose_movement(*, participant_id: int, facts: MovementFacts, by: User, evidence: Evidence | None = None) -> Movement:
    """Record a movement; from PKSDM it takes effect at once, from others it waits for PKSDM.

    The evidence is judged in a process of its own before any row is locked, and taken away again when the row cannot
    be written. Raises NotAllowed, Refused with every field's messages at once, those of the evidence among them.
    """
    movement = Movement(participant_id=participant_id, proposed_by=by, **vars(facts))
    bad_file = _attach(movement, evidence) if evidence is not None else {}
    try:
        return _propose(movement, by=by, bad_file=bad_file)
    except BaseException:
        if movement.evidence:
            movement.evidence.storage.delete(movement.evidence.name or "")
        raise


@transaction.atomic
def _propose(movement: Movement, *, by: User, bad_file: dict[str, list[str]]) -> Movement:
    person = _locked(movement.participant_id, by)
    if not movement_policies.can_propose(by, person):
        raise NotAllowed
    problems = problems_of(movement, person)
    if bad_file:
        problems |= bad_file
    elif lacks_file(movement):
        problems["evidence"] = [str(NEEDS_FILE)]
    if problems:
        raise Refused(problems)
    try:
        with transaction.atomic():
            movement.save(force_insert=True)
    except IntegrityError:
        raise Refused(waiting_text(person, by)) from None
    if movement_policies.can_decide(by, person):
        was_at = person.satker_id
        _apply(movement, person, by=by)
        movement_notices.applied(movement, person, was_at=was_at)
    else:
        audit.record(verb="propose_movement", obj=person, by=by, note=told(movement))
    return movement


@transaction.atomic
def decide_movement(*, movement_id: int, accept: bool, note: str, by: User) -> Movement:
    """Let a proposal take effect, or refuse it with the reason.

    Locks the person, then the proposal: two decisions cannot cross. Raises NotAllowed, Refused when it was decided
    already or is not possible any more.
    """
    movement = Movement.objects.visible_to(by).filter(pk=movement_id).first()
    if movement is None:
        raise NotAllowed
    person = _locked(movement.participant_id, by)
    movement = Movement.objects.select_for_update(of=("self",)).select_related("to_satker", "to_batch").get(pk=movement_id)
    if not movement_policies.can_decide(by, person):
        raise NotAllowed
    if not movement.is_open:
        raise Refused(decided_text(movement))
    movement.decision_note = note.strip()[:NOTE_LIMIT]
    if accept:
        problems = problems_of(movement, person)
        if problems:
            raise Refused([message for messages in problems.values() for message in messages])
        was_at = person.satker_id
        _apply(movement, person, by=by)
        movement_notices.applied(movement, person, was_at=was_at)
    else:
        if not movement.decision_note:
            raise Refused({"note": _("Tulis sebab penolakannya, supaya pengusul tahu apa yang kurang.")})
        _decide(movement, MovementState.REFUSED, by=by)
        audit.record(verb="refuse_movement", obj=person, by=by, note=movement.decision_note)
    movement_notices.answered(movement, person)
    return movement


@transaction.atomic
def cancel_movement(*, movement_id: int, by: User) -> Movement:
    """Take one's own proposal back while nobody has decided it. Raises NotAllowed, Refused when it is no longer open."""
    movement = Movement.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=movement_id).first()
    if movement is None or movement.proposed_by_id != by.pk:
        raise NotAllowed
    if not movement.is_open:
        raise Refused(decided_text(movement))
    _decide(movement, MovementState.CANCELLED, by=by)
    audit.record(verb="cancel_movement", obj=movement.participant, by=by, note=told(movement))
    return movement


def _apply(movement: Movement, person: Participant, *, by: User) -> None:
    movement.from_stage, movement.from_satker_id = person.stage, person.satker_id
    movement.from_batch_id, movement.from_deadline = person.batch_id, person.deadline
    if movement.kind in STAGE_KINDS:
        _move(movement, person, by)
    else:
        _change(movement, person, by)
    _decide(movement, MovementState.APPLIED, by=by)


def _move(movement: Movement, person: Participant, by: User) -> None:
    note = told(movement)[:NOTE_LIMIT]
    midway = person.stage == Stage.TRAINING and movement.kind in (MovementKind.DEFER, MovementKind.CHANGE_BATCH)
    facts: dict[str, Any] = {"entries_allowed": person.entries_allowed + 1} if midway else {}
    facts["deferred_until"] = movement.until if movement.kind == MovementKind.DEFER else None
    if movement.is_death:
        facts["has_died"] = True
    if movement.kind == MovementKind.CHANGE_BATCH:
        assert movement.to_batch is not None
        reseat_participant(participant_id=person.pk, batch=movement.to_batch, reason=note, by=by, facts=facts)
        return
    if movement.kind == MovementKind.REINSTATE:
        facts |= _taken_back(movement, person)
    if person.batch_id is not None:
        leave_seat(person, reason=note, by=by)
        facts["batch"] = None
    move_participant(participant_id=person.pk, action=movement.action, by=by, note=note, facts=facts)


def _taken_back(movement: Movement, person: Participant) -> dict[str, Any]:
    """Return what changes with a reinstatement: a wrong record gives back the stage of before, without the seat."""
    facts: dict[str, Any] = {"has_died": False}
    if movement.reason != MovementReason.MISTAKE:
        return facts
    stage = stage_before_leaving(person)
    facts["stage"] = stage_after_mistake(person)
    if stage == Stage.TRAINING:
        facts["entries_allowed"] = person.entries_allowed + 1
    if stage == Stage.DEFERRED:
        deferral = person.movements.filter(kind=MovementKind.DEFER, state=MovementState.APPLIED).order_by("-decided_at", "-pk").first()
        facts["deferred_until"] = deferral.until if deferral else None
    if stage == Stage.RETURNED:
        facts["return_note"] = last_return(person).reason
    return facts


def _change(movement: Movement, person: Participant, by: User) -> None:
    """Change a fact of the person that is no stage, and write the same rows that a move writes."""
    changed: dict[str, Any] = {}
    if movement.kind == MovementKind.CHANGE_SATKER:
        assert movement.to_satker is not None
        changed = {"satker_id": movement.to_satker.pk, "province_id": movement.to_satker.province_id or movement.to_satker.pk}
    elif movement.kind in EXTENDING:
        changed = {"deadline": movement.until or year_end(person), "extended_until": movement.until}
    else:
        changed = {"entries_allowed": person.entries_allowed + 1}
    names = [name.removesuffix("_id") for name in changed]
    before = audit.snapshot(person, names)
    for name, value in changed.items():
        setattr(person, name, value)
    person.version += 1
    person.save(update_fields=[*names, "version", "updated_at"])
    changes = audit.difference(before, audit.snapshot(person, names))
    audit.record(verb=movement.kind, obj=person, by=by, changes=changes, note=told(movement))


def _decide(movement: Movement, state: str, *, by: User) -> None:
    movement.state, movement.decided_by, movement.decided_at = state, by, timezone.now()
    movement.save()


def _locked(participant_id: int, by: User) -> Participant:
    rows = Participant.objects.visible_to(by).select_related("satker", "province", "batch", "user").select_for_update(of=("self",))
    person = rows.filter(pk=participant_id).first()
    if person is None:
        raise NotAllowed
    return person


def evidence_problems(evidence: Evidence) -> list[str]:
    """Say what is wrong with a file that would be evidence."""
    try:
        judge_file(evidence.content, evidence.name)
    except Refused as refused:
        return list(refused.messages)
    return []


def _attach(movement: Movement, evidence: Evidence) -> dict[str, list[str]]:
    """Keep the evidence, or return what is wrong with it."""
    try:
        judged = judge_file(evidence.content, evidence.name)
    except Refused as refused:
        return {"evidence": list(refused.messages)}
    movement.evidence_name, movement.evidence_sha256 = display_name(evidence.name), judged.sha256
    try:
        movement.evidence.save(f"{secrets.token_hex(20)}.{SUFFIXES[judged.kind]}", ContentFile(judged.data), save=False)
    except OSError as full:
        log.exception("evidence of a movement cannot be stored")
        raise Refused(
            {"evidence": _("Berkas belum tersimpan karena penyimpanan portal bermasalah. Coba lagi beberapa menit lagi.")}
        ) from full
    return {}
