"""The fast way to a batch of certificates: lay a face out once, then set each person's words into it.

The HTML face stays the only source. For each person the face's template is filled and compared, text by text, with the faces
that are already laid out; every text that differs is shaped and placed as a full layout would, and whatever cannot be placed so
makes a full layout, which then serves the next people of the same shape. Nobody can carry another person's words: a text that
was not compared does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.template.loader import get_template
from weasyprint.document import Document

from latsar.documents.render.face import CertificateFace
from latsar.documents.render.face_mould import QR_ASSET, FaceMould
from latsar.documents.render.pdf import render_document, render_lock, write_document
from latsar.documents.render.qr import qr_png
from latsar.documents.render.slots import DoesNotFit, Source

MAX_MOULDS = 24
"""Laid-out faces kept for a batch; a batch with more shapes than that renders the rest in full."""
STYLES = {"documents/certificate/orientasi.html": ("letter",), "documents/certificate/mentor.html": ("letter",)}
DEFAULT_STYLES = ("certificate",)


def styles_for(template_name: str) -> tuple[str, ...]:
    """Return the stylesheets a certificate face is printed with."""
    return STYLES.get(template_name, DEFAULT_STYLES)


def render_certificate(template_name: str, face: CertificateFace, *, assets: Mapping[str, bytes] | None = None) -> bytes:
    """Render one certificate in full: for previews and single issues, and the measure of the fast way."""
    markup = get_template(template_name).render({"face": face})
    with render_lock:
        return write_document(_lay_out(template_name, markup, face, assets))


class CertificatePress:
    """Prints the certificates of one batch. Keep one per batch and process; it is safe between threads.

    `assets` adds or replaces pictures of the face, such as the issuer's emblem under "asset:emblem.svg".
    """

    def __init__(self, template_name: str, *, assets: Mapping[str, bytes] | None = None) -> None:
        self._template_name = template_name
        self._template = get_template(template_name)
        self._assets = dict(assets or {})
        self._moulds: dict[str, list[FaceMould]] = {}
        self.laid_out = 0
        self.stamped = 0

    def press(self, face: CertificateFace) -> bytes:
        """Return one certificate as PDF/A-3a, equal to what render_certificate gives."""
        markup = self._template.render({"face": face})
        source = Source.of(markup)
        with render_lock:
            for mould in self._moulds.get(source.shape, ()):
                try:
                    pdf = mould.stamp(source, face)
                except DoesNotFit:
                    continue
                self.stamped += 1
                return pdf
            return self._lay_out_anew(markup, source, face)

    def _lay_out_anew(self, markup: str, source: Source, face: CertificateFace) -> bytes:
        self.laid_out += 1
        if sum(map(len, self._moulds.values())) < MAX_MOULDS:
            try:
                mould = FaceMould(_lay_out(self._template_name, markup, face, self._assets), source)
                pdf = mould.stamp(source, face)
            except DoesNotFit:
                pass
            else:
                self._moulds.setdefault(source.shape, []).append(mould)
                return pdf
        return write_document(_lay_out(self._template_name, markup, face, self._assets))


def _lay_out(template_name: str, markup: str, face: CertificateFace, assets: Mapping[str, bytes] | None) -> Document:
    return render_document(markup, styles=styles_for(template_name), assets={**(assets or {}), QR_ASSET: qr_png(face.verify_url)})
