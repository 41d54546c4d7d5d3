"""Prints of the text as it stands now, made when somebody looks and kept for a while under the digest of what is printed."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from typing import Any

import pikepdf
from django.core.cache import cache

from aktualisasi.documents import render_rancangan
from aktualisasi.enums import PaperKind
from aktualisasi.models import PaperTemplate, Rancangan
from aktualisasi.paper_layout import PaperLayout, usual_layout
from aktualisasi.snapshots import snapshot
from latsar.documents.intake.preview import page_images

SAMPLES = "sample-print"
"""The shelf of what is printed of nobody."""
KEPT = 15 * 60
"""Seconds that a print and its pictures stay in the cache."""


def layout_for(institute_id: int | None, kind: str = PaperKind.RANCANGAN) -> PaperLayout:
    """Return the institute's layout, else the common one, else the usual one: one query."""
    rows = {row.institute_id: row for row in PaperTemplate.objects.filter(kind=kind) if row.institute_id in (institute_id, None)}
    own = rows.get(institute_id) or rows.get(None)
    return own.layout if own else usual_layout(kind)


def print_now(rancangan: Rancangan) -> tuple[str, bytes]:
    """Print what stands in the fields now; return the digest under which the print is kept, and the PDF."""
    content = snapshot(rancangan)
    batch = rancangan.participant.batch
    return print_content(content, layout_for(batch.institute_id if batch else None))


def print_content(
    content: dict[str, Any],
    layout: PaperLayout,
    render: Callable[[dict[str, Any], PaperLayout], bytes] = render_rancangan,
    *,
    shelf: str = "print",
) -> tuple[str, bytes]:
    """Print what was kept of a paper in a layout, or take the print of the same words from the cache."""
    words = json.dumps([content, layout.as_dict()], sort_keys=True)
    key = hashlib.sha256(words.encode()).hexdigest()
    pdf = cache.get(f"{shelf}:{key}")
    if pdf is None:
        pdf = render(content, layout)
        cache.set(f"{shelf}:{key}", pdf, KEPT)
    return key, pdf


def kept_sample(key: str) -> bytes | None:
    """Return a print of sample words that was made a moment ago; never one of a person's paper."""
    pdf: bytes | None = cache.get(f"{SAMPLES}:{key}")
    return pdf


def page_count(pdf: bytes) -> int:
    """Count the pages of a print of our own."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def page_picture(key: str, pdf: bytes, page: int, *, width: int = 760) -> bytes:
    """Return one page as WebP. Raises PreviewFailed."""
    name = f"print:{key}:{page}:{width}"
    picture: bytes | None = cache.get(name)
    if picture is None:
        picture = page_images(pdf, [page], width=width)[0]
        cache.set(name, picture, KEPT)
    return picture
