"""Rows out of a workbook that passed the gate. The sheet must keep the heading contract; cells are judged elsewhere."""

import io
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineWorkbook

from participants.workbook.archive import broken
from participants.workbook.cells import HEADINGS, REQUIRED, CellValue, ErrorCell, FormulaCell, RawRow
from participants.workbook.gate import SafeWorkbook
from participants.workbook.headings import find_columns
from participants.workbook.refusal import WorkbookRefused
from participants.workbook.sheet_scan import SheetScan

__all__ = ["HEADINGS", "MAX_ROWS", "REQUIRED", "RawRow", "read_rows"]

MAX_ROWS = 20_000
MAX_COLUMNS = 40  # more than the contract has, so that a stray column is still named by its heading

Matrix = list[list[Any]]


def read_rows(workbook: SafeWorkbook) -> list[RawRow]:
    """Read the rows of the CPNS sheet that are not blank, or raise WorkbookRefused when its layout is wrong.

    Columns may stand in any order; values keep the type the spreadsheet gives them, formulas and error cells are marked.
    """
    _check_extent(workbook.scan)
    matrix = _load(workbook)
    if len(matrix) > MAX_ROWS + 1 and any(_filled(row) for row in matrix[MAX_ROWS + 1 :]):
        raise _too_many_rows()
    columns = find_columns(matrix, workbook.scan)
    rows = _rows(matrix, columns)
    if not rows:
        raise WorkbookRefused(_("Belum ada baris CPNS di bawah judul. Isi mulai baris 2, lalu unggah lagi."), "no_rows")
    return _mark(rows, columns, workbook.scan)


def _check_extent(scan: SheetScan) -> None:
    if scan.too_many:
        raise WorkbookRefused(
            _("Lembar CPNS berisi terlalu banyak rumus atau sel gabungan. Salin, tempel sebagai nilai (Paste Values) ke templat kosong."),
            "formulas",
        )
    if scan.last_row > MAX_ROWS + 1:
        raise _too_many_rows()
    if scan.last_column > MAX_COLUMNS:
        message = _("Ada isi jauh di kanan tabel, di kolom ke-%(column)d. Hapus semua kolom sesudah kolom judul yang terakhir.")
        raise WorkbookRefused(message % {"column": scan.last_column}, "heading_extra")


def _load(workbook: SafeWorkbook) -> Matrix:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(workbook.data)) as book:
            sheet = book.get_sheet_by_name(workbook.sheet_name)
            return sheet.to_python(skip_empty_area=False) if sheet.end else []
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # the reader is compiled code, and its panics are no Exception
        raise broken() from None


def _rows(matrix: Matrix, columns: dict[str, int]) -> list[RawRow]:
    pick = itemgetter(*(columns[heading] for heading in HEADINGS))
    return [RawRow(number, pick(row)) for number, row in enumerate(matrix[1:], start=2) if _filled(row)]


def _filled(row: list[Any]) -> bool:
    return any(value != "" and not (isinstance(value, str) and value.isspace()) for value in row)


def _mark(rows: list[RawRow], columns: dict[str, int], scan: SheetScan) -> list[RawRow]:
    if not (scan.formulas or scan.formula_areas or scan.errors):
        return rows
    return [RawRow(row.number, tuple(_marked(row, heading, columns, scan) for heading in HEADINGS)) for row in rows]


def _marked(row: RawRow, heading: str, columns: dict[str, int], scan: SheetScan) -> CellValue:
    value = row.values[HEADINGS.index(heading)]
    column = columns[heading] + 1
    if (row.number, column) in scan.errors:
        value = ErrorCell()
    return FormulaCell(value) if scan.has_formula(row.number, column) else value


def _too_many_rows() -> WorkbookRefused:
    message = _("Lembar CPNS berisi lebih dari %(limit)s baris. Pisahkan menjadi beberapa berkas, lalu unggah satu per satu.")
    return WorkbookRefused(message % {"limit": f"{MAX_ROWS:,}".replace(",", ".")}, "rows")
