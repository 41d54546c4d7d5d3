"""What a reader sees of one version: the page in front, its neighbours, and where the notes are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from aktualisasi.models import PaperVersion, ReviewNote
from latsar.ui.numbers import whole_number

NEIGHBOURS = 2
MAX_TABS = 9


@dataclass(frozen=True)
class Tab:
    page: int
    notes: int
    is_current: bool


@dataclass(frozen=True)
class Point:
    """A note on the page in front, by its number in the list; `x` and `y` in percent."""

    number: int
    x: str
    y: str


@dataclass(frozen=True)
class Viewer:
    version: PaperVersion
    page: int
    tabs: list[Tab]
    points: list[Point]

    @property
    def previous(self) -> int | None:
        return self.page - 1 if self.page > 1 else None

    @property
    def following(self) -> int | None:
        return self.page + 1 if self.page < self.version.pages else None


def viewer(version: PaperVersion, wanted: str, notes: Iterable[ReviewNote]) -> Viewer:
    """Open a version at the wanted page, the first when that is none; a page outside counts as the nearest one."""
    page = max(min(whole_number(wanted) or 1, version.pages), 1)
    notes = list(notes)
    points = [
        Point(number, f"{(note.x or 0) / 10:.1f}", f"{(note.y or 0) / 10:.1f}")
        for number, note in enumerate(notes, 1)
        if note.has_point and note.page == page and note.version_id == version.pk
    ]
    noted = Counter(note.page for note in notes if note.page and note.version_id == version.pk)
    near = {1, *range(max(1, page - NEIGHBOURS), min(version.pages, page + NEIGHBOURS) + 1)}
    shown = sorted({*near, *sorted(noted)[: MAX_TABS - len(near)]})
    return Viewer(version, page, [Tab(number, noted[number], number == page) for number in shown], points)
