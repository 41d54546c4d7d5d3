from __future__ import annotations

import logging

from celery import current_app
from django.utils import timezone

from latsar.jobs.models import Job, JobState

log = logging.getLogger(__name__)


def publish(job_id: int) -> bool:
    """Hand the job's id to a worker. A broker that is down is not an error: the sweeper tries again."""
    job = Job.objects.filter(pk=job_id, state__in=[JobState.QUEUED, JobState.RUNNING]).first()
    if job is None:
        return False
    try:
        current_app.send_task(job.task, args=[job.pk])
    except Exception:
        log.warning("job %s not published, the sweeper will try again", job_id, exc_info=True)
        return False
    Job.objects.filter(pk=job_id).update(published_at=timezone.now())
    return True
