"""The dossier as the verification queue shows it: one document in front, the checklist with answers beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from latsar.ui.numbers import whole_number
from participants.dossier.checklist import WAITING, Line
from participants.dossier.page import Pages, Summary, summary_of
from participants.services.answering import DocumentAnswer

ACCEPT, RETURN = "terima", "kembali"
ACTIONS = {ACCEPT: "accept", RETURN: "return"}
ANSWER, REASON = "dok_", "alasan_"


@dataclass(frozen=True, slots=True)
class Point:
    """One line beside the page image, with what was chosen for it in a refused form and whether it was refused for want of a reason."""

    line: Line
    is_shown: bool
    answer: str = ""
    reason: str = ""
    lacks_reason: bool = False

    @property
    def is_open(self) -> bool:
        """Whether an answer can be given now."""
        return self.line.document is not None and self.line.document.state == WAITING


@dataclass(frozen=True, slots=True)
class Sight:
    """What of one person's dossier is in front of the verifier."""

    points: list[Point]
    summary: Summary
    shown: Line | None = None
    previous: Line | None = None
    following: Line | None = None
    pages: Pages | None = None
    neighbours: list[Line] = field(default_factory=list)

    @property
    def position(self) -> int:
        return self.neighbours.index(self.shown) + 1 if self.shown else 0


def sight_of(lines: list[Line], *, wanted: str, page: str, given: Mapping[str, str], lacking: Collection[int] = ()) -> Sight:
    """Put the wanted document of a checklist in front, else the first one that waits, else the first there is; `lacking` want a reason."""
    there = [line for line in lines if line.document is not None]
    waiting = [line for line in there if line.state == WAITING]
    shown = next((line for line in there if line.code == wanted), None) or next(iter(waiting or there), None)
    points = [_point(line, line is shown, given, lacking) for line in lines]
    if shown is None or shown.document is None:
        return Sight(points, summary_of(lines))
    place = there.index(shown)
    return Sight(
        points,
        summary_of(lines),
        shown,
        there[place - 1] if place else None,
        there[place + 1] if place + 1 < len(there) else None,
        Pages.read(page, shown.document.pages),
        there,
    )


def answers_in(given: Mapping[str, str]) -> list[DocumentAnswer]:
    """Read the answers of the form, as service arguments."""
    found = []
    for name, value in given.items():
        number = whole_number(name.removeprefix(ANSWER)) if name.startswith(ANSWER) else None
        if number is not None and value in ACTIONS:
            found.append(DocumentAnswer(number, ACTIONS[value], given.get(f"{REASON}{number}", "") if value == RETURN else ""))
    return found


def without_reason(answers: Iterable[DocumentAnswer]) -> list[int]:
    """Return the documents that go back without a word about why."""
    return [one.document_id for one in answers if one.action == ACTIONS[RETURN] and not one.note.strip()]


def _point(line: Line, is_shown: bool, given: Mapping[str, str], lacking: Collection[int]) -> Point:  # noqa: FBT001
    if line.document is None:
        return Point(line, is_shown)
    pk = line.document.pk
    return Point(line, is_shown, given.get(f"{ANSWER}{pk}", ""), given.get(f"{REASON}{pk}", ""), pk in lacking)
