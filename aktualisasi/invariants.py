from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.core.files.storage import default_storage

from aktualisasi.enums import PaperStage
from aktualisasi.models import Paper, PaperVersion


def broken() -> Iterator[str]:
    """Yield papers that moved on without a version, and files that are not the bytes that came in or were printed."""
    for pk in Paper.objects.exclude(stage=PaperStage.DRAFT).filter(versions=None).values_list("pk", flat=True):
        yield f"paper {pk}: beyond the draft without a version"
    seen: dict[str, str] = {}
    for name, digest in PaperVersion.objects.exclude(sha256="").values_list("file", "sha256").iterator():
        if name not in seen:
            seen[name] = _digest(name)
        if seen[name] != digest:
            yield f"paper file {name}: {'missing' if not seen[name] else 'differs from its SHA-256'}"


def _digest(name: str) -> str:
    if not default_storage.exists(name):
        return ""
    with default_storage.open(name) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
