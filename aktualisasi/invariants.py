from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.core.files.storage import default_storage

from aktualisasi import seminar_invariants
from aktualisasi.enums import PaperStage
from aktualisasi.models import Paper, PaperVersion, SeminarPaper


def broken() -> Iterator[str]:
    """Yield papers that moved on without a version, and files that are not the bytes that came in or were printed."""
    for pk in Paper.objects.exclude(stage=PaperStage.DRAFT).filter(versions=None).values_list("pk", flat=True):
        yield f"paper {pk}: beyond the draft without a version"
    yield from seminar_invariants.broken()
    seen: dict[str, str] = {}
    files = PaperVersion.objects.exclude(sha256="").values_list("file", "sha256")
    for name, digest in [*files, *SeminarPaper.objects.values_list("file", "sha256")]:
        if name not in seen:
            seen[name] = _digest(name)
        if seen[name] != digest:
            yield f"paper file {name}: {'missing' if not seen[name] else 'differs from its SHA-256'}"


def _digest(name: str) -> str:
    if not default_storage.exists(name):
        return ""
    with default_storage.open(name) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
