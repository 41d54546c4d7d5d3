"""One laid-out certificate that takes other people's words: drawn operators in, whole documents out."""

# ruff: noqa: SLF001  the laid-out boxes have no public door; the pinned version and test_stamp.py watch over it

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

import pydyf
from weasyprint.document import Document
from weasyprint.draw.text import draw_first_line
from weasyprint.formatting_structure import boxes
from weasyprint.matrix import Matrix
from weasyprint.pdf.stream import Stream
from weasyprint.text.line_break import split_first_line

from latsar.documents.render.face import CertificateFace
from latsar.documents.render.mould import Mould, stream_object, text_string
from latsar.documents.render.pdf import write_document
from latsar.documents.render.qr import qr_bits
from latsar.documents.render.slots import DoesNotFit, Layout, Piece, Setting, Source

QR_ASSET = "asset:qr.png"
QR_PICTURE = b"/Type /XObject/Subtype /Image/BitsPerComponent 1/ColorSpace [/Indexed /DeviceRGB 1 <231D19FFFFFF>]/Width %d/Height %d"
REPERTOIRE = "".join(map(chr, range(0x21, 0x7F))) + " ’‘“”–·é fi fl ff ffi ffl fj"
"""Embedded for everybody. Other letters come in with the first person who bears them."""
SHAPING_STYLES = ("font_family", "font_style", "font_weight", "font_variant_numeric", "letter_spacing")
DC_TITLE = re.compile(rb"(<dc:title>.*?<rdf:li[^>]*>).*?(</rdf:li>)", re.DOTALL)


@dataclass
class Segment:
    """The operators of one piece in the content stream: from its position up to the next piece or the end of the text."""

    start: int
    end: int
    font_before: bytes
    font_after: bytes


@dataclass
class Sheet:
    """The content of one page as operators, with the place of each piece by its text matrix."""

    number: int
    dictionary: bytes
    operators: list[bytes]
    segments: dict[bytes, list[Segment]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        font = b""
        open_segment: Segment | None = None
        for at, operator in enumerate(self.operators):
            if open_segment and (operator == b"ET" or operator.endswith(b" Tm")):
                open_segment.end, open_segment.font_after = at, font
                open_segment = None
            if operator.endswith(b" Tf"):
                font = operator
            elif operator.endswith(b" Tm"):
                open_segment = Segment(at, at, font, font)
                self.segments.setdefault(operator, []).append(open_segment)


class FaceMould:
    """One laid-out face that takes other people's words."""

    def __init__(self, document: Document, source: Source) -> None:
        self.layout = Layout(document, source)
        self.document = document
        self._embed_repertoire()
        write_document(document, finisher=self._take)
        self._embedded = {key: frozenset(font.to_unicode) for key, font in document.fonts.items()}

    def _scratch(self) -> Stream:
        return Stream(self.document.fonts, (0, 0, 0, 0), pydyf.Dictionary({"ExtGState": pydyf.Dictionary()}), {}, None, {}, None)

    def _embed_repertoire(self) -> None:
        """Draw every letter once, in every style of the face, where nobody sees it: drawn letters are embedded."""
        seen: set[str] = set()
        for line in self.layout.lines:
            for piece in line.pieces:
                style = piece.box.style
                key = str([style[name] for name in SHAPING_STYLES])
                if key in seen:
                    continue
                seen.add(key)
                box = piece.box.copy_with_text(REPERTOIRE)
                box.pango_layout = split_first_line(REPERTOIRE, style, None, None, 0)[0]
                self._draw(self._scratch(), box)

    @staticmethod
    def _draw(stream: Stream, box: Any) -> None:
        box.pango_layout.reactivate(box.style)
        draw_first_line(stream, box, "clip", "none", Matrix(d=-1, e=box.position_x, f=box.position_y + box.baseline))
        box.pango_layout.deactivate()

    def _forget_new_glyphs(self) -> bool:
        """Drop the letters that drawing has noted since the fonts were written; tell whether there were any."""
        fonts = self.document.fonts
        strangers = [key for key in fonts if key not in self._embedded]
        for key in strangers:
            del fonts[key]
        found = bool(strangers)
        for key, font in fonts.items():
            for glyph in font.to_unicode.keys() - self._embedded[key]:
                del font.to_unicode[glyph]
                found = True
        return found

    def _take(self, document: Document, pdf: Any) -> None:
        """Keep the parts of the written PDF: called by WeasyPrint just before it would write them out."""
        by_number = {item.number: item for item in pdf.objects}
        sheets = []
        for page_number in pdf.pages["Kids"][::3]:
            content = by_number[int(by_number[page_number]["Contents"].split()[0])]
            sheets.append(Sheet(content.number, b"", [pydyf._to_bytes(item) for item in content.stream]))
        self._sheets = sheets
        metadata = by_number[int(pdf.catalog["Metadata"].split()[0])]
        self._metadata_number, self._metadata = metadata.number, b"\n".join(pydyf._to_bytes(part) for part in metadata.stream)
        self._qr_number = self._find_qr(document, by_number)
        poured = {sheet.number for sheet in sheets} | {metadata.number} | {self._qr_number} - {0}
        self._info = {key: pydyf._to_bytes(value) for key, value in pdf.info.items()}
        self._mould = Mould(pdf, poured)

    @staticmethod
    def _find_qr(document: Document, by_number: dict[int, Any]) -> int:
        names = set()
        pending = [page._page_box for page in document.pages]
        while pending:
            box = getattr(box := pending.pop(), "_box", box)
            if isinstance(box, boxes.ReplacedBox) and box.element is not None and box.element.get("src") == QR_ASSET:
                names.add(f"i{box.replacement.id}")
            pending += getattr(box, "children", ())
        for item in by_number.values():
            for key, reference in (item.get("XObject", {}) if isinstance(item, dict) else {}).items():
                if any(key.startswith(name) for name in names):
                    return int(reference.split()[0])
        return 0

    def stamp(self, source: Source, face: CertificateFace) -> bytes:
        """Write the document of a person whose face has this shape. Raises DoesNotFit, and then nothing is spoiled."""
        old = self.layout.source.texts
        changes = {at: text for at, text in enumerate(source.texts) if text != old[at]}
        changes.pop(self.layout.title_at, None)
        pages: list[list[tuple[Segment, list[bytes]]]] = [[] for _ in self._sheets]
        try:
            for setting in self.layout.reset(changes):
                page = setting.piece.line.page
                pages[page].append(self._redraw(self._sheets[page], setting))
        finally:
            has_new_glyphs = self._forget_new_glyphs()
        if has_new_glyphs:
            raise DoesNotFit("letters that are not embedded")
        return self._pour(pages, face, html.unescape(source.texts[self.layout.title_at]))

    def _redraw(self, sheet: Sheet, setting: Setting) -> tuple[Segment, list[bytes]]:
        segments = sheet.segments.get(_matrix(setting.piece), [])
        if len(segments) != 1:
            raise DoesNotFit("two texts at one place")
        segment = segments[0]
        stream = self._scratch()
        self._draw(stream, setting.box)
        drawn = [pydyf._to_bytes(item) for item in stream.stream]
        last_font = next((item for item in reversed(drawn) if item.endswith(b" Tf")), b"")
        if segment.font_after and last_font != segment.font_after:
            drawn.append(segment.font_after)
        return segment, drawn

    def _pour(self, pages: list[list[tuple[Segment, list[bytes]]]], face: CertificateFace, title: str) -> bytes:
        objects: dict[int, bytes] = {}
        for sheet, changed in zip(self._sheets, pages, strict=True):
            operators = list(sheet.operators)
            for segment, drawn in sorted(changed, key=lambda item: -item[0].start):
                operators[segment.start : segment.end] = drawn
            objects[sheet.number] = stream_object(sheet.number, sheet.dictionary, b"\n".join(operators))
        if self._qr_number:
            side, bits = qr_bits(face.verify_url)
            objects[self._qr_number] = stream_object(self._qr_number, QR_PICTURE % (side, side), bits)
        said = escape(title).encode()
        metadata = DC_TITLE.sub(lambda found: found[1] + said + found[2], self._metadata, count=1)
        objects[self._metadata_number] = stream_object(self._metadata_number, b"/Type /Metadata/Subtype /XML", metadata, deflate=False)
        info = {**self._info, "Title": text_string(title)}
        return self._mould.pour(objects, b"<<%s>>" % b"".join(b"/%s %s" % (key.encode(), value) for key, value in info.items()))


def _matrix(piece: Piece) -> bytes:
    stream = pydyf.Stream()
    stream.set_text_matrix(*Matrix(d=-1, e=piece.box.position_x, f=piece.box.position_y + piece.box.baseline).values)
    return bytes(stream.stream[0])
