"""A ZIP from outside, judged before anything in it is read, and read in pieces that stop at the declared size."""

from __future__ import annotations

import hashlib
import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from latsar.accounts.errors import Refused
from latsar.documents.intake.refusal import MAX_UPLOAD_BYTES

MAX_ZIP_BYTES = 50 * 1024 * 1024
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_ENTRIES = 1000
MAX_RATIO = 100  # unpacked bytes per packed byte, for entries above RATIO_FROM_BYTES
RATIO_FROM_BYTES = 1024 * 1024
NAME_LIMIT = 300
PIECE = 64 * 1024
ENCRYPTED = 0x1 | 0x40 | 0x2000
NESTED = (".zip", ".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2", ".xz", ".jar")
NESTED_MARKS = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08")
LEFT_BEHIND = ("__macosx", ".ds_store", "thumbs.db", "desktop.ini")
"""What computers put into an archive by themselves."""

_DRIVE = re.compile(r"[A-Za-z]:")
_TARGET = re.compile(r"(?P<nip>[0-9]{18})[_/](?P<code>[a-z0-9-]{1,30})(?:_(?P<day>\d{4}-\d{2}-\d{2}))?(?:_[^/]+)?")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the archive, not read yet."""

    name: str
    size: int

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name.lower()).suffix


@dataclass(frozen=True, slots=True)
class Target:
    """What a name says: whose document, which one, and of what day; `problem` when it cannot be read."""

    nip: str = ""
    code: str = ""
    issued_on: date | None = None
    problem: str = ""


class Archive:
    """An archive that passed the gate."""

    def __init__(self, data: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._infos = {info.filename: info for info in self._zip.infolist() if not info.is_dir()}

    @property
    def entries(self) -> list[Entry]:
        return [Entry(name, info.file_size) for name, info in self._infos.items() if not _left_behind(name)]

    def read(self, name: str) -> bytes:
        """Return the bytes of one entry. Raises Refused when they are not what the archive declares, or too many."""
        info = self._infos.get(name)
        if info is None or info.file_size > MAX_UPLOAD_BYTES:
            raise broken()
        try:
            with self._zip.open(info) as stream:
                data = stream.read(info.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, struct.error):
            raise broken() from None
        if len(data) != info.file_size:
            raise broken()
        return data


def open_archive(data: bytes) -> Archive:
    """Judge the archive as a whole and open it. Raises Refused with the reason and what to do; unpacks nothing."""
    if not data:
        raise _refused("empty", _("Berkas kosong. Pilih ZIP yang berisi dokumen, lalu unggah lagi."))
    if len(data) > MAX_ZIP_BYTES:
        text = _("ZIP lebih besar dari %(limit)d MB. Bagi menjadi beberapa ZIP, lalu unggah satu per satu.")
        raise _refused("size", text % {"limit": MAX_ZIP_BYTES // 1024**2})
    if not data.startswith(NESTED_MARKS[:2]):
        raise _refused("not_zip", _("Berkas ini bukan ZIP. Kumpulkan dokumennya dalam satu ZIP biasa, lalu unggah lagi."))
    try:
        archive = Archive(data)
        infos = archive._zip.infolist()  # noqa: SLF001  the two belong together
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError, struct.error, OSError):
        raise broken() from None
    _check(infos)
    if not archive.entries:
        raise _refused("nothing", _("Tidak ada dokumen di dalam ZIP ini."))
    return archive


def broken() -> Refused:
    """Build the refusal of an archive that is damaged or contradicts itself."""
    return _refused("broken", _("ZIP rusak atau tidak lengkap. Buat ulang ZIP-nya, lalu unggah lagi."))


def target_of(name: str) -> Target:
    """Read "NIP_kode.pdf" or "NIP/kode.pdf", with the document's date behind the code where it has one.

    The person's name may follow, as in the ZIP that the portal itself writes.
    """
    stem = name.rpartition(".")[0].replace(" ", "").lower()
    parts = [part for part in stem.split("/") if part]
    found = _TARGET.fullmatch("/".join(parts[-2:])) or _TARGET.fullmatch(parts[-1] if parts else "")
    if found is None:
        return Target(problem=_("Nama tidak dapat dibaca. Pakai NIP_kode.pdf, atau map NIP berisi kode.pdf."))
    try:
        day = date.fromisoformat(found["day"]) if found["day"] else None
    except ValueError:
        return Target(found["nip"], found["code"], problem=_("Tanggal pada nama berkas tidak ada di kalender."))
    return Target(found["nip"], found["code"], day)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _check(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MAX_ENTRIES:
        text = _("ZIP berisi lebih dari %(limit)d berkas. Bagi menjadi beberapa ZIP, lalu unggah satu per satu.")
        raise _refused("entries", text % {"limit": MAX_ENTRIES})
    seen: set[str] = set()
    for info in infos:
        _check_name(info)
        same = unicodedata.normalize("NFC", info.filename).lower()
        if same in seen:
            text = _("Nama %(name)s muncul lebih dari sekali di dalam ZIP. Buat ulang ZIP-nya dari satu map.")
            raise _refused("duplicate", text % {"name": info.filename[:80]})
        seen.add(same)
        if info.flag_bits & ENCRYPTED:
            raise _refused("encrypted", _("ZIP dikunci kata sandi. Buat ulang tanpa kata sandi, lalu unggah lagi."))
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _refused("method", _("Cara pemampatan ZIP ini tidak didukung. Buat ulang sebagai ZIP biasa, lalu unggah lagi."))
        if info.file_size > RATIO_FROM_BYTES and info.file_size > MAX_RATIO * info.compress_size:
            raise _bomb()
    if sum(info.file_size for info in infos) > MAX_UNPACKED_BYTES:
        raise _bomb()


def _check_name(info: zipfile.ZipInfo) -> None:
    name, raw = info.filename, info.orig_filename
    parts = name.split("/")
    bad = (
        not name
        or len(name) > NAME_LIMIT
        or "\\" in raw
        or any(unicodedata.category(letter).startswith("C") for letter in raw)
        or name.startswith("/")
        or ".." in parts
        or _DRIVE.match(name)
        or stat.S_ISLNK(info.external_attr >> 16)
    )
    if bad:
        raise _refused("names", _("ZIP berisi nama atau tautan yang berbahaya. Buat ulang ZIP-nya dari map biasa, lalu unggah lagi."))


def _bomb() -> Refused:
    return _refused("unpacked", _("Isi ZIP terlalu besar setelah dibuka. Bagi menjadi beberapa ZIP yang lebih kecil, lalu unggah lagi."))


def _refused(code: str, text: str) -> Refused:
    return Refused({"file": [Refused(text, code=code)]})


def _left_behind(name: str) -> bool:
    parts = name.lower().split("/")
    return parts[0] == LEFT_BEHIND[0] or parts[-1] in LEFT_BEHIND or parts[-1].startswith("._")
