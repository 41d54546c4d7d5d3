from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.core.files.storage import default_storage

from aktualisasi import seminar_invariants
from aktualisasi.enums import RancanganStage
from aktualisasi.models import Rancangan, RancanganFile, SeminarPaper


def broken() -> Iterator[str]:
    """Yield rancangan that moved on without a file, and files that are not the bytes that came in."""
    for pk in Rancangan.objects.exclude(stage=RancanganStage.DRAFT).filter(files=None).values_list("pk", flat=True):
        yield f"rancangan {pk}: beyond the draft without a file"
    yield from seminar_invariants.broken()
    seen: dict[str, str] = {}
    files = RancanganFile.objects.values_list("file", "sha256")
    for name, digest in [*files, *SeminarPaper.objects.values_list("file", "sha256")]:
        if name not in seen:
            seen[name] = _digest(name)
        if seen[name] != digest:
            yield f"rancangan file {name}: {'missing' if not seen[name] else 'differs from its SHA-256'}"


def _digest(name: str) -> str:
    if not default_storage.exists(name):
        return ""
    with default_storage.open(name) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
