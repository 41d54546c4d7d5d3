"""Page images of evidence: a photo is its own page 1."""

from __future__ import annotations

import logging
from io import BytesIO

from aktualisasi.habituasi import Evidence
from latsar.documents import previews

log = logging.getLogger(__name__)

FOLDER = "bukti-halaman"
PRINTED_PAGES = 2
"""Pages of a PDF that a laporan shows; the file itself is in the portal."""
PRINT_QUALITY = 78


def page_image(evidence: Evidence, page: int, *, small: bool) -> str:
    """Return the stored name of one page image, drawing it when it is not there yet. Raises PreviewFailed."""
    return previews.page_image(evidence.file, page, folder=FOLDER, small=small)


def draw_all(evidence_id: int) -> int:
    """Draw what is missing of every page in both sizes; an evidence that is gone is logged and ignored."""
    evidence = Evidence.objects.filter(pk=evidence_id).first()
    if evidence is None:
        log.info("evidence %s is gone, nothing to draw", evidence_id)
        return 0
    return previews.draw_all(evidence.file, evidence.pages, folder=FOLDER)


def printed_page(evidence: Evidence, page: int) -> bytes:
    """Return a page as a JPEG small enough for a laporan; made from our own drawing, never from the foreign file.

    Raises PreviewFailed, FileNotFoundError.
    """
    from PIL import Image  # heavy, and few processes ever print evidence

    with evidence.file.storage.open(page_image(evidence, page, small=False), "rb") as stored:
        picture = Image.open(stored).convert("RGB")
    written = BytesIO()
    picture.save(written, "JPEG", quality=PRINT_QUALITY, optimize=True)
    return written.getvalue()
