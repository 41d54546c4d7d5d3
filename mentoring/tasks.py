"""What a worker does for this app: an id in, a service called, safe to run twice."""

from __future__ import annotations

from celery import shared_task

from latsar.jobs.run import run_job
from mentoring.services import charters


@shared_task(name=charters.TASK)
def issue_charters(job_id: int) -> None:
    run_job(job_id, charters.issue_items)
