from __future__ import annotations

from datetime import timedelta

import pytest
from celery import Celery
from django.utils import timezone

from latsar.accounts.errors import Refused
from latsar.jobs.models import ItemState, Job, JobState
from latsar.jobs.periodic import sweep
from latsar.jobs.run import MAX_ATTEMPTS, Runner, run_job
from latsar.jobs.services import request_job


@pytest.fixture
def job(cast):
    return request_job(task="tests.none", title="Contoh", by=cast.pksdm, items=[(str(n), f"Orang {n}") for n in range(1, 6)])


def _finish_all(runner: Runner) -> None:
    for item in runner.queued_items():
        runner.finish_item(item, ItemState.DONE)


def _stale(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - timedelta(hours=1))


def test_run_job_of_a_running_job_does_nothing(job):
    def work(runner: Runner) -> None:
        run_job(job.pk, lambda _runner: pytest.fail("claimed twice"))
        _finish_all(runner)

    run_job(job.pk, work)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.done) == (JobState.DONE, 1, 5)


@pytest.mark.parametrize(("name", "state"), [("tests.other", JobState.QUEUED), ("tests.none", JobState.DONE)])
def test_run_job_takes_only_jobs_of_the_task_that_runs(job, name, state):
    """A message of another database, or from before a restore, may carry the number of this job."""
    app = Celery("message", set_as_current=False)

    @app.task(name=name)
    def work(number: int) -> None:
        run_job(number, _finish_all)

    work(job.pk)
    job.refresh_from_db()
    assert job.state == state


def test_run_job_that_lost_its_lease_leaves_the_job_to_the_other(job):
    def slow(runner: Runner) -> None:
        for item in runner.queued_items():
            runner.finish_item(item, ItemState.DONE)
            _stale(job)
            run_job(job.pk, _finish_all)
            runner.flush()

    run_job(job.pk, slow)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.done) == (JobState.DONE, 2, 5)


def test_run_job_that_always_dies_ends_as_failed(job):
    class Killed(BaseException):
        pass

    def die(runner: Runner) -> None:
        raise Killed

    for _n in range(MAX_ATTEMPTS):
        with pytest.raises(Killed):
            run_job(job.pk, die)
        _stale(job)
    run_job(job.pk, die)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "selalu terputus" in job.message


def test_run_job_refused_says_why(job):
    def refuse(runner: Runner) -> None:
        raise Refused("Kursi penuh.")

    run_job(job.pk, refuse)
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.FAILED, "Kursi penuh.")


def test_queued_items_come_in_order_over_many_pages(cast, monkeypatch):
    monkeypatch.setattr("latsar.jobs.run.PAGE", 2)
    job = request_job(task="tests.none", title="Contoh", by=cast.pksdm, items=[(str(n), "x") for n in range(7)])
    seen: list[str] = []

    def work(runner: Runner) -> None:
        for item in runner.queued_items():
            seen.append(item.ref)
            runner.finish_item(item, ItemState.DONE)

    run_job(job.pk, work)
    assert seen == [str(n) for n in range(7)]


def test_sweep_publishes_what_waits_and_nothing_twice(job):
    assert sweep() == 1
    assert sweep() == 0
    Job.objects.filter(pk=job.pk).update(published_at=timezone.now() - timedelta(hours=1))
    assert sweep() == 1


def test_sweep_leaves_a_living_job_alone(job):
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, heartbeat_at=timezone.now(), runner="x")
    assert sweep() == 0
    _stale(job)
    assert sweep() == 1
