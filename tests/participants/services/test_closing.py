from __future__ import annotations

import pytest
from django.urls import reverse

from latsar.jobs.models import Job, JobState
from latsar.jobs.services import cancel_job, retry_job
from participants.enums import ImportState
from participants.imports import ParticipantImport
from participants.lookups import importable_satker
from participants.models import Participant
from participants.periodic import discard_stale_previews
from participants.services import imports, undoing
from participants.services.saving import save_next_rows
from participants.tasks import commit_import, undo_import
from tests.participants.services.test_imports import commit, preview
from tests.participants.workbook.people import many_rows

pytestmark = pytest.mark.django_db


def asked(cast, rows, *, saved=0):
    """Ask for an import to be saved; a worker that was killed has saved the first of its rows."""
    upload = preview(rows, cast.admin_kupang)
    job = imports.commit_import(import_id=upload.pk, sha256=upload.sha256, by=cast.admin_kupang)
    if saved:
        units = {unit.pk: unit for unit in importable_satker(cast.admin_kupang)}
        save_next_rows(import_id=upload.pk, by=cast.admin_kupang, units=units, limit=saved)
    return upload, job


def cancelled(job, cast, *, running=False):
    if running:
        Job.objects.filter(pk=job.pk).update(state=JobState.QUEUED, cancel_requested=True)
    else:
        cancel_job(job_id=job.pk, by=cast.admin_kupang)
    commit_import(job.pk)


@pytest.mark.parametrize("running", [False, True])
def test_commit_import_cancelled_before_anything_is_a_preview_again(cast, running):
    upload, job = asked(cast, many_rows(3))
    cancelled(job, cast, running=running)
    upload.refresh_from_db()
    assert (upload.state, upload.new_count, Participant.objects.count()) == (ImportState.PREVIEW, 3, 0)
    again = commit(upload, cast.admin_kupang)
    assert (again.pk != job.pk, again.done, upload.state) == (True, 3, ImportState.COMMITTED)


def test_commit_import_cancelled_before_anything_can_be_discarded(cast):
    upload, job = asked(cast, many_rows(2))
    cancelled(job, cast)
    assert imports.discard_import(import_id=upload.pk, by=cast.admin_kupang).state == ImportState.DISCARDED


def test_commit_import_cancelled_on_the_way_keeps_the_saved_and_offers_the_rest(cast, sign_in):
    upload, job = asked(cast, many_rows(10), saved=4)
    cancelled(job, cast)
    upload.refresh_from_db()
    rest = ParticipantImport.objects.get(state=ImportState.PREVIEW)
    assert (upload.state, upload.new_count, upload.rows.count()) == (ImportState.COMMITTED, 4, 4)
    assert (rest.filename, rest.new_count, rest.rows.count(), rest.uploaded_by) == ("cpns.xlsx", 6, 6, cast.admin_kupang)
    assert (
        reverse("participant_import_undo", args=[upload.pk]) in sign_in(cast.admin_kupang).get(upload.get_absolute_url()).content.decode()
    )
    checked = imports.recheck_import(import_id=rest.pk, by=cast.admin_kupang)
    assert commit(checked, cast.admin_kupang).done == 6
    undo_import(undoing.request_undo(import_id=upload.pk, by=cast.admin_kupang).pk)
    assert Participant.objects.count() == 6


def test_commit_import_stopped_job_retried_goes_on(cast):
    upload, job = asked(cast, many_rows(3))
    cancelled(job, cast)
    retry_job(job_id=job.pk, by=cast.admin_kupang)
    commit_import(job.pk)
    upload.refresh_from_db()
    assert (upload.state, Participant.objects.count()) == (ImportState.COMMITTED, 3)


@pytest.mark.parametrize("decide", [imports.discard_import, imports.recheck_import])
def test_commit_import_stopped_job_retried_after_another_decision_saves_nobody(cast, decide):
    upload, job = asked(cast, many_rows(3))
    cancelled(job, cast)
    decide(import_id=upload.pk, by=cast.admin_kupang)
    retry_job(job_id=job.pk, by=cast.admin_kupang)
    commit_import(job.pk)
    job.refresh_from_db()
    assert (job.state, Participant.objects.count()) == (JobState.FAILED, 0)


def test_commit_import_failed_for_good_is_a_preview_again(cast):
    upload, job = asked(cast, many_rows(2))
    Job.objects.filter(pk=job.pk).update(attempts=3)
    commit_import(job.pk)
    job.refresh_from_db()
    upload.refresh_from_db()
    assert (job.state, upload.state) == (JobState.FAILED, ImportState.PREVIEW)


def test_recheck_import_of_a_stopped_one_that_no_worker_ended_checks_what_is_left(cast, sign_in):
    upload, job = asked(cast, many_rows(5), saved=2)
    cancel_job(job_id=job.pk, by=cast.admin_kupang)
    client, address = sign_in(cast.admin_kupang), reverse("participant_import_recheck", args=[upload.pk])
    assert address in client.get(upload.get_absolute_url()).content.decode()
    rest = ParticipantImport.objects.exclude(pk=upload.pk)
    response = client.post(address)
    assert (response.url, rest.get().new_count) == (rest.get().get_absolute_url(), 3)


def test_discard_stale_previews_ends_imports_whose_job_ended_first(cast):
    upload, job = asked(cast, many_rows(2))
    cancel_job(job_id=job.pk, by=cast.admin_kupang)
    discard_stale_previews()
    upload.refresh_from_db()
    assert upload.state == ImportState.PREVIEW


def test_undo_import_cancelled_is_saved_again_and_can_be_undone_later(cast):
    upload = preview(many_rows(3), cast.admin_kupang)
    commit(upload, cast.admin_kupang)
    job = undoing.request_undo(import_id=upload.pk, by=cast.admin_kupang)
    cancel_job(job_id=job.pk, by=cast.admin_kupang)
    undo_import(job.pk)
    upload.refresh_from_db()
    assert (upload.state, Participant.objects.count()) == (ImportState.COMMITTED, 3)
    again = undoing.request_undo(import_id=upload.pk, by=cast.admin_kupang)
    undo_import(again.pk)
    upload.refresh_from_db()
    assert (again.pk != job.pk, upload.state, upload.undone_count, Participant.objects.count()) == (True, ImportState.UNDONE, 3, 0)
