"""Activation slips: four to a sheet of A4, to be cut; the address is in the code, the secret never is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.template.loader import get_template

from latsar.documents.render.pdf import render_document, render_lock, write_document
from latsar.documents.render.qr import qr_png

TEMPLATE = "documents/slip/aktivasi.html"
QR_ASSET = "asset:qr.png"
PER_SHEET = 4
SHEETS_AT_ONCE = 10
"""Laid out between two signs of life of the job: a few seconds on a slow machine."""


@dataclass(frozen=True)
class SlipFace:
    """What stands on one slip. The full NIP stays off: slip and NIP together would open the account."""

    name: str
    nip_end: str
    unit: str
    code: str
    valid_until: str
    contact: str = ""


def render_slips(slips: Sequence[SlipFace], *, url: str, on_done: Callable[[int], object] = lambda _count: None) -> bytes:
    """Render slips in the given order as one PDF/A-3a; `on_done` hears how many more are laid out.

    The QR leads to `url` and carries nothing else: addresses end up in logs and histories.
    """
    template, picture = get_template(TEMPLATE), qr_png(url)
    address = url.partition("://")[2].rstrip("/")
    pages, first = [], None
    for part in _parts(slips, PER_SHEET * SHEETS_AT_ONCE):
        html = template.render({"sheets": _parts(part, PER_SHEET), "address": address})
        with render_lock:
            document = render_document(html, styles=("report",), assets={QR_ASSET: picture})
        first = first or document
        pages += document.pages
        on_done(len(part))
    assert first is not None, "slips for nobody"
    with render_lock:
        return write_document(first.copy(pages))


def _parts(slips: Sequence[SlipFace], size: int) -> list[Sequence[SlipFace]]:
    return [slips[start : start + size] for start in range(0, len(slips), size)]
