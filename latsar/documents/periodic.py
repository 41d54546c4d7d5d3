from __future__ import annotations

from celery import shared_task

from latsar.documents.upload import services


@shared_task(name="documents.sweep_uploads")
def sweep_uploads() -> int:
    """Delete uploads that nobody went on with for a day."""
    return services.sweep_uploads()
