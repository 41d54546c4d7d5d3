"""Who may do what to batches. The same answers hide the buttons and guard the services."""

from __future__ import annotations

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.training.enums import BatchStage, RequestState, StageScope
from latsar.training.models import Batch, Curriculum, Institute, RegulationScheme, SeatRequest
from latsar.training.seat_requests import HELD
from latsar.training.workflow import MOVES, SEAT_REQUEST_MOVES

STAGE_KEEPERS = (Role.PKSDM, Role.ADMIN_PROVINSI, Role.ADMIN_SATKER)
STAGE_READERS = (*STAGE_KEEPERS, Role.PIMPINAN)


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


def can_reshape(user: User, batch: Batch) -> bool:
    """Who edits the phases, while nobody is in training: phases come, go and change their names only before the start."""
    return batch.stage in (BatchStage.DRAFT, BatchStage.OPEN) and can_edit_phases(user, batch)


def can_keep_stages(user: User) -> bool:
    """PKSDM the national stages, a province its own and those of its satker, a satker its own."""
    return user.has_role(*STAGE_KEEPERS)


def can_read_stages(user: User) -> bool:
    """Who reads the list of tahapan pemilu."""
    return user.has_role(*STAGE_READERS)


def can_edit_stage(user: User, *, scope: str, satker_id: int | None, province_id: int | None) -> bool:
    """Whether the person keeps a stage of this scope for this unit."""
    if user.has_role(Role.PKSDM):
        return True
    if scope == StageScope.NATION or satker_id is None:
        return False
    if scope == StageScope.PROVINCE:
        return satker_id in user.scope.province_ids
    return user.scope.administers(satker_id=satker_id, province_id=province_id)


def can_run_batch(user: User, batch: Batch) -> bool:
    """PKSDM and the institute where the batch is placed."""
    return can_plan_batches(user) or batch.institute_id in user.scope.institute_ids


def can_edit_sessions(user: User, batch: Batch) -> bool:
    """PKSDM and the institute of the batch, until it is closed."""
    return batch.stage != BatchStage.CLOSED and can_run_batch(user, batch)


def possible_moves(user: User, batch: Batch) -> list[str]:
    """Name the workflow moves that are legal now and this person's to make."""
    return [name for name, move in MOVES.items() if batch.stage in move.sources and is_actor(user, batch, move.actor)]


def can_edit_rules(user: User) -> bool:
    """Only PKSDM writes schemes and curricula."""
    return user.has_role(Role.PKSDM)


def can_read_rules(user: User, rules: RegulationScheme | Curriculum) -> bool:
    """Published rules are everybody's; a draft is read where it is written, and by leaders."""
    return rules.published_at is not None or user.scope.nation


def can_edit_draft(user: User, rules: RegulationScheme | Curriculum) -> bool:
    """PKSDM, until the rules are published."""
    return can_edit_rules(user) and rules.published_at is None


def can_edit_institute(user: User, institute: Institute) -> bool:
    """PKSDM, and the province in which the institute stands."""
    return user.has_role(Role.PKSDM) or (institute.province_id is not None and institute.province_id in user.scope.province_ids)


def can_edit_contacts(user: User, institute: Institute) -> bool:
    """Who edits the institute, and the institute itself."""
    return can_edit_institute(user, institute) or institute.pk in user.scope.institute_ids


def can_edit_tariffs(user: User) -> bool:
    """Only PKSDM: budgets are counted with them."""
    return user.has_role(Role.PKSDM)


def can_ask_seats(user: User) -> bool:
    """PKSDM and the provinces ask institutes for seats."""
    return user.has_role(Role.PKSDM, Role.ADMIN_PROVINSI)


def is_request_actor(user: User, request: SeatRequest, actor: str) -> bool:
    """Whether the person stands in the relation that a move of a seat request names."""
    asks = user.has_role(Role.PKSDM) or (request.province_id is not None and request.province_id in user.scope.province_ids)
    if actor == "answerer":
        return asks or request.institute_id in user.scope.institute_ids
    return actor == "asker" and asks


def can_edit_request(user: User, request: SeatRequest) -> bool:
    """The asker, while nothing has been sent."""
    return request.state == RequestState.DRAFT and is_request_actor(user, request, "asker")


def possible_request_moves(user: User, request: SeatRequest) -> list[str]:
    """Name the moves of a seat request that are legal now and this person's to make."""
    moves = SEAT_REQUEST_MOVES.items()
    return [name for name, move in moves if request.state in move.sources and is_request_actor(user, request, move.actor)]


def can_plan_request(user: User, request: SeatRequest) -> bool:
    """PKSDM, from seats that were granted."""
    return can_plan_batches(user) and request.state in HELD
