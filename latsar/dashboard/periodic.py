from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from latsar.dashboard import digest


@shared_task(name="dashboard.send_digests")
def send_digests() -> int:
    """Write the daily mail of everybody whose hour has come."""
    return digest.send_digests(now=timezone.now())
