from datetime import date

import pytest

from participants.workbook.cells import CellError, ErrorCell, FormulaCell, RawRow, display
from participants.workbook.gate import WorkbookRefused, open_workbook_safely
from participants.workbook.headings import HEADINGS
from participants.workbook.reader import MAX_ROWS, read_rows
from participants.workbook.validation import validate_row
from tests.corpus import workbook_layouts
from tests.corpus.workbooks import GOOD_ROW, Formula, Refused, book, data_row, heading_row, sheet, with_cell
from tests.participants.workbook.people import lookups, many_rows


def read(data: bytes) -> list[RawRow]:
    return read_rows(open_workbook_safely(data, "cpns.xlsx"))


@pytest.mark.parametrize("case", workbook_layouts.REFUSED, ids=lambda case: case.name)
def test_read_rows_broken_heading_contract_refused_with_reason(case: Refused) -> None:
    with pytest.raises(WorkbookRefused) as refusal:
        read(case.build())
    assert (refusal.value.code, refusal.value.message) == (case.code, case.message)


def test_read_rows_several_problems_each_listed() -> None:
    headings = ["Nama" if heading == "Nama Lengkap" else heading for heading in HEADINGS if heading != "Email"]
    with pytest.raises(WorkbookRefused) as refusal:
        read(book(headings=headings))
    assert refusal.value.problems == ("Judul “Nama” di kolom B mestinya “Nama Lengkap”.", "Kolom “Email” tidak ada.")


def test_read_rows_good_sheet_keeps_types_and_row_numbers() -> None:
    rows = read(book([GOOD_ROW, [], with_cell("No. HP", 81200000901)]))
    assert [row.number for row in rows] == [2, 4]
    assert rows[0].values == GOOD_ROW
    assert (rows[0].cells["Tanggal Lahir"], rows[1].cells["No. HP"]) == (date(1996, 9, 14), 81200000901.0)


def test_read_rows_columns_reordered_accepted() -> None:
    order = [*reversed(range(len(HEADINGS)))]
    data = book([[GOOD_ROW[index] for index in order]], headings=[HEADINGS[index] for index in order])
    assert read(data)[0].values == GOOD_ROW


def test_read_rows_heading_spaces_and_case_tolerated() -> None:
    assert read(book(headings=[f" {heading.upper()}  " for heading in HEADINGS]))[0].values == GOOD_ROW


def test_read_rows_blank_columns_between_accepted() -> None:
    data = book([[*GOOD_ROW[:1], "", *GOOD_ROW[1:]]], headings=[*HEADINGS[:1], "", *HEADINGS[1:]])
    assert read(data)[0].values == GOOD_ROW


def test_read_rows_second_sheet_and_sheet_case_accepted() -> None:
    data = book(sheet="cpns ", also=lambda made, _page: made.add_worksheet("Catatan").write_formula("A1", "=1+1"))
    assert len(read(data)) == 1


def test_read_rows_hidden_columns_beyond_table_accepted() -> None:
    assert len(read(book(also=lambda _made, page: page.set_column(15, 16_383, None, None, {"hidden": True})))) == 1


def test_read_rows_merge_beyond_table_accepted() -> None:
    assert len(read(book(also=lambda _made, page: page.merge_range(0, 16, 1, 17, "")))) == 1


def test_read_rows_formula_and_error_cells_marked() -> None:
    error = sheet(heading_row(), data_row(2).replace("</row>", '<c r="O2" t="e"><v>#N/A</v></c></row>'))
    assert read(error)[0].cells["Kebutuhan Khusus"] == ErrorCell()
    formula = read(book([with_cell("Agama", Formula('="Islam"', "Islam"))]))
    assert formula[0].cells["Agama"] == FormulaCell("Islam")
    assert formula[0].texts()[10] == "Islam"


def test_read_rows_at_the_limit_accepted() -> None:
    assert len(read(book([["x"]] * MAX_ROWS))) == MAX_ROWS


def test_read_rows_white_rows_ignored() -> None:
    assert [row.number for row in read(book([["  ", "\u00a0"], GOOD_ROW, [" "] * 15]))] == [3]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1.99609142025062e17, "1.99609E+17"), (53.71, "53.71"), (7.0, "7"), (True, "TRUE"), (date(1996, 9, 4), "04-09-1996"),
        (ErrorCell(), "#GALAT!"), (FormulaCell(2.5), "2.5"), (float("inf"), "#GALAT!"), ("teks", "teks"),
    ],
)  # fmt: skip
def test_display_shows_what_the_reader_knows(value: object, shown: str) -> None:
    assert display(value) == shown  # type: ignore[arg-type]


def test_cell_error_splits_problem_and_advice() -> None:
    error = CellError(4, "NIP", "x", "NIP salah. Periksa SK. Lalu ulangi.", "nip")
    assert (error.problem, error.advice) == ("NIP salah.", "Periksa SK. Lalu ulangi.")


def test_raw_row_texts_can_be_read_again() -> None:
    row = RawRow(2, GOOD_ROW)
    again = RawRow.from_texts(2, row.texts())
    assert validate_row(again, lookups=lookups()).clean == validate_row(row, lookups=lookups()).clean


def test_read_and_validate_10_000_rows_leaves_no_row_out() -> None:
    found = lookups()
    results = [validate_row(row, lookups=found, today=date(2026, 2, 9)) for row in read(book(many_rows(10_000)))]
    assert (len(results), [result for result in results if result.errors]) == (10_000, [])
