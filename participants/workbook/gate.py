"""The gate every workbook passes before a spreadsheet reader sees it."""

import hashlib
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from participants.workbook import archive
from participants.workbook.refusal import WorkbookRefused
from participants.workbook.sheet_scan import SheetGlance, SheetLook, SheetScan
from participants.workbook.xml_scan import Attributes, XmlFindings, XmlScanner, local_name

__all__ = ["MAX_FILE_BYTES", "SHEET_NAME", "SafeWorkbook", "WorkbookRefused", "open_workbook_safely"]

SHEET_NAME = "CPNS"
MAX_FILE_BYTES = 10 * 1024 * 1024

_CONTENT_TYPES = "[content_types].xml"
_WORKBOOK = "xl/workbook.xml"
_WORKBOOK_RELATIONS = "xl/_rels/workbook.xml.rels"
_XML_SUFFIXES = (".xml", ".rels")
_SUFFIX = ".xlsx"
_OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_OTHER_KINDS = {
    ".xls": "Excel 97-2003 (.xls)",
    ".xlsb": "Excel Binary (.xlsb)",
    ".ods": "OpenDocument (.ods)",
    ".csv": "CSV (.csv)",
}
_MACRO_SUFFIXES = (".xlsm", ".xltm", ".xlam")
_MACRO_NAMES = ("vbaproject", "vbadata", "xl/macrosheets/", "xl/dialogsheets/", "customui/")
_ACTIVE_NAMES = ("xl/externallinks/", "xl/embeddings/", "xl/activex/", "xl/connections", "xl/querytables/", "xl/model/", "oleobject")
_MACRO_WORDS = ("macroenabled", "vbaproject", "ms-office.vba", "macrosheet", "dialogsheet", "addin.main")
_ACTIVE_WORDS = ("externallink", "oleobject", "activex", "connections+xml", "querytable")
_MACRO_RELATIONS = ("vbaproject", "xlmacrosheet", "xlintlmacrosheet", "dialogsheet", "extensibility", "attachedtoolbars")
_ACTIVE_RELATIONS = (
    "externallink", "externallinkpath", "xlexternallinkpath", "oleobject", "package", "connections", "querytable", "control", "activexcontrolbinary",
    "attachedtemplate", "subdocument", "frame",
)  # fmt: skip
_SHEET_MAIN = "spreadsheetml.sheet.main+xml"


@dataclass(frozen=True, slots=True)
class SafeWorkbook:
    """A workbook that passed the gate; `sheet_name` is the CPNS sheet as the file spells it."""

    filename: str
    data: bytes
    sha256: str
    sheet_name: str
    scan: SheetScan


def open_workbook_safely(source: Path | str | bytes | BinaryIO, filename: str = "", *, sheet: str | None = SHEET_NAME) -> SafeWorkbook:
    """Check a workbook without opening it as one, or raise WorkbookRefused saying why and what to do.

    Without a `sheet` to look for the first one that is not hidden is taken.
    Looks at name, size, container and XML only; unpacks in pieces and stops at the limits, so a hostile file
    costs little time and memory. Keeps nothing on disk.
    """
    name = filename or (Path(source).name if isinstance(source, Path | str) else Path(getattr(source, "name", "")).name)
    _check_suffix(name)
    data = _read(source)
    _check_kind(data)
    members = archive.list_members(data)
    _check_members([member.name.lower() for member in members])
    parts = {member.name.lower(): _inspect(data, member) for member in members}
    sheet_name, part = _find_sheet(parts, sheet)
    scan = SheetScan() if part.plain else _look_closely(data, part.member)
    return SafeWorkbook(filename=name, data=data, sha256=hashlib.sha256(data).hexdigest(), sheet_name=sheet_name, scan=scan)


def _read(source: Path | str | bytes | BinaryIO) -> bytes:
    if isinstance(source, bytes):
        data = source
    elif isinstance(source, Path | str):
        with Path(source).open("rb") as stream:
            data = stream.read(MAX_FILE_BYTES + 1)
    else:
        data = source.read(MAX_FILE_BYTES + 1)
    if not data:
        raise WorkbookRefused(_("Berkas kosong. Simpan buku kerja di Excel sebagai .xlsx, lalu unggah lagi."), "empty")
    if len(data) > MAX_FILE_BYTES:
        message = _("Berkas lebih besar dari %(limit)d MB. Pisahkan menjadi beberapa berkas, lalu unggah satu per satu.")
        raise WorkbookRefused(message % {"limit": MAX_FILE_BYTES // 1024**2}, "size")
    return data


def _check_suffix(name: str) -> None:
    suffix = Path(name).suffix.lower()
    if suffix == _SUFFIX:
        return
    if suffix in _MACRO_SUFFIXES:
        raise _macro()
    if suffix in _OTHER_KINDS:
        raise _other_kind(_OTHER_KINDS[suffix])
    message = _("Jenis berkas ini tidak diterima. Unggah buku kerja Excel berakhiran .xlsx, misalnya templat dari portal.")
    raise WorkbookRefused(message, "extension")


def _check_kind(data: bytes) -> None:
    if data.startswith(_OLE_MARK):
        raise archive.encrypted() if _ENCRYPTED_STREAM in data else _other_kind(_OTHER_KINDS[".xls"])
    if not data.startswith(b"PK"):
        raise _not_a_workbook()


def _check_members(names: list[str]) -> None:
    if any(word in name for name in names for word in _MACRO_NAMES):
        raise _macro()
    if any(word in name for name in names for word in _ACTIVE_NAMES):
        raise _active()
    if "xl/workbook.bin" in names:
        raise _other_kind(_OTHER_KINDS[".xlsb"])
    if "content.xml" in names and "mimetype" in names:
        raise _other_kind(_OTHER_KINDS[".ods"])
    if _CONTENT_TYPES not in names or _WORKBOOK not in names or _WORKBOOK_RELATIONS not in names:
        raise _not_a_workbook()


@dataclass(frozen=True, slots=True)
class _Part:
    member: archive.Member
    findings: XmlFindings
    plain: bool


def _inspect(data: bytes, member: archive.Member) -> _Part:
    name = member.name.lower()
    scanner = None
    glance = SheetGlance()
    for index, piece in enumerate(archive.unpack(data, member)):
        if index == 0 and (name.endswith(_XML_SUFFIXES) or _looks_like_xml(piece)) and not name.endswith(".vml"):
            scanner = XmlScanner(collect=_wanted(name))
        if scanner is not None:
            scanner.feed(piece)
            if scanner.findings.root == "worksheet":
                glance.feed(piece)
    findings = scanner.finish() if scanner is not None else XmlFindings()
    if name == _CONTENT_TYPES:
        _check_content_types(findings)
    if name.endswith(".rels"):
        _check_relations(findings)
    return _Part(member, findings, glance.finish())


def _look_closely(data: bytes, member: archive.Member) -> SheetScan:
    look = SheetLook()
    scanner = XmlScanner(on_element=look.start)
    for piece in archive.unpack(data, member):
        scanner.feed(piece)
    scanner.finish()
    return look.scan


def _looks_like_xml(piece: bytes) -> bool:
    return piece.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"<", b"\xff\xfe", b"\xfe\xff"))


def _wanted(name: str) -> tuple[str, ...]:
    if name == _CONTENT_TYPES:
        return ("Override", "Default")
    if name.endswith(".rels"):
        return ("Relationship",)
    return ("sheet",) if name == _WORKBOOK else ()


def _check_content_types(findings: XmlFindings) -> None:
    kinds = [attributes.get("ContentType", "").lower() for _name, attributes in findings.elements]
    if any(word in kind for kind in kinds for word in _MACRO_WORDS):
        raise _macro()
    if any(word in kind for kind in kinds for word in _ACTIVE_WORDS):
        raise _active()
    if not any(kind.endswith(_SHEET_MAIN) for kind in kinds):
        raise _not_a_workbook()


def _check_relations(findings: XmlFindings) -> None:
    for _name, attributes in findings.elements:
        kind = attributes.get("Type", "").rpartition("/")[2].lower()
        if kind in _MACRO_RELATIONS:
            raise _macro()
        external = attributes.get("TargetMode", "").lower() == "external"
        if kind in _ACTIVE_RELATIONS or (external and kind != "hyperlink"):
            raise _active()


def _find_sheet(parts: Mapping[str, _Part], wanted: str | None) -> tuple[str, _Part]:
    sheets = [attributes for _name, attributes in parts[_WORKBOOK].findings.elements]
    relations = [attributes for _name, attributes in parts[_WORKBOOK_RELATIONS].findings.elements]
    targets = {attributes.get("Id", ""): attributes.get("Target", "") for attributes in relations}
    names = [sheet.get("name", "") for sheet in sheets]
    if wanted is None:
        ours = [sheet for sheet in sheets if sheet.get("state", "visible") == "visible"][:1]
    else:
        ours = [sheet for sheet in sheets if sheet.get("name", "").strip().upper() == wanted]
    if len(targets) != len(relations) or len(ours) > 1 or len({name.lower() for name in names}) != len(names):
        raise archive.broken()
    if not ours and wanted is None:
        raise archive.broken()
    if not ours:
        message = _("Lembar CPNS tidak ada di berkas ini. Lembar yang ada: %(sheets)s. Beri nama CPNS pada lembar yang berisi data.")
        raise WorkbookRefused(message % {"sheets": _listing(names)}, "sheet_missing")
    if ours[0].get("state", "visible") != "visible":
        raise WorkbookRefused(
            _("Lembar CPNS tersembunyi. Tampilkan lembar itu (Unhide), periksa isinya, lalu unggah lagi."), "sheet_hidden"
        )
    target = targets.get(_relation_id(ours[0]), "")
    path = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
    found = parts.get(path.lower())
    if found is None or found.findings.root != "worksheet":
        raise archive.broken()
    return ours[0]["name"], found


def _relation_id(sheet: Attributes) -> str:
    return next((value for key, value in sheet.items() if ":" in key and local_name(key) == "id"), "")


def _listing(names: list[str], limit: int = 5) -> str:
    shown = ", ".join(name[:31] for name in names[:limit])
    return shown if len(names) <= limit else _("%(names)s, dan %(count)d lagi") % {"names": shown, "count": len(names) - limit}


def _macro() -> WorkbookRefused:
    return WorkbookRefused(_("Berkas memuat makro. Simpan ulang sebagai Buku Kerja Excel (.xlsx) tanpa makro, lalu unggah lagi."), "macro")


def _active() -> WorkbookRefused:
    return WorkbookRefused(
        _("Berkas memuat tautan luar atau objek sisipan. Salin data CPNS sebagai nilai ke templat kosong, lalu unggah templat itu."),
        "active",
    )


def _not_a_workbook() -> WorkbookRefused:
    return WorkbookRefused(_("Ini bukan buku kerja Excel. Buka datanya di Excel, simpan sebagai .xlsx, lalu unggah lagi."), "not_workbook")


def _other_kind(kind: str) -> WorkbookRefused:
    message = _("Berkas ini berjenis %(kind)s. Buka di Excel, pilih File > Save As > Excel Workbook (.xlsx), lalu unggah hasilnya.")
    return WorkbookRefused(message % {"kind": kind}, "kind")
