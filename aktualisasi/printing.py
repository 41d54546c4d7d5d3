"""Composed versions on paper: the file that is printed from the kept data, once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from aktualisasi import paper_content
from aktualisasi.models import PaperVersion

PATIENCE = timedelta(minutes=2)


def print_version(version_id: int) -> bool:
    """Print one version; safe to run twice and at once. A version whose data changed meanwhile is left to its own call."""
    version = PaperVersion.objects.unprinted().select_related("paper__rancangan__participant__batch").filter(pk=version_id).first()
    if version is None:
        return False
    batch = version.paper.rancangan.participant.batch
    pdf, pages = paper_content.print_content(version.paper.kind, version.content or {}, institute_id=batch.institute_id if batch else None)
    return _keep(version, pdf, pages)


def _keep(version: PaperVersion, pdf: bytes, pages: int) -> bool:
    storage = version.file.storage
    name = storage.save(f"rancangan/{timezone.localdate():%Y/%m}/{secrets.token_hex(20)}.pdf", ContentFile(pdf))
    with transaction.atomic():
        row = PaperVersion.objects.select_for_update(of=("self",)).filter(pk=version.pk, sha256="").first()
        if row is None or row.content != version.content:
            transaction.on_commit(partial(storage.delete, name))
            return False
        row.file.name, row.size, row.pages, row.failure = name, len(pdf), pages, ""
        row.sha256 = hashlib.sha256(pdf).hexdigest()
        row.save(update_fields=["file", "size", "pages", "sha256", "failure"])
    return True


def note_failure(version_id: int, why: str) -> None:
    """Say on the version why it could not be printed; the page offers to try again."""
    PaperVersion.objects.unprinted().filter(pk=version_id).update(failure=why[:200])


def left_unprinted() -> list[int]:
    """Return versions that should have been printed by now; a print takes seconds."""
    old = timezone.now() - PATIENCE
    return list(PaperVersion.objects.unprinted().filter(uploaded_at__lt=old).order_by("pk").values_list("pk", flat=True)[:200])
