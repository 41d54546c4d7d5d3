from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from latsar.jobs.models import Job
from latsar.jobs.publish import publish
from latsar.jobs.services import discard_results as discard_old_results


@shared_task(name="jobs.sweep")
def sweep() -> int:
    """Publish again what waits without a worker: lost messages, killed workers, a broker that was down."""
    lost = timezone.now() - timedelta(seconds=settings.JOB_LEASE_SECONDS)
    waiting = Job.objects.claimable().filter(Q(published_at=None) | Q(published_at__lt=lost))
    return sum(publish(pk) for pk in list(waiting.values_list("pk", flat=True)[:500]))


@shared_task(name="jobs.discard_results")
def discard_results() -> int:
    """Delete result files that were only for a time."""
    return discard_old_results()
