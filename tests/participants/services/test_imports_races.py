from __future__ import annotations

import threading

import pytest
from django.db import connection

from latsar.accounts.errors import IllegalMove, Refused
from latsar.accounts.models import AuditEntry
from latsar.jobs.models import Job
from latsar.jobs.run import run_job
from participants.enums import ImportState
from participants.lookups import importable_satker
from participants.models import Participant, ParticipantStageChange
from participants.services import imports
from participants.services.saving import save_next_rows
from tests.participants.services.test_imports import changed, commit, preview
from tests.participants.workbook.people import many_rows


@pytest.mark.django_db(transaction=True)
def test_save_rows_two_imports_of_the_same_people_at_once_double_nobody(cast):
    rows = many_rows(40)
    uploads = [(preview(rows, user), user) for user in (cast.provinsi_a, cast.pksdm)]
    jobs = [imports.commit_import(import_id=upload.pk, sha256=upload.sha256, by=user) for upload, user in uploads]
    start = threading.Barrier(2)

    def work(job_id: int) -> None:
        start.wait()
        try:
            run_job(job_id, imports.save_rows)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[job.pk]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for job in jobs:
        job.refresh_from_db()
    assert Participant.objects.count() == ParticipantStageChange.objects.count() == 40
    assert sorted(job.done + job.failed for job in jobs) == [40, 40]
    assert sum(job.done for job in jobs) == 40


def at_once(*works):
    """Run these together, each in a thread with a connection of its own; return what each raised, or None."""
    start, raised = threading.Barrier(len(works)), [None] * len(works)

    def run(place, work):
        start.wait()
        try:
            work()
        except Exception as error:
            raised[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.django_db(transaction=True)
def test_save_next_rows_two_workers_on_one_import_save_everybody_once(cast):
    upload = preview(many_rows(60), cast.admin_kupang)
    imports.commit_import(import_id=upload.pk, sha256=upload.sha256, by=cast.admin_kupang)
    units = {unit.pk: unit for unit in importable_satker(cast.admin_kupang)}

    def work():
        while save_next_rows(import_id=upload.pk, by=cast.admin_kupang, units=units, limit=7):
            pass

    assert at_once(work, work, work) == [None] * 3
    assert Participant.objects.count() == ParticipantStageChange.objects.count() == 60
    assert AuditEntry.objects.filter(verb="register").count() == upload.rows.filter(saved_at__isnull=False).count() == 60


@pytest.mark.django_db(transaction=True)
def test_save_rows_two_imports_that_change_the_same_people_at_once_change_each_once(cast):
    rows = many_rows(30)
    commit(preview(rows, cast.provinsi_a), cast.provinsi_a)
    uploads = [
        (preview([changed(row, Jabatan=jabatan) for row in ordered], user), user)
        for jabatan, user, ordered in (("Arsiparis", cast.provinsi_a, rows), ("Pranata Komputer Ahli Pertama", cast.pksdm, rows[::-1]))
    ]
    jobs = [imports.commit_import(import_id=upload.pk, sha256=upload.sha256, by=user) for upload, user in uploads]
    assert at_once(*(lambda job=job: run_job(job.pk, imports.save_rows) for job in jobs)) == [None, None]
    for job in jobs:
        job.refresh_from_db()
    assert sum(job.done for job in jobs) == sum(job.failed for job in jobs) == 30
    assert set(Participant.objects.values_list("version", flat=True)) == {2}
    assert AuditEntry.objects.filter(model="participants.participant", verb="change").count() == 30


@pytest.mark.django_db(transaction=True)
def test_commit_import_asked_twice_at_once_is_one_job(cast):
    upload = preview(many_rows(3), cast.admin_kupang)

    def ask():
        imports.commit_import(import_id=upload.pk, sha256=upload.sha256, by=cast.admin_kupang)

    assert at_once(ask, ask, ask) == [None] * 3
    assert Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_commit_import_and_recheck_at_once_never_save_rows_of_another_check(cast):
    upload = preview(many_rows(5), cast.admin_kupang)
    commit_, recheck = at_once(
        lambda: imports.commit_import(import_id=upload.pk, sha256=upload.sha256, revision=1, by=cast.admin_kupang),
        lambda: imports.recheck_import(import_id=upload.pk, by=cast.admin_kupang),
    )
    upload.refresh_from_db()
    assert (type(commit_), type(recheck)) in {(Refused, type(None)), (type(None), IllegalMove)}
    assert upload.state == (ImportState.PREVIEW if commit_ else ImportState.COMMITTING)
