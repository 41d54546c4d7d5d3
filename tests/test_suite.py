"""What the suite itself promises: tests that share something stay in one process, and no test finds less than migrations wrote."""

from __future__ import annotations

from pathlib import Path

from django.core.management import call_command

from participants.models import PlanningRule
from tests.schedule import JOURNEYS, SECONDS, LongestFirst

ROOT = Path(__file__).resolve().parents[1]


def test_files_and_journeys_stay_together():
    scope = LongestFirst._split_scope
    assert scope(None, "tests/test_demo.py::test_a[x::y]") == scope(None, "tests/test_demo.py::test_b") == "tests/test_demo.py"
    assert scope(None, f"{JOURNEYS}test_slip.py::test_a") == scope(None, f"{JOURNEYS}test_smoke.py::test_b")


def test_every_long_file_is_there():
    assert [path for path in SECONDS if not (ROOT / path).exists()] == []


def test_emptied_database_has_the_rows_of_its_migrations_again(transactional_db):
    before = list(PlanningRule.objects.order_by("code").values("code", "name", "value", "source"))
    call_command("flush", interactive=False, verbosity=0)
    assert before != []
    assert list(PlanningRule.objects.order_by("code").values("code", "name", "value", "source")) == before
