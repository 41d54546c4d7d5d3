"""The workbooks we hand out come home: the template when filled, the error book as it is."""

import io
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from participants.workbook.cells import HEADINGS, CellError, ErrorCell, FormulaCell, RawRow
from participants.workbook.error_book import write_error_book
from participants.workbook.gate import open_workbook_safely
from participants.workbook.reader import read_rows
from participants.workbook.template import SAMPLES, write_template
from participants.workbook.validation import RowResult, validate_row
from tests.corpus.workbook_cells import WRONG_CELLS
from tests.corpus.workbooks import GOOD_ROW, book, with_cell
from tests.participants.workbook.people import lookups

TODAY = date(2026, 2, 9)
SATKER = [("53.71", "KPU Kota Kupang"), ("53", "=KPU Provinsi")]
JABATAN = ["Arsiparis", "Pranata Komputer Ahli Pertama"]


def template() -> bytes:
    stream = io.BytesIO()
    write_template(stream, satker=SATKER, jabatan=JABATAN)
    return stream.getvalue()


def judge(data: bytes) -> list[RowResult]:
    return [validate_row(row, lookups=lookups(), today=TODAY) for row in read_rows(open_workbook_safely(data, "cpns.xlsx"))]


def error_book(rows: list[RawRow], errors: list[CellError]) -> bytes:
    stream = io.BytesIO()
    write_error_book(stream, rows, errors)
    return stream.getvalue()


def formulas(made: Any) -> list[str]:
    return [cell.coordinate for page in made for row in page.iter_rows() for cell in row if cell.data_type == "f"]


def test_write_template_sheets_headings_and_drop_downs() -> None:
    made = openpyxl.load_workbook(io.BytesIO(template()))
    page = made["CPNS"]
    assert made.sheetnames == ["CPNS", "Petunjuk", "Daftar"]
    assert tuple(cell.value for cell in page[1]) == HEADINGS
    assert (page.freeze_panes, page.max_row) == ("A2", 1)
    rules = page.data_validations.dataValidation
    lists = {str(rule.sqref): rule.formula1 for rule in rules if rule.type == "list"}
    hints = {str(rule.sqref): (rule.type, rule.promptTitle, rule.prompt[:26]) for rule in rules if rule.prompt}
    assert hints == {
        "A2:A20001": (None, "NIP", "18 angka dari SK CPNS, seb"),
        "J2:J20001": (None, "Tanggal Lahir", "Hari-bulan-tahun, misalnya"),
        "M2:M20001": (None, "No. HP", "Angka saja dengan nol di d"),
    }
    widths = [page.column_dimensions[letter].width for letter in "ABCELN"]
    assert [round(width) for width in widths] == [23, 35, 14, 41, 33, 41]
    assert lists == {
        "C2:C20001": "Daftar!$A$2:$A$3",
        "D2:D20001": '"II/a,II/b,II/c,III/a,III/b"',
        "E2:E20001": "Daftar!$D$2:$D$3",
        "F2:F20001": '"SMA/SMK,D-I,D-II,D-III,D-IV,S-1,S-2,S-3"',
        "I2:I20001": '"L,P"',
        "K2:K20001": '"Islam,Kristen,Katolik,Hindu,Buddha,Khonghucu,Kepercayaan"',
    }
    assert [page.column_dimensions[letter].number_format for letter in "ACJM"] == ["@", "@", "dd-mm-yyyy", "@"]
    assert [cell.value for cell in made["Daftar"]["B"]] == ["Nama satker", "KPU Kota Kupang", "'=KPU Provinsi"]
    assert formulas(made) == []


def test_write_template_without_satker_or_jabatan_still_opens() -> None:
    stream = io.BytesIO()
    write_template(stream, satker=[], jabatan=[])
    rules = openpyxl.load_workbook(io.BytesIO(stream.getvalue()))["CPNS"].data_validations.dataValidation
    assert sum(rule.type == "list" for rule in rules) == 4


def test_write_template_filled_in_is_imported() -> None:
    made = openpyxl.load_workbook(io.BytesIO(template()))
    for line, sample in enumerate(SAMPLES, start=2):
        for index, value in enumerate(sample, start=1):
            made["CPNS"].cell(line, index, value or None)
    stream = io.BytesIO()
    made.save(stream)
    results = judge(stream.getvalue())
    assert [result.errors for result in results] == [[], []]
    assert [result.clean.full_name for result in results if result.clean] == ["Contoh Peserta Satu, S.Kom.", "Contoh Peserta Dua, A.Md."]


def test_write_template_filled_in_and_saved_by_libreoffice_is_imported(tmp_path: Path) -> None:
    soffice = shutil.which("soffice")
    assert soffice, "install libreoffice-calc"
    made = openpyxl.load_workbook(io.BytesIO(template()))
    for line, sample in enumerate(SAMPLES, start=2):
        for index, value in enumerate(sample, start=1):
            made["CPNS"].cell(line, index, value or None)
    made.save(tmp_path / "templat.xlsx")
    (tmp_path / "out").mkdir()
    profile, out = f"-env:UserInstallation=file://{tmp_path}/profile", str(tmp_path / "out")
    command = [
        soffice,
        profile,
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        out,
        str(tmp_path / "templat.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    data = (tmp_path / "out" / "templat.xlsx").read_bytes()
    page = openpyxl.load_workbook(io.BytesIO(data))["CPNS"]
    assert (page["A2"].number_format, page["A2"].value, page["M2"].value) == ("@", SAMPLES[0][0], SAMPLES[0][12])
    assert sum(rule.type == "list" for rule in page.data_validations.dataValidation) == 6
    results = judge(data)
    assert [(result.errors, result.clean.nip.value) for result in results if result.clean] == [([], sample[0]) for sample in SAMPLES]


def test_write_error_book_holds_only_wrong_rows_with_notes() -> None:
    results = judge(book([GOOD_ROW, with_cell("Email", "x@"), GOOD_ROW, with_cell("Kode Satker", "53.72")]))
    data = error_book([result.raw for result in results], [error for result in results for error in result.errors])
    page = openpyxl.load_workbook(io.BytesIO(data))["CPNS"]
    assert [page["A1"].value, page["L2"].value, page["C3"].value, page.max_row, page.max_column] == ["NIP", "x@", "53.72", 3, 15]
    notes = {cell.coordinate: cell.comment.text for row in page.iter_rows() for cell in row if cell.comment}
    assert notes == {
        "L2": "Alamat e-mail belum lengkap. Tulis nama domainnya, misalnya nama@contoh.go.id.\nBaris 3 di berkas asal.",
        "C3": "Tidak ada satker dengan kode ini. Mungkin maksudnya 53.71, KPU Kota Kupang.\nBaris 5 di berkas asal.",
    }
    assert (page["L2"].fill.fgColor.rgb, page["L3"].fill.fill_type) == ("FFFBE3E0", None)


def test_write_error_book_as_it_is_meets_the_same_errors() -> None:
    spared = {"formula", "type"}  # a formula goes out as its result, a number or logical value as text
    cases = [case for case in WRONG_CELLS if case.code not in spared and not isinstance(case.value, int | float)]
    results = judge(book([with_cell(case.heading, case.value) for case in cases]))
    again = judge(error_book([result.raw for result in results], [error for result in results for error in result.errors]))
    told = [[(error.column, error.message) for error in result.errors] for result in results]
    assert [[(error.column, error.message) for error in result.errors] for result in again] == told


def test_write_error_book_mended_is_imported() -> None:
    (result,) = judge(book([with_cell("Email", "x@")]))
    made = openpyxl.load_workbook(io.BytesIO(error_book([result.raw], result.errors)))
    made["CPNS"]["L2"] = "satu@contoh.go.id"
    stream = io.BytesIO()
    made.save(stream)
    (again,) = judge(stream.getvalue())
    assert again.clean == judge(book())[0].clean


def test_write_error_book_from_stored_texts_same_values() -> None:
    (result,) = judge(book([with_cell("Email", "x@")]))
    stored = RawRow.from_texts(result.number, result.raw.texts())
    (again,) = judge(error_book([stored], result.errors))
    assert (again.raw.texts(), [error.code for error in again.errors]) == (result.raw.texts(), ["email"])


def test_write_error_book_odd_values_never_a_formula() -> None:
    values = ("=1+1", "\u202e=x", FormulaCell("=2"), ErrorCell(), 53.1, True, date(1899, 1, 1), "a\x0bb", "\ud800", "+62", *[""] * 5)
    row = RawRow(7, values)
    made = openpyxl.load_workbook(
        io.BytesIO(error_book([row], [CellError(7, "NIP", "", "=salah", "x"), CellError(7, "Agama", "", "kosong", "x")]))
    )
    assert formulas(made) == []
    shown = ["'=1+1", "\u202e=x", "'=2", "#GALAT!", "53.1", "TRUE", "01-01-1899", "a\ufffdb", "\ufffd", "'+62"]
    assert [cell.value for cell in made["CPNS"][2]][:10] == shown
    assert made["CPNS"]["K2"].comment.text == "kosong\nBaris 7 di berkas asal."
