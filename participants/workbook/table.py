"""Any table that an office brings, as XLSX or CSV, read as text: headings in the first filled row, then rows.

The same gate as for the import of people stands before it. A text that looks like a formula stays a text.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from python_calamine import CalamineWorkbook

from latsar.reports.writers import unescape_text
from participants.workbook.archive import broken
from participants.workbook.cells import display
from participants.workbook.gate import open_workbook_safely
from participants.workbook.refusal import WorkbookRefused

MAX_CSV_BYTES = 5 * 1024 * 1024
MAX_ROWS = 2_000
"""A batch has at most 200 people and 600 sessions."""
MAX_COLUMNS = 60
WIDEST = 256
"""Columns up to which a sheet is read at all: the reader takes room for every cell of the rectangle, also the empty ones."""
MAX_LETTERS = 500
HEADING_SEARCHED = 15
"""Rows in which the headings are looked for: exports begin with titles."""
DELIMITERS = ";,\t|"

Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds: `rows` are (number as a spreadsheet counts, texts in the order of the headings)."""

    filename: str
    sha256: str
    headings: list[str]
    rows: list[Row]


def read_table(source: BinaryIO, filename: str) -> Table:
    """Read a table, or raise WorkbookRefused saying why and what to do."""
    if Path(filename).suffix.lower() in (".csv", ".txt"):
        data = source.read(MAX_CSV_BYTES + 1)
        lines = list(_csv_lines(data))
    else:
        book = open_workbook_safely(source, filename, sheet=None)
        if book.scan.last_row > MAX_ROWS + HEADING_SEARCHED:
            raise _too_many_rows()
        if book.scan.last_column > WIDEST:
            message = _("Ada isi sampai kolom ke-%(column)s. Hapus kolom yang jauh di kanan tabel, lalu unggah lagi.")
            raise WorkbookRefused(message % {"column": book.scan.last_column}, "columns")
        data, lines = book.data, list(_sheet_lines(book.data, book.sheet_name))
    headings, first = _headings(lines)
    rows = [(number, (texts + [""] * len(headings))[: len(headings)]) for number, texts in lines if number > first and any(texts)]
    if len(rows) > MAX_ROWS:
        raise _too_many_rows()
    if not rows:
        raise WorkbookRefused(_("Belum ada baris di bawah judul kolom. Periksa berkasnya, lalu unggah lagi."), "no_rows")
    return Table(Path(filename).name[:150], hashlib.sha256(data).hexdigest(), headings, rows)


def _csv_lines(data: bytes) -> Iterator[Row]:
    if not data:
        raise WorkbookRefused(_("Berkas kosong. Ekspor lagi dari sistemnya, lalu unggah."), "empty")
    if len(data) > MAX_CSV_BYTES:
        raise WorkbookRefused(_("Berkas lebih besar dari 5 MB. Hapus kolom yang tidak dipakai, lalu unggah lagi."), "size")
    text = _decoded(data)
    if "\0" in text:
        raise WorkbookRefused(_("Ini bukan berkas CSV. Ekspor sebagai CSV atau XLSX, lalu unggah lagi."), "not_csv")
    sample = text[:4000]
    delimiter = max(DELIMITERS, key=sample.count)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
            if number > MAX_ROWS + HEADING_SEARCHED:
                raise _too_many_rows()
            yield number, [_clean(cell) for cell in cells[:MAX_COLUMNS]]
    except csv.Error:
        raise WorkbookRefused(_("Isi CSV ini rusak. Ekspor lagi dari sistemnya, lalu unggah."), "broken_csv") from None


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WorkbookRefused(_("Huruf di berkas ini tidak terbaca. Simpan sebagai CSV UTF-8, lalu unggah lagi."), "encoding")


def _sheet_lines(data: bytes, sheet_name: str) -> Iterator[Row]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            sheet = book.get_sheet_by_name(sheet_name)
            matrix: list[list[Any]] = sheet.to_python(skip_empty_area=False) if sheet.end else []
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # the reader is compiled code, and its panics are no Exception
        raise broken() from None
    for number, cells in enumerate(matrix[: MAX_ROWS + HEADING_SEARCHED], start=1):
        yield number, [_clean(display(cell)) for cell in cells[:MAX_COLUMNS]]
    if any(any(display(cell).strip() for cell in row) for row in matrix[MAX_ROWS + HEADING_SEARCHED :]):
        raise _too_many_rows()


def _clean(text: str) -> str:
    return unescape_text(" ".join(text.split())[:MAX_LETTERS])


def _headings(lines: list[Row]) -> tuple[list[str], int]:
    """Take the first row with most different filled cells among the first ones; name columns without a heading."""
    best: Row | None = None
    for number, texts in lines[:HEADING_SEARCHED]:
        filled = len({text for text in texts if text})
        if filled > 1 and (best is None or filled > len({text for text in best[1] if text})):
            best = (number, texts)
    if best is None:
        raise WorkbookRefused(
            _("Judul kolom tidak ditemukan. Isi paling sedikit dua kolom dengan judul di baris pertama."), "heading_missing"
        )
    headings: list[str] = []
    for index, text in enumerate(best[1], start=1):
        name = text[:80] or _("Kolom %(n)d") % {"n": index}
        headings.append(name if name not in headings else f"{name} ({index})")
    return headings, best[0]


def _too_many_rows() -> WorkbookRefused:
    message = _("Berkas berisi lebih dari %(limit)s baris. Bagi menjadi beberapa berkas, lalu unggah satu per satu.")
    return WorkbookRefused(message % {"limit": f"{MAX_ROWS:,}".replace(",", ".")}, "rows")
