from __future__ import annotations

import logging

from celery import shared_task

from aktualisasi import evidence_pages, previews
from latsar.documents.intake.preview import PreviewFailed

log = logging.getLogger(__name__)


@shared_task(name="aktualisasi.draw_pages")
def draw_pages(file_id: int) -> int:
    """Draw the page images of one version ahead of its readers; a picture that is missing is drawn when asked for."""
    try:
        return previews.draw_all(file_id)
    except (PreviewFailed, FileNotFoundError):
        log.warning("pages of version %s cannot be drawn", file_id, exc_info=True)
        return 0


def publish_draw_pages(file_id: int) -> None:
    """Ask a worker to draw; when the broker is down the first reader draws."""
    try:
        draw_pages.delay(file_id)
    except Exception:
        log.warning("drawing of version %s not published", file_id, exc_info=True)


@shared_task(name="aktualisasi.draw_evidence")
def draw_evidence(evidence_id: int) -> int:
    """Draw the page images of one evidence ahead of its readers; a picture that is missing is drawn when asked for."""
    try:
        return evidence_pages.draw_all(evidence_id)
    except (PreviewFailed, FileNotFoundError):
        log.warning("pages of evidence %s cannot be drawn", evidence_id, exc_info=True)
        return 0


def publish_draw_evidence(evidence_id: int) -> None:
    """Ask a worker to draw; when the broker is down the first reader draws."""
    try:
        draw_evidence.delay(evidence_id)
    except Exception:
        log.warning("drawing of evidence %s not published", evidence_id, exc_info=True)
