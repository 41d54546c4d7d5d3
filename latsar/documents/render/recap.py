"""The printed report: a heading, a few figures, perhaps the map, one table with totals, and where it all comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.template.loader import get_template

from latsar.documents.render.pdf import render_pdf

TEMPLATE = "documents/report/rekap.html"
MAP_ASSET = "asset:map.svg"


@dataclass(frozen=True)
class Figure:
    """A number that stands alone above the table, with what it counts and a note below."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Column:
    """A column of the table; figures stand right and tabular."""

    label: str
    is_number: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell as it is printed."""

    text: str
    is_number: bool = False
    is_head: bool = False


@dataclass(frozen=True)
class Recap:
    """A report as text: numbers come formatted. `row_head` is the column that names the row, for readers who hear it."""

    title: str
    office: str
    filter_text: str
    table_title: str
    columns: Sequence[Column]
    body: Sequence[Sequence[str]]
    source_line: str
    total_row: Sequence[str] = ()
    figures: Sequence[Figure] = ()
    row_head: int = 0
    map_title: str = ""
    map_alt: str = ""
    note: str = ""
    created: str = ""
    map_svg: bytes = field(default=b"", repr=False)

    @property
    def rows(self) -> list[list[Cell]]:
        return [self._cells(row, self.row_head) for row in self.body]

    @property
    def totals(self) -> list[Cell]:
        return self._cells(self.total_row, -1)

    def _cells(self, row: Sequence[str], head: int) -> list[Cell]:
        if row and len(row) != len(self.columns):
            raise ValueError(f"a row of {len(row)} cells under {len(self.columns)} columns")
        return [Cell(text, column.is_number, at == head) for at, (text, column) in enumerate(zip(row, self.columns, strict=False))]


def render_recap(recap: Recap) -> bytes:
    """Render a report as PDF/A-3a. The map, when there is one, is an SVG made by the server."""
    html = get_template(TEMPLATE).render({"report": recap})
    return render_pdf(html, styles=("report",), assets={MAP_ASSET: recap.map_svg} if recap.map_svg else None)
