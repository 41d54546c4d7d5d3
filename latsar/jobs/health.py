from __future__ import annotations

from django.utils import timezone

from latsar.jobs.models import Job


def queue_age() -> float:
    """Return for how many seconds the oldest unclaimed job has been waiting."""
    oldest = Job.objects.claimable().order_by("created_at").values_list("created_at", flat=True).first()
    return (timezone.now() - oldest).total_seconds() if oldest else 0.0
