"""Who plans."""

from __future__ import annotations

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from participants.planning.enums import PlanState
from participants.planning.plans import Plan


def can_plan(user: User) -> bool:
    """Only PKSDM plans for the nation."""
    return user.has_role(Role.PKSDM)


def can_change(user: User, plan: Plan) -> bool:
    """PKSDM, while it is a draft."""
    return can_plan(user) and plan.state == PlanState.DRAFT


def can_discard(user: User, plan: Plan) -> bool:
    """PKSDM, until it is applied."""
    return can_plan(user) and plan.state in (PlanState.DRAFT, PlanState.SOLVING)
