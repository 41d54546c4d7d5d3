"""Every stage x action x relation against literal sets: what is not written here must be refused."""

from __future__ import annotations

import pytest
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


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("action", REPORT_ACTIONS)
@pytest.mark.parametrize("stage", ReportStage.values)
def test_move_report_full_product_matches_the_literal_set(work, cast, stage, action, relation) -> None:
    report = work.write()
    WeeklyReport.objects.update(stage=stage, note="Perbaiki")
    target = next((new for old, name, who, new in REPORTS if (old, name, who) == (stage, action, relation)), None)
    by = person(work, cast, relation)
    if target:
        assert move_report(report_id=report.pk, action=action, by=by, note="Perbaiki").stage == target
        change = WeeklyReportChange.objects.get()
        assert (change.old, change.new, change.by) == (stage, target, by)
        return
    with pytest.raises(IllegalMove if relation == REPORT_ACTORS[action] else NotAllowed):
        move_report(report_id=report.pk, action=action, by=by, note="Perbaiki")
    assert (WeeklyReport.objects.get().stage, WeeklyReportChange.objects.count()) == (stage, 0)


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("action", CHANGE_ACTIONS)
@pytest.mark.parametrize("stage", ChangeStage.values)
def test_move_change_full_product_matches_the_literal_set(work, cast, stage, action, relation) -> None:
    change = work.ask()
    if stage != "open":
        PlanChange.objects.update(stage=stage, closed_by=work.story.mentor, closed_at=timezone.now(), note="Sebab")
    target = next((new for old, name, who, new in CHANGES if (old, name, who) == (stage, action, relation)), None)
    by = person(work, cast, relation)
    if target:
        assert move_change(change_id=change.pk, action=action, by=by, note="Sebab").stage == target
        return
    with pytest.raises(IllegalMove if relation == CHANGE_ACTORS[action] else NotAllowed):
        move_change(change_id=change.pk, action=action, by=by, note="Sebab")
    assert PlanChange.objects.get().stage == stage
