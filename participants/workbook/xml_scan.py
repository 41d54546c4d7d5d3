"""One guarded pass over an XML member of a workbook: no entities, no endless tags, bounded depth.

A document type can only stand before the root, so a member of which no element is wanted is parsed up to there.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _

from participants.workbook.archive import broken
from participants.workbook.refusal import WorkbookRefused

MAX_PENDING_BYTES = 256 * 1024  # of one tag, comment or attribute that has not ended yet
MAX_DEPTH = 10_000  # counted roughly from the signs alone; real parts stay below 20

_PLAIN_ENCODINGS = (None, "utf-8", "us-ascii")
Attributes = dict[str, str]
ElementHandler = Callable[[str, Attributes], None]


@dataclass(slots=True)
class XmlFindings:
    """What one XML member is and says: the local name of its root, and the elements that were asked for."""

    root: str = ""
    elements: list[tuple[str, Attributes]] = field(default_factory=list)


class XmlScanner:
    """Feed it a member's bytes in order, then `finish`; it refuses the workbook as soon as something is wrong.

    `collect` names the elements to keep; `on_element` instead sees every element below the root.
    """

    def __init__(self, *, collect: tuple[str, ...] = (), on_element: ElementHandler | None = None) -> None:
        self.findings = XmlFindings()
        self._collect = collect
        self._on_element = on_element or (self._keep if collect else None)
        self._fed = self._depth = 0
        self._done = False
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.XmlDeclHandler = _check_encoding
        parser.StartElementHandler = self._root

    def feed(self, piece: bytes) -> None:
        if self._done:
            return
        if self._fed == 0 and piece.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00")):
            raise broken()
        self._depth += piece.count(b"<") - 2 * piece.count(b"</") - piece.count(b"/>")
        self._parse(piece, final=False)
        self._fed += len(piece)
        if self._depth > MAX_DEPTH or self._fed - self._parser.CurrentByteIndex > MAX_PENDING_BYTES + len(piece):
            raise broken()

    def finish(self) -> XmlFindings:
        if not self._done:
            self._parse(b"", final=True)
        return self.findings

    def _parse(self, piece: bytes, *, final: bool) -> None:
        try:
            self._parser.Parse(piece, final)
        except expat.ExpatError:
            raise broken() from None

    def _root(self, name: str, _attributes: Attributes) -> None:
        self.findings.root = local_name(name)
        self._parser.StartElementHandler = self._on_element
        self._done = self._on_element is None

    def _keep(self, name: str, attributes: Attributes) -> None:
        name = local_name(name)
        if name in self._collect:
            self.findings.elements.append((name, attributes))


def local_name(name: str) -> str:
    """Drop the namespace prefix, as the spreadsheet reader does."""
    return name.rpartition(":")[2]


def _refuse_doctype(*_declaration: Any) -> None:
    raise WorkbookRefused(
        _("Berkas memuat definisi XML yang berbahaya. Salin data CPNS ke templat kosong dari portal, lalu unggah templat itu."), "dtd"
    )


def _check_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    if (encoding.lower() if encoding else None) not in _PLAIN_ENCODINGS:
        raise broken()
