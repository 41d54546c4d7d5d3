from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from latsar.accounts.errors import IllegalMove, NotAllowed, Refused
from latsar.accounts.models import AuditEntry, RoleGrant
from latsar.jobs.models import ItemState, Job, JobState
from latsar.jobs.run import run_job
from latsar.jobs.services import retry_job
from participants.enums import ImportState, RowOutcome, Stage
from participants.imports import ImportRow, ParticipantImport
from participants.lookups import importable_satker
from participants.models import Participant, ParticipantStageChange
from participants.services import imports
from participants.services.saving import save_next_rows
from participants.workbook.cells import HEADINGS
from participants.workbook.refusal import WorkbookRefused
from tests.corpus.workbooks import book
from tests.factories import ParticipantFactory
from tests.participants.workbook.people import many_rows

TAKEN = "NIP ini sudah terdaftar. Hubungi PKSDM bila seharusnya milik satker Anda."
UNKNOWN = "Tidak ada satker dengan kode ini. Mungkin maksudnya 53.71, KPU Kota Kupang."


def changed(row, **cells):
    """Copy a row with other cells, named by heading with _ for a space."""
    wanted = {name.replace("_", " "): value for name, value in cells.items()}
    return [wanted.get(heading, value) for heading, value in zip(HEADINGS, row, strict=True)]


def preview(rows, by, name="cpns.xlsx"):
    return imports.preview_import(source=book(rows), filename=name, by=by)


def commit(upload, by, meanwhile=lambda: None):
    """Ask for the rows to be saved and work the job, after what happens `meanwhile`."""
    job = imports.commit_import(import_id=upload.pk, sha256=upload.sha256, revision=upload.revision, by=by)
    meanwhile()
    run_job(job.pk, imports.save_rows)
    job.refresh_from_db()
    upload.refresh_from_db()
    return job


def errors_of(upload):
    return [(error["row"], error["column"], error["message"]) for row in upload.rows.all() for error in row.errors]


def test_preview_import_new_rows_stores_them_and_registers_nobody(cast):
    upload = preview(many_rows(3), cast.admin_kupang)
    assert (upload.state, upload.new_count, upload.row_count, upload.problem_count) == (ImportState.PREVIEW, 3, 3, 0)
    assert list(upload.rows.values_list("number", "outcome")) == [(2, "new"), (3, "new"), (4, "new")]
    assert not Participant.objects.exists()


def test_preview_import_refused_file_stores_nothing(cast):
    with pytest.raises(WorkbookRefused):
        imports.preview_import(source=b"bukan zip", filename="cpns.xlsx", by=cast.admin_kupang)
    assert not ParticipantImport.objects.exists()


def test_preview_import_foreign_and_unknown_satker_read_the_same(cast):
    first, second = many_rows(2)
    upload = preview([changed(first, Kode_Satker="51.71"), changed(second, Kode_Satker="53.72")], cast.admin_kupang)
    assert errors_of(upload) == [(2, "Kode Satker", UNKNOWN), (3, "Kode Satker", UNKNOWN)]


@pytest.mark.parametrize(("who", "wrong"), [("admin_kupang", 2), ("provinsi_a", 1), ("pksdm", 0)])
def test_preview_import_takes_only_the_units_of_the_importer(cast, who, wrong):
    rows = [changed(row, Kode_Satker=code) for row, code in zip(many_rows(3), ("53.71", "53.08", "51.71"), strict=True)]
    assert preview(rows, getattr(cast, who)).error_count == wrong


def test_preview_import_same_file_again_replaces_the_undecided_preview(cast):
    first = preview(many_rows(2), cast.admin_kupang)
    second = preview(many_rows(2), cast.admin_kupang)
    first.refresh_from_db()
    assert (first.state, first.rows.count(), second.state) == (ImportState.DISCARDED, 0, ImportState.PREVIEW)


def test_preview_import_nip_registered_elsewhere_tells_nothing_about_whose(cast):
    rows = many_rows(1)
    ParticipantFactory(nip=rows[0][0], satker=cast.denpasar)
    assert errors_of(preview(rows, cast.admin_kupang)) == [(2, "NIP", TAKEN)]


def test_preview_import_other_satker_of_own_province_is_no_transfer(cast):
    rows = many_rows(1)
    ParticipantFactory(nip=rows[0][0], satker=cast.ende)
    upload = preview(rows, cast.provinsi_a)
    assert [(row, column) for row, column, _message in errors_of(upload)] == [(2, "Kode Satker")]


def test_preview_import_changed_row_shows_old_and_new_of_filled_cells_only(cast):
    rows = many_rows(1)
    commit(preview(rows, cast.admin_kupang), cast.admin_kupang)
    upload = preview([changed(rows[0], **{"No._HP": "081300000904", "Alamat": ""})], cast.admin_kupang)
    row = upload.rows.get()
    assert (row.outcome, row.changes, row.base_version) == (RowOutcome.CHANGED, {"phone": ["081200000901", "081300000904"]}, 1)


@pytest.mark.parametrize(("who", "outcome"), [("admin_kupang", "error"), ("provinsi_a", "changed"), ("pksdm", "changed")])
def test_preview_import_submitted_person_is_locked_for_the_satker(cast, who, outcome):
    rows = many_rows(1)
    commit(preview(rows, cast.admin_kupang), cast.admin_kupang)
    Participant.objects.update(stage=Stage.SUBMITTED)
    upload = preview([changed(rows[0], Jabatan="Arsiparis")], getattr(cast, who))
    assert upload.rows.get().outcome == outcome


def test_commit_import_saves_people_with_audit_and_stage_rows(cast):
    upload = preview(many_rows(5), cast.admin_kupang)
    job = commit(upload, cast.admin_kupang)
    assert (job.state, job.done, job.failed, job.total, job.message) == (JobState.DONE, 5, 0, 5, "5 baris tersimpan.")
    assert (upload.state, upload.job, upload.rows.waiting().count()) == (ImportState.COMMITTED, job, 0)
    people = list(Participant.objects.order_by("nip"))
    assert [person.nip for person in people] == sorted(row[0] for row in many_rows(5))
    assert {(p.satker_id, p.province_id, p.stage, p.version, p.created_by_id) for p in people} == {
        (cast.kupang.pk, cast.province_a.pk, Stage.REGISTERED, 1, cast.admin_kupang.pk)
    }
    assert all(person.deadline == person.tmt_cpns.replace(year=person.tmt_cpns.year + 1) for person in people)
    assert sorted(ParticipantStageChange.objects.values_list("participant_id", "action", "new")) == [
        (person.pk, "register", "registered") for person in sorted(people, key=lambda person: person.pk)
    ]
    entries = AuditEntry.objects.filter(model="participants.participant")
    assert sorted(entries.values_list("object_id", flat=True)) == sorted(str(person.pk) for person in people)
    assert set(entries.values_list("verb", "actor", "satker")) == {("register", cast.admin_kupang.pk, cast.kupang.pk)}


def test_commit_import_changed_row_updates_and_records_the_difference(cast):
    rows = many_rows(2)
    commit(preview(rows, cast.admin_kupang), cast.admin_kupang)
    job = commit(preview([changed(rows[0], Jabatan="Arsiparis"), rows[1]], cast.provinsi_a), cast.provinsi_a)
    person = Participant.objects.get(nip=rows[0][0])
    assert (job.total, person.jabatan, person.version) == (1, "Arsiparis", 2)
    entry = AuditEntry.objects.about(person).first()
    assert (entry.verb, entry.actor, entry.changes) == ("change", cast.provinsi_a, {"jabatan": [rows[0][4], "Arsiparis"]})


def test_commit_import_twice_is_one_job_and_nobody_doubled(cast):
    upload = preview(many_rows(3), cast.admin_kupang)
    job = commit(upload, cast.admin_kupang)
    assert imports.commit_import(import_id=upload.pk, sha256=upload.sha256, by=cast.admin_kupang) == job
    run_job(job.pk, imports.save_rows)
    assert (Job.objects.count(), Participant.objects.count()) == (1, 3)


def test_commit_import_committed_file_again_is_all_same(cast):
    commit(preview(many_rows(4), cast.admin_kupang), cast.admin_kupang)
    again = preview(many_rows(4), cast.admin_kupang)
    assert (again.same_count, again.row_count) == (4, 4)
    with pytest.raises(Refused):
        imports.commit_import(import_id=again.pk, sha256=again.sha256, by=cast.admin_kupang)


def test_commit_import_other_hash_is_refused(cast):
    upload = preview(many_rows(1), cast.admin_kupang)
    with pytest.raises(Refused):
        imports.commit_import(import_id=upload.pk, sha256="0" * 64, by=cast.admin_kupang)


def test_commit_import_of_somebody_else_is_not_allowed(cast):
    upload = preview(many_rows(1), cast.admin_kupang)
    for other in (cast.provinsi_a, cast.pksdm, cast.admin_ende):
        with pytest.raises(NotAllowed):
            imports.commit_import(import_id=upload.pk, sha256=upload.sha256, by=other)


def test_save_rows_stale_person_is_refused_and_the_others_saved(cast):
    rows = many_rows(2)
    commit(preview(rows, cast.admin_kupang), cast.admin_kupang)
    upload = preview([changed(row, Jabatan="Arsiparis") for row in rows], cast.admin_kupang)
    job = commit(upload, cast.admin_kupang, lambda: Participant.objects.filter(nip=rows[0][0]).update(version=7, jabatan="Lain"))
    assert (job.state, job.done, job.failed) == (JobState.PARTIAL, 1, 1)
    assert dict(Participant.objects.values_list("nip", "jabatan")) == {rows[0][0]: "Lain", rows[1][0]: "Arsiparis"}
    item = job.items.get()
    assert (item.ref, item.state) == ("2", ItemState.FAILED)
    assert item.message == "Data CPNS ini berubah sejak berkas diperiksa. Unggah lagi berkasnya untuk membandingkan."
    assert (upload.error_count, upload.changed_count, upload.problem_count) == (1, 1, 1)


def test_save_rows_nip_taken_since_the_preview_is_an_error_row_that_can_be_returned(cast):
    rows = many_rows(2)
    upload = preview(rows, cast.admin_kupang)
    job = commit(upload, cast.admin_kupang, lambda: ParticipantFactory(nip=rows[0][0], satker=cast.denpasar))
    assert (job.done, job.failed, Participant.objects.count()) == (1, 1, 2)
    wrong = upload.rows.get(outcome=RowOutcome.ERROR)
    assert (wrong.number, wrong.raw[:3]) == (2, [rows[0][0], rows[0][1], "53.71"])


def test_save_rows_retried_job_keeps_its_refusals(cast):
    rows = many_rows(2)
    upload = preview(rows, cast.admin_kupang)
    job = commit(upload, cast.admin_kupang, lambda: ParticipantFactory(nip=rows[0][0], satker=cast.denpasar))
    retry_job(job_id=job.pk, by=cast.admin_kupang)
    run_job(job.pk, imports.save_rows)
    job.refresh_from_db()
    assert (job.state, job.done, job.failed, Participant.objects.count()) == (JobState.PARTIAL, 1, 1, 2)


def test_save_rows_grant_lost_before_the_worker_came_saves_nobody(cast):
    upload = preview(many_rows(2), cast.admin_kupang)
    job = imports.commit_import(import_id=upload.pk, sha256=upload.sha256, by=cast.admin_kupang)
    RoleGrant.objects.filter(user=cast.admin_kupang).delete()
    run_job(job.pk, imports.save_rows)
    job.refresh_from_db()
    assert (job.failed, Participant.objects.count()) == (2, 0)


def test_save_rows_after_a_killed_worker_goes_on_to_exactly_all(cast):
    upload = preview(many_rows(10), cast.admin_kupang)
    job = imports.commit_import(import_id=upload.pk, sha256=upload.sha256, by=cast.admin_kupang)
    units = {unit.pk: unit for unit in importable_satker(cast.admin_kupang)}
    save_next_rows(import_id=upload.pk, by=cast.admin_kupang, units=units, limit=4)  # all that the killed worker did
    run_job(job.pk, imports.save_rows)
    job.refresh_from_db()
    assert (job.done, job.total, Participant.objects.count(), ParticipantStageChange.objects.count()) == (10, 10, 10, 10)


def test_save_next_rows_row_that_breaks_a_rule_is_refused_alone(cast):
    upload = preview(many_rows(3), cast.admin_kupang)
    ImportRow.objects.filter(number=4).update(data={"satker": cast.kupang.pk, "code": "53.71", "full_name": None})
    units = {unit.pk: unit for unit in importable_satker(cast.admin_kupang)}
    chunk = save_next_rows(import_id=upload.pk, by=cast.admin_kupang, units=units)
    assert (len(chunk.saved), len(chunk.refused), Participant.objects.count()) == (2, 1, 2)


def test_preview_import_blank_required_cells_keep_what_is_stored_of_somebody_registered(cast):
    first, second, third, fourth = many_rows(4)
    commit(preview([first, second, third], cast.admin_kupang), cast.admin_kupang)
    before = list(Participant.objects.order_by("nip").values("full_name", "golongan", "jabatan", "email"))
    blank = {"Nama_Lengkap": "", "Golongan": "", "Jabatan": "  ", "Email": ""}
    rows = [changed(first, **blank), changed(second, **blank, Alamat="Jalan Baru 7"), changed(third, Jabatan="-"), changed(fourth, **blank)]
    upload = preview(rows, cast.admin_kupang)
    kept = list(upload.rows.order_by("number").values_list("outcome", "label", "changes"))
    assert kept[0] == ("same", before[0]["full_name"], {})
    assert (kept[1][0], list(kept[1][2])) == ("changed", ["address"])
    assert [(row, column) for row, column, _message in errors_of(upload)] == [
        (4, "Jabatan"), (5, "Nama Lengkap"), (5, "Golongan"), (5, "Jabatan"), (5, "Email"),
    ]  # fmt: skip
    commit(upload, cast.admin_kupang)
    assert list(Participant.objects.order_by("nip").values("full_name", "golongan", "jabatan", "email")) == before
    assert Participant.objects.get(address="Jalan Baru 7").full_name == before[1]["full_name"]


def test_recheck_import_blank_required_cells_of_somebody_gone_are_missing(cast):
    first, second = many_rows(2)
    commit(preview([first, second], cast.admin_kupang), cast.admin_kupang)
    upload = preview([changed(first, Jabatan="", Alamat="Jalan Baru 7"), changed(second, Jabatan="")], cast.admin_kupang)
    ParticipantStageChange.objects.all().delete()
    Participant.objects.all().delete()
    again = imports.recheck_import(import_id=upload.pk, by=cast.admin_kupang)
    assert [(row, column) for row, column, _message in errors_of(again)] == [(2, "Jabatan"), (3, "Jabatan")]


def test_preview_import_blank_keeps_and_a_lone_dash_empties(cast):
    row = changed(many_rows(1)[0], Kebutuhan_Khusus="Kursi roda")
    commit(preview([row], cast.admin_kupang), cast.admin_kupang)
    kept = preview([changed(row, Kebutuhan_Khusus="", Alamat="")], cast.admin_kupang)
    assert kept.rows.get().outcome == RowOutcome.SAME
    upload = preview([changed(row, Kebutuhan_Khusus=" - ", Alamat="")], cast.admin_kupang)
    assert upload.rows.get().changes == {"special_needs": ["Kursi roda", ""]}
    commit(upload, cast.admin_kupang)
    person = Participant.objects.get()
    assert (person.special_needs, person.address, person.version) == ("", row[13], 2)
    assert preview([changed(row, Kebutuhan_Khusus="-")], cast.admin_kupang).same_count == 1


def test_commit_import_same_rows_write_nothing(cast):
    rows = many_rows(3)
    commit(preview(rows, cast.admin_kupang), cast.admin_kupang)
    before = (list(Participant.objects.order_by("pk").values()), AuditEntry.objects.filter(model="participants.participant").count())
    commit(preview([*rows[:2], changed(rows[2], Jabatan="Arsiparis")], cast.admin_kupang), cast.admin_kupang)
    people = list(Participant.objects.order_by("pk").values())
    assert (people[:2], AuditEntry.objects.filter(model="participants.participant").count()) == (before[0][:2], before[1] + 1)


def test_preview_import_email_of_two_people_in_the_file_is_an_error_of_both(cast):
    first, second, third = many_rows(3)
    upload = preview([first, changed(second, Email=first[11].upper()), third], cast.admin_kupang)
    assert errors_of(upload) == [
        (2, "Email", "Email ini juga ada di baris 3. Hapus baris yang berulang, atau perbaiki isinya."),
        (3, "Email", "Email ini juga ada di baris 2. Hapus baris yang berulang, atau perbaiki isinya."),
    ]


def test_preview_import_email_of_somebody_else_in_the_portal_is_a_warning(cast):
    rows = many_rows(2)
    ParticipantFactory(email=rows[0][11], satker=cast.denpasar)
    upload = preview(rows, cast.admin_kupang)
    text = f"E-mail {rows[0][11]} sudah dipakai orang lain di portal. Baris ini boleh disimpan, tetapi undangan akun perlu alamat lain."
    assert list(upload.rows.values_list("outcome", "warnings")) == [("new", [text]), ("new", [])]
    assert commit(upload, cast.admin_kupang).done == 2
    assert list(preview(rows, cast.admin_kupang).rows.values_list("outcome", "warnings")) == [("same", []), ("same", [])]


def test_discard_import_preview_drops_its_rows(cast):
    upload = preview(many_rows(2), cast.admin_kupang)
    imports.discard_import(import_id=upload.pk, by=cast.admin_kupang)
    upload.refresh_from_db()
    assert (upload.state, upload.rows.count()) == (ImportState.DISCARDED, 0)
    with pytest.raises(IllegalMove):
        imports.commit_import(import_id=upload.pk, sha256=upload.sha256, by=cast.admin_kupang)


def test_discard_import_committed_is_illegal(cast):
    upload = preview(many_rows(1), cast.admin_kupang)
    commit(upload, cast.admin_kupang)
    with pytest.raises(IllegalMove):
        imports.discard_import(import_id=upload.pk, by=cast.admin_kupang)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kinds=st.lists(st.sampled_from(["new", "same", "changed", "foreign", "unknown", "broken", "twice"]), min_size=1, max_size=8))
def test_commit_import_does_what_the_preview_said(cast, kinds):
    Participant.objects.all().delete()
    rows = [list(row) for row in many_rows(len(kinds))]
    known = [row for row, kind in zip(rows, kinds, strict=True) if kind in ("same", "changed")]
    if known:
        commit(preview(known, cast.admin_kupang), cast.admin_kupang)
    mutated = []
    for row, kind in zip(rows, kinds, strict=True):
        mutated.append(
            {
                "changed": changed(row, Jabatan="Arsiparis"),
                "foreign": changed(row, Kode_Satker="51.71"),
                "unknown": changed(row, Kode_Satker="99.99"),
                "broken": changed(row, Email="x@"),
            }.get(kind, row)
        )
        if kind == "twice":
            mutated.append(row)
    before = Participant.objects.count()
    upload = preview(mutated, cast.admin_kupang)
    expected = (kinds.count("new"), kinds.count("changed"), kinds.count("same"))
    assert (upload.new_count, upload.changed_count, upload.same_count) == expected
    assert upload.error_count == len(mutated) - sum(expected)
    if upload.ready_count:
        job = commit(upload, cast.admin_kupang)
        assert (job.done, job.failed) == (upload.ready_count, 0)
    assert Participant.objects.count() == before + kinds.count("new")
    again = preview(mutated, cast.admin_kupang)
    assert (again.new_count, again.changed_count, again.same_count) == (0, 0, sum(expected))


def test_judge_file_dates_typed_as_text_and_as_dates_are_the_same_person(cast):
    rows = many_rows(1)
    as_text = changed(rows[0], Tanggal_Lahir=rows[0][9].strftime("%d-%m-%Y"))
    assert isinstance(rows[0][9], date)
    commit(preview(rows, cast.admin_kupang), cast.admin_kupang)
    assert preview([as_text], cast.admin_kupang).same_count == 1
