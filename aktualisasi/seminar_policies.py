"""Who plans seminars, who scores in them, who decides on a turn. The same answers hide the buttons and guard the services."""

from __future__ import annotations

from aktualisasi.models import Seminar, SeminarMark, SeminarRevision, SeminarTurn
from aktualisasi.seminar_enums import MarkState, SeminarState
from aktualisasi.seminar_workflow import MARK_MOVES, SCORED, SEMINAR_MOVES
from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.training.enums import BatchStage, Rater
from latsar.training.models import Batch
from latsar.training.policies import can_run_batch
from mentoring.policies import is_coach_of, is_mentor_of
from participants.policies import is_self


def plans(user: User, batch: Batch) -> bool:
    """PKSDM and the institute of the batch, while it is open or running."""
    return batch.stage in (BatchStage.OPEN, BatchStage.RUNNING) and can_run_batch(user, batch)


def examines(user: User, seminar: Seminar) -> bool:
    """Whether the person is an examiner of it, with a penguji role that is valid today."""
    if not user.has_role(Role.PENGUJI):
        return False
    return any(row.user_id == user.pk for row in seminar.examiners.all())


def is_actor(user: User, seminar: Seminar, actor: str) -> bool:
    """Whether the person stands in the relation that a move of the seminar names."""
    if actor == "host" and seminar.state != SeminarState.DRAFT and examines(user, seminar):
        return seminar.batch.stage == BatchStage.RUNNING
    return plans(user, seminar.batch)


def possible_moves(user: User, seminar: Seminar) -> list[str]:
    """Name the moves that are legal now and this person's to make."""
    return [name for name, move in SEMINAR_MOVES.items() if seminar.state in move.sources and is_actor(user, seminar, move.actor)]


def is_scorer(user: User, turn: SeminarTurn, rated_by: str, rater: int) -> bool:
    """Whether the scheme leaves this column of the turn to the person: an examiner by number, the coach, the mentor; nobody's own."""
    if is_self(user, turn.participant):
        return False
    match rated_by:
        case Rater.EXAMINER:
            mine = any((row.user_id, row.number) == (user.pk, rater) for row in turn.seminar.examiners.all())
            return user.has_role(Role.PENGUJI) and mine
        case Rater.COACH:
            return rater == 1 and is_coach_of(user, turn.participant_id)
        case Rater.MENTOR:
            return rater == 1 and is_mentor_of(user, turn.participant_id)
    return False


def is_deputy(user: User, turn: SeminarTurn) -> bool:
    """Whether the person may copy somebody's paper form: a planner, never for a turn of their own."""
    return plans(user, turn.seminar.batch) and not is_self(user, turn.participant)


def can_mark(user: User, turn: SeminarTurn, rated_by: str, rater: int, action: str, state: str = MarkState.DRAFT) -> bool:
    """Whether this step of a mark is legal now and this person's to make."""
    if turn.seminar.state not in SCORED or turn.seminar.batch.stage != BatchStage.RUNNING or state not in MARK_MOVES[action].sources:
        return False
    return is_scorer(user, turn, rated_by, rater) or is_deputy(user, turn)


def can_see_marks(user: User, turn: SeminarTurn, own: SeminarMark | None) -> bool:
    """Others' scores: planners always, a scorer once the own ones are sent."""
    return plans(user, turn.seminar.batch) or (own is not None and own.state == MarkState.SENT)


def can_decide(user: User, turn: SeminarTurn) -> bool:
    """Who records the result of a turn: a planner or an examiner, from the day on, never one's own."""
    if turn.seminar.state not in SCORED or turn.seminar.batch.stage != BatchStage.RUNNING or is_self(user, turn.participant):
        return False
    return plans(user, turn.seminar.batch) or examines(user, turn.seminar)


def can_repair(user: User, revision: SeminarRevision) -> bool:
    """The participant, while the coach has not confirmed it."""
    return revision.confirmed_at is None and user.has_role(Role.PESERTA) and is_self(user, revision.turn.participant)


def can_confirm(user: User, revision: SeminarRevision) -> bool:
    """The coach of the person, or a planner, once the participant says it is repaired."""
    turn = revision.turn
    if revision.done_at is None or is_self(user, turn.participant):
        return False
    return is_coach_of(user, turn.participant_id) or plans(user, turn.seminar.batch)


def can_keep_paper(user: User, turn: SeminarTurn) -> bool:
    """Who uploads the signed berita acara: a planner or an examiner, once the result is there."""
    return bool(turn.outcome) and not is_self(user, turn.participant) and (plans(user, turn.seminar.batch) or examines(user, turn.seminar))
