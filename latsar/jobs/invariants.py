from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from latsar.jobs.models import ItemState, Job, JobState

FORGOTTEN_AFTER = timedelta(hours=1)


def broken() -> Iterator[str]:
    """Yield each job that no worker will ever finish, or that says it is done and is not."""
    limit = timezone.now() - FORGOTTEN_AFTER
    for job in Job.objects.claimable().filter(created_at__lt=limit):
        yield f"job {job.pk} ({job.task}) has been waiting since {job.created_at:%Y-%m-%d %H:%M}"
    for pk in (
        Job.objects.filter(state=JobState.DONE, items__state__in=[ItemState.QUEUED, ItemState.FAILED])
        .values_list("pk", flat=True)
        .distinct()
    ):
        yield f"job {pk} is done but has items that are not"
    for job in Job.objects.exclude(result_file=""):
        if not job.result_file.storage.exists(str(job.result_file.name)):
            yield f"job {job.pk}: its result file is missing"
