"""The wrong rows alone, in the same headings, to be mended and uploaded again."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import BinaryIO

from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from latsar.reports.writers import safe_text
from participants.workbook.cells import HEADINGS, CellError, CellValue, RawRow, display
from participants.workbook.layout import BOOK_OPTIONS, DATE, TEXT, add_people_sheet

AUTHOR = "Portal Latsar"
WRONG = {"bg_color": "#fbe3e0", "border": 1, "border_color": "#b3261e"}
_NOTE_WIDTH, _NOTE_LINE = 300, 18  # pixels
_NOTE_LETTERS = 42  # that fit on one line of a note


def write_error_book(stream: BinaryIO, rows: Iterable[RawRow], errors: Iterable[CellError]) -> int:
    """Write the rows that have errors, each wrong cell coloured with a note; return how many rows there are.

    The note tells the row number of the original file. Values go out as they came, formulas as their last result.
    """
    notes: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for error in errors:
        notes[error.row][error.column].append(error.message)
    line = 0
    with Workbook(stream, BOOK_OPTIONS) as book:
        page = add_people_sheet(book)
        looks = {
            (kind, wrong): book.add_format({**look, **(WRONG if wrong else {})}) for kind, look in _LOOKS.items() for wrong in (False, True)
        }
        for row in rows:
            if row.number in notes:
                line += 1
                _write_row(page, line, row, notes[row.number], looks)
    return line


_LOOKS = {"text": TEXT, "date": DATE}


def _write_row(page: Worksheet, line: int, row: RawRow, notes: dict[str, list[str]], looks: dict[tuple[str, bool], Format]) -> None:
    for index, (heading, value) in enumerate(zip(HEADINGS, row.values, strict=True)):
        messages = notes.get(heading, [])
        _write_cell(page, line, index, value, looks, wrong=bool(messages))
        if messages:
            _write_note(page, line, index, row.number, messages)


def _write_cell(page: Worksheet, line: int, index: int, value: CellValue, looks: dict[tuple[str, bool], Format], *, wrong: bool) -> None:
    if type(value) is date and value.year >= 1901:
        page.write_datetime(line, index, value, looks["date", wrong])
    elif display(value):
        page.write_string(line, index, safe_text(display(value)), looks["text", wrong])
    elif wrong:
        page.write_blank(line, index, None, looks["text", wrong])


def _write_note(page: Worksheet, line: int, index: int, number: int, messages: list[str]) -> None:
    text = safe_text("\n".join([*messages, _("Baris %(row)d di berkas asal.") % {"row": number}]))
    height = _NOTE_LINE * (1 + sum(1 + len(part) // _NOTE_LETTERS for part in text.split("\n")))
    page.write_comment(line, index, text, {"author": AUTHOR, "width": _NOTE_WIDTH, "height": height})
