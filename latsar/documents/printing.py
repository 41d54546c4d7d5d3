"""From the facts of one person to the bytes of a finished file, signed when the installation has a signer."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.utils.translation import gettext as _

from latsar.accounts.errors import Refused
from latsar.documents.check import SignatureState, check_pdf
from latsar.documents.render.face import CertificateFace
from latsar.documents.render.pdf import RenderRefused
from latsar.documents.render.stamp import CertificatePress, render_certificate
from latsar.documents.sign import Signer, SigningFailed, current_signer

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Printed:
    """A finished file; `is_signed` says that its signature was checked after it was made."""

    pdf: bytes
    is_signed: bool


class Press:
    """Prints the documents of one batch by one template. Raises Refused when the signer of the settings cannot be read."""

    def __init__(self, template: str) -> None:
        self._press = CertificatePress(template)
        try:
            self._signer = current_signer()
        except SigningFailed as failed:
            log.exception("the signer cannot be read")
            raise Refused(_("Kunci tanda tangan tidak terbaca, jadi belum ada yang terbit. Hubungi pengelola portal.")) from failed

    def print(self, face: CertificateFace) -> Printed:
        """Print and sign one document. Raises Refused when this one cannot be made; nothing unsigned passes for signed."""
        try:
            pdf = self._press.press(face)
        except RenderRefused as refused:
            log.exception("a face was refused")
            raise Refused(_("Templat dokumen meminta berkas yang tidak boleh dipakai. Hubungi pengelola portal.")) from refused
        return Printed(pdf, is_signed=False) if self._signer is None else Printed(_signed(pdf, self._signer), is_signed=True)


def print_draft(template: str, face: CertificateFace) -> bytes:
    """Print one face in full for looking at; a draft is never signed."""
    return render_certificate(template, face)


def _signed(pdf: bytes, signer: Signer) -> bytes:
    try:
        signed = signer.sign(pdf)
    except SigningFailed as failed:
        log.exception("a document was not signed")
        raise Refused(_("Tanda tangan gagal dibubuhkan, jadi belum terbit. Ulangi nanti; nomornya tetap.")) from failed
    if check_pdf(signed, "").signature is not SignatureState.INTACT:
        log.error("a fresh signature does not validate")
        raise Refused(_("Tanda tangan yang dibubuhkan tidak cocok, jadi belum terbit. Ulangi nanti; nomornya tetap."))
    return signed
