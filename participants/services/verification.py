"""The one locked door over the workflow of a participant's file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import IllegalMove, NoReason, NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User
from participants import policies, verification_notices
from participants.dossier.checklist import holding_back, returned_in
from participants.enums import Stage
from participants.models import Participant
from participants.workflow import MOVES

FILE_ACTIONS = ("submit", "withdraw_submission", "verify", "return", "approve", "return_to_satker")
"""The moves that need nothing but a note; the others belong to placement and graduation."""

ONWARD, BACK = "onward", "back"
BY_STAGE: dict[str, dict[str, str]] = {
    ONWARD: {Stage.SUBMITTED: "verify", Stage.VERIFIED: "approve"},
    BACK: {Stage.SUBMITTED: "return", Stage.VERIFIED: "return_to_satker"},
}
"""What passing a file, or giving it back, means at its stage: the queue of PKSDM holds files of both."""

NOTE_LIMIT = 500  # characters


@dataclass(frozen=True)
class Outcome:
    """What a bulk move did, or would do, for one person; `problem` is empty when it goes through, `target` is the stage it leads to."""

    participant: Participant
    problem: str = ""
    target: str = ""

    @property
    def is_done(self) -> bool:
        return not self.problem

    @property
    def becomes(self) -> str:
        """The stage that a preview promises; empty when none changes."""
        return str(Stage(self.target).label) if self.target and self.is_done else ""


@transaction.atomic
def move_participant(
    *, participant_id: int, action: str, by: User, version: int | None = None, note: str = "", facts: dict[str, Any] | None = None
) -> Participant:
    """Apply one workflow move and record who made it.

    Locks the row first: a verification and a withdrawal must not cross. `version` is that of the page on which `by`
    decided. `facts` are columns that change with the stage, such as batch on "place" or qualification and
    graduated_on on "graduate".
    Raises NotAllowed when `by` does not see the person or is not the move's actor, StaleVersion when the file changed
    since, IllegalMove when the stage does not allow `action`, Refused when the reason is missing or documents hold it back.
    """
    participant = locked_participant(participant_id, by, version)
    move = MOVES[action]
    if not policies.is_actor(by, participant, move.actor):
        raise NotAllowed
    problem = _problem(participant, action, note)
    if problem is not None:
        raise problem
    return _apply(participant, action, by=by, note=note.strip(), facts=facts or {})


def preview_many(*, participant_ids: Iterable[int], action: str, by: User, versions: Mapping[int, int] | None = None) -> list[Outcome]:
    """Say for each visible person whether `action` would go through, and why not. Changes nothing.

    `action` may be one of BY_STAGE, which means for each person the move that fits the file's stage.
    """
    people = list(Participant.objects.visible_to(by).filter(pk__in=list(participant_ids)).select_related("satker", "province", "batch"))
    held = _held(people, action)
    seen = versions or {}
    return [
        Outcome(
            one,
            _stale(one, seen.get(one.pk)) or explain(by, one, action) or held.get(one.pk, ""),
            MOVES[action_for(one, action)].target,
        )
        for one in people
    ]


def move_many(
    *, participant_ids: Iterable[int], action: str, by: User, note: str = "", versions: Mapping[int, int] | None = None
) -> list[Outcome]:
    """Move each person in a transaction of their own; who cannot move is named with the reason and stays."""
    preview = preview_many(participant_ids=participant_ids, action=action, by=by, versions=versions)
    return [
        move_one(one.participant, action, by=by, note=note, version=(versions or {}).get(one.participant.pk)) if one.is_done else one
        for one in preview
    ]


def move_one(person: Participant, action: str, *, by: User, note: str = "", version: int | None = None) -> Outcome:
    """Move one of many; a refusal becomes the reason why this one stays."""
    try:
        moved = move_participant(participant_id=person.pk, action=action_for(person, action), by=by, note=note, version=version)
    except Refused as refusal:
        return Outcome(person, " ".join(refusal.messages))
    except NotAllowed:
        return Outcome(person, _("Bukan wewenang Anda."))
    return Outcome(moved)


def action_for(participant: Participant, action: str) -> str:
    """Return the move that an order means for this person."""
    moves = BY_STAGE.get(action)
    return moves.get(participant.stage, moves[Stage.SUBMITTED]) if moves else action


def explain(user: User, participant: Participant, action: str) -> str:
    """Return why this person cannot make this move now, or nothing."""
    action = action_for(participant, action)
    if not policies.is_actor(user, participant, MOVES[action].actor):
        return _("Bukan wewenang Anda.")
    if participant.stage not in MOVES[action].sources:
        return _illegal(participant)
    return ""


def locked_participant(participant_id: int, by: User, version: int | None = None) -> Participant:
    """Lock a visible person as seen at `version`. Raises NotAllowed, StaleVersion when the file changed since."""
    row = Participant.objects.visible_to(by).select_related("province", "batch").select_for_update(of=("self",))
    participant = row.filter(pk=participant_id).first()
    if participant is None:
        raise NotAllowed
    if stale := _stale(participant, version):
        raise StaleVersion(stale)
    return participant


def _stale(participant: Participant, version: int | None) -> str:
    """Say that the file is not the one that was looked at, or nothing."""
    if version is None or version == participant.version:
        return ""
    return _("Berkas ini berubah sejak Anda membukanya. Periksa lagi isinya, lalu putuskan.")


def _problem(participant: Participant, action: str, note: str) -> Refused | None:
    if participant.stage not in MOVES[action].sources:
        return IllegalMove(_illegal(participant))
    if action == "start" and participant.latsar_entries >= participant.entries_allowed:
        return Refused(barred_text(participant))
    if MOVES[action].needs_note and not note.strip():
        return NoReason(_("Tulis alasannya, supaya yang menerima tahu apa yang harus diperbaiki."))
    if len(note.strip()) > NOTE_LIMIT:
        return Refused(_("Alasan terlalu panjang, paling banyak %(limit)d huruf.") % {"limit": NOTE_LIMIT})
    held = _held([participant], action)
    return Refused(held[participant.pk]) if held else None


def _held(people: list[Participant], action: str) -> dict[int, str]:
    """Say for each person which documents hold the move back; constant queries for any number of people."""
    today = timezone.localdate()
    if action == "submit":
        text = _("Belum dapat diajukan. Berkas yang masih kurang: %(documents)s.")
        return {pk: text % {"documents": names} for pk, names in holding_back(people, today).items()}
    if action not in (ONWARD, *BY_STAGE[ONWARD].values()):
        return {}
    text = _("Belum dapat diloloskan. Berkas yang masih kurang: %(documents)s.")
    lacking = {pk: text % {"documents": names} for pk, names in holding_back(people, today).items()}
    text = _("Masih ada berkas yang dikembalikan: %(documents)s. Pilih Kembalikan, atau tunggu berkas penggantinya.")
    return lacking | {pk: text % {"documents": names} for pk, names in returned_in(people, today).items()}


def barred_text(participant: Participant) -> str:
    """Say that Latsar is followed once, and what opens the way again. Ref: PP 11/2017 Pasal 34."""
    text = _("%(name)s sudah pernah mulai Latsar, dan Latsar hanya diikuti sekali. Catat dahulu dasar mengikuti lagi di halamannya.")
    return text % {"name": participant.full_name}


def _illegal(participant: Participant) -> str:
    return _("Tahapnya sekarang %(stage)s, jadi langkah ini tidak berlaku.") % {"stage": participant.get_stage_display()}


def _apply(participant: Participant, action: str, *, by: User, note: str, facts: dict[str, Any]) -> Participant:
    now, old, since = timezone.now(), participant.stage, participant.stage_at
    changed = {"stage": MOVES[action].target, **facts}
    if action == "start":
        changed["latsar_entries"] = participant.latsar_entries + 1
    before = audit.snapshot(participant, changed)
    for name, value in changed.items():
        setattr(participant, name, value)
    participant.stage_at = now
    participant.return_note = facts.get("return_note", note) if participant.stage == Stage.RETURNED else ""
    participant.version += 1
    participant.save(update_fields=[*changed, "stage_at", "return_note", "version", "updated_at"])
    participant.stage_changes.create(action=action, old=old, new=participant.stage, by=by, at=now, note=note)
    changes = audit.difference(before, audit.snapshot(participant, changed))
    audit.record(verb=action, obj=participant, by=by, changes=changes, note=note)
    if action == "submit":
        participant.field_notes.unsettled().update(settled_at=now)
    verification_notices.moved(participant, action, by=by, note=note, since=since)
    return participant
