"""What is written during the habituasi, between participant and mentor, as tables."""

from __future__ import annotations

from dataclasses import dataclass

from aktualisasi.habituasi_enums import ChangeStage, ReportStage


@dataclass(frozen=True)
class Move:
    """`author` is the participant, `mentor` the participant's present mentor."""

    sources: frozenset[str]
    target: str
    actor: str
    needs_note: bool = False


REPORT_MOVES: dict[str, Move] = {
    "send": Move(frozenset({ReportStage.DRAFT, ReportStage.RETURNED}), ReportStage.SENT, "author"),
    "withdraw": Move(frozenset({ReportStage.SENT}), ReportStage.DRAFT, "author"),
    "return": Move(frozenset({ReportStage.SENT}), ReportStage.RETURNED, "mentor", needs_note=True),
    "approve": Move(frozenset({ReportStage.SENT}), ReportStage.APPROVED, "mentor"),
    "reopen": Move(frozenset({ReportStage.APPROVED}), ReportStage.RETURNED, "mentor", needs_note=True),
}
CHANGE_MOVES: dict[str, Move] = {
    "withdraw": Move(frozenset({ChangeStage.OPEN}), ChangeStage.WITHDRAWN, "author"),
    "approve": Move(frozenset({ChangeStage.OPEN}), ChangeStage.APPROVED, "mentor"),
    "refuse": Move(frozenset({ChangeStage.OPEN}), ChangeStage.REFUSED, "mentor", needs_note=True),
}
