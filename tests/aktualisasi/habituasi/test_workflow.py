"""Every stage x action x relation against literal sets: what is not written here must be refused."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from aktualisasi.habituasi_enums import ChangeStage, ReportStage
from aktualisasi.habituasi_workflow import CHANGE_MOVES, REPORT_MOVES
from aktualisasi.models import PlanChange, WeeklyReport, WeeklyReportChange
from aktualisasi.services.plan_changes import move_change
from aktualisasi.services.weekly import move_report
from latsar.accounts.errors import IllegalMove, NotAllowed
from latsar.accounts.models import User
from tests.aktualisasi.test_workflow import RELATIONS

REPORTS = {
    ("draft", "send", "author", "sent"),
    ("returned", "send", "author", "sent"),
    ("sent", "withdraw", "author", "draft"),
    ("sent", "return", "mentor", "returned"),
    ("sent", "approve", "mentor", "approved"),
    ("approved", "reopen", "mentor", "returned"),
}
REPORT_ACTIONS = ("send", "withdraw", "return", "approve", "reopen")
REPORT_ACTORS = {"send": "author", "withdraw": "author", "return": "mentor", "approve": "mentor", "reopen": "mentor"}
CHANGES = {
    ("open", "withdraw", "author", "withdrawn"),
    ("open", "approve", "mentor", "approved"),
    ("open", "refuse", "mentor", "refused"),
}
CHANGE_ACTIONS = ("withdraw", "approve", "refuse")
CHANGE_ACTORS = {"withdraw": "author", "approve": "mentor", "refuse": "mentor"}


def person(work, cast, relation: str) -> User:
    own = {
        "author": work.story.author,
        "mentor": work.story.mentor,
        "coach": work.story.coach,
        "other_mentor": cast.mentor_b,
        "other_coach": cast.coach_b,
    }
    return own.get(relation) or getattr(cast, relation)


def test_tables_have_no_other_actions() -> None:
    assert (tuple(REPORT_MOVES), tuple(CHANGE_MOVES)) == (REPORT_ACTIONS, CHANGE_ACTIONS)


def outcome_of(move: Callable[..., Any], **facts: Any) -> object:
    """Return the new stage, or how it was refused."""
    try:
        return move(note="Perbaiki", **facts).stage
    except (IllegalMove, NotAllowed) as refused:
        return type(refused)


def refusal(actors: dict[str, str], action: str, relation: str) -> type[Exception]:
    return IllegalMove if relation == actors[action] else NotAllowed


@pytest.mark.parametrize("stage", ReportStage.values)
def test_move_report_full_product_matches_the_literal_set(work, cast, stage) -> None:
    """Every action by every relation from this stage; each try is taken back before the next."""
    report = work.write()
    WeeklyReport.objects.update(stage=stage, note="Perbaiki")
    for action, relation in product(REPORT_ACTIONS, RELATIONS):
        by = person(work, cast, relation)
        target = next((new for old, name, who, new in REPORTS if (old, name, who) == (stage, action, relation)), None)
        with transaction.atomic():
            got = outcome_of(move_report, report_id=report.pk, action=action, by=by)
            assert got == (target or refusal(REPORT_ACTORS, action, relation)), (stage, action, relation)
            changes = list(WeeklyReportChange.objects.values_list("old", "new", "by"))
            assert (WeeklyReport.objects.get().stage, changes) == ((target, [(stage, target, by.pk)]) if target else (stage, []))
            transaction.set_rollback(True)


@pytest.mark.parametrize("stage", ChangeStage.values)
def test_move_change_full_product_matches_the_literal_set(work, cast, stage) -> None:
    change = work.ask()
    if stage != "open":
        PlanChange.objects.update(stage=stage, closed_by=work.story.mentor, closed_at=timezone.now(), note="Sebab")
    for action, relation in product(CHANGE_ACTIONS, RELATIONS):
        target = next((new for old, name, who, new in CHANGES if (old, name, who) == (stage, action, relation)), None)
        with transaction.atomic():
            got = outcome_of(move_change, change_id=change.pk, action=action, by=person(work, cast, relation))
            assert got == (target or refusal(CHANGE_ACTORS, action, relation)), (stage, action, relation)
            assert PlanChange.objects.get().stage == (target or stage)
            transaction.set_rollback(True)
