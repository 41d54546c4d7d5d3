"""Who may steer a job and who may still open what it made."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from latsar.accounts.models import AnyUser
from latsar.jobs.models import Job, JobState

RETRYABLE = frozenset({JobState.PARTIAL, JobState.FAILED, JobState.CANCELLED})


def is_owner(user: AnyUser, job: Job) -> bool:
    return job.requested_by_id == user.scope.user_id


def can_cancel(user: AnyUser, job: Job) -> bool:
    """Whether there is still something to stop, and it was not asked before."""
    return is_owner(user, job) and job.is_open and not job.cancel_requested


def can_retry(user: AnyUser, job: Job) -> bool:
    return is_owner(user, job) and job.state in RETRYABLE


def can_download(user: AnyUser, job: Job) -> bool:
    """Whether the file is there, its time is not over, and the person still holds every right it was made with."""
    return is_owner(user, job) and bool(job.result_file) and not is_past_keeping(job) and _still_covers(user, job.scope)


def is_past_keeping(job: Job) -> bool:
    """Whether the file was only for a time that is over, whether or not it has been deleted yet."""
    return job.result_until is not None and job.result_until <= timezone.now()


def frozen_scope(user: AnyUser) -> dict[str, Any]:
    """Return the rights of a person as plain data, to be compared later."""
    scope = user.scope
    return {
        "nation": scope.nation,
        "satker": sorted(scope.satker_ids),
        "province": sorted(scope.province_ids),
        "institute": sorted(scope.institute_ids),
    }


def _still_covers(user: AnyUser, frozen: dict[str, Any]) -> bool:
    now = user.scope
    if now.nation:
        return True
    return not frozen.get("nation") and all(
        set(frozen.get(name, ())) <= held
        for name, held in (("satker", now.satker_ids), ("province", now.province_ids), ("institute", now.institute_ids))
    )
