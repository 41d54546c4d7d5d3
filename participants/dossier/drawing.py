"""Page images of dossier documents, drawn by a worker ahead of the verifier."""

from __future__ import annotations

import logging

from celery import current_app

from latsar.documents import previews
from latsar.documents.intake.preview import PreviewFailed
from participants.dossier.documents import DossierDocument

log = logging.getLogger(__name__)

FOLDER = "berkas-halaman"
TASK = "participants.draw_document"


def page_image(document: DossierDocument, page: int, *, small: bool) -> str:
    """Return the stored name of one page image, drawing it when it is not there yet. Raises PreviewFailed."""
    return previews.page_image(document.file, page, folder=FOLDER, small=small)


def draw_all(document_id: int) -> int:
    """Draw what is missing of every page; return how many pictures were drawn. A picture that fails is drawn when asked for."""
    document = DossierDocument.objects.filter(pk=document_id).first()
    if document is None:
        log.info("document %s is gone, nothing to draw", document_id)
        return 0
    try:
        return previews.draw_all(document.file, document.pages, folder=FOLDER)
    except (PreviewFailed, FileNotFoundError):
        log.warning("pages of document %s cannot be drawn", document_id, exc_info=True)
        return 0


def publish(document_id: int) -> None:
    """Ask a worker to draw; when the broker is down the first reader draws."""
    try:
        current_app.send_task(TASK, args=[document_id])
    except Exception:
        log.warning("drawing of document %s not published", document_id, exc_info=True)
