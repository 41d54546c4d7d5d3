"""The life of an angkatan, as a table one could show to a committee."""

from __future__ import annotations

from dataclasses import dataclass

from latsar.training.enums import BatchStage


@dataclass(frozen=True)
class Move:
    """`actor` names the relation that `policies.is_actor` knows."""

    sources: frozenset[str]
    target: str
    actor: str


MOVES: dict[str, Move] = {
    "open": Move(frozenset({BatchStage.DRAFT}), BatchStage.OPEN, "planner"),
    "start": Move(frozenset({BatchStage.OPEN}), BatchStage.RUNNING, "planner"),
    "close": Move(frozenset({BatchStage.RUNNING}), BatchStage.CLOSED, "planner"),
}
"""planner: PKSDM. Opening freezes scheme, method, curriculum and golongan; starting takes the placed people into training."""
