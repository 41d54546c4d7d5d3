"""The face of the import workbook that the template and the error book share."""

from typing import Any

from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from latsar.reports.writers import HEADER_FORMAT, SAFE_OPTIONS
from participants.enums import EDUCATION, Golongan, Religion
from participants.workbook.cells import HEADINGS, REQUIRED
from participants.workbook.gate import SHEET_NAME
from participants.workbook.reader import MAX_ROWS

WIDTHS = {
    "NIP": 22, "Nama Lengkap": 34, "Kode Satker": 13, "Golongan": 11, "Jabatan": 40, "Pendidikan": 13, "Program Studi": 26,
    "Tempat Lahir": 18, "Jenis Kelamin": 14, "Tanggal Lahir": 15, "Agama": 14, "Email": 32, "No. HP": 17, "Alamat": 40, "Kebutuhan Khusus": 22,
}  # fmt: skip
BOOK_OPTIONS = {**SAFE_OPTIONS, "constant_memory": False}  # comments and drop-downs are kept until the end anyway
OPTIONAL_HEADER = {**HEADER_FORMAT, "bg_color": "#e9e2da", "font_color": "#1f1a17"}
TEXT = {"num_format": "@"}
DATE = {"num_format": "dd-mm-yyyy", "align": "left"}


def add_people_sheet(book: Workbook) -> Worksheet:
    """Add the CPNS sheet: headings, column types, widths, drop-downs, a frozen first row."""
    page = book.add_worksheet(SHEET_NAME)
    text, day = book.add_format(TEXT), book.add_format(DATE)
    required, optional = book.add_format(HEADER_FORMAT), book.add_format(OPTIONAL_HEADER)
    for index, heading in enumerate(HEADINGS):
        page.set_column(index, index, WIDTHS[heading], day if heading == "Tanggal Lahir" else text)
        page.write_string(0, index, heading, required if heading in REQUIRED else optional)
    page.freeze_panes(1, 0)
    add_choices(page, "Golongan", Golongan.values)
    add_choices(page, "Jenis Kelamin", ["L", "P"])
    add_choices(page, "Agama", Religion.values)
    add_choices(page, "Pendidikan", [*EDUCATION], refuse=False)
    add_hint(page, "NIP", _("18 angka dari SK CPNS, sebagai teks. Kolom ini sudah bertipe Teks; tempel sebagai nilai saja."))
    add_hint(page, "No. HP", _("Angka saja dengan nol di depan, misalnya 081200000901."))
    add_hint(page, "Tanggal Lahir", _("Hari-bulan-tahun, misalnya 14-09-1996. Bila kosong, diambil dari NIP."))
    return page


def add_hint(page: Worksheet, heading: str, text: str) -> None:
    """Say beside a chosen cell of a column what belongs there; anything may still be typed."""
    index = HEADINGS.index(heading)
    page.data_validation(1, index, MAX_ROWS, index, {"validate": "any", "input_title": heading, "input_message": text})


def add_choices(page: Worksheet, heading: str, source: list[str] | str, *, refuse: bool = True) -> None:
    """Give a column of the CPNS sheet a drop-down; without `refuse` Excel only asks before it takes another text."""
    index = HEADINGS.index(heading)
    options: dict[str, Any] = {
        "validate": "list",
        "source": source,
        "ignore_blank": True,
        "error_type": "stop" if refuse else "warning",
        "error_title": heading,
        "error_message": _("Isi ini tidak ada di daftar."),
    }
    page.data_validation(1, index, MAX_ROWS, index, options)
