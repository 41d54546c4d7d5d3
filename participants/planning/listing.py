"""The plans that are kept, newest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils.safestring import SafeString

from latsar.accounts.models import User
from latsar.ui import components
from participants.planning.enums import PlanState
from participants.planning.plans import Plan, PlanQuerySet

PER_PAGE = 25
PILLS = {
    PlanState.DRAFT: ("", "pencil"),
    PlanState.SOLVING: ("info", "hourglass-split"),
    PlanState.COMMITTING: ("info", "hourglass-split"),
    PlanState.COMMITTED: ("ok", "check-lg"),
    PlanState.DISCARDED: ("", "x-lg"),
}


@dataclass(frozen=True)
class PlanRow:
    plan: Plan
    pill: SafeString

    @property
    def without(self) -> int | None:
        """People without a seat; None before the first computation."""
        found = self.plan.figures
        return found["unplaced"] + found["not_ready"] if found else None


def plan_pill(plan: Plan) -> SafeString:
    kind, icon = PILLS[PlanState(plan.state)]
    return components.pill(kind, plan.get_state_display(), icon)


def plan_rows(plans: Iterable[Plan]) -> list[PlanRow]:
    return [PlanRow(plan, plan_pill(plan)) for plan in plans]


def plan_page(user: User, choices: Mapping[str, str]) -> Page:
    """One page of plans, by state and part of the name; what was thrown away only when asked for."""
    return Paginator(_chosen(user, choices).select_related("created_by", "parent"), PER_PAGE).get_page(choices.get("halaman"))


def _chosen(user: User, choices: Mapping[str, str]) -> PlanQuerySet:
    plans = Plan.objects.visible_to(user)
    state = choices.get("keadaan", "")
    plans = plans.filter(state=state, is_trial=False) if state else plans.kept()
    for word in choices.get("cari", "").split()[:8]:
        plans = plans.filter(name__icontains=word)
    return plans
