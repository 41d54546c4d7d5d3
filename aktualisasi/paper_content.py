"""What a paper says as data, and the file that is printed from it."""

from __future__ import annotations

from typing import Any

from aktualisasi.enums import PaperKind
from aktualisasi.models import Paper

Content = dict[str, Any]


def content_of(paper: Paper) -> Content:
    """Return everything the paper prints, as plain data that never changes afterwards."""
    return {"kind": paper.kind, "title": paper.rancangan.title, "summary": paper.rancangan.summary}


def percent_of(paper: Paper) -> int:
    """Return how complete the data of the paper are, 0 to 100."""
    return 0


def print_content(kind: str, content: Content, *, institute_id: int | None) -> tuple[bytes, int]:
    """Print the content as PDF in the institute's template; return the file and its number of pages."""
    raise NotImplementedError(PaperKind(kind))


def changes(old: Content | None, new: Content | None) -> object:
    """Return what differs between two kept contents, in the order of the document."""
    raise NotImplementedError
