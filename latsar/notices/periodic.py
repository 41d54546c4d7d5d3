from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from latsar.notices import services


@shared_task(name="notices.tell_ended_jobs")
def tell_ended_jobs() -> int:
    """Put a notice under the bell of everybody whose job has ended."""
    return services.tell_ended_jobs()


@shared_task(name="notices.send_reminders")
def send_reminders() -> int:
    """Write the day's reminders; every later round of the same day finds nothing left to do.

    The first round after midnight in Jakarta is two hours after it in Jayapura, before any daily mail leaves there.
    """
    return services.send_reminders(today=timezone.localdate())
