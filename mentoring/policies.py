from __future__ import annotations

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.training.models import Batch
from mentoring.models import GroupCoach, Mentor, MentorAssignment
from participants.enums import ENDED
from participants.models import Participant, Placement
from participants.seating_policies import can_group

UNIT_ADMINS = (Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM)


def can_register(user: User) -> bool:
    """Say whether the person may add somebody to the mentor pool."""
    return user.has_role(*UNIT_ADMINS)


def can_assign(user: User, participant: Participant) -> bool:
    """Say whether the person may give this participant a mentor: the own satker, the province, or PKSDM."""
    scope = user.scope
    return user.has_role(*UNIT_ADMINS) and scope.administers(satker_id=participant.satker_id, province_id=participant.province_id)


def can_assign_coach(user: User, batch: Batch) -> bool:
    """PKSDM and the institute, until the angkatan is closed: who makes the groups names their coaches."""
    return can_group(user, batch)


def may_be_guided(participant: Participant) -> bool:
    """Say whether guidance still makes sense: until graduation or leaving."""
    return participant.stage not in ENDED


def is_same_person(mentor: Mentor, participant: Participant) -> bool:
    """Nobody guides oneself, whether told by the NIP or by the account."""
    return mentor.nip == participant.nip or (participant.user_id is not None and mentor.user_id == participant.user_id)


def is_mentor_of(user: User, participant_id: int) -> bool:
    """Say whether the person is the participant's present mentor."""
    return MentorAssignment.objects.mentored_by(user).filter(participant_id=participant_id).exists()


def is_coach_of(user: User, participant_id: int) -> bool:
    """Say whether the person coaches the participant's group in the present batch."""
    placement = Placement.objects.active().filter(participant_id=participant_id).values("seat__batch_id", "group").first()
    if placement is None or placement["group"] is None:
        return False
    own = GroupCoach.objects.coached_by(user)
    return own.filter(batch_id=placement["seat__batch_id"], group=placement["group"]).exists()
