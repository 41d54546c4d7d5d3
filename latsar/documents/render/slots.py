"""Where the words of a laid-out face stand, and how a line moves when its words change.

Every text of the HTML is matched with the boxes the layout made of it, so that any text that differs between two people can be
set anew: by the same shaper, in the same style, on the same line, aligned the same way. What this cannot promise raises DoesNotFit.
"""

# ruff: noqa: SLF001  the laid-out boxes have no public door; the pinned version and test_stamp.py watch over it

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from weasyprint.document import Document
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.text.line_break import split_first_line, strut

BLANK = " \t\n\r\f"
TAG = re.compile(r"(<[^>]*>)")
SPACES = re.compile(r"[ \t\n\r\f]+")
NEAR = 0.02
"""CSS pixels within which two positions count as the same."""
RIGHT_TO_LEFT = {"R", "AL", "AN"}


class DoesNotFit(Exception):
    """The new words would change more than their own line; the face needs a full layout."""


@dataclass(frozen=True)
class Source:
    """The HTML of one person, cut into tags and texts."""

    shape: str
    texts: tuple[str, ...]

    @classmethod
    def of(cls, markup: str) -> Source:
        """Cut a face. Two faces with the same shape differ in words only."""
        parts = TAG.split(markup)
        shape = []
        texts = []
        for at, part in enumerate(parts):
            if at % 2:
                shape.append(part)
            elif part.strip(BLANK):
                shape.append("\0")
                texts.append(part)
        return cls("".join(shape), tuple(texts))


@dataclass(eq=False)
class Line:
    """One line of a block, with the room it has."""

    box: Any
    block: Any
    page: int
    pieces: list[Piece] = field(default_factory=list)
    steady: bool = True
    """False when the block's own size depends on its words, or the line holds more than words."""

    @property
    def room(self) -> float:
        return float(self.block.width)

    @property
    def left(self) -> float:
        return float(min(child.position_x for child in self.box.children))

    @property
    def right(self) -> float:
        return float(max(child.position_x + child.margin_width() for child in self.box.children))


@dataclass(eq=False)
class Piece:
    """The part of one text that stands on one line."""

    box: Any
    line: Line


@dataclass(eq=False)
class Setting:
    """A piece as it is to be drawn: perhaps with other words, perhaps moved."""

    piece: Piece
    box: Any
    is_new: bool


class Layout:
    """The boxes of one laid-out face, found by the texts they came from."""

    def __init__(self, document: Document, source: Source) -> None:
        self.document = document
        self.source = source
        self.lines: list[Line] = []
        self._lines_of: dict[int, list[Line]] = {}
        self._by_element: dict[int, list[Piece]] = {}
        self.title_at = -1
        for number, page in enumerate(document.pages):
            self._walk(page._page_box, number, None, None, steady=True)
        self._pieces = self._match()

    def _walk(self, box: Any, page: int, block: Any, line: Line | None, *, steady: bool) -> None:
        if isinstance(box, AbsolutePlaceholder):
            box = box._box
        if box.style["string_set"] != "none":
            raise DoesNotFit("the face copies words into other places")
        if isinstance(box, boxes.TextBox):
            if line is not None and box.element is not None and box.element_tag == box.element.tag:
                piece = Piece(box, line)
                line.pieces.append(piece)
                self._by_element.setdefault(id(box.element), []).append(piece)
            return
        if isinstance(box, boxes.LineBox):
            line = Line(box, block, page, steady=steady and _plain_line(box))
            self.lines.append(line)
            self._lines_of.setdefault(id(block), []).append(line)
        elif not isinstance(box, boxes.InlineBox):
            block, line, steady = box, None, steady and not _shrinks(box)
        for child in getattr(box, "children", ()):
            self._walk(child, page, block, line, steady=steady)

    def _match(self) -> list[list[Piece] | None]:
        nodes = [(element, text) for element, text in _text_nodes(self.document._html.etree_element) if text.strip(BLANK)]
        if [text for _, text in nodes] != [html.unescape(text) for text in self.source.texts]:
            raise DoesNotFit("the markup and its tree do not hold the same texts")
        used: dict[int, int] = {}
        taken = [self._take(element, text, used) for element, text in nodes]
        self.title_at = next(at for at, (element, _) in enumerate(nodes) if element.tag == "title")
        repeated = {
            key for key, pieces in self._by_element.items() if any(piece.box.text.strip(BLANK) for piece in pieces[used.get(key, 0) :])
        }
        return [None if id(element) in repeated else pieces for (element, _), pieces in zip(nodes, taken, strict=True)]

    def _take(self, element: Any, text: str, used: dict[int, int]) -> list[Piece] | None:
        pieces = self._by_element.get(id(element), [])
        at = used.get(id(element), 0)
        wanted = SPACES.sub("", text)
        taken: list[Piece] = []
        while at < len(pieces) and wanted:
            found = SPACES.sub("", pieces[at].box.text)
            if not wanted.startswith(found):
                return None
            wanted = wanted[len(found) :]
            if found:
                taken.append(pieces[at])
            at += 1
        used[id(element)] = at
        return taken if not wanted and taken else None

    def reset(self, changes: dict[int, str]) -> list[Setting]:
        """Set the changed texts (index to raw HTML text) and return every piece that is drawn differently.

        Raises DoesNotFit when a text needs another number of lines, another height, or stands where words shape the layout.
        """
        edits: dict[int, tuple[Line, dict[int, Any]]] = {}
        for index, raw in changes.items():
            text = SPACES.sub(" ", html.unescape(raw))
            if any(unicodedata.bidirectional(char) in RIGHT_TO_LEFT or char == "\u00ad" for char in text):
                raise DoesNotFit("writing direction or soft hyphen")
            pieces = self._pieces[index]
            if not pieces or not all(piece.line.steady for piece in pieces):
                raise DoesNotFit(f"text {index} stands where words shape the layout")
            for piece, box in self._reword(pieces, text, self.source.texts[index]):
                edits.setdefault(id(piece.line), (piece.line, {}))[1][id(piece)] = box
        settings: list[Setting] = []
        for line, new_boxes in edits.values():
            settings += _realign(line, new_boxes)
        return settings

    def _reword(self, pieces: list[Piece], text: str, old: str) -> Iterator[tuple[Piece, Any]]:
        lines = self._lines_of[id(pieces[0].line.block)]
        if len(lines) == 1 and len(pieces) == 1:
            old_box_text = pieces[0].box.text
            if (text[:1] == " ") != (old[:1] in BLANK) or (text[-1:] == " ") != (old[-1:] in BLANK):
                raise DoesNotFit("a space begins or ends the text")
            words = text.strip(" ")
            words = " " * (old_box_text[:1] == " ") + words + " " * (old_box_text[-1:] == " ")
            yield pieces[0], _shape(pieces[0].box, words, None, self.document)[0]
            return
        if [line.pieces for line in lines] != [[piece] for piece in pieces]:
            raise DoesNotFit("a paragraph of mixed runs")
        rest: str | None = text.strip(" ")
        for piece in pieces:
            if rest is None:
                raise DoesNotFit("fewer lines")
            box, rest = _shape(piece.box, rest, piece.line.room, self.document)
            yield piece, box
        if rest is not None:
            raise DoesNotFit("more lines")


def _text_nodes(element: Any) -> Iterator[tuple[Any, str]]:
    yield element, element.text or ""
    for child in element:
        yield from _text_nodes(child)
        yield element, child.tail or ""


def _plain_line(line: Any) -> bool:
    """Tell whether a line holds nothing but words in undecorated runs, set from left to right without justification."""
    style = line.style
    if style["text_align_all"] == "justify" or style["direction"] != "ltr" or style["text_indent"].value:
        return False
    return all(_plain_run(child) for child in line.children)


def _plain_run(box: Any) -> bool:
    style = box.style
    if isinstance(box, boxes.TextBox):
        return (
            style["text_decoration_line"] == "none" and style["text_transform"] == "none" and style["white_space"] in {"normal", "nowrap"}
        )
    if not isinstance(box, boxes.InlineBox):
        return False
    framed = any(style[f"border_{side}_width"] for side in ("top", "right", "bottom", "left"))
    return not framed and not box.background and all(_plain_run(child) for child in box.children)


def _shrinks(box: Any) -> bool:
    """Tell whether a box takes its size or place from the words inside it, or its words stand in the outline too."""
    style = box.style
    if style["bookmark_level"] != "none":
        return True
    if isinstance(box, boxes.TableBox):
        return bool(style["table_layout"] != "fixed" or style["width"] == "auto")
    if isinstance(box, (boxes.TableRowGroupBox, boxes.TableRowBox, boxes.TableCellBox)):
        return False
    if isinstance(box, (boxes.InlineBlockBox, boxes.FlexContainerBox, boxes.GridContainerBox)) or style["column_count"] != "auto":
        return True
    if style["width"] != "auto":
        return False
    if box.is_absolutely_positioned():
        return bool("auto" in {style["left"], style["right"]})
    return bool(box.is_floated() or isinstance(box, boxes.MarginBox))


def _shape(old: Any, text: str, room: float | None, document: Document) -> tuple[Any, str | None]:
    """Set words in the style of an old box; return the box and what does not fit into `room` (None when all does)."""
    if not text.strip(" "):
        raise DoesNotFit("no words")
    layout, length, resume, width, height, baseline = split_first_line(text, old.style, None, room, 0)
    if not length or (room is not None and width > room + NEAR):
        raise DoesNotFit("a word is wider than its place")
    half_leading = (strut(old.style)[0] - height) / 2
    if abs(height - old.height) > NEAR or abs(baseline + half_leading - old.baseline) > NEAR:
        raise DoesNotFit("another font changes the height of the line")
    box = old.copy_with_text(layout.text)
    box.pango_layout, box.width = layout, width
    return box, None if resume is None else text.encode()[resume:].decode().lstrip(" ")


def _realign(line: Line, new_boxes: dict[int, Any]) -> list[Setting]:
    """Move every piece of a line to where its alignment puts it once some of them have new widths."""
    old_width = line.right - line.left
    grown = sum(box.width - piece.box.width for piece in line.pieces if (box := new_boxes.get(id(piece))))
    if max(old_width, old_width + grown) > line.room + NEAR:
        raise DoesNotFit("the line is full")
    share = {"start": 0.0, "left": 0.0, "center": 0.5, "right": 1.0, "end": 1.0}[line.box.style["text_align_all"]]
    indent = line.left - line.block.content_box_x()
    if abs(indent - (line.room - old_width) * share) > 1:
        raise DoesNotFit("the line does not stand where its alignment says")
    shift = -grown * share
    settings = []
    for piece in line.pieces:
        new = new_boxes.get(id(piece))
        box = new or piece.box.copy()
        box.position_x = piece.box.position_x + shift
        shift += box.width - piece.box.width
        settings.append(Setting(piece, box, new is not None))
    return settings
