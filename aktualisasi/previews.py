"""Page images of a version of a paper."""

from __future__ import annotations

import logging

from aktualisasi.models import PaperVersion
from latsar.documents import previews

log = logging.getLogger(__name__)

FOLDER = "rancangan-halaman"


def page_image(version: PaperVersion, page: int, *, small: bool) -> str:
    """Return the stored name of one page image, drawing it when it is not there yet. Raises PreviewFailed."""
    return previews.page_image(version.file, page, folder=FOLDER, small=small)


def draw_all(version_id: int) -> int:
    """Draw what is missing of every page in both sizes; a version that is gone is logged and ignored."""
    version = PaperVersion.objects.filter(pk=version_id).first()
    if version is None:
        log.info("version %s is gone, nothing to draw", version_id)
        return 0
    return previews.draw_all(version.file, version.pages, folder=FOLDER)
