from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.db.models import F

from aktualisasi.enums import RancanganStage
from aktualisasi.models import Cause, Issue, Kegiatan, Rancangan, RancanganFile, Tahapan
from aktualisasi.plan import PARKED


def broken() -> Iterator[str]:
    """Yield rancangan that moved on without a file, rows out of place, and files that are not the bytes that came in."""
    for pk in Rancangan.objects.exclude(stage=RancanganStage.DRAFT).filter(files=None).values_list("pk", flat=True):
        yield f"rancangan {pk}: beyond the draft without a file"
    yield from _broken_plans()
    seen: dict[str, str] = {}
    for name, digest in RancanganFile.objects.values_list("file", "sha256").iterator():
        if name not in seen:
            seen[name] = _digest(name)
        if seen[name] != digest:
            yield f"rancangan file {name}: {'missing' if not seen[name] else 'differs from its SHA-256'}"


def _broken_plans() -> Iterator[str]:
    """Yield rows that were left parked, and pointers from one rancangan into another."""
    for model in (Issue, Cause, Kegiatan, Tahapan):
        for pk in model._default_manager.filter(order=PARKED).values_list("pk", flat=True):
            yield f"{model._meta.model_name} {pk}: left without a place in its list"
    foreign_issues = Rancangan.objects.exclude(chosen_issue=None).exclude(chosen_issue__rancangan=F("pk"))
    for pk in foreign_issues.values_list("pk", flat=True):
        yield f"rancangan {pk}: its chosen issue is another one's"
    for pk in Kegiatan.objects.exclude(cause=None).exclude(cause__issue__rancangan=F("rancangan")).values_list("pk", flat=True):
        yield f"kegiatan {pk}: answers a cause of another rancangan"


def _digest(name: str) -> str:
    if not default_storage.exists(name):
        return ""
    with default_storage.open(name) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
