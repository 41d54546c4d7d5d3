"""Who enters, checks, finalises and publishes scores. The same answers hide the buttons and guard the services."""

from __future__ import annotations

from collections.abc import Container

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.training.enums import BatchStage, Rater
from latsar.training.models import Batch, ScoreComponent
from participants.models import Participant
from participants.policies import is_registrar, is_self
from participants.scoring.enums import ScoreSource, SheetState
from participants.scoring.scores import ScoreChange, ScoreRemark, ScoreSheet
from participants.scoring.workflow import SHEET_MOVES

SCORED_STAGES = (BatchStage.RUNNING, BatchStage.CLOSED)


def runs_scores(user: User, batch: Batch) -> bool:
    """PKSDM and the institute of the batch, once the batch runs."""
    return batch.stage in SCORED_STAGES and (user.has_role(Role.PKSDM) or batch.institute_id in user.scope.institute_ids)


def can_see_sheet(user: User, batch: Batch) -> bool:
    """Who runs the scores, and units that score a component of their own people."""
    if batch.stage not in SCORED_STAGES:
        return False
    return runs_scores(user, batch) or user.has_role(Role.ADMIN_SATKER, Role.ADMIN_PROVINSI)


def can_enter(user: User, batch: Batch, component: ScoreComponent, person: Participant) -> bool:
    """The institute and PKSDM every score, a unit what the scheme leaves to it; nobody their own."""
    if is_self(user, person) or batch.stage not in SCORED_STAGES:
        return False
    if runs_scores(user, batch):
        return True
    return component.rated_by == Rater.UNIT and is_registrar(user, person)


def is_examined(component: ScoreComponent) -> bool:
    """Whether a seminar scores this component: its penguji, coach or mentor may write their own column of it."""
    return bool(component.seminar) and component.rated_by in (Rater.EXAMINER, Rater.COACH, Rater.MENTOR)


def entered_by(batch: Batch) -> dict[int, str]:
    """Return who wrote raw scores of this sheet or what takes points off them, by name: who did neither checks nor finalises it."""
    names = ("by_id", "by__full_name")
    scores = ScoreChange.objects.filter(batch=batch, source__in=[ScoreSource.FORM, ScoreSource.FILE]).order_by().values_list(*names)
    remarks = ScoreRemark.objects.filter(batch=batch).order_by().values_list(*names)
    return dict(sorted(scores.union(remarks), key=lambda row: (row[1], row[0])))


def is_actor(user: User, batch: Batch, actor: str, entered: Container[int] | None = None) -> bool:
    """Whether the person stands in the relation that a move of the sheet names."""
    match actor:
        case "filler":
            return runs_scores(user, batch)
        case "checker":
            return runs_scores(user, batch) and user.pk not in (entered_by(batch) if entered is None else entered)
        case "publisher":
            return batch.stage in SCORED_STAGES and user.has_role(Role.PKSDM)
    return False


def possible_moves(user: User, sheet: ScoreSheet, entered: Container[int] | None = None) -> list[str]:
    """Name the moves that are legal now and this person's to make; `entered` saves asking again who wrote scores."""
    found = [name for name, move in SHEET_MOVES.items() if sheet.state in move.sources]
    return [name for name in found if is_actor(user, sheet.batch, SHEET_MOVES[name].actor, entered)]


def sees_results(user: User, batch: Batch, state: str | None) -> bool:
    """Who runs the scores from finalisation on; everybody who sees the people, once they are published."""
    if runs_scores(user, batch):
        return state in (SheetState.FINAL, SheetState.PUBLISHED)
    return state == SheetState.PUBLISHED


def can_object(user: User, participant: Participant) -> bool:
    """Only the participant, against their own published scores."""
    return is_self(user, participant)


def can_correct(user: User, batch: Batch, participant: Participant) -> bool:
    """Who runs the scores, never on oneself."""
    return runs_scores(user, batch) and not is_self(user, participant)


def can_record_sttp(user: User, batch: Batch) -> bool:
    """The institute that issues the STTP, and PKSDM."""
    return runs_scores(user, batch)
