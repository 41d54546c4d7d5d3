"""The one safe writer: every workbook and CSV that leaves the portal is written here, row by row.

Text never becomes a formula, in no program that opens the file; numbers and dates keep their type.
Ref: OWASP ASVS 5.0 1.2.10.
"""

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO, Literal

from django.utils import timezone
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Kind = Literal["text", "int", "number", "date", "datetime", "money"]

MAX_CELL_LETTERS = 32_767
MAX_SHEET_ROWS = 1_048_576
EXACT_BELOW = 10**15  # a spreadsheet keeps 15 digits of a number
FIRST_DATE = date(1900, 3, 1)  # before it, spreadsheets disagree on the calendar

SAFE_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FORMATS: dict[str, dict[str, Any]] = {
    "text": {"num_format": "@", "valign": "top"},
    "int": {"num_format": "0", "valign": "top"},
    "number": {"num_format": "#,##0.00", "valign": "top"},
    "money": {"num_format": "#,##0", "valign": "top"},
    "date": {"num_format": "dd-mm-yyyy", "align": "left", "valign": "top"},
    "datetime": {"num_format": "dd-mm-yyyy hh:mm", "align": "left", "valign": "top"},
}
HEADER_FORMAT: dict[str, Any] = {
    "bold": True, "bg_color": "#7a1a2b", "font_color": "#ffffff", "text_wrap": True, "valign": "vcenter", "num_format": "@",
}  # fmt: skip
_NUMBERS: tuple[Kind, ...] = ("int", "number", "money")

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORMULA_START = re.compile(r"[\s\x00\ufeff\u200b]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n\x00]")
_BAD_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a report; `width` in characters."""

    title: str
    width: int = 16
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: optional title lines, the headings, and rows that may be a generator."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    titles: Sequence[str] = ()


@dataclass(slots=True)
class Written:
    """What was written, and in how many cells a character or an excess of text had to be replaced."""

    rows: int = 0
    replaced: int = 0


def safe_text(value: object) -> str:
    """Make any value a text that no spreadsheet takes for a formula: a dangerous start gets a leading apostrophe."""
    text = str(value)
    escaped = f"'{text}" if _FORMULA_START.match(text) else text
    return _ILLEGAL.sub("\ufffd", escaped.replace("\r\n", "\n").replace("\r", "\n"))


def unescape_text(text: str) -> str:
    """Take back the apostrophe that `safe_text` put before a dangerous start, when a file comes home."""
    return text[1:] if text.startswith("'") and _FORMULA_START.match(text, 1) else text


def write_xlsx(
    stream: BinaryIO, *, sheet: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]], titles: Sequence[str] = ()
) -> Written:
    """Write one sheet as .xlsx; memory stays flat however many rows come."""
    return write_xlsx_sheets(stream, [Sheet(sheet, columns, rows, titles)])


def write_xlsx_sheets(stream: BinaryIO, sheets: Iterable[Sheet]) -> Written:
    """Write several sheets as one .xlsx, each in turn; a sheet that is full goes on in the next one."""
    written = Written()
    with Workbook(stream, SAFE_OPTIONS) as book:
        writer = _XlsxWriter(book, written)
        for sheet in sheets:
            writer.write(sheet)
    return written


def write_csv(stream: BinaryIO, *, columns: Sequence[Column], rows: Iterable[Sequence[Any]], titles: Sequence[str] = ()) -> Written:
    """Write CSV as Indonesian spreadsheets open it: UTF-8 with BOM, semicolons, decimal comma, dates dd-mm-yyyy.

    Long digits such as a NIP are whole in the file, but a spreadsheet rounds them on opening: give people the .xlsx.
    """
    written = Written()
    stream.writelines(iter_csv(columns=columns, rows=rows, titles=titles, written=written))
    return written


def iter_csv(
    *, columns: Sequence[Column], rows: Iterable[Sequence[Any]], titles: Sequence[str] = (), written: Written | None = None
) -> Iterator[bytes]:
    """Yield the CSV of `write_csv` piece by piece, for a streamed response."""
    count = written if written is not None else Written()
    buffer = io.StringIO()
    lines = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    yield "\ufeff".encode()
    for title in titles:
        lines.writerow([safe_text(title)])
    lines.writerow([safe_text(column.title) for column in columns])
    for row in rows:
        lines.writerow([_csv_cell(column.kind, value, count) for column, value in zip(columns, row, strict=True)])
        count.rows += 1
        if buffer.tell() > 64 * 1024:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


@dataclass(slots=True)
class _XlsxWriter:
    book: Workbook
    written: Written
    names: set[str] = field(default_factory=set)
    formats: dict[str, Format] = field(default_factory=dict)

    def write(self, sheet: Sheet) -> None:
        page, line = self._start(sheet)
        cells = [self._format(column.kind) for column in sheet.columns]
        for row in sheet.rows:
            if line >= MAX_SHEET_ROWS:
                page, line = self._start(sheet)
            for index, (column, value, cell) in enumerate(zip(sheet.columns, row, cells, strict=True)):
                _write_cell(page, line, index, column.kind, value, cell, self.written)
            line += 1
            self.written.rows += 1

    def _start(self, sheet: Sheet) -> tuple[Worksheet, int]:
        page = self.book.add_worksheet(self._name(sheet.name))
        for index, column in enumerate(sheet.columns):
            page.set_column(index, index, column.width)
        for line, title in enumerate(sheet.titles):
            page.write_string(line, 0, safe_text(title), self._format("title"))
        head = len(sheet.titles)
        for index, column in enumerate(sheet.columns):
            page.write_string(head, index, safe_text(column.title), self._format("header"))
        page.freeze_panes(head + 1, 0)
        page.repeat_rows(head)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        return page, head + 1

    def _format(self, kind: str) -> Format:
        if kind not in self.formats:
            looks: dict[str, dict[str, Any]] = {**_FORMATS, "header": HEADER_FORMAT, "title": {"bold": True, "num_format": "@"}}
            self.formats[kind] = self.book.add_format(looks[kind])
        return self.formats[kind]

    def _name(self, wanted: str) -> str:
        base = _BAD_IN_SHEET_NAME.sub(" ", _ILLEGAL.sub(" ", wanted)).strip(" '")[:31] or "Data"
        name, number = base, 1
        while name.casefold() in self.names or name.casefold() == "history":
            number += 1
            name = f"{base[: 31 - len(f' ({number})')]} ({number})"
        self.names.add(name.casefold())
        return name


def _write_cell(page: Worksheet, line: int, index: int, kind: Kind, value: Any, cell: Format, written: Written) -> None:
    value = _typed(kind, value)
    if value is None or value == "":
        return
    if isinstance(value, date):
        page.write_datetime(line, index, value, cell)
    elif isinstance(value, str):
        page.write_string(line, index, _cell_text(value, written), cell)
    else:
        page.write_number(line, index, value, cell)


def _csv_cell(kind: Kind, value: Any, written: Written) -> str:
    value = _typed(kind, value)
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%d-%m-%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d-%m-%Y")
    if isinstance(value, str):
        return _cell_text(value, written)
    return str(value).replace(".", ",")


def _typed(kind: Kind, value: Any) -> Any:
    """Keep a value in its column's type when it is one, else show it as text: data that surprises must not be lost."""
    if value is None:
        return None
    if kind in _NUMBERS and isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        exact = math.isfinite(value) and -EXACT_BELOW < value < EXACT_BELOW
        return value if exact else str(value)
    if kind in ("date", "datetime") and isinstance(value, date):
        if isinstance(value, datetime):
            value = timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
            value = value if kind == "datetime" else value.date()
        plain = value.date() if isinstance(value, datetime) else value
        return value if plain >= FIRST_DATE else plain.strftime("%d-%m-%Y")
    return str(value)


def _cell_text(value: str, written: Written) -> str:
    text = safe_text(value)
    if len(text) > MAX_CELL_LETTERS:
        text = text[: MAX_CELL_LETTERS - 1] + "…"
        written.replaced += 1
    elif "\ufffd" in text and "\ufffd" not in value:
        written.replaced += 1
    return text
