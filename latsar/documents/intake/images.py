"""Pictures from outside: decoded and written anew, so that only pixels come in."""

import hashlib
import json
from dataclasses import dataclass

from .cell import CellLimits, CellRefused, CellStopped, run_cell
from .kinds import CONTENT_TYPES, IMAGES, FileKind, signature_kind
from .refusal import MAX_UPLOAD_BYTES, UploadRefused

LIMITS = CellLimits(cpu=15, wall=30, memory=768 * 1024 * 1024, output=64 * 1024 * 1024)


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
    try:
        written = run_cell("image_worker.py", data, kind.value, limits=LIMITS)
    except CellRefused as refused:
        raise UploadRefused(str(refused)) from refused
    except CellStopped as stopped:
        raise UploadRefused("broken_image" if str(stopped) == "crashed" else str(stopped)) from stopped
    head, _, fresh = written.partition(b"\n")
    facts = json.loads(head)
    return CleanImage(fresh, kind, facts["width"], facts["height"], hashlib.sha256(fresh).hexdigest())
