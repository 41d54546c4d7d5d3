"""Who may do what to batches. The same answers hide the buttons and guard the services."""

from __future__ import annotations

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.training.enums import BatchStage
from latsar.training.models import Batch
from latsar.training.workflow import MOVES


def is_actor(user: User, batch: Batch, actor: str) -> bool:
    """Whether the person stands in the relation that a workflow move names."""
    return actor == "planner" and user.has_role(Role.PKSDM)


def can_plan_batches(user: User) -> bool:
    """Only PKSDM prepares, opens, starts and closes an angkatan."""
    return user.has_role(Role.PKSDM)


def can_edit_batch(user: User, batch: Batch) -> bool:
    """PKSDM, until the angkatan is closed."""
    return can_plan_batches(user) and batch.stage != BatchStage.CLOSED


def can_edit_phases(user: User, batch: Batch) -> bool:
    """PKSDM, and the province that organises the batch with its institute."""
    if batch.stage == BatchStage.CLOSED:
        return False
    return can_plan_batches(user) or (batch.province_id is not None and batch.province_id in user.scope.province_ids)


def can_run_batch(user: User, batch: Batch) -> bool:
    """PKSDM and the institute where the batch is placed."""
    return can_plan_batches(user) or batch.institute_id in user.scope.institute_ids


def can_edit_sessions(user: User, batch: Batch) -> bool:
    """PKSDM and the institute of the batch, until it is closed."""
    return batch.stage != BatchStage.CLOSED and can_run_batch(user, batch)


def possible_moves(user: User, batch: Batch) -> list[str]:
    """Name the workflow moves that are legal now and this person's to make."""
    return [name for name, move in MOVES.items() if batch.stage in move.sources and is_actor(user, batch, move.actor)]
