import csv
import io
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latsar.reports import writers
from latsar.reports.writers import Column, Sheet, Written, iter_csv, safe_text, unescape_text, write_csv, write_xlsx, write_xlsx_sheets

NIP = "199609142025061901"
PAYLOADS = [
    "=1+1", "==1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)", "\t=1+1", "\r=1+1", "\n=1+1", "\x00=1+1", " =1+1",
    "\u00a0=1+1", "\ufeff=1", "＝1+1", "＋1", "－1", "＠SUM(1)", '=HYPERLINK("http://contoh.invalid";"klik")', "=DDE(\"a\";\"b\";\"c\")", "\ttab", "\rcr", "\nlf",
    '"=1+1"', "'=1+1", ";=1+1", "a;b\n=1+1", "http://contoh.go.id", "mailto:a@contoh.go.id", "{=1+1}", "1E5", "0012", "TRUE", "1-2-2026", "_x000B_",
]  # fmt: skip


def reopened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def one_column(values: list[Any], kind: str = "text", **options: Any) -> tuple[bytes, Written]:
    stream = io.BytesIO()
    written = write_xlsx(stream, sheet="Data", columns=[Column("Isi", 30, kind)], rows=[[value] for value in values], **options)  # type: ignore[arg-type]
    return stream.getvalue(), written


def column_of(data: bytes) -> list[Any]:
    return [row[0].value for row in reopened(data)["Data"].iter_rows(min_row=2)]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_write_xlsx_any_payload_is_a_string_cell(payload: str) -> None:
    data, written = one_column([payload])
    cell = reopened(data)["Data"]["A2"]
    assert (cell.data_type, cell.hyperlink, written.rows) == ("s", None, 1)
    assert openpyxl.utils.escape.unescape(cell.value) == safe_text(payload)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠", " =", "\u200b="])
def test_safe_text_dangerous_start_gets_an_apostrophe(start: str) -> None:
    assert safe_text(f"{start}1").startswith("'")


@pytest.mark.parametrize("text", ["Contoh", "S-1", "1+1", "a=b", "nama@contoh.go.id", "", "Jl. Contoh -1", NIP])
def test_safe_text_harmless_text_unchanged(text: str) -> None:
    assert safe_text(text) == text


@given(st.text())
def test_safe_text_comes_home_unchanged(text: str) -> None:
    clean = writers._ILLEGAL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    escaped = safe_text(text)
    assert escaped in (clean, f"'{clean}")
    if escaped != clean and not writers._ILLEGAL.search(text) and not text.startswith("\r"):  # what no sheet can hold does not come home
        assert unescape_text(escaped) == clean


@given(st.lists(st.text(), max_size=20))
def test_write_xlsx_any_text_never_a_formula(texts: list[str]) -> None:
    data, _written = one_column([text or "kosong" for text in texts])
    assert {cell.data_type for row in reopened(data)["Data"].iter_rows(min_row=2) for cell in row} <= {"s"}


def test_write_xlsx_kinds_keep_their_types() -> None:
    columns = [
        Column("NIP"),
        Column("Umur", 8, "int"),
        Column("Nilai", 8, "number"),
        Column("Biaya (Rp)", 14, "money"),
        Column("Lahir", 12, "date"),
        Column("Kirim", 18, "datetime"),
    ]
    stream = io.BytesIO()
    sent = datetime(2026, 2, 9, 2, 42, tzinfo=UTC)
    write_xlsx(stream, sheet="Data", columns=columns, rows=[[NIP, -3, Decimal("87.25"), 5_260_000, date(1996, 9, 14), sent]])
    cells = reopened(stream.getvalue())["Data"][2]
    assert [cell.value for cell in cells] == [NIP, -3, 87.25, 5_260_000, datetime(1996, 9, 14), datetime(2026, 2, 9, 9, 42)]
    assert [cell.data_type for cell in cells] == ["s", "n", "n", "n", "d", "d"]


def test_write_xlsx_value_that_is_not_its_kind_written_as_text() -> None:
    data, _written = one_column([10**17 + 1, "=1", float("nan"), True, date(1899, 1, 1)], "int")
    assert column_of(data) == ["100000000000000001", "'=1", "nan", "True", "1899-01-01"]
    assert column_of(one_column([date(1899, 1, 1), "12 Mei"], "date")[0]) == ["01-01-1899", "12 Mei"]


def test_write_xlsx_illegal_characters_replaced_and_counted() -> None:
    data, written = one_column(["a\x0bb", "c\ud800d", "e\uffff", "Ñ é ʼ Jālā 👍 שלום"])
    assert column_of(data) == ["a\ufffdb", "c\ufffdd", "e\ufffd", "Ñ é ʼ Jālā 👍 שלום"]
    assert written == Written(rows=4, replaced=3)


def test_write_xlsx_too_long_text_shortened_and_counted() -> None:
    data, written = one_column(["x" * 40_000])
    assert (len(column_of(data)[0]), written.replaced) == (32_767, 1)


def test_write_xlsx_none_and_blank_are_empty_cells() -> None:
    assert column_of(one_column([None, "", "x"])[0]) == [None, None, "x"]


def test_write_xlsx_titles_and_headings_safe_and_frozen() -> None:
    stream = io.BytesIO()
    write_xlsx(stream, sheet="Rekap", columns=[Column("=Judul", 20)], rows=[["a"]], titles=["=Rekap", "Provinsi"])
    page = reopened(stream.getvalue())["Rekap"]
    assert [row[0].value for row in page.iter_rows()] == ["'=Rekap", "Provinsi", "'=Judul", "a"]
    assert (page.freeze_panes, page.column_dimensions["A"].width > 19) == ("A4", True)


def test_write_xlsx_sheets_odd_names_made_right() -> None:
    stream, column = io.BytesIO(), [Column("A")]
    names = ["Angkatan I/II", "angkatan i ii", "", "History", "x" * 40, "x" * 40, "'a'"]
    write_xlsx_sheets(stream, [Sheet(name, column, [[name]]) for name in names])
    assert reopened(stream.getvalue()).sheetnames == [
        "Angkatan I II",
        "angkatan i ii (2)",
        "Data",
        "History (2)",
        "x" * 31,
        "x" * 27 + " (2)",
        "a",
    ]


def test_write_xlsx_full_sheet_goes_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "MAX_SHEET_ROWS", 3)
    data, written = one_column(["1", "2", "3"])
    book = reopened(data)
    assert [[cell.value for cell in page["A"]] for page in book] == [["Isi", "1", "2"], ["Isi", "3"]]
    assert (book.sheetnames, written.rows) == (["Data", "Data (2)"], 3)


def test_write_xlsx_row_of_another_length_fails() -> None:
    with pytest.raises(ValueError, match="shorter"):
        write_xlsx(io.BytesIO(), sheet="Data", columns=[Column("A"), Column("B")], rows=[["a"]])


_MANY_ROWS = """
import datetime, sys
from latsar.reports.writers import Column, write_xlsx
columns = [Column("NIP"), Column("Nama"), Column("Nomor", 8, "int"), Column("Tanggal", 12, "date")]
day = datetime.date(2026, 1, 1)
rows = ([f"1996091420250619{number:06d}", f"Contoh Peserta {number}", number, day] for number in range(int(sys.argv[1])))
with open("/dev/null", "wb") as sink:
    write_xlsx(sink, sheet="Data", columns=columns, rows=rows)
with open("/proc/self/status") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""


def test_write_xlsx_100_000_rows_memory_flat() -> None:
    def peak_kib(count: int) -> int:
        done = subprocess.run([sys.executable, "-c", _MANY_ROWS, str(count)], check=True, capture_output=True, text=True, timeout=120)
        return int(done.stdout)

    few, many = peak_kib(1_000), peak_kib(100_000)
    assert many < few + 4 * 1024
    assert many < 64 * 1024


def test_write_csv_opens_as_indonesian_spreadsheets_do() -> None:
    stream = io.BytesIO()
    columns = [Column("NIP"), Column("Nama"), Column("Nilai", 8, "number"), Column("Lahir", 10, "date"), Column("Kirim", 10, "datetime")]
    sent = datetime(2026, 2, 9, 2, 42, tzinfo=UTC)
    write_csv(
        stream,
        columns=columns,
        rows=[[NIP, 'A "B"; =C', -87.5, date(1996, 9, 14), sent], [None, "=1", None, None, None]],
        titles=["=Rekap"],
    )
    assert stream.getvalue().decode("utf-8-sig").split("\r\n") == [
        "'=Rekap", "NIP;Nama;Nilai;Lahir;Kirim", f'{NIP};"A ""B""; =C";-87,5;14-09-1996;09-02-2026 09:42', ";'=1;;;", "",
    ]  # fmt: skip
    assert stream.getvalue().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_write_csv_any_payload_never_starts_a_formula(payload: str) -> None:
    stream = io.BytesIO()
    write_csv(stream, columns=[Column("Isi")], rows=[[payload]])
    (_head, row) = csv.reader(io.StringIO(stream.getvalue().decode("utf-8-sig"), newline=""), delimiter=";")
    assert row == [safe_text(payload)]
    assert row[0].lstrip(" \u00a0\ufeff\t\r\n")[:1] not in set("=+-@＝＋－＠")


def test_iter_csv_long_report_comes_in_pieces() -> None:
    pieces = list(iter_csv(columns=[Column("Isi")], rows=([f"baris {number}"] for number in range(20_000))))
    assert len(pieces) > 3
    assert b"".join(pieces).count(b"\r\n") == 20_001


def test_write_xlsx_libreoffice_reads_the_same_values(tmp_path: Path) -> None:
    soffice = shutil.which("soffice")
    assert soffice, "install libreoffice-calc"
    values = [payload for payload in PAYLOADS if "\x00" not in payload]
    (tmp_path / "isi.xlsx").write_bytes(one_column(values)[0])
    command = [
        soffice,
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "isi.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    with (tmp_path / "isi.csv").open(encoding="utf-8-sig", newline="") as file:
        read = [row[0] if row else "" for row in csv.reader(file, delimiter=";")]
    assert read == ["Isi", *(safe_text(value) for value in values)]
