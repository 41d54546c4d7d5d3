from __future__ import annotations

from celery import shared_task

from aktualisasi.services import opening


@shared_task(name="aktualisasi.open_habituasi")
def open_habituasi() -> int:
    """Give the tahapan of plans in habituasi their rows, so that who did nothing at all is seen to be behind."""
    return opening.open_habituasi()
