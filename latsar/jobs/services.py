from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts.errors import IllegalMove, NotAllowed
from latsar.accounts.models import User
from latsar.jobs import policies
from latsar.jobs.models import OPEN_STATES, ItemState, Job, JobItem, JobState
from latsar.jobs.publish import publish


@transaction.atomic
def request_job(
    *,
    task: str,
    title: str,
    by: User,
    params: dict[str, Any] | None = None,
    items: Iterable[tuple[str, str]] = (),
    total: int = 0,
    back_url: str = "",
) -> Job:
    """Write a job, with one item per `(ref, label)`, in the transaction that asks for it.

    Its id is published after commit; when the broker is down the sweeper publishes it later.
    """
    rows = list(items)
    job = Job.objects.create(
        task=task,
        title=title[:200],
        requested_by=by,
        params=params or {},
        total=total or len(rows),
        back_url=back_url,
        scope=policies.frozen_scope(by),
    )
    JobItem.objects.bulk_create(
        [JobItem(job=job, position=n, ref=ref, label=label[:200]) for n, (ref, label) in enumerate(rows, 1)], batch_size=2000
    )
    transaction.on_commit(partial(publish, job.pk))
    return job


@transaction.atomic
def cancel_job(*, job_id: int, by: User) -> Job:
    """Stop what has not been done yet; what is done stays done."""
    job = Job.objects.select_for_update().get(pk=job_id)
    if not policies.is_owner(by, job):
        raise NotAllowed
    if job.state not in OPEN_STATES:
        raise IllegalMove(_("Pekerjaan ini sudah berakhir."))
    job.cancel_requested = True
    if job.state == JobState.QUEUED:
        job.state, job.finished_at = JobState.CANCELLED, timezone.now()
    job.save(update_fields=["cancel_requested", "state", "finished_at"])
    return job


@transaction.atomic
def retry_job(*, job_id: int, by: User) -> Job:
    """Queue again what failed or was cancelled; finished items are not touched."""
    job = Job.objects.select_for_update().get(pk=job_id)
    if not policies.is_owner(by, job):
        raise NotAllowed
    if not policies.can_retry(by, job):
        raise IllegalMove(_("Tidak ada yang perlu diulangi pada pekerjaan ini."))
    job.items.filter(state=ItemState.FAILED).update(state=ItemState.QUEUED, message="")
    Job.objects.filter(pk=job.pk).update(
        state=JobState.QUEUED,
        failed=0,
        attempts=0,
        message="",
        cancel_requested=False,
        finished_at=None,
        told_at=None,
        heartbeat_at=None,
        published_at=None,
        runner="",
    )
    transaction.on_commit(partial(publish, job.pk))
    job.refresh_from_db()
    return job


def discard_results() -> int:
    """Delete the files whose time is over; return how many. The row keeps `result_until`, so the page can say why."""
    discarded = 0
    for pk in list(Job.objects.exclude(result_file="").filter(result_until__lte=timezone.now()).values_list("pk", flat=True)[:500]):
        with transaction.atomic():
            job = Job.objects.select_for_update().get(pk=pk)
            if not job.result_file:
                continue
            storage, name = job.result_file.storage, str(job.result_file.name)
            Job.objects.filter(pk=pk).update(result_file="")
            transaction.on_commit(partial(storage.delete, name))
            discarded += 1
    return discarded
