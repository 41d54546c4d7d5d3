"""Workbooks whose CPNS sheet breaks the heading contract."""

from collections.abc import Callable, Sequence
from typing import Any

from participants.workbook.cells import HEADINGS
from tests.corpus.workbooks import (
    FIX_HEADINGS,
    GOOD_ROW,
    TOO_MANY_ROWS,
    Refused,
    book,
    data_row,
    heading_row,
    packed,
    parts,
    sheet,
)  # fmt: skip

_NO_SHEET = "Lembar CPNS tidak ada di berkas ini. Lembar yang ada: %s. Beri nama CPNS pada lembar yang berisi data."
_UNHIDE = "Tampilkan kolom itu (Unhide), periksa isinya, lalu unggah lagi."
_UNMERGE = "Pisahkan sel itu (Unmerge Cells), isi satu nilai per sel, lalu unggah lagi."


def _headed(headings: Sequence[str], row: Sequence[Any] = GOOD_ROW) -> Callable[[], bytes]:
    return lambda: book([row], headings=headings)


def _renamed(old: str, new: str) -> Callable[[], bytes]:
    return _headed([new if heading == old else heading for heading in HEADINGS])


def _without(*gone: str) -> Callable[[], bytes]:
    kept = [(heading, value) for heading, value in zip(HEADINGS, GOOD_ROW, strict=True) if heading not in gone]
    return _headed([heading for heading, _value in kept], [value for _heading, value in kept])


def _hidden(first: int, last: int) -> Callable[[], bytes]:
    return lambda: book(also=lambda _made, page: page.set_column(first, last, None, None, {"hidden": True}))


def _merged(top: int, left: int, bottom: int, right: int, text: str) -> Callable[[], bytes]:
    return lambda: book(also=lambda _made, page: page.merge_range(top, left, bottom, right, text))


def _hidden_sheet() -> bytes:
    def hide(made: Any, page: Any) -> None:
        made.add_worksheet("Depan").activate()
        page.hide()

    return book(also=hide)


def _many_sheets() -> bytes:
    return book(sheet="Data", also=lambda made, _page: [made.add_worksheet(f"Lembar {number}") for number in range(1, 7)])


def _formulas() -> bytes:
    return book([GOOD_ROW], also=lambda _made, page: [page.write_formula(line, 1, "=A1", None, "x") for line in range(100, 21_000)])


def _two_of_them() -> bytes:
    made = parts(f"<sheetData>{heading_row()}{data_row(2)}</sheetData>")
    name = "xl/workbook.xml"
    made[name] = str(made[name]).replace("</sheets>", '<sheet name="cpns" sheetId="2" r:id="rId1"/></sheets>')
    return packed(made)


REFUSED = [
    Refused("no CPNS sheet", lambda: book(sheet="Sheet1"), "sheet_missing", _NO_SHEET % "Sheet1"),
    Refused("seven other sheets", _many_sheets, "sheet_missing", _NO_SHEET % "Data, Lembar 1, Lembar 2, Lembar 3, Lembar 4, dan 2 lagi"),
    Refused("hidden CPNS sheet", _hidden_sheet, "sheet_hidden", "Lembar CPNS tersembunyi. Tampilkan lembar itu (Unhide), periksa isinya, lalu unggah lagi."),
    Refused("two CPNS sheets", _two_of_them, "broken", "Berkas rusak atau tidak lengkap. Buka di Excel, simpan ulang sebagai .xlsx, lalu unggah lagi."),
    Refused("blank sheet", sheet, "heading_missing", "Baris 1 tidak berisi judul kolom. Salin data ke templat dari portal, lalu unggah lagi."),
    Refused("no headings", lambda: book(headings=[""] * 15), "heading_missing",
            "Baris 1 tidak berisi judul kolom. Salin data ke templat dari portal, lalu unggah lagi."),
    Refused("title above the headings", lambda: book([[""], HEADINGS, GOOD_ROW], headings=["Daftar CPNS"]), "heading_row",
            "Judul kolom ada di baris 3, padahal harus di baris 1. Hapus baris di atasnya, lalu unggah lagi."),
    Refused("headings only", lambda: book([]), "no_rows", "Belum ada baris CPNS di bawah judul. Isi mulai baris 2, lalu unggah lagi."),
    Refused("missing heading", _without("Email"), "heading_missing", f"Kolom “Email” tidak ada. {FIX_HEADINGS}"),
    Refused("two missing headings", _without("Email", "Agama"), "heading_missing", f"Kolom “Agama” tidak ada. Kolom “Email” tidak ada. {FIX_HEADINGS}"),
    Refused("shortened heading", _renamed("Nama Lengkap", "Nama"), "heading_renamed", f"Judul “Nama” di kolom B mestinya “Nama Lengkap”. {FIX_HEADINGS}"),
    Refused("misspelt heading", _renamed("Kode Satker", "Kode Satkr"), "heading_renamed",
            f"Judul “Kode Satkr” di kolom C mestinya “Kode Satker”. {FIX_HEADINGS}"),
    Refused("renamed heading", _renamed("Tanggal Lahir", "Tgl. Lahir"), "heading_renamed",
            f"Judul “Tgl. Lahir” di kolom J mestinya “Tanggal Lahir”. {FIX_HEADINGS}"),
    Refused("very long heading", _renamed("Agama", "x" * 5000), "heading_extra",
            f"Judul “{'x' * 30}…” di kolom K tidak dikenal. Kolom “Agama” tidak ada. {FIX_HEADINGS}"),
    Refused("extra heading", _headed([*HEADINGS, "Golongan Darah"], [*GOOD_ROW, "O"]), "heading_extra",
            f"Judul “Golongan Darah” di kolom P tidak dikenal. {FIX_HEADINGS}"),
    Refused("data without heading", _headed(HEADINGS, [*GOOD_ROW, "catatan"]), "heading_extra", f"Kolom P berisi data tanpa judul. {FIX_HEADINGS}"),
    Refused("data far to the right", lambda: sheet(heading_row(), '<row r="2"><c r="XFD2"><v>1</v></c></row>'), "heading_extra",
            "Ada isi jauh di kanan tabel, di kolom ke-16384. Hapus semua kolom sesudah kolom judul yang terakhir."),
    Refused("heading twice", _headed([*HEADINGS, "NIP"], [*GOOD_ROW, "x"]), "heading_duplicate",
            f"Judul “NIP” muncul dua kali, di kolom A dan P. {FIX_HEADINGS}"),
    Refused("heading twice, other case", _headed([*HEADINGS, " nip "], [*GOOD_ROW, "x"]), "heading_duplicate",
            f"Judul “NIP” muncul dua kali, di kolom A dan P. {FIX_HEADINGS}"),
    Refused("hidden column", _hidden(9, 9), "heading_hidden", f"Kolom “Tanggal Lahir” tersembunyi. {_UNHIDE}"),
    Refused("two hidden columns", _hidden(9, 10), "heading_hidden", f"Kolom “Tanggal Lahir” tersembunyi. Kolom “Agama” tersembunyi. {_UNHIDE}"),
    Refused("merged headings", _merged(0, 13, 0, 14, "Alamat"), "merged", f"Sel N1:O1 digabung. {_UNMERGE}"),
    Refused("merged data", _merged(1, 2, 2, 2, "53.71"), "merged", f"Sel C2:C3 digabung. {_UNMERGE}"),
    Refused("20,001 rows", lambda: book([[number] for number in range(20_001)]), "rows", TOO_MANY_ROWS),
    Refused("value in the last row of all", lambda: sheet(heading_row(), '<row r="1048576"><c r="A1048576"><v>1</v></c></row>'), "rows", TOO_MANY_ROWS),
    Refused("formulas below 20,000 rows", _formulas, "rows", TOO_MANY_ROWS),
    Refused("number as heading", _headed([1990.0 if heading == "Agama" else heading for heading in HEADINGS]), "heading_extra",
            f"Judul “1990” di kolom K tidak dikenal. Kolom “Agama” tidak ada. {FIX_HEADINGS}"),
]  # fmt: skip
