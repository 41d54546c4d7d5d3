from __future__ import annotations

import logging

from celery import shared_task

from latsar.notices import services

log = logging.getLogger(__name__)


@shared_task(name="notices.send_mail")
def send_mail() -> int:
    return services.send_queued_mail()


def publish_mail() -> None:
    """Ask a worker to send; when the broker is down, beat's next round sends it."""
    try:
        send_mail.delay()
    except Exception:
        log.warning("mail waits for the next round", exc_info=True)
