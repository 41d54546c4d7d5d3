from __future__ import annotations

from celery import shared_task

from latsar.notices import services


@shared_task(name="notices.tell_ended_jobs")
def tell_ended_jobs() -> int:
    """Put a notice under the bell of everybody whose job has ended."""
    return services.tell_ended_jobs()
