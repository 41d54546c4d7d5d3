"""Whether a PDF from outside may be kept, and what it is."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from .cell import CellLimits, CellRefused, CellStopped, run_cell
from .refusal import MAX_UPLOAD_BYTES, UploadRefused

LIMITS = CellLimits(cpu=10, wall=20, memory=512 * 1024 * 1024, output=4096)


@dataclass(frozen=True)
class PdfFacts:
    """What is known of an accepted PDF; `is_signed` says that it holds a signature, not that the signature is valid."""

    pages: int
    sha256: str
    size: int
    is_signed: bool


def inspect_pdf(source: bytes | Path, *, limits: CellLimits = LIMITS) -> PdfFacts:
    """Judge a PDF by its structure and return its facts; the bytes themselves are never changed.

    Parsed in a limited process of its own. Raises UploadRefused for anything active, attached, encrypted, broken,
    too long or too large, for another kind of file, and for what could not be judged in time.
    """
    data = _read(source)
    if not data:
        raise UploadRefused("empty")
    if len(data) > MAX_UPLOAD_BYTES:
        raise UploadRefused("too_large")
    if not data.startswith(b"%PDF-"):
        raise UploadRefused("not_pdf")
    try:
        found = json.loads(run_cell("pdf_worker.py", data, limits=limits))
    except CellRefused as refused:
        raise UploadRefused(str(refused)) from refused
    except CellStopped as stopped:
        raise UploadRefused(_reason(stopped)) from stopped
    return PdfFacts(pages=found["pages"], sha256=hashlib.sha256(data).hexdigest(), size=len(data), is_signed=found["is_signed"])


def _read(source: bytes | Path) -> bytes:
    if isinstance(source, bytes):
        return source
    with source.open("rb") as file:
        return file.read(MAX_UPLOAD_BYTES + 1)


def _reason(stopped: CellStopped) -> str:
    return "broken_pdf" if str(stopped) == "crashed" else str(stopped)
