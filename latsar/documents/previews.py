"""Page images of a kept file, drawn once and stored beside the media under the file's own random name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.db.models.fields.files import FieldFile

from latsar.documents.intake.preview import MAX_PAGES_AT_ONCE, page_images

FULL_WIDTH = 760
SMALL_WIDTH = 112


def page_image(file: FieldFile, page: int, *, folder: str, small: bool) -> str:
    """Return the stored name of one page image, drawing it when it is not there yet.

    Two readers at once may draw it twice; both pictures are the same. Raises PreviewFailed, FileNotFoundError.
    """
    width = SMALL_WIDTH if small else FULL_WIDTH
    name = _stored_name(file, page, width, folder)
    if not file.storage.exists(name):
        draw(file, [page], width, folder=folder)
    return name


def draw_all(file: FieldFile, pages: int, *, folder: str) -> int:
    """Draw what is missing of every page in both sizes; return how many pictures were drawn. Safe to run twice."""
    drawn = 0
    for width in (SMALL_WIDTH, FULL_WIDTH):
        missing = [page for page in range(1, pages + 1) if not file.storage.exists(_stored_name(file, page, width, folder))]
        for start in range(0, len(missing), MAX_PAGES_AT_ONCE):
            drawn += draw(file, missing[start : start + MAX_PAGES_AT_ONCE], width, folder=folder)
    return drawn


def draw(file: FieldFile, pages: Sequence[int], width: int, *, folder: str) -> int:
    """Draw these pages in one limited process and keep the pictures."""
    with file.open("rb") as stored:
        pictures = page_images(stored.read(), pages, width=width)
    for page, picture in zip(pages, pictures, strict=True):
        name = _stored_name(file, page, width, folder)
        if not file.storage.exists(name):
            file.storage.save(name, ContentFile(picture))
    return len(pictures)


def _stored_name(file: FieldFile, page: int, width: int, folder: str) -> str:
    return f"{folder}/{PurePosixPath(file.name or '').stem}/{width}-{page}.webp"
