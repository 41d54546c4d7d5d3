from __future__ import annotations

import logging

from celery import shared_task

from aktualisasi import evidence_pages, previews, printing
from latsar.documents.intake.preview import PreviewFailed

log = logging.getLogger(__name__)


@shared_task(name="aktualisasi.draw_pages")
def draw_pages(version_id: int) -> int:
    """Draw the page images of one version ahead of its readers; a picture that is missing is drawn when asked for."""
    try:
        return previews.draw_all(version_id)
    except (PreviewFailed, FileNotFoundError):
        log.warning("pages of version %s cannot be drawn", version_id, exc_info=True)
        return 0


@shared_task(name="aktualisasi.print_version")
def print_version(version_id: int) -> bool:
    """Print a composed version; safe to run twice. The sweep asks again for what a dead worker left."""
    try:
        printed = printing.print_version(version_id)
    except Exception:
        log.exception("version %s cannot be printed", version_id)
        printing.note_failure(version_id, "print")
        return False
    if printed:
        draw_pages(version_id)
    return printed


@shared_task(name="aktualisasi.sweep_unprinted")
def sweep_unprinted() -> int:
    """Ask again for versions that wait longer than a print takes."""
    waiting = printing.left_unprinted()
    for version_id in waiting:
        publish_print(version_id)
    return len(waiting)


def publish_draw_pages(version_id: int) -> None:
    """Ask a worker to draw; when the broker is down the first reader draws."""
    _publish(draw_pages, version_id)


def publish_print(version_id: int) -> None:
    """Ask a worker to print; when the broker is down the sweep asks again."""
    _publish(print_version, version_id)


def _publish(task: object, version_id: int) -> None:
    try:
        task.delay(version_id)  # type: ignore[attr-defined]
    except Exception:
        log.warning("%s of version %s not published", task, version_id, exc_info=True)


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
    _publish(draw_evidence, evidence_id)
