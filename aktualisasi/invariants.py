from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.db.models import F

from aktualisasi import seminar_invariants
from aktualisasi.enums import PaperStage
from aktualisasi.habituasi_enums import ReportStage
from aktualisasi.models import (
    Cause,
    Evidence,
    Issue,
    Kegiatan,
    LibraryEntry,
    Paper,
    PaperVersion,
    Rancangan,
    SeminarPaper,
    Tahapan,
    TahapanWork,
)
from aktualisasi.plan import PARKED


def broken() -> Iterator[str]:
    """Yield papers that moved on without a version, and files that are not the bytes that came in or were printed."""
    for pk in Paper.objects.exclude(stage=PaperStage.DRAFT).filter(versions=None).values_list("pk", flat=True):
        yield f"paper {pk}: beyond the draft without a version"
    yield from seminar_invariants.broken()
    yield from _broken_plans()
    seen: dict[str, str] = {}
    files = PaperVersion.objects.exclude(sha256="").values_list("file", "sha256")
    for name, digest in [*files, *SeminarPaper.objects.values_list("file", "sha256")]:
        if name not in seen:
            seen[name] = _digest(name)
        if seen[name] != digest:
            yield f"paper file {name}: {'missing' if not seen[name] else 'differs from its SHA-256'}"
    yield from _habituasi(seen)


def _habituasi(seen: dict[str, str]) -> Iterator[str]:
    """Yield evidence whose bytes are not those that were kept, or that is another person's, and work beyond its phase."""
    for pk, name, digest in Evidence.objects.values_list("pk", "file", "sha256").iterator():
        if name not in seen:
            seen[name] = _digest(name)
        if seen[name] != digest:
            yield f"evidence {pk}: {'missing' if not seen[name] else 'differs from its SHA-256'}"
    foreign = Evidence.objects.exclude(tahapan=None).exclude(tahapan__kegiatan__rancangan__participant=F("participant"))
    for pk in foreign.values_list("pk", flat=True):
        yield f"evidence {pk}: proves a tahapan of somebody else"
    settled = Evidence.objects.filter(report__stage=ReportStage.APPROVED, removed_at__isnull=False)
    for pk in settled.values_list("pk", flat=True):
        yield f"evidence {pk}: removed although its weekly report is approved"
    for pk in Evidence.objects.exclude(report=None).exclude(report__participant=F("participant")).values_list("pk", flat=True):
        yield f"evidence {pk}: stands in a report of somebody else"
    for pk, weeks, due in TahapanWork.objects.exclude(weeks=[]).values_list("pk", "weeks", "due_week"):
        if due != max(weeks):
            yield f"tahapan work {pk}: last week {due} is not the last of {weeks}"
    for entry in LibraryEntry.objects.released().prefetch_related("consents"):
        if {one.side for one in entry.consents.all() if one.is_given} != {"author", "satker"}:
            yield f"library entry {entry.pk}: shown without both consents recorded"


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
