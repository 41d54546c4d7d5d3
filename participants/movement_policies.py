"""Who proposes, decides and takes back a movement."""

from __future__ import annotations

from latsar.accounts.enums import Role
from latsar.accounts.models import AnyUser
from participants import policies
from participants.enums import MovementState
from participants.models import Movement, Participant
from participants.movement_rules import EXTENDING, possible_kinds


def can_propose(user: AnyUser, participant: Participant) -> bool:
    """Satker, province and PKSDM, for others and while anything is possible."""
    return policies.is_registrar(user, participant) and not policies.is_self(user, participant) and bool(possible_kinds(participant))


def can_decide(user: AnyUser, participant: Participant) -> bool:
    """PKSDM, never about oneself."""
    return policies.is_actor(user, participant, "approver")


def can_see_movements(user: AnyUser, participant: Participant) -> bool:
    """Who administers the person, who leads or audits, and the person: the reasons may be private."""
    return policies.is_registrar(user, participant) or policies.is_self(user, participant) or user.has_role(Role.PIMPINAN)


def can_correct(user: AnyUser, movement: Movement) -> bool:
    """Whether this extension is the one that counts now, and the person may record that it was wrong."""
    person = movement.participant
    is_current = movement.state == MovementState.APPLIED and movement.kind in EXTENDING and movement.until == person.extended_until
    return is_current and movement.until is not None and can_propose(user, person)


def can_cancel(user: AnyUser, movement: Movement) -> bool:
    return movement.is_open and movement.proposed_by_id == user.pk
