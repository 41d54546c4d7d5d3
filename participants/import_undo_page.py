"""What the page shows before an import is undone: what goes, what comes back, what stays and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from latsar.ui.components import Figure
from latsar.ui.words import thousands
from participants.import_preview import FILTER_PARAM
from participants.services.judging import HEADING_OF
from participants.services.undoing import Verdict

PAGE_ROWS, GLANCE_ROWS = 50, 20
KEPT, RESTORED, REMOVED = "dibiarkan", "dikembalikan", "dihapus"


@dataclass(frozen=True, slots=True)
class UndoLine:
    """One row of the file: whose it is, and what undoing does with it or why it does nothing."""

    number: int
    name: str
    nip: str
    text: str


@dataclass(frozen=True, slots=True)
class UndoSection:
    fate: str
    title: str
    column: str
    page: Page[Verdict]
    lines: list[UndoLine]
    more_href: str = ""


class UndoPlan:
    """The verdicts of an import by fate; hidden ones are counted only."""

    def __init__(self, verdicts: Sequence[Verdict]) -> None:
        self._by_fate: dict[str, list[Verdict]] = {KEPT: [], RESTORED: [], REMOVED: []}
        self.hidden_count = sum(verdict.is_hidden for verdict in verdicts)
        for verdict in verdicts:
            if not verdict.is_hidden:
                self._by_fate[fate_of(verdict)].append(verdict)

    @property
    def undoable_count(self) -> int:
        return len(self._by_fate[RESTORED]) + len(self._by_fate[REMOVED])

    @property
    def kept_count(self) -> int:
        return len(self._by_fate[KEPT]) + self.hidden_count

    def figures(self, chosen: str) -> list[Figure]:
        """Draw the three counts as filters; the chosen one leads back to all."""
        drawn = (
            (REMOVED, _("Dihapus"), _("didaftarkan oleh impor ini"), "bad", "x-lg"),
            (RESTORED, _("Kembali ke nilai lama"), _("diubah oleh impor ini"), "warn", "arrow-counterclockwise"),
            (KEPT, _("Dibiarkan"), _("sudah disentuh sesudah impor"), "mute", "check-lg"),
        )
        return [
            Figure(
                label=label,
                number=len(self._by_fate[fate]),
                note=note,
                href="?" if fate == chosen else f"?{FILTER_PARAM}={fate}",
                level=level,
                icon=icon,
                is_current=fate == chosen,
            )
            for fate, label, note, level, icon in drawn
        ]

    def sections(self, chosen: str, page_number: str | None) -> list[UndoSection]:
        """Show the rows of the chosen fate, else a glance at each fate that has any."""
        if chosen in self._by_fate:
            return [self._section(chosen, PAGE_ROWS, page_number)]
        return [self._section(fate, GLANCE_ROWS, None) for fate, verdicts in self._by_fate.items() if verdicts]

    def _section(self, fate: str, size: int, page_number: str | None) -> UndoSection:
        verdicts = self._by_fate[fate]
        page = Paginator(verdicts, size).get_page(page_number)
        title, column = {
            KEPT: (_("%(count)s baris dibiarkan"), _("Sebabnya")),
            RESTORED: (_("%(count)s baris kembali ke nilai lama"), _("Yang kembali")),
            REMOVED: (_("%(count)s orang dihapus lagi"), _("Satker")),
        }[fate]
        glance = size == GLANCE_ROWS and page.paginator.num_pages > 1
        more = f"?{FILTER_PARAM}={fate}" if glance else ""
        return UndoSection(fate, title % {"count": thousands(len(verdicts))}, column, page, [_line(one) for one in page], more)


def fate_of(verdict: Verdict) -> str:
    """Name what undoing does with a row."""
    if verdict.problem:
        return KEPT
    return REMOVED if verdict.removes else RESTORED


def _line(verdict: Verdict) -> UndoLine:
    row = verdict.row
    if verdict.problem:
        text = verdict.problem
    elif verdict.removes:
        text = str(row.data.get("code", ""))
    else:
        blank = _("(kosong)")
        changes = (f"{HEADING_OF[name]}: {new or blank} → {old or blank}" for name, (old, new) in row.changes.items())
        text = "; ".join(changes)
    return UndoLine(row.number, row.label, row.nip, text)
