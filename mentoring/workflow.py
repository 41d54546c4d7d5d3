"""How a session of guidance goes on: a table of action, from where, to where, by which side."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mentoring.enums import SessionStage


class Actor(StrEnum):
    """Which of the two sides may: either, or the one that did not speak last."""

    EITHER = "either"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Move:
    """`speaks` says that the actor's side is the one that spoke last afterwards."""

    sources: frozenset[str]
    target: str
    actor: Actor
    needs_note: bool = False
    speaks: bool = True


NEW = ""
MOVES: dict[str, Move] = {
    "propose": Move(frozenset({NEW}), SessionStage.PROPOSED, Actor.EITHER),
    "log": Move(frozenset({NEW}), SessionStage.NOTED, Actor.EITHER),
    "reschedule": Move(frozenset({SessionStage.PROPOSED, SessionStage.AGREED}), SessionStage.PROPOSED, Actor.EITHER),
    "accept": Move(frozenset({SessionStage.PROPOSED}), SessionStage.AGREED, Actor.OTHER, speaks=False),
    "note": Move(frozenset({SessionStage.AGREED, SessionStage.NOTED, SessionStage.CONFIRMED}), SessionStage.NOTED, Actor.EITHER),
    "confirm": Move(frozenset({SessionStage.NOTED}), SessionStage.CONFIRMED, Actor.OTHER, speaks=False),
    "cancel": Move(
        frozenset({SessionStage.PROPOSED, SessionStage.AGREED, SessionStage.NOTED}),
        SessionStage.CANCELLED,
        Actor.EITHER,
        needs_note=True,
        speaks=False,
    ),
}
"""Who writes the notes confirms them by writing; a change asks the other side anew, so a confirmed session goes back to NOTED."""


def is_legal(action: str, *, stage: str, is_other: bool) -> bool:
    """Say whether an action is possible now for a side; `is_other` says that the other side spoke last."""
    move = MOVES.get(action)
    return move is not None and stage in move.sources and (move.actor == Actor.EITHER or is_other)
