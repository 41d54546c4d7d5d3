from __future__ import annotations

from aktualisasi.enums import PaperKind, PaperStage, Reviewer
from aktualisasi.models import Paper, Rancangan
from aktualisasi.workflow import ANSWERED_AT, MOVES
from latsar.accounts.enums import Role
from latsar.accounts.models import User
from mentoring.policies import is_coach_of, is_mentor_of
from participants.enums import SEATED, UNSEATED, Stage
from participants.models import Participant


def is_author(user: User, participant: Participant) -> bool:
    """Say whether this is the participant in person, with a participant role that is valid today."""
    return user.has_role(Role.PESERTA) and participant.user_id == user.pk


def can_write(user: User, participant: Participant) -> bool:
    """Say whether the person may write a rancangan now: the own one, while placed or in training."""
    return is_author(user, participant) and participant.stage in (Stage.PLACED, Stage.TRAINING)


def can_plan(user: User, participant: Participant) -> bool:
    """Say whether the person may fill the fields of the rancangan: the own one, also before a seat is found."""
    return is_author(user, participant) and participant.stage in (*UNSEATED, *SEATED)


def can_change_plan(user: User, rancangan: Rancangan) -> bool:
    """Say whether the fields take a change now; shows fields or plain text."""
    return rancangan.is_editable and can_plan(user, rancangan.participant)


def can_record_correction(user: User, rancangan: Rancangan) -> bool:
    """The participant and the mentor write down what the superior corrected, also after the submission."""
    return can_plan(user, rancangan.participant) or is_mentor_of(user, rancangan.participant_id)


def can_edit_template(user: User, institute_id: int | None) -> bool:
    """PKSDM edits every template; an operator the one of the own institute."""
    return user.has_role(Role.PKSDM) or (institute_id is not None and institute_id in user.scope.institute_ids)


def is_actor(user: User, paper: Paper, actor: str) -> bool:
    """Say whether the person stands in the relation that the workflow table names."""
    match actor:
        case "author":
            return can_write(user, paper.rancangan.participant)
        case "mentor":
            return is_mentor_of(user, paper.participant_id)
        case "coach":
            return is_coach_of(user, paper.participant_id) and not is_author(user, paper.rancangan.participant)
    return False


def can_move(user: User, paper: Paper, action: str) -> bool:
    """Say whether the workflow allows this move now and this person may make it; shows or hides the button."""
    move = MOVES[action]
    return paper.stage in move.sources and is_actor(user, paper, move.actor)


def reviewer_role(user: User, paper: Paper) -> Reviewer | None:
    """Return as what the person may answer this paper now, or nothing."""
    for role in Reviewer:
        if paper.stage == ANSWERED_AT[role] and is_actor(user, paper, role):
            return role
    return None


def can_review(user: User, paper: Paper) -> bool:
    """Say whether the person may answer this paper now."""
    return reviewer_role(user, paper) is not None


def may_report(rancangan: Rancangan) -> bool:
    """Say whether the laporan may be written: the rancangan was approved to the end, or handed in on its way there before."""
    paper = rancangan.paper(PaperKind.RANCANGAN)
    return (paper is not None and paper.stage == PaperStage.APPROVED) or rancangan.paper(PaperKind.LAPORAN) is not None
