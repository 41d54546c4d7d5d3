from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from latsar.notices import services

FIRST_HOUR = 5
"""Reminders are written before the first daily mail of the day, by the portal's clock."""


@shared_task(name="notices.tell_ended_jobs")
def tell_ended_jobs() -> int:
    """Put a notice under the bell of everybody whose job has ended."""
    return services.tell_ended_jobs()


@shared_task(name="notices.send_reminders")
def send_reminders() -> int:
    """Write the day's reminders; every later round of the same day finds nothing left to do."""
    now = timezone.localtime()
    return services.send_reminders(today=now.date()) if now.hour >= FIRST_HOUR else 0
