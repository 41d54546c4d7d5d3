"""The life of an angkatan, as a table one could show to a committee."""

from __future__ import annotations

from dataclasses import dataclass

from latsar.training.enums import BatchStage, RequestState


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

SEAT_REQUEST_MOVES: dict[str, Move] = {
    "send": Move(frozenset({RequestState.DRAFT}), RequestState.SENT, "asker"),
    "grant": Move(frozenset({RequestState.SENT}), RequestState.GRANTED, "answerer"),
    "refuse": Move(frozenset({RequestState.SENT}), RequestState.REFUSED, "answerer"),
    "reconsider": Move(frozenset({RequestState.GRANTED, RequestState.REFUSED}), RequestState.SENT, "answerer"),
    "agree": Move(frozenset({RequestState.GRANTED}), RequestState.AGREED, "asker"),
    "close": Move(frozenset({RequestState.GRANTED, RequestState.REFUSED, RequestState.AGREED}), RequestState.CLOSED, "asker"),
    "withdraw": Move(frozenset({RequestState.DRAFT, RequestState.SENT, RequestState.GRANTED}), RequestState.WITHDRAWN, "asker"),
}
"""asker: the province that asks, and PKSDM for all. answerer: the institute itself, and the asker who got its letter on paper."""
