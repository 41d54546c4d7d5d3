"""Look through every object of one PDF and say what is in it. Runs inside the cell: bytes on stdin, JSON on stdout.

Names are compared after qpdf has decoded them, objects in compressed object streams included: a search in the raw
bytes misses both. Nothing is repaired and nothing is written back.
"""

import json
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream, String

REFUSED = 3
MAX_PAGES = 300
MAX_OBJECTS = 400_000
MAX_TAIL = 1024
MIB = 1024 * 1024
MAX_STREAM = 64 * MIB
MAX_TOTAL = 256 * MIB
MAX_IMAGE_PIXELS = 100_000_000
MAX_FILTERS = 4

# The first reason found in this order is the one the sender reads.
GRAVITY = ("javascript", "launch", "embedded_file", "xfa", "media", "external", "action", "auto_action", "encrypted", "bomb")

ACTIONS = {
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/GoToE": "embedded_file",
    **dict.fromkeys(("/ImportData", "/SubmitForm", "/GoToR"), "external"),
    **dict.fromkeys(("/GoTo3DView", "/Movie", "/Sound", "/Rendition", "/RichMediaExecute"), "media"),
    **dict.fromkeys(("/ResetForm", "/Hide", "/SetOCGState"), "action"),
}
PASSIVE_ACTIONS = frozenset({"/GoTo", "/URI", "/Named", "/Thread", "/Trans"})
SUBTYPES = {
    "/FileAttachment": "embedded_file",
    **dict.fromkeys(("/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"), "media"),
    "/PS": "action",
}
KEYS = {
    **dict.fromkeys(("/JS", "/JavaScript"), "javascript"),
    **dict.fromkeys(("/EF", "/Collection"), "embedded_file"),
    "/XFA": "xfa",
    **dict.fromkeys(("/RichMediaContent", "/RichMediaSettings"), "media"),
}
PACKERS = frozenset({"/FlateDecode", "/Fl", "/LZWDecode", "/LZW", "/RunLengthDecode", "/RL"})
FLATE = frozenset({"/FlateDecode", "/Fl"})
LINK = re.compile(rb"\s*(https?:|mailto:|tel:|[^:]*$|[^:/?#]*[/?#])", re.IGNORECASE)


class Refused(Exception):
    """The PDF may not come in; the argument is the reason's code."""


def children(value: Any) -> Iterator[Any]:
    if isinstance(value, Stream):
        value = value.stream_dict
    if isinstance(value, Dictionary):
        yield from (child for _, child in value.items())
    elif isinstance(value, Array):
        yield from value


def every_container(pdf: pikepdf.Pdf) -> Iterator[Object]:
    """Yield each dictionary, array and stream once, direct ones inside others too."""
    indirect = [item for item in pdf.objects if isinstance(item, Object)]
    if len(indirect) > MAX_OBJECTS:
        raise Refused("too_heavy")
    waiting: list[Any] = [pdf.trailer, *indirect]
    while waiting:
        value = waiting.pop()
        yield value
        waiting.extend(c for c in children(value) if isinstance(c, (Dictionary, Array)) and not c.is_indirect)


def is_action(value: Any) -> bool:
    return isinstance(value, Dictionary) and isinstance(value.get("/S"), Name)


def actions_of(value: Any) -> Iterator[Any]:
    candidates = value if isinstance(value, Array) else [value]
    yield from (item for item in candidates if is_action(item))


def empty_tree(value: Any) -> bool:
    """Tell a name tree without entries, which some producers write for nothing."""
    if not isinstance(value, Dictionary):
        return False
    names, kids = value.get("/Names"), value.get("/Kids")
    return not (isinstance(names, Array) and len(names)) and not (isinstance(kids, Array) and len(kids))


def dictionary_faults(found: Dictionary) -> Iterator[str]:
    for key, value in found.items():
        if key in KEYS:
            yield KEYS[key]
        elif key == "/EmbeddedFiles" and not empty_tree(value):
            yield "embedded_file"
        elif key == "/AA" and isinstance(value, Dictionary) and any(is_action(v) for _, v in value.items()):
            yield "auto_action"
        elif key == "/OpenAction":
            # LibreOffice and LaTeX write the page to open at: a place in this document, no deed.
            yield from ("auto_action" for action in actions_of(value) if action.get("/S") != Name.GoTo)
        elif key in {"/A", "/PA", "/Next"}:
            yield from ("action" for a in actions_of(value) if str(a["/S"]) not in ACTIONS.keys() | PASSIVE_ACTIONS)
    if found.get("/Type") == Name.EmbeddedFile:
        yield "embedded_file"
    action, subtype = found.get("/S"), found.get("/Subtype")
    if isinstance(action, Name) and str(action) in ACTIONS:
        yield ACTIONS[str(action)]
    elif found.get("/Type") == Name.Action and not (isinstance(action, Name) and str(action) in PASSIVE_ACTIONS):
        yield "action"
    if isinstance(subtype, Name) and str(subtype) in SUBTYPES:
        yield SUBTYPES[str(subtype)]
    if action == Name.URI and not link_is_plain(found.get("/URI")):
        yield "external"


def link_is_plain(target: Any) -> bool:
    return isinstance(target, String) and LINK.match(bytes(target)) is not None and not bytes(target).strip().startswith(b"\\\\")


def filters_of(stream: Stream) -> list[str]:
    value = stream.get("/Filter")
    if isinstance(value, Name):
        return [str(value)]
    return [str(item) for item in value] if isinstance(value, Array) else []


def inflated_size(packed: bytes, limit: int) -> int:
    """Count what Flate bytes unpack to, stopping just above the limit and keeping nothing."""
    machine, size, rest = zlib.decompressobj(), 0, packed
    try:
        while rest and not machine.eof and size <= limit:
            size += len(machine.decompress(rest, MIB))
            rest = machine.unconsumed_tail
    except zlib.error:
        return size
    return size


def image_limit(stream: Stream) -> int:
    width, height = stream.get("/Width", 0), stream.get("/Height", 0)
    if not isinstance(width, int) or not isinstance(height, int) or width < 0 or height < 0 or width * height > MAX_IMAGE_PIXELS:
        raise Refused("bomb")
    return width * height * 8 + MIB


def unpacked_size(stream: Stream) -> int:
    """Return the size that counts against the whole document's limit; raise when this stream alone is a bomb."""
    filters = filters_of(stream)
    packers = [name for name in filters if name in PACKERS]
    is_image = stream.get("/Subtype") == Name.Image
    limit = image_limit(stream) if is_image else MAX_STREAM
    if len(filters) > MAX_FILTERS or len(packers) > 1:
        raise Refused("bomb")
    if not packers:
        return 0
    if filters[0] in FLATE:
        size = inflated_size(stream.read_raw_bytes(), limit)
    else:
        try:
            size = len(stream.read_bytes(pikepdf.StreamDecodeLevel.specialized))
        except pikepdf.PdfError as broken:
            raise Refused(reason_of(broken)) from None
    if size > limit:
        raise Refused("bomb")
    return 0 if is_image else size


def stream_faults(stream: Stream) -> Iterator[str]:
    if "/F" in stream.stream_dict:
        yield "external"
    if "/Crypt" in filters_of(stream):
        yield "encrypted"


def count_pages(pdf: pikepdf.Pdf) -> int:
    """Walk the page tree itself; `/Count` is only what the file says of itself."""
    top = pdf.Root.get("/Pages")
    if not isinstance(top, Dictionary):
        raise Refused("broken_pdf")
    pages, waiting, seen = 0, [top], set()
    while waiting:
        node = waiting.pop()
        kids = node.get("/Kids")
        if not isinstance(kids, Array):
            pages += 1
            if pages > MAX_PAGES:
                raise Refused("too_many_pages")
            continue
        if node.is_indirect and node.objgen in seen:
            raise Refused("circular")
        seen.add(node.objgen)
        for kid in kids:
            if not isinstance(kid, Dictionary):
                raise Refused("broken_pdf")
            waiting.append(kid)
    return pages


def refuse_circular_outline(pdf: pikepdf.Pdf) -> None:
    waiting, seen = [pdf.Root.get("/Outlines")], set()
    while waiting:
        node = waiting.pop()
        if not isinstance(node, Dictionary):
            continue
        if node.is_indirect and node.objgen in seen:
            raise Refused("circular")
        seen.add(node.objgen)
        waiting += [node.get("/First"), node.get("/Next")]


def refuse_second_file(data: bytes) -> None:
    """Refuse a PDF that is another file as well: bytes after its end, or a readable ZIP."""
    end = data.rfind(b"%%EOF")
    if end < 0:
        raise Refused("broken_pdf")
    tail = data[end + 5 :]
    if len(tail) > MAX_TAIL or tail.strip(b"\r\n\t \0"):
        raise Refused("double_file")
    if zipfile.is_zipfile(BytesIO(data)):
        try:
            with zipfile.ZipFile(BytesIO(data)) as archive:
                has_names = bool(archive.namelist())
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            return
        if has_names:
            raise Refused("double_file")


def reason_of(error: Exception) -> str:
    """Name qpdf's complaint; it has no classes for these two."""
    text = str(error)
    if "bad_alloc" in text:
        return "too_heavy"
    return "circular" if "loop" in text.lower() else "broken_pdf"


def inspect(pdf: pikepdf.Pdf) -> dict[str, object]:
    """Return the facts of an opened PDF. Raises Refused, the gravest reason first."""
    if pdf.is_encrypted:
        raise Refused("encrypted")
    faults: set[str] = set()
    is_signed, total = False, 0
    for found in every_container(pdf):
        if isinstance(found, Stream):
            faults.update(stream_faults(found))
            total += unpacked_size(found)
        inside = found.stream_dict if isinstance(found, Stream) else found
        if isinstance(inside, Dictionary):
            faults.update(dictionary_faults(inside))
            is_signed = is_signed or ("/ByteRange" in inside and "/Contents" in inside)
        if total > MAX_TOTAL:
            raise Refused("bomb")
    for fault in GRAVITY:
        if fault in faults:
            raise Refused(fault)
    pages = count_pages(pdf)
    if not pages:
        raise Refused("no_pages")
    refuse_circular_outline(pdf)
    return {"pages": pages, "is_signed": is_signed}


def check(data: bytes) -> dict[str, object]:
    """Return the facts of an acceptable PDF. Raises Refused."""
    if not data.startswith(b"%PDF-"):
        raise Refused("not_pdf")
    try:
        with pikepdf.open(BytesIO(data), attempt_recovery=False, suppress_warnings=True) as pdf:
            facts = inspect(pdf)
            warnings = " ".join(pdf.get_warnings())
    except pikepdf.PasswordError:
        raise Refused("encrypted") from None
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as broken:
        raise Refused(reason_of(broken)) from None
    # Readers differ on which of two equal keys counts, so the one we judged need not be the one that runs.
    if "duplicated key" in warnings:
        raise Refused("broken_pdf")
    refuse_second_file(data)
    return facts


def main() -> int:
    try:
        facts = check(sys.stdin.buffer.read())
    except Refused as refused:
        sys.stdout.write(str(refused))
        return REFUSED
    sys.stdout.write(json.dumps(facts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
