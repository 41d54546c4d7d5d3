"""A PDF whose fixed parts are written once, and into which each person's parts are poured."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from typing import Any

HEADER = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"


def stream_object(number: int, dictionary: bytes, body: bytes, *, deflate: bool = True) -> bytes:
    """Return an indirect stream object; `dictionary` holds the entries without brackets, Filter and Length."""
    if deflate:
        body = zlib.compress(body, 6)
        dictionary += b"/Filter /FlateDecode"
    return b"%d 0 obj\n<<%s/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (number, dictionary, len(body), body)


def text_string(text: str) -> bytes:
    """Return a PDF text string (UTF-16 in hexadecimal, so that nothing needs escaping)."""
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode() + b">"


@dataclass(frozen=True)
class Entry:
    """Where an object stands: `kind` 1 at an offset, 2 inside an object stream."""

    kind: int
    where: int
    generation: int

    def packed(self) -> bytes:
        return self.kind.to_bytes(1, "big") + self.where.to_bytes(4, "big") + self.generation.to_bytes(2, "big")


class Mould:
    """The fixed objects of a document as bytes, with their places. `poured` objects are left out and come with each person."""

    def __init__(self, pdf: Any, poured: set[int]) -> None:
        self.size = len(pdf.objects)
        self._root: bytes = pdf.catalog.reference
        self._entries: dict[int, bytes] = {0: Entry(0, 0, 65535).packed()}
        out = bytearray(HEADER)
        members: list[tuple[int, bytes]] = []
        for item in pdf.objects:
            if item.free == "f" or item.number in poured:
                continue
            if item.compressible:
                members.append((item.number, item.data))
            else:
                self._entries[item.number] = Entry(1, len(out), 0).packed()
                out += item.indirect + b"\n"
        self._pack(members, out)
        self._fixed = bytes(out)

    def _pack(self, members: list[tuple[int, bytes]], out: bytearray) -> None:
        packed, self.size = self.size, self.size + 1
        heads, bodies, at = [], [], 0
        for index, (number, data) in enumerate(members):
            self._entries[number] = Entry(2, packed, index).packed()
            heads.append(b"%d %d" % (number, at))
            bodies.append(data)
            at += len(data) + 1
        head = b" ".join(heads)
        self._entries[packed] = Entry(1, len(out), 0).packed()
        kind = b"/Type /ObjStm/N %d/First %d" % (len(members), len(head) + 1)
        out += stream_object(packed, kind, head + b"\n" + b"\n".join(bodies))

    def pour(self, objects: dict[int, bytes], info: bytes) -> bytes:
        """Write one document: the fixed parts, the person's whole objects by number, and the information dictionary."""
        out = bytearray(self._fixed)
        places = dict(self._entries)
        number = self.size
        for at, data in {**objects, number: b"%d 0 obj\n%s\nendobj\n" % (number, info)}.items():
            places[at] = Entry(1, len(out), 0).packed()
            out += data
        xref = number + 1
        places[xref] = Entry(1, len(out), 0).packed()
        table = b"".join(places[at] for at in range(xref + 1))
        identity = hashlib.md5(bytes(out[len(self._fixed) :]), usedforsecurity=False).hexdigest().encode()
        start = len(out)
        out += stream_object(
            xref,
            b"/Type /XRef/W [1 4 2]/Size %d/Root %s/Info %d 0 R/ID [<%s> <%s>]" % (xref + 1, self._root, number, identity, identity),
            table,
        )
        out += b"startxref\n%d\n%%%%EOF\n" % start
        return bytes(out)
