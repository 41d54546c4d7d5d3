"""Bad import workbooks, made by script: what each one is, and the message it must get."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from participants.workbook.cells import HEADINGS

GOOD_ROW: tuple[Any, ...] = (
    "199609142025061901", "Contoh Peserta Satu, S.Kom.", "53.71", "III/a", "Penata Kelola Sistem dan Teknologi Informasi", "S-1",
    "Ilmu Komputer", "Kupang", "L", date(1996, 9, 14), "Katolik", "satu@contoh.go.id", "081200000901", "Jalan Contoh 1", "",
)  # fmt: skip

BROKEN = "Berkas rusak atau tidak lengkap. Buka di Excel, simpan ulang sebagai .xlsx, lalu unggah lagi."
BOMB = "Isi berkas terlalu besar setelah dibuka. Salin data CPNS saja ke templat kosong, lalu unggah templat itu."
LOCKED = "Berkas dikunci sandi. Buka di Excel, hapus sandinya lewat File > Info > Protect Workbook, simpan, lalu unggah lagi."
MACRO = "Berkas memuat makro. Simpan ulang sebagai Buku Kerja Excel (.xlsx) tanpa makro, lalu unggah lagi."
ACTIVE = "Berkas memuat tautan luar atau objek sisipan. Salin data CPNS sebagai nilai ke templat kosong, lalu unggah templat itu."
NOT_WORKBOOK = "Ini bukan buku kerja Excel. Buka datanya di Excel, simpan sebagai .xlsx, lalu unggah lagi."
KIND = "Berkas ini berjenis %s. Buka di Excel, pilih File > Save As > Excel Workbook (.xlsx), lalu unggah hasilnya."
EXTENSION = "Jenis berkas ini tidak diterima. Unggah buku kerja Excel berakhiran .xlsx, misalnya templat dari portal."
NAMES = "Berkas berisi nama bagian yang berbahaya. Salin data CPNS ke templat kosong dari portal, lalu unggah templat itu."
MEMBERS = "Berkas berisi terlalu banyak bagian. Salin data CPNS ke templat kosong dari portal, lalu unggah templat itu."
NESTED = "Berkas berisi berkas lain di dalamnya. Hapus lampiran itu, simpan ulang, lalu unggah lagi."
DTD = "Berkas memuat definisi XML yang berbahaya. Salin data CPNS ke templat kosong dari portal, lalu unggah templat itu."
FIX_HEADINGS = "Sesuaikan judul di baris 1 dengan templat, lalu unggah lagi."
TOO_MANY_ROWS = "Lembar CPNS berisi lebih dari 20.000 baris. Pisahkan menjadi beberapa berkas, lalu unggah satu per satu."

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


@dataclass(frozen=True)
class Refused:
    """A file that is turned away as a whole."""

    name: str
    build: Callable[[], bytes]
    code: str
    message: str
    filename: str = "cpns.xlsx"


@dataclass(frozen=True)
class WrongCell:
    """A good row with one cell changed."""

    name: str
    heading: str
    value: Any
    code: str
    message: str


def book(
    rows: Sequence[Sequence[Any]] = (GOOD_ROW,),
    *,
    headings: Sequence[str] = HEADINGS,
    sheet: str = "CPNS",
    also: Callable[[Workbook, Worksheet], object] | None = None,
    options: dict[str, Any] | None = None,
) -> bytes:
    """Build a workbook as Excel would save it; the same rows are the same bytes."""
    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, **(options or {})}) as made:
        made.set_properties({"created": datetime(2026, 1, 2)})  # otherwise the second of writing, and with it the hash
        page = made.add_worksheet(sheet)
        formats = {"date": made.add_format({"num_format": "dd-mm-yyyy"}), "time": made.add_format({"num_format": "dd-mm-yyyy hh:mm"})}
        for index, heading in enumerate(headings):
            write(page, 0, index, heading, formats)
        for line, row in enumerate(rows, start=1):
            for index, value in enumerate(row):
                write(page, line, index, value, formats)
        if also is not None:
            also(made, page)
    return stream.getvalue()


def write(page: Worksheet, line: int, index: int, value: Any, formats: dict[str, Any]) -> None:
    """Write one value in the cell type that its Python type stands for; a `Formula` with its last result."""
    if isinstance(value, Formula):
        page.write_formula(line, index, value.text, None, value.result)
    elif isinstance(value, bool):
        page.write_boolean(line, index, value)
    elif isinstance(value, datetime | time):
        page.write_datetime(line, index, value, formats["time"])
    elif isinstance(value, date):
        page.write_datetime(line, index, value, formats["date"])
    elif isinstance(value, int | float):
        page.write_number(line, index, value)
    elif value != "":
        page.write_string(line, index, value)


@dataclass(frozen=True)
class Formula:
    text: str
    result: Any


def with_cell(heading: str, value: Any) -> tuple[Any, ...]:
    """Take the good row with one cell changed."""
    return tuple(value if name == heading else old for name, old in zip(HEADINGS, GOOD_ROW, strict=True))


def with_cells(cells: dict[str, Any]) -> tuple[Any, ...]:
    """Take the good row with several cells changed."""
    return tuple(cells.get(name, old) for name, old in zip(HEADINGS, GOOD_ROW, strict=True))


def parts(sheet_data: str = "", **extra: str | bytes) -> dict[str, str | bytes]:
    """List the parts of the smallest workbook, with this inside its `worksheet`."""
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_KIND}"/></Types>',
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml", "")),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="CPNS" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(("rId1", "worksheet", "worksheets/sheet1.xml", "")),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}">{sheet_data}</worksheet>',
    }
    return made | extra


def relations(*items: tuple[str, str, str, str]) -> str:
    """Write a relationships part: (id, kind, target, mode)."""
    lines = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"{f" TargetMode={chr(34)}{mode}{chr(34)}" if mode else ""}/>'
        for key, kind, target, mode in items
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def packed(members: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Zip the parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def heading_row() -> str:
    """Write row 1 as XML with its inline headings."""
    cells = "".join(f'<c r="{chr(65 + index)}1" t="inlineStr"><is><t>{heading}</t></is></c>' for index, heading in enumerate(HEADINGS))
    return f'<row r="1">{cells}</row>'


def data_row(number: int, row: Sequence[Any] = GOOD_ROW) -> str:
    """Write a row as XML with inline texts; dates as dd-mm-yyyy."""
    texts = [value.strftime("%d-%m-%Y") if isinstance(value, date) else str(value) for value in row]
    cells = "".join(
        f'<c r="{chr(65 + index)}{number}" t="inlineStr"><is><t>{text}</t></is></c>' for index, text in enumerate(texts) if text
    )
    return f'<row r="{number}">{cells}</row>'


def sheet(*lines: str, before: str = "", after: str = "") -> bytes:
    """Zip a workbook from rows of XML."""
    return packed(parts(f"{before}<sheetData>{''.join(lines)}</sheetData>{after}"))


def added(**members: str | bytes) -> Callable[[], bytes]:
    """Prepare the good workbook with more parts; `__` stands for a slash and `_DOT_` for a point in their names."""
    named = {name.replace("__", "/").replace("_DOT_", "."): content for name, content in members.items()}
    return lambda: packed(parts(f"<sheetData>{heading_row()}{data_row(2)}</sheetData>") | named)


def patched(
    data: bytes, *, name: str, size: int | None = None, packed_size: int | None = None, flag: int = 0, crc: int | None = None
) -> bytes:
    """Lie in the central directory (and the local header's flags) about one member."""
    changed_data = bytearray(data)
    position = changed_data.find(b"PK\x01\x02")
    while position >= 0:
        length = struct.unpack_from("<H", changed_data, position + 28)[0]
        if bytes(changed_data[position + 46 : position + 46 + length]) == name.encode():
            for offset, value in ((24, size), (20, packed_size), (16, crc)):
                if value is not None:
                    struct.pack_into("<L", changed_data, position + offset, value)
            changed_data[position + 8] |= flag
        position = changed_data.find(b"PK\x01\x02", position + 4)
    return bytes(changed_data)


def zeros(megabytes: int) -> bytes:
    """Deflate that many megabytes of zeros, without keeping them."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = bytes(1024 * 1024)
    return b"".join(squeeze.compress(block) for _count in range(megabytes)) + squeeze.flush()
