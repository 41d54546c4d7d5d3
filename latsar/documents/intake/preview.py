"""Page images of a kept PDF or picture: readers see pictures, active content never reaches them."""

import struct
from collections.abc import Sequence

from .cell import CellLimits, CellRefused, CellStopped, run_cell

MAX_PAGES_AT_ONCE = 20
LIMITS = CellLimits(cpu=20, wall=30, memory=768 * 1024 * 1024, output=32 * 1024 * 1024)


class PreviewFailed(Exception):
    """These pages cannot be drawn; `reason` is a short code for the log, the document itself is untouched."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def page_images(pdf: bytes, pages: Sequence[int], *, width: int = 760) -> list[bytes]:
    """Return one WebP per page number, the first page being 1, each `width` pixels wide; a picture is its own page 1.

    Drawn in a limited process of its own, at most 20 pages a call. Raises PreviewFailed when the PDF cannot be drawn
    in time or has no such page, ValueError when the call itself is out of range.
    """
    if not 1 <= len(pages) <= MAX_PAGES_AT_ONCE or min(pages) < 1:
        raise ValueError(f"ask for 1 to {MAX_PAGES_AT_ONCE} pages, numbered from 1")
    if not 16 <= width <= 2000:
        raise ValueError("width must be 16 to 2000 pixels")
    try:
        written = run_cell("preview_worker.py", pdf, str(width), ",".join(str(n) for n in pages), limits=LIMITS)
        return _split(written, len(pages))
    except (CellRefused, CellStopped, struct.error) as failed:
        raise PreviewFailed(str(failed)) from failed


def _split(written: bytes, count: int) -> list[bytes]:
    images, start = [], 0
    for _ in range(count):
        (length,) = struct.unpack_from(">I", written, start)
        images.append(written[start + 4 : start + 4 + length])
        start += 4 + length
    return images
