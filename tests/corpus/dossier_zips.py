"""ZIPs of documents: hostile and broken ones, each with one thing wrong, and the code it must be refused with."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Mapping

from participants.dossier.archive import MAX_ENTRIES, MAX_ZIP_BYTES
from tests.corpus import pdfs

NIP = "199403122025062901"
NAME = f"{NIP}_sk-cpns.pdf"


def build(entries: Mapping[str, bytes], *, packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as archive:
        for name, data in entries.items():
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=packed)
    return out.getvalue()


def good() -> bytes:
    return build({NAME: pdfs.plain()})


def named(name: str) -> bytes:
    """One file under a name that no zip writer would let through: the name is replaced in the finished bytes."""
    place = "x" * len(name.encode())
    return build({place: b"%PDF-"}).replace(place.encode(), name.encode())


def link() -> bytes:
    out = io.BytesIO()
    info = zipfile.ZipInfo(NAME)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    return out.getvalue()


def twice() -> bytes:
    return build({"aaaa.pdf": b"1", "bbbb.pdf": b"2"}).replace(b"bbbb.pdf", b"AAAA.pdf")


def flagged(flag: int) -> bytes:
    """Set a general purpose flag in both headers of the only entry."""
    data = bytearray(good())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(mark) + place
        data[at : at + 2] = struct.pack("<H", flag)
    return bytes(data)


def method(number: int) -> bytes:
    data = bytearray(good())
    for mark, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = data.index(mark) + place
        data[at : at + 2] = struct.pack("<H", number)
    return bytes(data)


def declared(size: int) -> bytes:
    """Say another unpacked size in the directory than there is."""
    data = bytearray(good())
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<L", size)
    return bytes(data)


BAD: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "empty", "Berkas kosong"),
    "too_large": (b"PK\x03\x04" + bytes(MAX_ZIP_BYTES), "size", "lebih besar dari 50 MB"),
    "a_pdf": (pdfs.plain(), "not_zip", "bukan ZIP"),
    "a_rar": (b"Rar!\x1a\x07\x00" + bytes(90), "not_zip", "bukan ZIP"),
    "program_in_front": (b"MZ" + good(), "not_zip", "bukan ZIP"),
    "cut_in_half": (good()[: len(good()) // 2], "broken", "rusak"),
    "directory_only_mark": (b"PK\x03\x04" + bytes(200), "broken", "rusak"),
    "no_entries": (build({}), "nothing", "Tidak ada dokumen"),
    "only_what_computers_add": (
        build({"__MACOSX/._a.pdf": b"x", "map/.DS_Store": b"x", "Thumbs.db": b"x"}),
        "nothing",
        "Tidak ada dokumen",
    ),
    "too_many_entries": (build(dict.fromkeys((f"{n}.pdf" for n in range(MAX_ENTRIES + 1)), b"")), "entries", "lebih dari 1000 berkas"),
    "parent_folder": (named("../../a.pdf"), "names", "berbahaya"),
    "parent_inside": (named("a/../b.pdf"), "names", "berbahaya"),
    "absolute": (named("/etc/a.pdf"), "names", "berbahaya"),
    "drive": (named("C:/a.pdf"), "names", "berbahaya"),
    "backslash": (named("..\\a.pdf"), "names", "berbahaya"),
    "nul_in_name": (named("a.pdf\x00.exe"), "names", "berbahaya"),
    "line_in_name": (named("a\n.pdf"), "names", "berbahaya"),
    "endless_name": (build({"a" * 301 + ".pdf": b"x"}), "names", "berbahaya"),
    "link": (link(), "names", "berbahaya"),
    "same_name_twice": (twice(), "duplicate", "muncul lebih dari sekali"),
    "locked": (flagged(0x1), "encrypted", "kata sandi"),
    "strongly_locked": (flagged(0x41), "encrypted", "kata sandi"),
    "directory_locked": (flagged(0x2001), "encrypted", "kata sandi"),
    "other_packing": (method(14), "method", "pemampatan"),
    "bomb": (build({NAME: bytes(30 * 1024**2)}), "unpacked", "terlalu besar setelah dibuka"),
    "many_large": (build({f"{n}.pdf": bytes(1024**2) for n in range(201)}), "unpacked", "terlalu besar setelah dibuka"),
    "bomb_by_declaration": (declared(0xFFFFFF00), "unpacked", "terlalu besar setelah dibuka"),
}
