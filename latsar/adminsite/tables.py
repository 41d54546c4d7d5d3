"""An uploaded CSV as rows, or the sentence that says why it is none."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from tablib import Dataset

from latsar.reports.writers import unescape_text

MAX_BYTES = 2 * 1024 * 1024
MAX_ROWS = 5000
MAX_LETTERS = 2000  # in one cell
MAX_COLUMNS = 60

_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_CONTAINERS = (b"PK", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b")


class TableRefused(ValidationError):
    """The file as a whole cannot be read."""


@dataclass(frozen=True)
class Table:
    """Headings, rows, and the line of the file that each row stood on."""

    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]
    lines: list[int] = field(default_factory=list)

    def as_dataset(self) -> Dataset:
        return Dataset(*self.rows, headers=list(self.headings))


def read_csv(data: bytes, *, filename: str) -> Table:
    """Read CSV as our own writer and Indonesian spreadsheets write it: UTF-8 or UTF-16, semicolon, comma or tab."""
    if not filename.lower().endswith(".csv"):
        raise TableRefused(_("Berkas ini bukan CSV. Di Excel pilih Save As, CSV UTF-8, lalu unggah berkas .csv itu."))
    lines = _lines(_decode(data))
    if not lines:
        raise TableRefused(_("Berkas kosong. Isi baris judul dan datanya, lalu unggah lagi."))
    (_first, headings), *rest = lines
    headings = [heading.strip() for heading in headings]
    _check_headings(headings)
    if not rest:
        raise TableRefused(_("Belum ada baris data di bawah judul. Isi datanya, lalu unggah lagi."))
    if len(rest) > MAX_ROWS:
        raise TableRefused(_("Berkas berisi lebih dari %(limit)d baris. Pisahkan menjadi beberapa berkas.") % {"limit": MAX_ROWS})
    return Table(headings, [_row(number, cells, len(headings)) for number, cells in rest], [number for number, _cells in rest])


def check_size(data: bytes) -> None:
    """Refuse what is too large to be read in one request."""
    if len(data) > MAX_BYTES:
        raise TableRefused(_("Berkas lebih besar dari %(limit)d MB. Pisahkan menjadi beberapa berkas.") % {"limit": MAX_BYTES // 1024**2})


def _decode(data: bytes) -> str:
    check_size(data)
    if data.startswith(_CONTAINERS):
        raise TableRefused(
            _("Isi berkas ini bukan teks CSV, walaupun namanya .csv. Di Excel pilih Save As, CSV UTF-8, lalu unggah hasilnya.")
        )
    coding = next((name for mark, name in _BOMS.items() if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(coding)
    except UnicodeDecodeError:
        raise TableRefused(_("Huruf di berkas ini tidak terbaca. Simpan ulang sebagai CSV UTF-8, lalu unggah lagi.")) from None
    if "\x00" in text:
        raise TableRefused(_("Berkas berisi tanda yang bukan huruf. Simpan ulang sebagai CSV UTF-8, lalu unggah lagi."))
    return text


def _lines(text: str) -> list[tuple[int, list[str]]]:
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error:
        raise TableRefused(_("Tanda kutip di berkas ini tidak lengkap. Simpan ulang sebagai CSV UTF-8, lalu unggah lagi.")) from None


def _check_headings(headings: list[str]) -> None:
    if len(headings) > MAX_COLUMNS:
        raise TableRefused(_("Berkas berisi lebih dari %(limit)d kolom. Hapus kolom yang tidak dipakai.") % {"limit": MAX_COLUMNS})
    if "" in headings:
        raise TableRefused(
            _("Kolom ke-%(number)d tidak berjudul. Tulis judulnya, atau hapus kolom itu.") % {"number": headings.index("") + 1}
        )
    twice = sorted({heading for heading in headings if headings.count(heading) > 1})
    if twice:
        raise TableRefused(_("Judul kolom berulang: %(names)s. Sisakan satu.") % {"names": ", ".join(twice)})


def _row(number: int, cells: list[str], width: int) -> list[str]:
    if len(cells) > width:
        raise TableRefused(
            _("Baris %(row)d berisi lebih banyak kolom daripada judulnya. Periksa tanda pemisah di baris itu.") % {"row": number}
        )
    if any(len(cell) > MAX_LETTERS for cell in cells):
        raise TableRefused(_("Baris %(row)d berisi sel dengan lebih dari %(limit)d huruf.") % {"row": number, "limit": MAX_LETTERS})
    return [unescape_text(cell.strip()) for cell in cells] + [""] * (width - len(cells))
