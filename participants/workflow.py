"""From registration to graduation, as a table one could show to a committee."""

from __future__ import annotations

from dataclasses import dataclass

from participants.enums import ENDED, LEFT, DossierState, Stage

STILL_HERE = frozenset(Stage) - frozenset(ENDED)


@dataclass(frozen=True)
class Move:
    """`actor` names the relation that `policies.is_actor` knows; `needs_note` asks for a reason."""

    sources: frozenset[str]
    target: str
    actor: str
    needs_note: bool = False


MOVES: dict[str, Move] = {
    "submit": Move(frozenset({Stage.REGISTERED, Stage.RETURNED}), Stage.SUBMITTED, "registrar"),
    "withdraw_submission": Move(frozenset({Stage.SUBMITTED}), Stage.REGISTERED, "registrar"),
    "verify": Move(frozenset({Stage.SUBMITTED}), Stage.VERIFIED, "verifier"),
    "return": Move(frozenset({Stage.SUBMITTED}), Stage.RETURNED, "verifier", needs_note=True),
    "approve": Move(frozenset({Stage.VERIFIED}), Stage.APPROVED, "approver"),
    "return_to_satker": Move(frozenset({Stage.VERIFIED, Stage.APPROVED}), Stage.RETURNED, "approver", needs_note=True),
    "place": Move(frozenset({Stage.APPROVED}), Stage.PLACED, "approver"),
    "release": Move(frozenset({Stage.PLACED}), Stage.APPROVED, "approver", needs_note=True),
    "start": Move(frozenset({Stage.PLACED}), Stage.TRAINING, "approver"),
    "graduate": Move(frozenset({Stage.TRAINING}), Stage.GRADUATED, "graduator"),
    "undo_graduate": Move(frozenset({Stage.GRADUATED}), Stage.TRAINING, "approver", needs_note=True),
    "defer": Move(frozenset({Stage.APPROVED, Stage.PLACED, Stage.TRAINING}), Stage.DEFERRED, "approver", needs_note=True),
    "resume": Move(frozenset({Stage.DEFERRED}), Stage.APPROVED, "approver"),
    "change_batch": Move(frozenset({Stage.PLACED, Stage.TRAINING}), Stage.PLACED, "approver", needs_note=True),
    "withdraw": Move(STILL_HERE, Stage.WITHDRAWN, "approver", needs_note=True),
    "pass_away": Move(STILL_HERE, Stage.WITHDRAWN, "approver", needs_note=True),
    "dismiss": Move(STILL_HERE, Stage.DISMISSED, "approver", needs_note=True),
    "reinstate": Move(frozenset(LEFT), Stage.REGISTERED, "approver", needs_note=True),
}
"""registrar: satker, its province or PKSDM. verifier: the province (PKSDM for the Secretariat General).
approver: PKSDM. graduator: PKSDM or the batch's institute."""

DOCUMENT_MOVES: dict[str, Move] = {
    "accept": Move(frozenset({DossierState.WAITING}), DossierState.ACCEPTED, "judge"),
    "return": Move(frozenset({DossierState.WAITING, DossierState.ACCEPTED}), DossierState.RETURNED, "judge", needs_note=True),
}
"""One document of a dossier. judge: who verifies the file, or PKSDM; a new upload begins again at waiting."""
