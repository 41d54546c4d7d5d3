"""What a power cut in the middle of saving and of undoing an import does: nobody is lost, nobody is there twice."""

from __future__ import annotations

import pytest

from latsar.accounts.models import AuditEntry
from latsar.jobs.models import Job, JobState
from latsar.jobs.periodic import sweep
from participants.enums import ImportState
from participants.models import Participant, ParticipantStageChange
from participants.services import imports, undoing
from tests.corpus.workbooks import book
from tests.participants.workbook.people import many_rows
from tests.worker import kill, wait_for, worker

PEOPLE = 12_000
LEASE_SECONDS = 8


def _has_ended(job: Job) -> bool:
    sweep()
    job.refresh_from_db()
    return not job.is_open


def _between(low: int, high: int) -> bool:
    sweep()
    return low < Participant.objects.count() < high


def _work_with_a_kill(job, log) -> None:
    with worker(log) as process:
        wait_for(lambda: _between(0, PEOPLE), 90, "the first chunk")
        kill(process)
    assert 0 < Participant.objects.count() < PEOPLE, "the worker was quicker than the kill"
    with worker(log):
        wait_for(lambda: _has_ended(job), 120, "the end of the job")


@pytest.mark.timeout(280)
def test_worker_killed_in_the_middle_saves_and_undoes_everybody_once(transactional_db, cast, settings, tmp_path):
    settings.JOB_LEASE_SECONDS = LEASE_SECONDS
    upload = imports.preview_import(source=book(many_rows(PEOPLE)), filename="cpns.xlsx", by=cast.admin_kupang)
    job = imports.commit_import(import_id=upload.pk, sha256=upload.sha256, by=cast.admin_kupang)
    _work_with_a_kill(job, tmp_path / "worker.log")
    upload.refresh_from_db()
    assert (job.state, job.done, job.failed, job.attempts) == (JobState.DONE, PEOPLE, 0, 2)
    assert (upload.state, upload.rows.waiting().count()) == (ImportState.COMMITTED, 0)
    entries = AuditEntry.objects.filter(model="participants.participant")
    assert Participant.objects.count() == ParticipantStageChange.objects.count() == entries.filter(verb="register").count() == PEOPLE
    undo = undoing.request_undo(import_id=upload.pk, by=cast.admin_kupang)
    _work_with_a_kill(undo, tmp_path / "worker.log")
    upload.refresh_from_db()
    assert (undo.state, undo.done, upload.state, upload.undone_count) == (JobState.DONE, PEOPLE, ImportState.UNDONE, PEOPLE)
    assert (Participant.objects.count(), entries.filter(verb="undo_import").count()) == (0, PEOPLE)
