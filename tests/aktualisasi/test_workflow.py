"""Every stage x action x relation against a literal set: what is not written here must be refused."""

from __future__ import annotations

import pytest

from aktualisasi import services
from aktualisasi.enums import RancanganStage
from aktualisasi.models import Rancangan, RancanganFile, RancanganStageChange
from aktualisasi.workflow import MOVES
from latsar.accounts.errors import IllegalMove, NotAllowed
from latsar.accounts.models import User

ALLOWED = {
    ("draft", "submit", "author", "submitted"),
    ("returned", "submit", "author", "submitted"),
    ("submitted", "withdraw", "author", "draft"),
    ("submitted", "return", "mentor", "returned"),
    ("submitted", "approve", "mentor", "approved"),
    ("approved", "reopen", "mentor", "returned"),
}
ACTIONS = ("submit", "withdraw", "return", "approve", "reopen")
ACTORS_OF = {"submit": "author", "withdraw": "author", "return": "mentor", "approve": "mentor", "reopen": "mentor"}
RELATIONS = (
    "author",
    "mentor",
    "other_mentor",
    "coach",
    "admin_kupang",
    "provinsi_a",
    "pksdm",
    "pimpinan",
    "lembaga_a",
    "penguji_a",
    "stranger",
)


def person(story, cast, relation: str) -> User:
    own = {"author": story.author, "mentor": story.mentor, "coach": story.coach, "other_mentor": cast.mentor_b}
    return own.get(relation) or getattr(cast, relation)


@pytest.fixture
def rancangan(story) -> Rancangan:
    made = story.write()
    RancanganFile.objects.create(rancangan=made, number=1, name="a.pdf", size=1, pages=3, sha256="0" * 64, uploaded_by=story.author)
    return made


def test_moves_table_has_no_other_actions() -> None:
    assert tuple(MOVES) == ACTIONS


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("stage", RancanganStage.values)
def test_move_rancangan_full_product_matches_the_literal_set(story, cast, rancangan, stage, action, relation) -> None:
    Rancangan.objects.update(stage=stage)
    by = person(story, cast, relation)
    target = next((row[3] for row in ALLOWED if row[:3] == (stage, action, relation)), None)
    if target is None:
        expected = IllegalMove if ACTORS_OF[action] == relation else NotAllowed
        with pytest.raises(expected):
            services.move_rancangan(rancangan_id=rancangan.pk, action=action, by=by, note="Perbaiki")
        rancangan.refresh_from_db()
        assert (rancangan.stage, RancanganStageChange.objects.count()) == (stage, 0)
        return
    services.move_rancangan(rancangan_id=rancangan.pk, action=action, by=by, note="Perbaiki")
    rancangan.refresh_from_db()
    change = RancanganStageChange.objects.get()
    assert (rancangan.stage, change.action, change.old, change.new, change.by) == (target, action, stage, target, by)


def test_move_rancangan_unknown_action_is_not_allowed(story, rancangan) -> None:
    with pytest.raises(NotAllowed):
        services.move_rancangan(rancangan_id=rancangan.pk, action="delete", by=story.author)
