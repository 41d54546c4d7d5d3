"""What a cell of the import workbook can hold, and how it is shown."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

HEADINGS = (
    "NIP", "Nama Lengkap", "Kode Satker", "Golongan", "Jabatan", "Pendidikan", "Program Studi", "Tempat Lahir",
    "Jenis Kelamin", "Tanggal Lahir", "Agama", "Email", "No. HP", "Alamat", "Kebutuhan Khusus",
)  # fmt: skip
REQUIRED = frozenset({"NIP", "Nama Lengkap", "Kode Satker", "Golongan", "Jabatan", "Email"})
CLEAR = "-"
CLEAR_SIGNS = frozenset({CLEAR, "\u2013", "\u2014"})
"""Typed alone in a cell they empty the field on purpose; a blank cell leaves it as it is."""
ERROR_TEXT = "#GALAT!"
ERROR_TEXTS = frozenset(
    {ERROR_TEXT, "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA", "#####"}
)
EXACT_INTEGERS_BELOW = 1e15  # a spreadsheet keeps 15 digits of a number


@dataclass(frozen=True, slots=True)
class FormulaCell:
    """A cell computed by the spreadsheet: what it last showed, which nobody typed."""

    result: "CellValue"


@dataclass(frozen=True, slots=True)
class ErrorCell:
    """A cell that shows an error of the spreadsheet, such as #N/A."""


CellValue = str | float | int | bool | date | datetime | time | timedelta | FormulaCell | ErrorCell


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as read: its number as Excel counts, and its cells in the order of HEADINGS; a blank cell is ""."""

    number: int
    values: tuple[CellValue, ...]

    @property
    def cells(self) -> dict[str, CellValue]:
        return dict(zip(HEADINGS, self.values, strict=True))

    def texts(self) -> list[str]:
        """Show every cell, in the order of HEADINGS; can be stored, and read again by `from_texts`."""
        return [display(value) for value in self.values]

    @classmethod
    def from_texts(cls, number: int, texts: Sequence[str]) -> "RawRow":
        return cls(number, tuple(texts))


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong in one cell: `row` as Excel numbers it, `column` the heading, `value` as shown."""

    row: int
    column: str
    value: str
    message: str
    code: str

    @property
    def problem(self) -> str:
        return self.message.partition(". ")[0].removesuffix(".") + "."

    @property
    def advice(self) -> str:
        return self.message.partition(". ")[2]


def display(value: CellValue) -> str:
    """Show a cell value as its reader knows it: whole numbers without a point, long ones rounded as Excel shows them."""
    match value:
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case float() | int():
            return _display_number(float(value))
        case datetime():
            return value.strftime("%d-%m-%Y %H:%M") if value.time() != time.min else value.strftime("%d-%m-%Y")
        case date():
            return value.strftime("%d-%m-%Y")
        case FormulaCell():
            return display(value.result)
        case ErrorCell():
            return ERROR_TEXT
        case _:
            return str(value)


def _display_number(number: float) -> str:
    if not math.isfinite(number):
        return ERROR_TEXT
    if abs(number) >= EXACT_INTEGERS_BELOW:
        return f"{number:.5E}"
    return str(int(number)) if number.is_integer() else repr(number)
