"""What a reader sees of one version: the page in front, its neighbours, and where the notes are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from aktualisasi.models import RancanganFile, ReviewNote
from latsar.ui.numbers import whole_number

NEIGHBOURS = 2
MAX_TABS = 9


@dataclass(frozen=True)
class Tab:
    page: int
    notes: int
    is_current: bool


@dataclass(frozen=True)
class Viewer:
    version: RancanganFile
    page: int
    tabs: list[Tab]

    @property
    def previous(self) -> int | None:
        return self.page - 1 if self.page > 1 else None

    @property
    def following(self) -> int | None:
        return self.page + 1 if self.page < self.version.pages else None


def viewer(version: RancanganFile, wanted: str, notes: Iterable[ReviewNote]) -> Viewer:
    """Open a version at the wanted page, the first when that is none; a page outside counts as the nearest one."""
    page = min(max(whole_number(wanted) or 1, 1), version.pages)
    noted = Counter(note.page for note in notes if note.page and note.file_id == version.pk)
    near = {1, *range(max(1, page - NEIGHBOURS), min(version.pages, page + NEIGHBOURS) + 1)}
    shown = sorted({*near, *sorted(noted)[: MAX_TABS - len(near)]})
    return Viewer(version, page, [Tab(number, noted[number], number == page) for number in shown])
