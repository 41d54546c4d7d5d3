"""The zip container of a workbook, measured while it unpacks and never trusted.

Both Python and the spreadsheet reader must see the same members, so everything that two zip readers could
understand differently is refused: bytes before or after, comments, overlaps, wrong sizes, names that differ by case.
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from participants.workbook.refusal import WorkbookRefused

MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_RATIO = 100  # unpacked bytes per packed byte, for members above RATIO_FROM_BYTES
RATIO_FROM_BYTES = 1024 * 1024
MAX_MEMBERS = 200
MAX_DIRECTORY_BYTES = 256 * 1024
CHUNK_BYTES = 64 * 1024

_END = struct.Struct("<4s4H2LH")
_LOCAL = struct.Struct("<4s5H3L2H")
_END_MARK = b"PK\x05\x06"
_LOCAL_MARK = b"PK\x03\x04"
_ZIP64_LOCATOR = b"PK\x06\x07"
_ZIP64_LOCATOR_BYTES = 20
_DRIVE = re.compile(r"[A-Za-z]:")
_NESTED_SUFFIXES = (".zip", ".xlsx", ".xlsm", ".xlsb", ".docx", ".pptx", ".jar", ".7z", ".rar", ".gz")
_NESTED_MARKS = (_LOCAL_MARK, b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08")


@dataclass(frozen=True, slots=True)
class Member:
    name: str
    start: int
    packed: int
    unpacked: int
    crc: int
    deflated: bool


def broken() -> WorkbookRefused:
    """Build the refusal of a file that is damaged or not laid out as Excel does."""
    return WorkbookRefused(_("Berkas rusak atau tidak lengkap. Buka di Excel, simpan ulang sebagai .xlsx, lalu unggah lagi."), "broken")


def bomb() -> WorkbookRefused:
    """Build the refusal of a file that unpacks to far more than a list of people needs."""
    return WorkbookRefused(
        _("Isi berkas terlalu besar setelah dibuka. Salin data CPNS saja ke templat kosong, lalu unggah templat itu."), "unpacked"
    )


def list_members(data: bytes) -> list[Member]:
    """List the files of the archive after checking its layout, names, packing and count; unpack nothing."""
    directory_start = _check_end(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError, struct.error):
        raise broken() from None
    if len(infos) > MAX_MEMBERS:
        raise _too_many_members()
    _check_names(infos)
    if any(info.flag_bits & 0x1 for info in infos):
        raise encrypted()
    if sum(info.file_size for info in infos) > MAX_UNPACKED_BYTES:
        raise bomb()
    members = [_member(data, info) for info in infos]
    _check_layout(members, [info.header_offset for info in infos], directory_start)
    return [member for member in members if not member.name.endswith("/")]


def encrypted() -> WorkbookRefused:
    """Build the refusal of a workbook that asks for a password."""
    return WorkbookRefused(
        _("Berkas dikunci sandi. Buka di Excel, hapus sandinya lewat File > Info > Protect Workbook, simpan, lalu unggah lagi."),
        "encrypted",
    )


def unpack(data: bytes, member: Member) -> Iterator[bytes]:
    """Yield the member piece by piece; stop at the limits and refuse when size or checksum is not as declared."""
    packed = memoryview(data)[member.start : member.start + member.packed]
    crc = size = 0
    for piece in _inflate(packed) if member.deflated else _slices(packed):
        if size == 0 and piece.startswith(_NESTED_MARKS):
            raise _nested()
        size += len(piece)
        if size > member.unpacked or (size > RATIO_FROM_BYTES and size > MAX_RATIO * member.packed):
            raise bomb()
        crc = zlib.crc32(piece, crc)
        yield piece
    if size != member.unpacked or crc != member.crc:
        raise broken()


def _inflate(packed: memoryview) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for pending in _slices(packed):
            piece = inflater.decompress(pending, CHUNK_BYTES)
            while piece:
                yield piece
                piece = inflater.decompress(inflater.unconsumed_tail, CHUNK_BYTES)
            if inflater.unused_data:
                raise broken()
    except zlib.error:
        raise broken() from None
    if not inflater.eof:
        raise broken()


def _slices(packed: memoryview) -> Iterator[bytes]:
    for start in range(0, len(packed), CHUNK_BYTES):
        yield bytes(packed[start : start + CHUNK_BYTES])


def _check_end(data: bytes) -> int:
    position = len(data) - _END.size
    if position < 0 or data[position : position + 4] != _END_MARK:
        raise broken()
    _mark, disk, first_disk, here, total, size, start, comment = _END.unpack_from(data, position)
    if total > MAX_MEMBERS:
        raise _too_many_members()
    zip64 = data[max(0, position - _ZIP64_LOCATOR_BYTES) : position].startswith(_ZIP64_LOCATOR)
    if zip64 or disk or first_disk or here != total or comment or size > MAX_DIRECTORY_BYTES or start + size != position:
        raise broken()
    return int(start)


def _check_names(infos: list[zipfile.ZipInfo]) -> None:
    seen = set()
    for info in infos:
        name = info.filename
        parts = name.replace("\\", "/").split("/")
        bad = (
            not name
            or "\\" in info.orig_filename
            or "\x00" in info.orig_filename
            or name.startswith("/")
            or ".." in parts
            or _DRIVE.match(name)
        )
        if bad or stat.S_ISLNK(info.external_attr >> 16):
            raise WorkbookRefused(
                _("Berkas berisi nama bagian yang berbahaya. Salin data CPNS ke templat kosong dari portal, lalu unggah templat itu."),
                "names",
            )
        if name.lower() in seen:
            raise broken()
        seen.add(name.lower())
        if name.lower().endswith(_NESTED_SUFFIXES):
            raise _nested()


def _member(data: bytes, info: zipfile.ZipInfo) -> Member:
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise broken()
    try:
        mark, _v, flags, method, _t, _d, _crc, _p, _u, name_bytes, extra_bytes = _LOCAL.unpack_from(data, info.header_offset)
    except struct.error:
        raise broken() from None
    name_start = info.header_offset + _LOCAL.size
    name = data[name_start : name_start + name_bytes]
    encoding = "utf-8" if flags & 0x800 else "cp437"
    if mark != _LOCAL_MARK or method != info.compress_type or name.decode(encoding, "replace") != info.orig_filename:
        raise broken()
    start = name_start + name_bytes + extra_bytes
    return Member(info.filename, start, info.compress_size, info.file_size, info.CRC, method == zipfile.ZIP_DEFLATED)


def _check_layout(members: list[Member], offsets: list[int], directory_start: int) -> None:
    free_from = 0
    for offset, member in sorted(zip(offsets, members, strict=True), key=lambda pair: pair[0]):
        if offset < free_from or (free_from == 0 and offset != 0):
            raise broken()
        free_from = member.start + member.packed
    if free_from > directory_start:
        raise broken()


def _too_many_members() -> WorkbookRefused:
    return WorkbookRefused(
        _("Berkas berisi terlalu banyak bagian. Salin data CPNS ke templat kosong dari portal, lalu unggah templat itu."), "members"
    )


def _nested() -> WorkbookRefused:
    return WorkbookRefused(_("Berkas berisi berkas lain di dalamnya. Hapus lampiran itu, simpan ulang, lalu unggah lagi."), "nested")
