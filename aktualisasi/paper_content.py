"""What a paper says as data, and the file that is printed from it: one door for the rancangan and the laporan."""

from __future__ import annotations

from typing import Any

from aktualisasi import comparing, prints
from aktualisasi.completeness import completeness
from aktualisasi.documents import render_rancangan
from aktualisasi.models import Paper
from aktualisasi.snapshots import snapshot

Content = dict[str, Any]
STAMPS = ("made_on",)
"""Entries of a content that change by themselves."""


def content_of(paper: Paper) -> Content:
    """Return everything the paper prints, as plain data that never changes afterwards."""
    return snapshot(paper.rancangan)


def says_the_same(one: Content | None, other: Content | None) -> bool:
    """Tell whether two contents read the same, whenever they were made."""
    return _without_stamps(one) == _without_stamps(other)


def percent_of(paper: Paper) -> int:
    """Return how complete the data of the paper are, 0 to 100."""
    return completeness(paper.rancangan).percent


def print_content(kind: str, content: Content, *, institute_id: int | None) -> tuple[bytes, int]:
    """Print the content as PDF in the institute's template; return the file and its number of pages."""
    pdf = render_rancangan(content, prints.layout_for(institute_id, kind))
    return pdf, prints.page_count(pdf)


def changes(old: Content, new: Content) -> list[comparing.ChangedSection]:
    """Return what differs between two kept contents, in the order of the document."""
    return comparing.changes(old, new)


def _without_stamps(content: Content | None) -> Content | None:
    return {name: value for name, value in content.items() if name not in STAMPS} if content is not None else None
