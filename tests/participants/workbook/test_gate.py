import io
import time
import tracemalloc
from pathlib import Path

import pytest

from participants.workbook.gate import WorkbookRefused, open_workbook_safely
from participants.workbook.reader import read_rows
from tests.corpus import workbook_archives, workbook_layouts
from tests.corpus.workbooks import Refused, book, data_row, heading_row, packed, parts, sheet

ARCHIVES = workbook_archives.REFUSED
LAYOUTS = workbook_layouts.REFUSED


def names(cases: list[Refused]) -> list[str]:
    return [case.name for case in cases]


def test_corpus_names_are_distinct() -> None:
    assert len({case.name for case in ARCHIVES + LAYOUTS}) == len(ARCHIVES + LAYOUTS) >= 60


@pytest.mark.parametrize("case", ARCHIVES, ids=names(ARCHIVES))
def test_open_workbook_hostile_file_refused_with_reason(case: Refused) -> None:
    data = case.build()
    with pytest.raises(WorkbookRefused) as refusal:
        read_rows(open_workbook_safely(data, case.filename))
    assert (refusal.value.code, refusal.value.message) == (case.code, case.message)


@pytest.mark.parametrize("case", [case for case in ARCHIVES if "bomb" in case.name or "100,000" in case.name], ids=lambda case: case.name)
def test_open_workbook_bomb_refused_fast_in_little_memory(case: Refused) -> None:
    data = case.build()
    started = time.process_time()
    tracemalloc.start()
    try:
        with pytest.raises(WorkbookRefused):
            open_workbook_safely(data, case.filename)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert time.process_time() - started < 2
    assert peak < 50 * 1024 * 1024


def peak_kib() -> int:
    """Read the most memory this process has held since the mark was last cleared."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def test_open_workbook_bomb_resident_memory_stays_flat() -> None:
    data = next(case for case in ARCHIVES if case.name == "bomb within the size limit").build()
    Path("/proc/self/clear_refs").write_text("5")
    before = peak_kib()
    with pytest.raises(WorkbookRefused):
        open_workbook_safely(data, "cpns.xlsx")
    assert peak_kib() - before < 50 * 1024


@pytest.mark.parametrize("kind", ["bytes", "stream", "path", "text path"])
def test_open_workbook_good_file_any_source_opens(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "cpns.xlsx"
    path.write_bytes(book())
    sources = {"bytes": book(), "stream": io.BytesIO(book()), "path": path, "text path": str(path)}
    opened = open_workbook_safely(sources[kind], "cpns.xlsx")
    assert (opened.filename, opened.sheet_name, len(opened.sha256)) == ("cpns.xlsx", "CPNS", 64)
    assert [row.number for row in read_rows(opened)] == [2]


def test_open_workbook_links_in_cells_accepted() -> None:
    data = book(also=lambda _made, page: page.write_url(1, 11, "mailto:satu@contoh.go.id", string="satu@contoh.go.id"))
    assert len(read_rows(open_workbook_safely(data, "cpns.xlsx"))) == 1


def test_open_workbook_formula_reported_by_cell() -> None:
    data = book(
        also=lambda _made, page: [page.write_formula(1, 1, "=A1", None, "x"), page.write_array_formula(1, 5, 2, 6, "{=A1}", None, "x")]
    )
    scan = open_workbook_safely(data, "cpns.xlsx").scan
    assert [scan.has_formula(2, column) for column in (1, 2, 6, 7)] == [False, True, True, True]
    assert scan.has_formula(3, 7)


def test_open_workbook_formula_in_drop_down_is_no_cell() -> None:
    extension = '<extLst><ext><x14:v xmlns:x14="a"/><xm:f xmlns:xm="b">Daftar!$A$1</xm:f></ext></extLst>'
    data = sheet(heading_row(), data_row(2), after=extension)
    scan = open_workbook_safely(data, "cpns.xlsx").scan
    assert (scan.formulas, scan.last_row, scan.last_column) == (set(), 2, 15)


@pytest.mark.parametrize(
    "mark", ['<x:f xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">1</x:f>', "<f>1</f>", "<f\n>1</f>", "<f/>"]
)
def test_open_workbook_formula_spelt_otherwise_still_found(mark: str) -> None:
    data = sheet(heading_row(), data_row(2), f'<row r="3"><c r="B3">{mark}<v>2</v></c></row>')
    assert open_workbook_safely(data, "cpns.xlsx").scan.has_formula(3, 2)


def test_open_workbook_prefixed_sheet_read_like_plain() -> None:
    plain = packed(parts(f"<sheetData>{heading_row()}{data_row(2)}</sheetData>"))
    content = f"<sheetData>{heading_row()}{data_row(2)}</sheetData>".replace("</", "\x00").replace("<", "<x:").replace("\x00", "</x:")
    members = parts()
    members["xl/worksheets/sheet1.xml"] = (
        f'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{content}</x:worksheet>'
    )
    prefixed = open_workbook_safely(packed(members), "cpns.xlsx")
    assert prefixed.scan.last_row == 2
    assert read_rows(prefixed) == read_rows(open_workbook_safely(plain, "cpns.xlsx"))


def test_open_workbook_cells_without_address_counted_in_order() -> None:
    bare = f"<sheetData>{heading_row()}{data_row(2)}</sheetData>"
    for number in (1, 2):
        for letter in "ABCDEFGHIJKLMNO":
            bare = bare.replace(f' r="{letter}{number}"', "")
        bare = bare.replace(f'<row r="{number}">', "<row>")
    opened = open_workbook_safely(packed(parts(bare)), "cpns.xlsx")
    assert (opened.scan.last_row, opened.scan.last_column) == (2, 15)
    assert read_rows(opened)[0].values[:2] == ("199609142025061901", "Contoh Peserta Satu, S.Kom.")


def test_open_workbook_million_row_empty_tail_read_fast() -> None:
    tail = "".join(
        f'<row r="{number}" customFormat="false" ht="12.8" hidden="false" customHeight="false" outlineLevel="0" collapsed="false"/>'
        for number in range(3, 1_048_577)
    )
    data = sheet(heading_row(), data_row(2), tail)
    started = time.process_time()
    rows = read_rows(open_workbook_safely(data, "cpns.xlsx"))
    assert time.process_time() - started < 5
    assert [row.number for row in rows] == [2]


def test_open_workbook_styled_empty_tail_read() -> None:
    tail = "".join(f'<row r="{number}"><c r="A{number}" s="1"/></row>' for number in range(3, 300_000))
    assert len(read_rows(open_workbook_safely(sheet(heading_row(), data_row(2), tail), "cpns.xlsx"))) == 1
