"""The life of a seminar and of the scores given in it, as tables one could show to a committee."""

from __future__ import annotations

from aktualisasi.seminar_enums import MarkState, SeminarState
from participants.workflow import Move

SEMINAR_MOVES: dict[str, Move] = {
    "announce": Move(frozenset({SeminarState.DRAFT}), SeminarState.ANNOUNCED, "planner"),
    "start": Move(frozenset({SeminarState.ANNOUNCED}), SeminarState.RUNNING, "host"),
    "finish": Move(frozenset({SeminarState.RUNNING}), SeminarState.DONE, "planner"),
    "reopen": Move(frozenset({SeminarState.DONE}), SeminarState.RUNNING, "planner", needs_note=True),
    "cancel": Move(
        frozenset({SeminarState.DRAFT, SeminarState.ANNOUNCED, SeminarState.RUNNING}), SeminarState.CANCELLED, "planner", needs_note=True
    ),
}
"""planner: PKSDM and the institute of the batch, until it is closed. host: a planner or an examiner of the seminar."""

PLANNED = frozenset({SeminarState.DRAFT, SeminarState.ANNOUNCED})
"""While a seminar has not begun its day, turns and examiners may change."""
SCORED = frozenset({SeminarState.ANNOUNCED, SeminarState.RUNNING, SeminarState.DONE})
"""From the day of the seminar on, scores are taken in these."""

MARK_MOVES: dict[str, Move] = {
    "save": Move(frozenset({MarkState.DRAFT}), MarkState.DRAFT, "scorer"),
    "send": Move(frozenset({MarkState.DRAFT}), MarkState.SENT, "scorer"),
    "correct": Move(frozenset({MarkState.SENT}), MarkState.SENT, "scorer", needs_note=True),
}
"""scorer: who the scheme says scores this part of the turn, or a planner who copies that person's paper form."""
