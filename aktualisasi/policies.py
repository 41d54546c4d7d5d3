from __future__ import annotations

from aktualisasi.enums import PaperKind, PaperStage, Reviewer
from aktualisasi.models import Paper, Rancangan
from aktualisasi.workflow import ANSWERED_AT, MOVES
from latsar.accounts.enums import Role
from latsar.accounts.models import User
from mentoring.policies import is_coach_of, is_mentor_of
from participants.enums import Stage
from participants.models import Participant


def is_author(user: User, participant: Participant) -> bool:
    """Say whether this is the participant in person, with a participant role that is valid today."""
    return user.has_role(Role.PESERTA) and participant.user_id == user.pk


def can_write(user: User, participant: Participant) -> bool:
    """Say whether the person may write a rancangan now: the own one, while placed or in training."""
    return is_author(user, participant) and participant.stage in (Stage.PLACED, Stage.TRAINING)


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
