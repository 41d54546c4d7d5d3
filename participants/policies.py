"""Who may do what to a participant's file. The same answers hide the button and stop the service."""

from __future__ import annotations

from latsar.accounts.enums import Role
from latsar.accounts.models import AnyUser
from latsar.accounts.policies import can_see_contacts
from latsar.satker.models import Satker, SatkerKind
from participants.enums import Stage
from participants.models import Participant
from participants.workflow import MOVES

OPEN_FOR_SATKER = frozenset({Stage.REGISTERED, Stage.RETURNED})
OPEN_FOR_PROVINCE = OPEN_FOR_SATKER | {Stage.SUBMITTED}
INVITABLE = frozenset({Stage.VERIFIED, Stage.APPROVED, Stage.PLACED, Stage.TRAINING, Stage.GRADUATED})


def can_register(user: AnyUser, satker: Satker) -> bool:
    """PKSDM anywhere, a province in its satker, a satker at home; never in a closed unit."""
    return satker.closed_on is None and user.scope.administers(satker_id=satker.pk, province_id=satker.province_id)


def is_actor(user: AnyUser, participant: Participant, actor: str) -> bool:
    """Whether the person stands in the relation that a move names; nobody judges their own file."""
    match actor:
        case "registrar":
            return is_registrar(user, participant)
        case "verifier":
            return not is_self(user, participant) and _is_verifier(user, participant)
        case "approver":
            return not is_self(user, participant) and user.has_role(Role.PKSDM)
        case "graduator":
            return not is_self(user, participant) and (user.has_role(Role.PKSDM) or _is_institute(user, participant))
    return False


def is_registrar(user: AnyUser, participant: Participant) -> bool:
    return user.scope.administers(satker_id=participant.satker_id, province_id=participant.province_id)


def can_move(user: AnyUser, participant: Participant, action: str) -> bool:
    """Whether the workflow has this move now and the person is its actor."""
    move = MOVES.get(action)
    return move is not None and participant.stage in move.sources and is_actor(user, participant, move.actor)


def can_edit(user: AnyUser, participant: Participant) -> bool:
    """The satker until it submits, its province until it verifies, PKSDM always: a certificate may wait for a birth place."""
    if not is_registrar(user, participant):
        return False
    if user.has_role(Role.PKSDM):
        return True
    if participant.province_id in user.scope.province_ids:
        return participant.stage in OPEN_FOR_PROVINCE
    return participant.stage in OPEN_FOR_SATKER


def can_invite(user: AnyUser, participant: Participant) -> bool:
    """Whether the person may send the invitation: after the province vouched for the file, until the account is in use."""
    return is_registrar(user, participant) and participant.stage in INVITABLE and not is_active(participant)


def is_active(participant: Participant) -> bool:
    """Whether the participant has taken the account into use."""
    return participant.user is not None and participant.user.is_in_use


def can_see_special_needs(user: AnyUser, participant: Participant) -> bool:
    return is_registrar(user, participant) or is_self(user, participant)


def can_see_contact(user: AnyUser, participant: Participant) -> bool:
    return can_see_contacts(user) or is_self(user, participant)


def can_see_views(user: AnyUser, participant: Participant) -> bool:
    """Who looked at the data is for the person and for those who answer for the data."""
    return is_registrar(user, participant) or is_self(user, participant)


def can_issue_certificates(user: AnyUser, participant: Participant | None = None) -> bool:
    """PKSDM for everybody, except for oneself."""
    return user.has_role(Role.PKSDM) and (participant is None or not is_self(user, participant))


def is_self(user: AnyUser, participant: Participant) -> bool:
    """Whether the person looks at their own file."""
    return participant.user_id is not None and participant.user_id == user.scope.user_id


def _is_verifier(user: AnyUser, participant: Participant) -> bool:
    if participant.province_id in user.scope.province_ids:
        return True
    return user.has_role(Role.PKSDM) and participant.province.kind == SatkerKind.SETJEN


def _is_institute(user: AnyUser, participant: Participant) -> bool:
    return participant.batch is not None and participant.batch.institute_id in user.scope.institute_ids
