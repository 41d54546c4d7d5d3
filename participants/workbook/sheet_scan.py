"""What the spreadsheet reader does not tell about a worksheet.

The reader lays a sheet out as a full rectangle and gives a formula's last result like a typed value, so formulas,
error cells, merged cells, hidden columns and the extent of the values are taken from the XML before it runs.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from participants.workbook.archive import broken
from participants.workbook.xml_scan import Attributes, local_name

MAX_MARKED_CELLS = 100_000  # formulas, and error cells, remembered for one sheet
MAX_AREAS = 1_000  # merged areas, array formulas and runs of hidden columns remembered for one sheet
MAX_CARRY_BYTES = 256 * 1024
LAST_ROW = 1_048_576
LAST_COLUMN = 16_384

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ROW = re.compile(r"[0-9]{1,7}")
_RANGE_FORMULAS = ("array", "dataTable")
_SIGNS = (b't="e"', b"<mergeCell", b"='", b'="&', b"<!", b"<row>")
_SIGN_PATTERNS = (
    re.compile(rb":(?:c|f|v|is|row)"),
    re.compile(rb"<f[\s/>]"),
    re.compile(rb"<c[\t\r\n/>]"),
    re.compile(rb'<c r="(?![A-Z][0-9]{1,5}")'),
    re.compile(rb'<col\s[^>]*(?:hidden="(?:1|true)"|width="0)'),
)
Area = tuple[int, int, int, int]  # first row, first column, last row, last column, from 1


@dataclass(slots=True)
class SheetScan:
    """Where one worksheet holds what, rows and columns counted from 1."""

    last_row: int = 0
    last_column: int = 0
    formulas: set[tuple[int, int]] = field(default_factory=set)
    formula_areas: list[Area] = field(default_factory=list)
    errors: set[tuple[int, int]] = field(default_factory=set)
    merged: list[Area] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    too_many: bool = False

    def has_formula(self, row: int, column: int) -> bool:
        return (row, column) in self.formulas or any(
            top <= row <= bottom and left <= column <= right for top, left, bottom, right in self.formula_areas
        )


class SheetGlance:
    """Tell in passing whether a worksheet is plain: typed cells only, each with its address in A1:Z99999.

    A plain sheet needs no close look; most are, and the close look costs more than reading them.
    A sheet that merely looks odd is not plain either.
    """

    def __init__(self) -> None:
        self.plain = True
        self._carry = b""

    def feed(self, piece: bytes) -> None:
        if not self.plain:
            return
        text = self._carry + piece
        cut = text.rfind(b"<")
        self._carry = text[cut:]
        self.plain = len(self._carry) < MAX_CARRY_BYTES and _is_plain(text[:cut].removeprefix(b"\xef\xbb\xbf"))

    def finish(self) -> bool:
        return self.plain and _is_plain(self._carry)


def _is_plain(tags: bytes) -> bool:
    if any(sign in tags for sign in _SIGNS) or any(pattern.search(tags) for pattern in _SIGN_PATTERNS):
        return False
    return tags.count(b"<c ") == tags.count(b'<c r="') and tags.count(b"<row ") == tags.count(b'<row r="')


def column_number(letters: str) -> int:
    """Count a column from 1: A is 1, XFD is 16384."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """Name a column that is counted from 1: 1 is A, 16384 is XFD."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _position(reference: str) -> tuple[int, int]:
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise broken()
    row, column = int(match[2]), column_number(match[1])
    if row > LAST_ROW or column > LAST_COLUMN:
        raise broken()
    return row, column


def _area(reference: str) -> Area:
    first, _colon, last = reference.replace("$", "").partition(":")
    top, left = _position(first)
    bottom, right = _position(last) if last else (top, left)
    return top, left, bottom, right


class SheetLook:
    """The close look at one worksheet: give `start` every element; what it finds goes into `scan`."""

    def __init__(self) -> None:
        self.scan = SheetScan()
        self._row = self._column = 0
        self._inside = False  # a cell: formulas and values elsewhere belong to drop-downs and conditional formats
        self._columns: dict[str, int] = {}
        self._handlers: dict[str, Callable[[Attributes], None]] = {
            "c": self._cell,
            "v": self._value,
            "is": self._value,
            "f": self._formula,
            "row": self._enter_row,
            "mergeCell": self._merged,
            "col": self._column_style,
        }

    def start(self, name: str, attributes: Attributes) -> None:
        handler = self._handlers.get(local_name(name) if ":" in name else name)
        if handler is None:
            self._inside = False
        else:
            handler(attributes)

    def _enter_row(self, attributes: Attributes) -> None:
        number = attributes.get("r", "")
        if number and not _ROW.fullmatch(number):
            raise broken()
        following = int(number) if number else self._row + 1
        if not self._row < following <= LAST_ROW:
            raise broken()
        self._row, self._column, self._inside = following, 0, False

    def _cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        following = self._column + 1 if reference is None else self._referred(reference)
        if not self._column < following <= LAST_COLUMN:
            raise broken()
        self._column, self._inside = following, True
        if attributes.get("t") == "e":
            self._mark(self.scan.errors)

    def _referred(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        if reference[len(letters) :] != str(self._row):
            raise broken()
        if letters not in self._columns:
            self._columns[letters] = _position(letters + "1")[1]
        return self._columns[letters]

    def _value(self, _attributes: Attributes) -> None:
        if self._inside:
            self.scan.last_row = self._row
            self.scan.last_column = max(self.scan.last_column, self._column)

    def _formula(self, attributes: Attributes) -> None:
        if self._inside:
            self._mark(self.scan.formulas)
            if attributes.get("t") in _RANGE_FORMULAS and "ref" in attributes:
                self._remember(self.scan.formula_areas, _area(attributes["ref"]))

    def _merged(self, attributes: Attributes) -> None:
        self._inside = False
        self._remember(self.scan.merged, _area(attributes.get("ref", "")))

    def _column_style(self, attributes: Attributes) -> None:
        self._inside = False
        width = attributes.get("width", "")
        if attributes.get("hidden") in ("1", "true") or (width and not width.strip("0.")):
            first, last = attributes.get("min", ""), attributes.get("max", "")
            if not (_ROW.fullmatch(first) and _ROW.fullmatch(last)):
                raise broken()
            self._remember(self.scan.hidden_columns, (int(first), int(last)))

    def _mark(self, cells: set[tuple[int, int]]) -> None:
        if len(cells) < MAX_MARKED_CELLS:
            cells.add((self._row, self._column))
        else:
            self.scan.too_many = True

    def _remember(self, areas: list[Any], area: Any) -> None:
        if len(areas) < MAX_AREAS:
            areas.append(area)
        else:
            self.scan.too_many = True
