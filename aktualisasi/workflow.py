"""The rancangan between participant and mentor, as a table."""

from __future__ import annotations

from dataclasses import dataclass

from aktualisasi.enums import RancanganStage as Stage


@dataclass(frozen=True)
class Move:
    sources: frozenset[str]
    target: str
    actor: str
    needs_note: bool = False
    needs_file: bool = False


MOVES: dict[str, Move] = {
    "submit": Move(frozenset({Stage.DRAFT, Stage.RETURNED}), Stage.SUBMITTED, "author", needs_file=True),
    "withdraw": Move(frozenset({Stage.SUBMITTED}), Stage.DRAFT, "author"),
    "return": Move(frozenset({Stage.SUBMITTED}), Stage.RETURNED, "mentor", needs_note=True),
    "approve": Move(frozenset({Stage.SUBMITTED}), Stage.APPROVED, "mentor"),
    "reopen": Move(frozenset({Stage.APPROVED}), Stage.RETURNED, "mentor", needs_note=True),
}
"""author: the participant. mentor: the participant's present mentor."""
