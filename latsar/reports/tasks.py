from __future__ import annotations

from celery import shared_task

from latsar.jobs.run import run_job
from latsar.reports import services


@shared_task(name="reports.build")
def build(job_id: int) -> None:
    run_job(job_id, services.build_report)
