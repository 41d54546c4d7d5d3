"""The life of a score sheet, as a table one could show to a committee."""

from __future__ import annotations

from participants.scoring.enums import SheetState
from participants.workflow import Move

SHEET_MOVES: dict[str, Move] = {
    "submit": Move(frozenset({SheetState.FILLING}), SheetState.SUBMITTED, "filler"),
    "take_back": Move(frozenset({SheetState.SUBMITTED}), SheetState.FILLING, "filler"),
    "return": Move(frozenset({SheetState.SUBMITTED, SheetState.CHECKED}), SheetState.FILLING, "checker", needs_note=True),
    "check": Move(frozenset({SheetState.SUBMITTED}), SheetState.CHECKED, "checker"),
    "finalise": Move(frozenset({SheetState.CHECKED}), SheetState.FINAL, "checker"),
    "reopen": Move(frozenset({SheetState.FINAL}), SheetState.FILLING, "publisher", needs_note=True),
    "publish": Move(frozenset({SheetState.FINAL}), SheetState.PUBLISHED, "publisher"),
}
"""filler: the batch's institute or PKSDM. checker: the same people, but nobody who entered a score of this sheet.
publisher: PKSDM. After publication single scores change only by a correction that a second person confirms."""
