"""Where a participant finds a paper."""

from __future__ import annotations

from django.urls import reverse

from aktualisasi.enums import PaperKind


def home_url(kind: str) -> str:
    """Return the page on which the author of a paper of this kind works."""
    return reverse("laporan_paper" if kind == PaperKind.LAPORAN else "aktualisasi_home")
