"""Several photos of one document, joined into one PDF of A4 pages."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from .images import CleanImage, page_picture
from .refusal import MAX_UPLOAD_BYTES, UploadRefused

if TYPE_CHECKING:
    import pikepdf

MAX_PHOTOS = 20
"""A decree with its attachments has about ten pages; with twenty each may still take half a megabyte of the file's 10 MB,
which keeps small print readable, and all are drawn while the sender waits."""
MAX_PAGE_BYTES = 1024 * 1024
PDF_FRAME = 64 * 1024
"""Bytes kept for all that is not a picture."""
MAX_SECONDS = 40
"""The web server gives up after 60 seconds: one more photo and the check of the whole must fit in between."""
A4 = (595.28, 841.89)


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo: its file's name, and how to get its bytes when its turn comes."""

    name: str
    read: Callable[[], bytes]


class PhotosRefused(Exception):
    """Photos that cannot become pages: for each place, the first being 1, the reason."""

    def __init__(self, faults: Mapping[int, UploadRefused]) -> None:
        self.faults = faults
        super().__init__(", ".join(f"{place}: {fault.code}" for place, fault in faults.items()))


def join_photos(photos: Sequence[Photo]) -> bytes:
    """Return one PDF with a page for each photo, in this order, below the size that an upload may have.

    Each is read, judged and written anew when its turn comes, so that only one is held decoded: upright, without EXIF or
    GPS, on A4 standing or lying. The same photos give the same bytes. Raises PhotosRefused with every photo that cannot
    be used, UploadRefused when all together take too long, ValueError for none or more than MAX_PHOTOS.
    """
    if not 1 <= len(photos) <= MAX_PHOTOS:
        raise ValueError(f"join 1 to {MAX_PHOTOS} photos")
    import pikepdf  # heavy, and few processes ever join photos

    limit = min(MAX_PAGE_BYTES, (MAX_UPLOAD_BYTES - PDF_FRAME) // len(photos))
    until = time.monotonic() + MAX_SECONDS
    faults: dict[int, UploadRefused] = {}
    with pikepdf.new() as pdf:
        for place, photo in enumerate(photos, start=1):
            if time.monotonic() > until:
                raise UploadRefused("photos_too_slow")
            try:
                _add_page(pdf, page_picture(photo.name, photo.read(), limit=limit))
            except UploadRefused as refused:
                faults[place] = refused
        if faults:
            raise PhotosRefused(faults)
        written = BytesIO()
        pdf.save(written, deterministic_id=True)
    return written.getvalue()


def _add_page(pdf: "pikepdf.Pdf", picture: CleanImage) -> None:
    """Put the picture in the middle of a sheet that lies when the picture does."""
    from pikepdf import Name

    width, height = A4[::-1] if picture.width > picture.height else A4
    ratio = min(width / picture.width, height / picture.height)
    wide, high = picture.width * ratio, picture.height * ratio
    page = pdf.add_blank_page(page_size=(width, height))
    page.add_resource(
        pdf.make_stream(
            picture.data,
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=picture.width,
            Height=picture.height,
            ColorSpace=Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=Name.DCTDecode,
        ),
        Name.XObject,
        Name.Foto,
    )
    place = f"q {wide:.2f} 0 0 {high:.2f} {(width - wide) / 2:.2f} {(height - high) / 2:.2f} cm /Foto Do Q"
    page.contents_add(place.encode())
