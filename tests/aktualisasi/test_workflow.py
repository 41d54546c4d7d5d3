"""Every stage x action x relation against a literal set: what is not written here must be refused."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone

from aktualisasi import services
from aktualisasi.enums import PaperKind, PaperStage
from aktualisasi.models import Paper, PaperStageChange, PaperVersion
from aktualisasi.workflow import MOVES
from latsar.accounts.errors import IllegalMove, NotAllowed
from latsar.accounts.models import User

ALLOWED = {
    ("draft", "submit", "author", "submitted"),
    ("returned", "submit", "author", "submitted"),
    ("submitted", "withdraw", "author", "draft"),
    ("submitted", "return", "mentor", "returned"),
    ("submitted", "approve", "mentor", "at_coach"),
    ("at_coach", "recall", "mentor", "submitted"),
    ("at_coach", "send_back", "coach", "returned"),
    ("at_coach", "accept", "coach", "approved"),
    ("approved", "reopen", "coach", "returned"),
}
ACTIONS = ("submit", "withdraw", "return", "approve", "recall", "send_back", "accept", "reopen")
ACTORS_OF = {
    "submit": "author", "withdraw": "author", "return": "mentor", "approve": "mentor", "recall": "mentor",
    "send_back": "coach", "accept": "coach", "reopen": "coach",
}  # fmt: skip
RELATIONS = (
    "author",
    "mentor",
    "other_mentor",
    "coach",
    "other_coach",
    "admin_kupang",
    "provinsi_a",
    "pksdm",
    "pimpinan",
    "lembaga_a",
    "penguji_a",
    "stranger",
)


def person(story, cast, relation: str) -> User:
    own = {"author": story.author, "mentor": story.mentor, "coach": story.coach, "other_mentor": cast.mentor_b, "other_coach": cast.coach_b}
    return own.get(relation) or getattr(cast, relation)


@pytest.fixture(params=PaperKind.values)
def paper(story, request) -> Paper:
    made = story.write()
    if request.param == PaperKind.LAPORAN:
        made = Paper.objects.create(rancangan=made.rancangan, kind=PaperKind.LAPORAN)
    PaperVersion.objects.create(paper=made, number=1, name="a.pdf", size=1, pages=3, sha256="0" * 64, uploaded_by=story.author)
    return made


def test_moves_table_has_no_other_actions() -> None:
    assert tuple(MOVES) == ACTIONS


@pytest.mark.parametrize("stage", PaperStage.values)
def test_move_paper_full_product_matches_the_literal_set(story, cast, paper, stage) -> None:
    """Every action by every relation from this stage; each try is taken back before the next."""
    Paper.objects.filter(pk=paper.pk).update(stage=stage, first_submitted_at=timezone.now())
    people = {relation: person(story, cast, relation) for relation in RELATIONS}
    for action in ACTIONS:
        for relation, by in people.items():
            target = next((row[3] for row in ALLOWED if row[:3] == (stage, action, relation)), None)
            with transaction.atomic():
                assert outcome_of(paper, action, by) == (target or refusal(action, relation)), (stage, action, relation)
                paper.refresh_from_db()
                changes = list(PaperStageChange.objects.values_list("action", "old", "new", "by"))
                assert (paper.stage, changes) == ((target, [(action, stage, target, by.pk)]) if target else (stage, []))
                transaction.set_rollback(True)
            paper.refresh_from_db()


def refusal(action: str, relation: str) -> type[Exception]:
    """Who stands in the right relation is told that it is not the time; everybody else that there is nothing."""
    return IllegalMove if ACTORS_OF[action] == relation else NotAllowed


def outcome_of(paper: Paper, action: str, by: User) -> object:
    try:
        return services.move_paper(paper_id=paper.pk, action=action, by=by, note="Perbaiki").stage
    except (IllegalMove, NotAllowed) as refused:
        return type(refused)


def test_move_paper_unknown_action_is_not_allowed(story, paper) -> None:
    with pytest.raises(NotAllowed):
        services.move_paper(paper_id=paper.pk, action="delete", by=story.author)
