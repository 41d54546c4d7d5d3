"""What a power cut, a lost message and a dead broker do to 200 certificates: nothing."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from latsar.accounts.models import AuditEntry
from latsar.documents.models import DocumentState, IssuedDocument, NumberSeries
from latsar.jobs.models import ItemState, Job, JobState
from latsar.jobs.periodic import sweep
from participants.models import Certificate
from participants.services.certificates import issue_batch_certificates
from tests.issuing import graduate, make_batch, make_issuer, numbers_of, stored_bytes
from tests.worker import environment, kill, wait_for, worker

PEOPLE = 200
LEASE_SECONDS = 8
KILL_AT = (20, 120)
"""The worker dies when so many are issued."""


def _issued() -> int:
    return IssuedDocument.objects.filter(state=DocumentState.ISSUED).count()


def _reached(limit: int) -> bool:
    sweep()
    return _issued() >= limit


def _has_ended(job: Job) -> bool:
    sweep()
    job.refresh_from_db()
    return not job.is_open


@pytest.fixture
def job(transactional_db, cast, settings) -> Job:
    settings.JOB_LEASE_SECONDS = LEASE_SECONDS
    make_issuer()
    batch = make_batch(institute=cast.institute_a)
    graduate(batch, PEOPLE, satker=cast.kupang)
    return issue_batch_certificates(batch_id=batch.pk, by=cast.pksdm)


@pytest.mark.timeout(280)
def test_worker_killed_twice_issues_every_certificate_once(job, tmp_path):
    log = tmp_path / "worker.log"
    for limit in KILL_AT:
        with worker(log) as process:
            wait_for(lambda limit=limit: _reached(limit), 90, f"{limit} certificates")
            kill(process)
        assert limit <= _issued() < PEOPLE, "the worker was quicker than the kill"
    with worker(log):
        wait_for(lambda: _has_ended(job), 120, "the end of the job")
    assert (job.state, job.done, job.failed, job.attempts) == (JobState.DONE, PEOPLE, 0, len(KILL_AT) + 1)
    documents = list(IssuedDocument.objects.filter(state=DocumentState.ISSUED))
    assert numbers_of([document.number for document in documents]) == list(range(1, PEOPLE + 1))
    assert NumberSeries.objects.get().next_number == PEOPLE + 1
    assert Certificate.objects.values("participant").distinct().count() == Certificate.objects.count() == PEOPLE
    assert set(job.items.values_list("state", flat=True)) == {ItemState.DONE}
    assert AuditEntry.objects.filter(verb="issue").count() == PEOPLE
    assert all(hashlib.sha256(stored_bytes(document)).hexdigest() == document.sha256 for document in documents)
    assert not list(Path(documents[0].file.path).parent.glob("*.part"))


PUBLISH = "import django; django.setup(); from latsar.jobs.publish import publish; print(publish({job}))"


def test_publish_with_the_broker_down_leaves_the_job_to_the_sweeper(job):
    Job.objects.filter(pk=job.pk).update(published_at=None)
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PUBLISH.format(job=job.pk)],
        env=environment(CELERY_BROKER_URL="redis://127.0.0.1:1/0"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.split() == ["False"]
    job.refresh_from_db()
    assert (job.state, job.published_at) == (JobState.QUEUED, None)
    assert sweep() == 1
    job.refresh_from_db()
    assert job.published_at is not None
    assert sweep() == 0
