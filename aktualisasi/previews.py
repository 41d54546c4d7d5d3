"""Page images of a version of the rancangan."""

from __future__ import annotations

import logging

from aktualisasi.models import RancanganFile
from latsar.documents import previews

log = logging.getLogger(__name__)

FOLDER = "rancangan-halaman"


def page_image(version: RancanganFile, page: int, *, small: bool) -> str:
    """Return the stored name of one page image, drawing it when it is not there yet. Raises PreviewFailed."""
    return previews.page_image(version.file, page, folder=FOLDER, small=small)


def draw_all(file_id: int) -> int:
    """Draw what is missing of every page in both sizes; a version that is gone is logged and ignored."""
    version = RancanganFile.objects.filter(pk=file_id).first()
    if version is None:
        log.info("version %s is gone, nothing to draw", file_id)
        return 0
    return previews.draw_all(version.file, version.pages, folder=FOLDER)
