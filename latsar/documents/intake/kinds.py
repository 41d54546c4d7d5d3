"""Which kinds of file there are, told by their first bytes and by their extension alike."""

from enum import StrEnum
from pathlib import PurePosixPath

from .refusal import MAX_UPLOAD_BYTES, UploadRefused


class FileKind(StrEnum):
    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"


IMAGES = frozenset({FileKind.JPEG, FileKind.PNG})

_SIGNATURES = {FileKind.PDF: b"%PDF-", FileKind.JPEG: b"\xff\xd8\xff", FileKind.PNG: b"\x89PNG\r\n\x1a\n"}
_EXTENSIONS = {".pdf": FileKind.PDF, ".jpg": FileKind.JPEG, ".jpeg": FileKind.JPEG, ".png": FileKind.PNG}
PHONE_PHOTOS = (".heic", ".heif")
"""What iPhones write unless they are told otherwise; no browser but Safari shows it."""

_PHONE_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")

CONTENT_TYPES = {FileKind.PDF: "application/pdf", FileKind.JPEG: "image/jpeg", FileKind.PNG: "image/png"}


def signature_kind(head: bytes) -> FileKind | None:
    """Tell the kind from the very first bytes; nothing may stand before the signature."""
    return next((kind for kind, mark in _SIGNATURES.items() if head.startswith(mark)), None)


def require_kind(name: str, data: bytes, *, allowed: frozenset[FileKind]) -> FileKind:
    """Return the one kind that both extension and signature name.

    The browser's content type is not asked: it says what the sender likes. Raises UploadRefused.
    """
    if not data:
        raise UploadRefused("empty")
    if len(data) > MAX_UPLOAD_BYTES:
        raise UploadRefused("too_large")
    ending = PurePosixPath(name.lower()).suffix
    if ending in PHONE_PHOTOS and allowed & IMAGES:
        raise UploadRefused("heic")
    named = _EXTENSIONS.get(ending)
    if named is None or named not in allowed:
        raise UploadRefused("kind")
    found = signature_kind(data)
    if found is None and named in IMAGES and data[4:8] == b"ftyp" and data[8:12] in _PHONE_BRANDS:
        raise UploadRefused("heic")  # a phone's photo that was only renamed
    if found is None:
        raise UploadRefused("not_pdf" if named is FileKind.PDF else "not_image")
    if found is not named:
        raise UploadRefused("extension")
    return found
