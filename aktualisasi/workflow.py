"""A paper between participant, mentor and coach, as a table."""

from __future__ import annotations

from dataclasses import dataclass

from aktualisasi.enums import PaperStage as Stage


@dataclass(frozen=True)
class Move:
    sources: frozenset[str]
    target: str
    actor: str
    needs_note: bool = False
    needs_version: bool = False


MOVES: dict[str, Move] = {
    "submit": Move(frozenset({Stage.DRAFT, Stage.RETURNED}), Stage.SUBMITTED, "author", needs_version=True),
    "withdraw": Move(frozenset({Stage.SUBMITTED}), Stage.DRAFT, "author"),
    "return": Move(frozenset({Stage.SUBMITTED}), Stage.RETURNED, "mentor", needs_note=True),
    "approve": Move(frozenset({Stage.SUBMITTED}), Stage.AT_COACH, "mentor"),
    "recall": Move(frozenset({Stage.AT_COACH}), Stage.SUBMITTED, "mentor"),
    "send_back": Move(frozenset({Stage.AT_COACH}), Stage.RETURNED, "coach", needs_note=True),
    "accept": Move(frozenset({Stage.AT_COACH}), Stage.APPROVED, "coach"),
    "reopen": Move(frozenset({Stage.APPROVED}), Stage.RETURNED, "coach", needs_note=True),
}
"""author: the participant. mentor: the participant's present mentor. coach: the coach of the participant's group."""

DECISIONS = {"mentor": ("return", "approve"), "coach": ("send_back", "accept")}
"""The two answers a reviewer has: back to the participant, or on."""

ANSWERED_AT = {"mentor": Stage.SUBMITTED, "coach": Stage.AT_COACH}
"""The stage in which a reviewer's answer is awaited."""
