"""The one locked door over the workflow of a participant's file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.enums import Role
from latsar.accounts.errors import IllegalMove, NotAllowed, Refused
from latsar.accounts.models import RoleGrant, User
from latsar.notices.enums import NoticeKind
from latsar.notices.services import News, notify_many
from participants import policies
from participants.dossier.checklist import holding_back
from participants.enums import Stage
from participants.models import Participant
from participants.workflow import MOVES

FILE_ACTIONS = ("submit", "withdraw_submission", "verify", "return", "approve", "return_to_satker")
"""The moves that need nothing but a note; the others belong to placement and graduation."""

NOTE_LIMIT = 500  # characters


@dataclass(frozen=True)
class Outcome:
    """What a bulk move did, or would do, for one person; `problem` is empty when it goes through."""

    participant: Participant
    problem: str = ""

    @property
    def is_done(self) -> bool:
        return not self.problem


@transaction.atomic
def move_participant(*, participant_id: int, action: str, by: User, note: str = "", facts: dict[str, Any] | None = None) -> Participant:
    """Apply one workflow move and record who made it.

    Locks the row first: a verification and a withdrawal must not cross. `facts` are columns that change with the
    stage, such as batch on "place" or qualification and graduated_on on "graduate".
    Raises NotAllowed when `by` does not see the person or is not the move's actor, IllegalMove when the stage does
    not allow `action`, Refused when the reason is missing.
    """
    participant = _locked(participant_id, by)
    move = MOVES[action]
    if not policies.is_actor(by, participant, move.actor):
        raise NotAllowed
    problem = _problem(participant, action, note)
    if problem is not None:
        raise problem
    return _apply(participant, action, by=by, note=note.strip(), facts=facts or {})


def preview_many(*, participant_ids: Iterable[int], action: str, by: User) -> list[Outcome]:
    """Say for each visible person whether `action` would go through, and why not. Changes nothing."""
    people = Participant.objects.visible_to(by).filter(pk__in=list(participant_ids)).select_related("satker", "province", "batch")
    held = holding_back(list(people), timezone.localdate()) if action == "submit" else {}
    return [Outcome(person, explain(by, person, action) or _held_words(held.get(person.pk, ""))) for person in people]


def move_many(*, participant_ids: Iterable[int], action: str, by: User, note: str = "") -> list[Outcome]:
    """Move each person in a transaction of their own; who cannot move is named with the reason and stays."""
    outcomes = []
    for outcome in preview_many(participant_ids=participant_ids, action=action, by=by):
        if outcome.is_done:
            try:
                moved = move_participant(participant_id=outcome.participant.pk, action=action, by=by, note=note)
            except Refused as refusal:
                outcomes.append(Outcome(outcome.participant, " ".join(refusal.messages)))
            except NotAllowed:
                outcomes.append(Outcome(outcome.participant, _("Bukan wewenang Anda.")))
            else:
                outcomes.append(Outcome(moved))
        else:
            outcomes.append(outcome)
    return outcomes


def explain(user: User, participant: Participant, action: str) -> str:
    """Return why this person cannot make this move now, or nothing."""
    if not policies.is_actor(user, participant, MOVES[action].actor):
        return _("Bukan wewenang Anda.")
    if participant.stage not in MOVES[action].sources:
        return _illegal(participant)
    return ""


def _locked(participant_id: int, by: User) -> Participant:
    row = Participant.objects.visible_to(by).select_related("province", "batch").select_for_update(of=("self",))
    participant = row.filter(pk=participant_id).first()
    if participant is None:
        raise NotAllowed
    return participant


def _problem(participant: Participant, action: str, note: str) -> Refused | None:
    if participant.stage not in MOVES[action].sources:
        return IllegalMove(_illegal(participant))
    if action == "start" and participant.latsar_entries >= participant.entries_allowed:
        return Refused(barred_text(participant))
    if MOVES[action].needs_note and not note.strip():
        return Refused(_("Tulis alasannya, supaya yang menerima tahu apa yang harus diperbaiki."))
    if len(note.strip()) > NOTE_LIMIT:
        return Refused(_("Alasan terlalu panjang, paling banyak %(limit)d huruf.") % {"limit": NOTE_LIMIT})
    held = holding_back([participant], timezone.localdate()) if action == "submit" else {}
    return Refused(_held_words(held[participant.pk])) if held else None


def _held_words(documents: str) -> str:
    """Say which documents hold the submission back, or nothing."""
    return _("Belum dapat diajukan. Berkas yang masih kurang: %(documents)s.") % {"documents": documents} if documents else ""


def barred_text(participant: Participant) -> str:
    """Say that Latsar is followed once, and what opens the way again. Ref: PP 11/2017 Pasal 34."""
    text = _("%(name)s sudah pernah mulai Latsar, dan Latsar hanya diikuti sekali. Catat dahulu dasar mengikuti lagi di halamannya.")
    return text % {"name": participant.full_name}


def _illegal(participant: Participant) -> str:
    return _("Tahapnya sekarang %(stage)s, jadi langkah ini tidak berlaku.") % {"stage": participant.get_stage_display()}


def _apply(participant: Participant, action: str, *, by: User, note: str, facts: dict[str, Any]) -> Participant:
    now, old = timezone.now(), participant.stage
    changed = {"stage": MOVES[action].target, **facts}
    if action == "start":
        changed["latsar_entries"] = participant.latsar_entries + 1
    before = audit.snapshot(participant, changed)
    for name, value in changed.items():
        setattr(participant, name, value)
    participant.stage_at = now
    participant.return_note = note if participant.stage == Stage.RETURNED else ""
    participant.version += 1
    participant.save(update_fields=[*changed, "stage_at", "return_note", "version", "updated_at"])
    participant.stage_changes.create(action=action, old=old, new=participant.stage, by=by, at=now, note=note)
    changes = audit.difference(before, audit.snapshot(participant, changed))
    audit.record(verb=action, obj=participant, by=by, changes=changes, note=note)
    if action == "submit":
        participant.field_notes.unsettled().update(settled_at=now)
    if participant.stage == Stage.RETURNED:
        _tell_satker(participant, note)
    return participant


def _tell_satker(participant: Participant, note: str) -> None:
    def text() -> str:
        return _("%(name)s dikembalikan: %(note)s") % {"name": participant.full_name, "note": note}

    admins = RoleGrant.objects.valid().filter(role=Role.ADMIN_SATKER, satker_id=participant.satker_id).select_related("user")
    url = participant.get_absolute_url()
    notify_many(news=[News(grant.user, text, NoticeKind.VERIFICATION, url, lambda: _("Perbaiki")) for grant in admins])
