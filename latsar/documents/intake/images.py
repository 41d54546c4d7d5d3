"""Pictures from outside: decoded and written anew, so that only pixels come in."""

import hashlib
import json
from dataclasses import dataclass

from .cell import CellLimits, CellRefused, CellStopped, run_cell
from .kinds import CONTENT_TYPES, IMAGES, FileKind, require_kind, signature_kind
from .refusal import MAX_UPLOAD_BYTES, UploadRefused

LIMITS = CellLimits(cpu=15, wall=30, memory=768 * 1024 * 1024, output=64 * 1024 * 1024)
PAGE_LIMITS = CellLimits(cpu=10, wall=15, memory=LIMITS.memory, output=MAX_UPLOAD_BYTES)


@dataclass(frozen=True)
class CleanImage:
    """A picture safe to keep: fresh bytes, upright, without EXIF or GPS."""

    data: bytes
    kind: FileKind
    width: int
    height: int
    sha256: str

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.kind]


def clean_image(data: bytes) -> CleanImage:
    """Re-encode a JPEG or PNG as the same kind and return it upright, at most 40 megapixels.

    Decoded in a limited process of its own. Raises UploadRefused for other kinds, broken and oversized pictures.
    """
    if not data:
        raise UploadRefused("empty")
    if len(data) > MAX_UPLOAD_BYTES:
        raise UploadRefused("too_large")
    kind = signature_kind(data)
    if kind not in IMAGES:
        raise UploadRefused("not_image")
    return _written_anew(data, kind, kind, LIMITS)


def page_picture(name: str, data: bytes, *, limit: int) -> CleanImage:
    """Re-encode a JPEG or PNG as an upright JPEG in colour for one A4 page, at most `limit` bytes large.

    Decoded in a limited process of its own. Raises UploadRefused as `clean_image`, and when name and content differ.
    """
    kind = require_kind(name, data, allowed=IMAGES)
    return _written_anew(data, kind, FileKind.JPEG, PAGE_LIMITS, str(limit))


def _written_anew(data: bytes, kind: FileKind, becomes: FileKind, limits: CellLimits, *arguments: str) -> CleanImage:
    try:
        written = run_cell("image_worker.py", data, kind.value, *arguments, limits=limits)
    except CellRefused as refused:
        raise UploadRefused(str(refused)) from refused
    except CellStopped as stopped:
        raise UploadRefused("broken_image" if str(stopped) == "crashed" else str(stopped)) from stopped
    head, _, fresh = written.partition(b"\n")
    facts = json.loads(head)
    return CleanImage(fresh, becomes, facts["width"], facts["height"], hashlib.sha256(fresh).hexdigest())
