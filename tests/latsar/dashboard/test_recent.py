"""Every audited deed reads as a sentence, on the home page and in a person's history."""

from __future__ import annotations

import re
from pathlib import Path

from aktualisasi.enums import PaperKind
from aktualisasi.workflow import MOVES as PAPER_MOVES
from latsar.dashboard.recent import VERBS
from participants.person_story import STORY_WORDS
from participants.workflow import MOVES

ROOT = Path(__file__).resolve().parents[3]
TOLD_OF_PERSONS = {
    "assign_group",
    "mark_progress",
    "assign_mentor",
    "end_mentor",
    "start_rancangan",
    "title_aktualisasi",
    "invite",
    "change",
}


def literal_verbs() -> set[str]:
    sources = [path for room in ("latsar", "participants", "mentoring", "aktualisasi") for path in (ROOT / room).rglob("*.py")]
    return {verb for path in sources for verb in re.findall(r'\bverb="(\w+)"', path.read_text())}


def test_verbs_of_the_source_all_have_words():
    verbs = literal_verbs() | set(MOVES) | {f"{move}_{kind}" for move in PAPER_MOVES for kind in PaperKind.values}
    assert len(verbs) > 30
    assert verbs - {"export"} - set(VERBS) == set()


def test_verbs_about_a_person_all_have_words_in_the_history():
    assert (TOLD_OF_PERSONS | set(MOVES)) - set(STORY_WORDS) == set()
