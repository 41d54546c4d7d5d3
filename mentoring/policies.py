from __future__ import annotations

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.training.models import Batch
from mentoring.enums import GuideKind, Side
from mentoring.models import GroupCoach, Handover, Mentor, MentorAssignment, MentoringSession
from mentoring.workflow import is_legal
from participants.enums import ENDED
from participants.models import Participant, Placement
from participants.seating_policies import can_group

GUIDANCE_READERS = (Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM, Role.PIMPINAN, Role.LEMBAGA)
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


def can_edit_mentor(user: User, mentor: Mentor) -> bool:
    """Say whether the person may change a mentor's data and record trainings: who administers the mentor's satker."""
    scope = user.scope
    return user.has_role(*UNIT_ADMINS) and scope.administers(satker_id=mentor.satker_id, province_id=mentor.province_id)


def can_waive(user: User, mentor: Mentor) -> bool:
    """Only PKSDM lets a mentor guide more than five, and nobody oneself."""
    return user.has_role(Role.PKSDM) and mentor.user_id != user.pk


def can_read_decision(user: User, mentor: Mentor) -> bool:
    """Say whether the person may open the file of a decision: the nation, who administers the mentor's satker, the mentor."""
    scope = user.scope
    return scope.covers_unit(satker_id=mentor.satker_id, province_id=mentor.province_id) or mentor.user_id == user.pk


def can_issue_charters(user: User) -> bool:
    """PKSDM gives out the charters of mentors."""
    return user.has_role(Role.PKSDM)


def can_write_handover(user: User, handover: Handover) -> bool:
    """The mentor who leaves writes, until the other one has received it."""
    return handover.received_at is None and handover.before.mentor.user_id == user.pk


def can_receive_handover(user: User, handover: Handover) -> bool:
    """The mentor who takes over receives it, once and while guiding."""
    return handover.received_at is None and handover.after.ended_at is None and handover.after.mentor.user_id == user.pk


def side_of(user: User, session: MentoringSession) -> str:
    """Return on which side of a session the person stands, "" on none; a guide only while guiding."""
    if session.participant.user_id == user.pk:
        return Side.PARTICIPANT
    if session.guide_id != user.pk:
        return ""
    guides = is_mentor_of if session.kind == GuideKind.MENTOR else is_coach_of
    return Side.GUIDE if guides(user, session.participant_id) and is_live(session) else ""


def is_live(session: MentoringSession) -> bool:
    """Say whether the guide of the session still guides the person."""
    if session.kind == GuideKind.MENTOR:
        return session.assignment is not None and session.assignment.ended_at is None
    return GroupCoach.objects.of_participant(session.participant_id).filter(coach_id=session.guide_id).exists()


def can_move(user: User, session: MentoringSession, action: str) -> bool:
    """Say whether this side may do this now; with a guide who left, the participant may only confirm or cancel."""
    side = side_of(user, session)
    return bool(side) and is_open_for(session, action, side=side, live=is_live(session))


def is_open_for(session: MentoringSession, action: str, *, side: str, live: bool) -> bool:
    """The table, and what remains when the guide has left."""
    if not live and not (side == Side.PARTICIPANT and action in ("confirm", "cancel")):
        return False
    return is_legal(action, stage=session.stage, is_other=session.last_side != side)
