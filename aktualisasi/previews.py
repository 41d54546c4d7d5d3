"""Page images of a version, drawn once and kept beside the media under the version's own random name."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import PurePosixPath

from django.core.files.base import ContentFile

from aktualisasi.models import RancanganFile
from latsar.documents.intake.preview import MAX_PAGES_AT_ONCE, page_images

log = logging.getLogger(__name__)

FULL_WIDTH = 760
SMALL_WIDTH = 112
FOLDER = "rancangan-halaman"


def page_image(version: RancanganFile, page: int, *, small: bool) -> str:
    """Return the stored name of one page image, drawing it when it is not there yet.

    Two readers at once may draw it twice; both pictures are the same. Raises PreviewFailed.
    """
    width = SMALL_WIDTH if small else FULL_WIDTH
    name = _stored_name(version, page, width)
    if not version.file.storage.exists(name):
        draw(version, [page], width)
    return name


def draw_all(file_id: int) -> int:
    """Draw what is missing of every page in both sizes; return how many pictures were drawn.

    Safe to run twice; a version that is gone is logged and ignored.
    """
    version = RancanganFile.objects.filter(pk=file_id).first()
    if version is None:
        log.info("version %s is gone, nothing to draw", file_id)
        return 0
    drawn = 0
    for width in (SMALL_WIDTH, FULL_WIDTH):
        storage = version.file.storage
        missing = [page for page in range(1, version.pages + 1) if not storage.exists(_stored_name(version, page, width))]
        for start in range(0, len(missing), MAX_PAGES_AT_ONCE):
            drawn += draw(version, missing[start : start + MAX_PAGES_AT_ONCE], width)
    return drawn


def draw(version: RancanganFile, pages: Sequence[int], width: int) -> int:
    """Draw these pages in one limited process and keep the pictures."""
    with version.file.open("rb") as stored:
        pictures = page_images(stored.read(), pages, width=width)
    storage = version.file.storage
    for page, picture in zip(pages, pictures, strict=True):
        name = _stored_name(version, page, width)
        if not storage.exists(name):
            storage.save(name, ContentFile(picture))
    return len(pictures)


def _stored_name(version: RancanganFile, page: int, width: int) -> str:
    return f"{FOLDER}/{PurePosixPath(version.file.name or '').stem}/{width}-{page}.webp"
