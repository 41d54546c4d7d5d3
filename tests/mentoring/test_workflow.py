"""The table of a session: every stage, action and side against a literal set."""

from __future__ import annotations

from itertools import product

from mentoring.enums import SessionStage
from mentoring.workflow import MOVES, NEW, is_legal

STAGES = ("", "proposed", "agreed", "noted", "confirmed", "cancelled")
WHO = ("other", "same")
"""Whether the side that acts is the one that did not speak last."""

LEGAL = {
    ("", "propose", "other", "proposed"),
    ("", "propose", "same", "proposed"),
    ("", "log", "other", "noted"),
    ("", "log", "same", "noted"),
    ("proposed", "accept", "other", "agreed"),
    ("proposed", "reschedule", "other", "proposed"),
    ("proposed", "reschedule", "same", "proposed"),
    ("proposed", "cancel", "other", "cancelled"),
    ("proposed", "cancel", "same", "cancelled"),
    ("agreed", "reschedule", "other", "proposed"),
    ("agreed", "reschedule", "same", "proposed"),
    ("agreed", "note", "other", "noted"),
    ("agreed", "note", "same", "noted"),
    ("agreed", "cancel", "other", "cancelled"),
    ("agreed", "cancel", "same", "cancelled"),
    ("noted", "note", "other", "noted"),
    ("noted", "note", "same", "noted"),
    ("noted", "confirm", "other", "confirmed"),
    ("noted", "cancel", "other", "cancelled"),
    ("noted", "cancel", "same", "cancelled"),
    ("confirmed", "note", "other", "noted"),
    ("confirmed", "note", "same", "noted"),
}


def test_session_moves_full_product_is_the_literal_table():
    found = {
        (stage, action, who, MOVES[action].target)
        for stage, action, who in product(STAGES, MOVES, WHO)
        if is_legal(action, stage=stage, is_other=who == "other")
    }
    assert found == LEGAL


def test_stages_of_the_table_are_all_stages():
    assert {*SessionStage.values, NEW} == set(STAGES)
    assert not is_legal("publish", stage="noted", is_other=True)
