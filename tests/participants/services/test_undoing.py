from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from latsar.accounts.errors import IllegalMove, NotAllowed, Refused
from latsar.accounts.models import AuditEntry, RoleGrant
from latsar.jobs.models import ItemState, JobState
from latsar.jobs.run import run_job
from participants.dossier.zips import DossierZip
from participants.enums import ImportState, MovementKind, MovementReason, Stage
from participants.imports import ParticipantImport
from participants.models import Movement, Participant, ParticipantStageChange
from participants.services import undoing
from participants.services.registration import update_participant
from participants.services.verification import move_participant
from tests.factories import UserFactory
from tests.participants.services.test_imports import changed, commit, preview
from tests.participants.workbook.people import many_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def saved(cast):
    """Return `saved(rows) -> upload`: an import of the satker's admin that has been saved."""

    def save(rows, by=cast.admin_kupang):
        upload = preview(rows, by)
        commit(upload, by)
        return upload

    return save


def undo(upload, by):
    job = undoing.request_undo(import_id=upload.pk, by=by)
    run_job(job.pk, undoing.undo_rows)
    job.refresh_from_db()
    upload.refresh_from_db()
    return job


def reasons(upload, by):
    return [verdict.problem for verdict in undoing.judge_undo(upload, by=by)]


def test_undo_rows_new_people_are_removed_and_the_trail_stays(cast, saved):
    upload = saved(many_rows(3))
    pks = [str(pk) for pk in Participant.objects.values_list("pk", flat=True)]
    job = undo(upload, cast.admin_kupang)
    assert (job.state, job.done, job.failed, job.total, job.message) == (JobState.DONE, 3, 0, 3, "3 baris diurungkan.")
    assert (upload.state, upload.undone_count, upload.undone_by, upload.undone_at is None) == (
        ImportState.UNDONE,
        3,
        cast.admin_kupang,
        False,
    )
    assert not Participant.objects.exists()
    assert not ParticipantStageChange.objects.exists()
    trail = AuditEntry.objects.filter(model="participants.participant", object_id__in=pks)
    assert sorted(trail.values_list("verb", flat=True)) == ["register"] * 3 + ["undo_import"] * 3
    entry = AuditEntry.objects.get(model="participants.participantimport", verb="undo_import")
    assert entry.changes == {"undone": [None, 3], "kept": [None, 0]}


def test_undo_rows_changed_people_get_their_old_values_back(cast, saved):
    first, second = many_rows(2)
    saved([first, second])
    upload = saved([changed(first, Jabatan="Arsiparis", Alamat="Jalan Baru 9"), changed(second, Jabatan="Arsiparis")])
    undo(upload, cast.admin_kupang)
    assert set(Participant.objects.values_list("nip", "jabatan", "address", "version")) == {
        (row[0], row[4], row[13], 3) for row in (first, second)
    }
    entry = AuditEntry.objects.about(Participant.objects.get(nip=first[0])).first()
    assert (entry.verb, entry.changes) == ("undo_import", {"jabatan": ["Arsiparis", first[4]], "address": ["Jalan Baru 9", first[13]]})


@pytest.mark.parametrize(("in_use", "kept"), [(False, 0), (True, 1)])
def test_undo_rows_account_goes_back_to_the_old_address_while_nobody_uses_it(cast, saved, in_use, kept):
    (row,) = many_rows(1)
    saved([row])
    person = Participant.objects.get()
    old, account = person.email, UserFactory(username=person.nip, email=person.email, password=None)
    Participant.objects.update(user=account)
    upload = saved([changed(row, Email="salah.ketik@contoh.go.id")])
    account.refresh_from_db()
    assert account.email == "salah.ketik@contoh.go.id"
    if in_use:
        account.set_password("empat-kuda-melompat-pagar")
        account.save()
    undo(upload, cast.admin_kupang)
    account.refresh_from_db()
    person.refresh_from_db()
    expected = "salah.ketik@contoh.go.id" if in_use else old
    assert (account.email, person.email, upload.rows.written().count()) == (expected, expected, kept)


def test_undo_rows_same_file_can_be_imported_again(cast, saved):
    undo(saved(many_rows(2)), cast.admin_kupang)
    again = saved(many_rows(2))
    assert (again.state, again.new_count, Participant.objects.count()) == (ImportState.COMMITTED, 2, 2)


def edit(person, cast):
    update_participant(participant_id=person.pk, version=person.version, by=cast.admin_kupang, jabatan="Arsiparis")


def submit(person, cast):
    move_participant(participant_id=person.pk, action="submit", by=cast.admin_kupang)


def submit_and_take_back(person, cast):
    submit(person, cast)
    move_participant(participant_id=person.pk, action="withdraw_submission", by=cast.admin_kupang)


def give_account(person, cast):
    Participant.objects.filter(pk=person.pk).update(user=UserFactory())


def propose_movement(person, cast):
    Movement.objects.create(
        participant=person,
        kind=MovementKind.WITHDRAW,
        reason=MovementReason.OTHER,
        note="Contoh",
        proposed_by=cast.provinsi_a,
        effective_on=person.tmt_cpns,
    )


def lie_in_a_zip(person, cast):
    archive = DossierZip.objects.create(filename="a.zip", sha256="0" * 64, uploaded_by=cast.admin_kupang)
    archive.rows.create(number=1, entry="a.pdf", participant=person, outcome="attach")


def move_away(person, cast):
    Participant.objects.filter(pk=person.pk).update(satker=cast.denpasar, province=cast.province_b)


def vanish(person, cast):
    Participant.objects.filter(pk=person.pk).delete()


TOUCHES = [
    (lie_in_a_zip, "Sudah ada catatan lain tentang orang ini: Baris ZIP berkas."),
    (edit, "Datanya diubah lagi sesudah impor."),
    (submit, "Tahapnya sudah maju: Diajukan ke provinsi."),
    (submit_and_take_back, "Datanya diubah lagi sesudah impor."),
    (give_account, "Orang ini sudah punya akun portal."),
    (move_away, "Anda tidak lagi berhak atas data orang ini."),
    (vanish, "Orang ini sudah tidak ada di portal."),
]


@pytest.mark.parametrize(("touch", "reason"), TOUCHES, ids=lambda value: getattr(value, "__name__", ""))
def test_undo_rows_touched_person_stays_and_the_others_go(cast, saved, touch, reason):
    rows = many_rows(2)
    upload = saved(rows)
    touch(Participant.objects.get(nip=rows[0][0]), cast)
    assert reasons(upload, cast.admin_kupang) == [reason, ""]
    before = list(Participant.objects.filter(nip=rows[0][0]).values())
    job = undo(upload, cast.admin_kupang)
    assert (job.state, job.message) == (JobState.DONE, "1 baris diurungkan. 1 baris dibiarkan.")
    assert list(Participant.objects.values()) == before
    assert list(job.items.values_list("ref", "state", "message")) == [("2", ItemState.SKIPPED, reason)]


def test_judge_undo_person_with_another_record_stays(cast, saved):
    rows = many_rows(2)
    upload = saved(rows)
    propose_movement(Participant.objects.get(nip=rows[0][0]), cast)
    first, second = reasons(upload, cast.admin_kupang)
    assert first.startswith("Sudah ada catatan lain tentang orang ini: ")
    assert second == ""


def test_judge_undo_changed_row_locked_by_submission_stays(cast, saved):
    rows = many_rows(1)
    saved(rows)
    upload = saved([changed(rows[0], Jabatan="Arsiparis")])
    Participant.objects.update(stage=Stage.SUBMITTED)
    assert [reason[:25] for reason in reasons(upload, cast.admin_kupang)] == ["Data CPNS ini terkunci, t"]


def test_request_undo_everything_touched_is_refused(cast, saved):
    upload = saved(many_rows(2))
    for person in Participant.objects.all():
        edit(person, cast)
    with pytest.raises(Refused):
        undoing.request_undo(import_id=upload.pk, by=cast.admin_kupang)
    upload.refresh_from_db()
    assert (upload.state, upload.undo_job) == (ImportState.COMMITTED, None)


def test_request_undo_twice_is_one_job(cast, saved):
    upload = saved(many_rows(2))
    job = undo(upload, cast.admin_kupang)
    assert undoing.request_undo(import_id=upload.pk, by=cast.admin_kupang) == job


def test_request_undo_preview_is_illegal(cast):
    upload = preview(many_rows(1), cast.admin_kupang)
    with pytest.raises(IllegalMove):
        undoing.request_undo(import_id=upload.pk, by=cast.admin_kupang)


def test_request_undo_of_another_unit_is_not_allowed(cast, saved):
    upload = saved(many_rows(1))
    for other in (cast.provinsi_b, cast.pimpinan, cast.admin_ende):
        with pytest.raises(NotAllowed):
            undoing.request_undo(import_id=upload.pk, by=other)


def test_undo_rows_right_lost_before_the_worker_came_takes_nothing_back(cast, saved):
    upload = saved(many_rows(2))
    job = undoing.request_undo(import_id=upload.pk, by=cast.admin_kupang)
    RoleGrant.objects.filter(user=cast.admin_kupang).delete()
    run_job(job.pk, undoing.undo_rows)
    upload.refresh_from_db()
    assert (Participant.objects.count(), upload.undone_count) == (2, 0)


def test_undo_rows_after_a_killed_worker_goes_on_with_the_rest(cast, saved):
    upload = saved(many_rows(6))
    job = undoing.request_undo(import_id=upload.pk, by=cast.admin_kupang)
    undoing.undo_next_rows(import_id=upload.pk, numbers=[2, 3, 4], by=cast.admin_kupang, job=job)
    run_job(job.pk, undoing.undo_rows)
    job.refresh_from_db()
    assert (job.done, job.total, Participant.objects.count()) == (6, 6, 0)
    assert AuditEntry.objects.filter(model="participants.participant", verb="undo_import").count() == 6


def test_participant_import_undone_without_by_is_refused_by_the_database(cast, saved):
    upload = saved(many_rows(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        ParticipantImport.objects.filter(pk=upload.pk).update(state=ImportState.UNDONE)


@pytest.mark.django_db(transaction=True)
def test_undo_rows_against_an_edit_at_the_same_time_loses_no_edit(cast, saved):
    rows = many_rows(20)
    upload = saved(rows)
    person = Participant.objects.get(nip=rows[7][0])
    job = undoing.request_undo(import_id=upload.pk, by=cast.admin_kupang)
    start, edited = threading.Barrier(2), []

    def change() -> None:
        start.wait()
        try:
            edit(person, cast)
            edited.append(True)
        except NotAllowed:  # it was gone already
            pass
        finally:
            connection.close()

    def work() -> None:
        start.wait()
        try:
            run_job(job.pk, undoing.undo_rows)
        finally:
            connection.close()

    threads = [threading.Thread(target=change), threading.Thread(target=work)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(Participant.objects.values_list("pk", "jabatan")) == ([(person.pk, "Arsiparis")] if edited else [])
