"""Files that are no workbook, or a hostile one, by their container and parts."""

import csv
import io
import struct
import zipfile
import zlib

from tests.corpus.workbooks import (
    ACTIVE,
    BOMB,
    BROKEN,
    DTD,
    EXTENSION,
    KIND,
    LOCKED,
    MACRO,
    MEMBERS,
    NAMES,
    NESTED,
    NOT_WORKBOOK,
    Refused,
    added,
    book,
    data_row,
    heading_row,
    packed,
    parts,
    patched,
    relations,
    sheet,
    zeros,
)  # fmt: skip

_OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
_ENTITIES = '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
_MACRO_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def _csv() -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerow(["NIP", "Nama Lengkap"])
    return stream.getvalue().encode()


def _bomb() -> bytes:
    """Nearly half a megabyte that unpacks to 419 MB."""
    body = zeros(400)
    return _with_raw(body, size=400 * 1024 * 1024, crc=0)


def _lying_bomb() -> bytes:
    """The same, declared as 1,000 bytes."""
    return _with_raw(zeros(400), size=1000, crc=0)


def _quiet_bomb() -> bytes:
    """A part of 60 MB at a ratio of 1,000: below the limit of size, above that of ratio."""
    return _with_raw(zeros(60), size=60 * 1024 * 1024, crc=0)


def _with_raw(body: bytes, *, size: int, crc: int) -> bytes:
    """Put a deflated body into the sheet's place, with the given claims about it."""
    name = "xl/media/image1.png"
    data = packed(parts(f"<sheetData>{heading_row()}{data_row(2)}</sheetData>"))
    end = data.rfind(b"PK\x05\x06")
    start, count = struct.unpack_from("<L", data, end + 16)[0], struct.unpack_from("<H", data, end + 10)[0]
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 33, crc, len(body), size, len(name), 0) + name.encode() + body
    central = (
        struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, crc, len(body), size, len(name), 0, 0, 0, 0, 0, start)
        + name.encode()
    )
    directory = data[start:end] + central
    finish = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count + 1, count + 1, len(directory), start + len(local), 0)
    return data[:start] + local + directory + finish


def _overlapping() -> bytes:
    """Two entries that share one body."""
    data = packed(parts() | {"xl/media/a.bin": b"x" * 5000, "xl/media/b.bin": b"y"})
    changed = bytearray(data)
    first, second = data.find(b"PK\x03\x04", data.find(b"sheet1.xml")), 0
    position = data.find(b"PK\x01\x02")
    while position >= 0:
        length = struct.unpack_from("<H", data, position + 28)[0]
        if data[position + 46 : position + 46 + length] == b"xl/media/b.bin":
            second = position
        position = data.find(b"PK\x01\x02", position + 4)
    struct.pack_into("<L", changed, second + 42, first)
    return bytes(changed)


def _symlink() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts().items():
            archive.writestr(name, content)
        link = zipfile.ZipInfo("xl/media/link.png")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return stream.getvalue()


def _deep() -> bytes:
    return packed(parts() | {"xl/_rels/workbook.xml.rels": "<a>" * 50_000 + "</a>" * 50_000})


def _zip_named(name: str) -> bytes:
    return packed(parts() | {"~" * len(name): "x"}).replace(b"~" * len(name), name.encode())


def _typed(kind: str) -> bytes:
    made = parts()
    made["[Content_Types].xml"] = f'<Types><Override PartName="/xl/workbook.xml" ContentType="{kind}"/></Types>'
    return packed(made)


def _without(name: str) -> bytes:
    made = parts()
    del made[name]
    return packed(made)


def _related(kind: str, mode: str = "") -> bytes:
    target = relations(("rId9", kind, "file:///C:/rahasia.xlsx", mode))
    return packed(parts() | {"xl/worksheets/_rels/sheet1.xml.rels": target})


def _wrong_checksum() -> bytes:
    return patched(book(), name="xl/worksheets/sheet1.xml", crc=1)


def _understated() -> bytes:
    return patched(book(), name="xl/worksheets/sheet1.xml", size=100)


def _zip64() -> bytes:
    data = book()
    end = data.rfind(b"PK\x05\x06")
    return data[:end] + b"PK\x06\x07" + bytes(16) + data[end:]


def _with_comment() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.comment = b"PK\x05\x06" + bytes(18)
        for name, content in parts().items():
            archive.writestr(name, content)
    return stream.getvalue()


REFUSED = [
    Refused("empty file", lambda: b"", "empty", "Berkas kosong. Simpan buku kerja di Excel sebagai .xlsx, lalu unggah lagi."),
    Refused("plain text", lambda: b"NIP;Nama", "not_workbook", NOT_WORKBOOK),
    Refused("web page saved as xlsx", lambda: b"<html><table><tr><td>NIP</td></tr></table></html>", "not_workbook", NOT_WORKBOOK),
    Refused("pdf renamed", lambda: b"%PDF-1.7\n", "not_workbook", NOT_WORKBOOK),
    Refused("zip of photos", lambda: packed({"foto.jpg": b"\xff\xd8\xff"}), "not_workbook", NOT_WORKBOOK),
    Refused("word document renamed", lambda: packed({"[Content_Types].xml": "<Types/>", "word/document.xml": "<d/>"}), "not_workbook", NOT_WORKBOOK),
    Refused("workbook without a workbook part", lambda: _without("xl/workbook.xml"), "not_workbook", NOT_WORKBOOK),
    Refused("workbook without relations", lambda: _without("xl/_rels/workbook.xml.rels"), "not_workbook", NOT_WORKBOOK),
    Refused("unknown content type", lambda: _typed("application/xml"), "not_workbook", NOT_WORKBOOK),
    Refused("csv", _csv, "kind", KIND % "CSV (.csv)", "cpns.csv"),
    Refused("ods", lambda: b"PK", "kind", KIND % "OpenDocument (.ods)", "cpns.ods"),
    Refused("ods renamed", lambda: packed({"mimetype": "application/vnd.oasis", "content.xml": "<a/>"}), "kind", KIND % "OpenDocument (.ods)"),
    Refused("xls", lambda: _OLE, "kind", KIND % "Excel 97-2003 (.xls)", "cpns.XLS"),
    Refused("xls renamed", lambda: _OLE, "kind", KIND % "Excel 97-2003 (.xls)"),
    Refused("xlsb", lambda: b"PK", "kind", KIND % "Excel Binary (.xlsb)", "cpns.xlsb"),
    Refused("xlsb renamed", lambda: packed({"xl/workbook.bin": b"\x83\x01"}), "kind", KIND % "Excel Binary (.xlsb)"),
    Refused("pdf", lambda: b"%PDF-1.7\n", "extension", EXTENSION, "cpns.pdf"),
    Refused("no suffix", book, "extension", EXTENSION, "cpns"),
    Refused("double suffix", book, "extension", EXTENSION, "cpns.xlsx.exe"),
    Refused("xlsm", book, "macro", MACRO, "cpns.xlsm"),
    Refused("macro renamed", added(xl__vbaProject_DOT_bin=_OLE), "macro", MACRO),
    Refused("macro type", lambda: _typed(_MACRO_TYPE), "macro", MACRO),
    Refused("macro under another name", lambda: _related("vbaProject"), "macro", MACRO),
    Refused("excel 4 macro sheet", added(xl__macrosheets__sheet1_DOT_xml="<a/>"), "macro", MACRO),
    Refused("ribbon code", added(customUI__customUI_DOT_xml="<a/>"), "macro", MACRO),
    Refused("external link part", added(xl__externalLinks__externalLink1_DOT_xml="<a/>"), "active", ACTIVE),
    Refused("external relation", lambda: _related("image", "External"), "active", ACTIVE),
    Refused("embedded object", added(xl__embeddings__oleObject1_DOT_bin=_OLE), "active", ACTIVE),
    Refused("embedded object elsewhere", lambda: _related("oleObject"), "active", ACTIVE),
    Refused("activex control", added(xl__activeX__activeX1_DOT_xml="<a/>"), "active", ACTIVE),
    Refused("data connection", added(xl__connections_DOT_xml="<a/>"), "active", ACTIVE),
    Refused("query table", added(xl__queryTables__queryTable1_DOT_xml="<a/>"), "active", ACTIVE),
    Refused("password", lambda: _OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted", LOCKED),
    Refused("zip encryption", lambda: patched(book(), name="xl/workbook.xml", flag=1), "encrypted", LOCKED),
    Refused("larger than 10 MB", lambda: b"PK" + bytes(10 * 1024 * 1024), "size",
            "Berkas lebih besar dari 10 MB. Pisahkan menjadi beberapa berkas, lalu unggah satu per satu."),
    Refused("bomb", _bomb, "unpacked", BOMB),
    Refused("bomb that lies about its size", _lying_bomb, "unpacked", BOMB),
    Refused("bomb within the size limit", _quiet_bomb, "unpacked", BOMB),
    Refused("understated size", _understated, "unpacked", BOMB),
    Refused("201 parts", lambda: packed(parts() | {f"xl/media/{number}.png": b"x" for number in range(197)}), "members", MEMBERS),
    Refused("100,000 parts in the directory", lambda: packed({f"{number}": b"" for number in range(60_000)}), "members", MEMBERS),
    Refused("zip in the zip", added(xl__media__a_DOT_zip=b"x"), "nested", NESTED),
    Refused("zip in the zip, renamed", lambda: packed(parts() | {"xl/media/a.png": packed({"b": b"c"})}), "nested", NESTED),
    Refused("path upwards", lambda: _zip_named("xl/../../x"), "names", NAMES),
    Refused("absolute path", lambda: _zip_named("/etc/x"), "names", NAMES),
    Refused("drive path", lambda: _zip_named("C:/x"), "names", NAMES),
    Refused("backslash path", lambda: packed(parts() | {"xl..x": "x"}).replace(b"xl..x", b"xl\\.x"), "names", NAMES),
    Refused("symbolic link", _symlink, "names", NAMES),
    Refused("names that differ by case", lambda: packed(parts() | {"XL/Workbook.xml": "<a/>"}), "broken", BROKEN),
    Refused("cut in half", lambda: book()[: len(book()) // 2], "broken", BROKEN),
    Refused("bytes before the zip", lambda: b"PKxx" + book(), "broken", BROKEN),
    Refused("bytes after the zip", lambda: book() + b"tail", "broken", BROKEN),
    Refused("zip comment", _with_comment, "broken", BROKEN),
    Refused("zip64 directory", _zip64, "broken", BROKEN),
    Refused("overlapping entries", _overlapping, "broken", BROKEN),
    Refused("wrong checksum", _wrong_checksum, "broken", BROKEN),
    Refused("unusual packing", lambda: packed(parts(), zipfile.ZIP_BZIP2), "broken", BROKEN),
    Refused("spoilt deflate stream", lambda: _with_raw(b"\xff" * 50, size=100, crc=zlib.crc32(b"")), "broken", BROKEN),
    Refused("entity bomb", added(xl__sharedStrings_DOT_xml=f"<?xml version='1.0'?>{_ENTITIES}<sst>&b;</sst>"), "dtd", DTD),
    Refused("entity reading a file", added(xl__styles_DOT_xml='<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'), "dtd", DTD),
    Refused("entity in a part without suffix", added(xl__kata='<!DOCTYPE a [<!ENTITY b "c">]><a/>'), "dtd", DTD),
    Refused("entity in utf-16", added(xl__styles_DOT_xml='<?xml version="1.0"?><!DOCTYPE a><a/>'.encode("utf-16")), "broken", BROKEN),
    Refused("other encoding", added(xl__styles_DOT_xml='<?xml version="1.0" encoding="iso-8859-1"?><a/>'), "broken", BROKEN),
    Refused("no xml at all", added(xl__styles_DOT_xml="bukan xml"), "broken", BROKEN),
    Refused("endless tag before the root", added(xl__styles_DOT_xml="<a b='" + "c" * 900_000 + "'/>"), "broken", BROKEN),
    Refused("50,000 tags deep", _deep, "broken", BROKEN),
    Refused("sheet xml cut off", lambda: packed(parts("<sheetData><row r='1'><c r='A1'><v>1")), "broken", BROKEN),
    Refused("address past the last column", lambda: sheet('<row r="1"><c r="XFE1"><v>1</v></c></row>'), "broken", BROKEN),
    Refused("rows out of order", lambda: sheet(heading_row(), data_row(3), '<row r="2"><c r="AA2"><v>1</v></c></row>'), "broken", BROKEN),
    Refused("cell in a row it is not of", lambda: sheet(heading_row(), '<row r="2"><c r="A900000"><v>1</v></c></row>'), "broken", BROKEN),
]  # fmt: skip
