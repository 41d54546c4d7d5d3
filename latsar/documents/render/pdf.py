"""HTML to PDF/A-3a by WeasyPrint, with everything shared that may be shared."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration

from latsar.documents.render.fetcher import HOME, AssetFetcher, AssetForbidden

PDF_OPTIONS = {"pdf_variant": "pdf/a-3a"}
MAX_HTML = 4_000_000
"""Characters. The longest roster of the country stays far below."""

render_lock = threading.RLock()
"""Pango's font map is not safe between threads, and the embedded portal renders in one."""


class RenderRefused(Exception):
    """The face cannot be rendered; the message says why and is meant for the log and the job's error row."""


@lru_cache(maxsize=1)
def font_configuration() -> FontConfiguration:
    """Return the one font configuration of this process."""
    return FontConfiguration()


def stylesheet_text(name: str) -> str:
    """Return the text of one stylesheet of the faces."""
    return (HOME / "assets" / "css" / f"{name}.css").read_text(encoding="utf-8")


@lru_cache(maxsize=16)
def stylesheet(name: str) -> CSS:
    """Parse one stylesheet of the faces, once per process."""
    return CSS(string=stylesheet_text(name), font_config=font_configuration(), url_fetcher=AssetFetcher())


def render_document(html: str, *, styles: tuple[str, ...], assets: Mapping[str, bytes] | None = None) -> Document:
    """Lay out a face. `styles` names stylesheets in assets/css; `assets` adds pictures made for this document alone.

    Raises RenderRefused when the face asks for anything outside the allowlist.
    """
    if len(html) > MAX_HTML:
        raise RenderRefused(f"face of {len(html)} characters is longer than {MAX_HTML}")
    try:
        sheets = [stylesheet(name) for name in ("fonts", "base", *styles)]
        page = HTML(string=html, url_fetcher=AssetFetcher(assets))
        return page.render(font_config=font_configuration(), stylesheets=sheets, **PDF_OPTIONS)
    except AssetForbidden as forbidden:
        raise RenderRefused(f"the face asks for {forbidden}, which is not one of its assets") from forbidden


def write_document(document: Document, finisher: Callable[[Document, Any], None] | None = None) -> bytes:
    """Write a laid-out face as PDF/A-3a. Raises RenderRefused for an attachment: no document carries a foreign file."""
    if document.metadata.attachments:
        raise RenderRefused("the face attaches a file")
    try:
        pdf: bytes = document.write_pdf(finisher=finisher, **PDF_OPTIONS)
    except AssetForbidden as forbidden:
        raise RenderRefused(f"the face asks for {forbidden}, which is not one of its assets") from forbidden
    if document.url_fetcher.refused:
        raise RenderRefused(f"the face asks for {document.url_fetcher.refused[0]}, which is not one of its assets")
    return pdf


def render_pdf(
    html: str,
    *,
    styles: tuple[str, ...],
    title: str = "",
    author: str = "",
    assets: Mapping[str, bytes] | None = None,
) -> bytes:
    """Render one face as tagged PDF/A-3a. `title` and `author` replace what the face says of itself.

    `html` comes from an autoescaped template: nothing a person typed may reach it as markup.
    """
    with render_lock:
        document = render_document(html, styles=styles, assets=assets)
        if title:
            document.metadata.title = title
        if author:
            document.metadata.authors = [author]
        return write_document(document)
