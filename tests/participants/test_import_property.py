"""What must hold of any import: the dry run is the real run, twice is once, and the order of rows and columns is nothing."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from latsar.accounts.models import AuditEntry
from participants.imports import ParticipantImport
from participants.models import Participant, ParticipantStageChange
from participants.services import imports, undoing
from participants.services.registration import TEXT_FIELDS
from participants.workbook.cells import HEADINGS
from tests.corpus.workbooks import book
from tests.factories import ParticipantFactory
from tests.participants.services.test_imports import changed, commit, preview
from tests.participants.services.test_undoing import undo
from tests.participants.workbook.people import many_rows

KINDS = ("new", "same", "changed", "cleared", "foreign", "unknown", "broken", "twice", "shared email", "elsewhere")
kinds = st.lists(st.sampled_from(KINDS), min_size=1, max_size=7)
example = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])


def start_anew(wanted, cast):
    """Empty the portal, register whom the kinds need, and return the rows of the file."""
    ParticipantStageChange.objects.all().delete()
    Participant.objects.all().delete()
    rows = many_rows(len(wanted))
    known = [row for row, kind in zip(rows, wanted, strict=True) if kind in ("same", "changed", "cleared")]
    if known:
        commit(preview(known, cast.provinsi_a), cast.provinsi_a)
    made = []
    for row, kind in zip(rows, wanted, strict=True):
        if kind == "elsewhere":
            ParticipantFactory(nip=row[0], satker=cast.denpasar, full_name=row[1], email=row[11], birth_date=row[9])
        made.append(
            {
                "changed": changed(row, Jabatan="Arsiparis"),
                "cleared": changed(row, Alamat="-", Agama=""),
                "foreign": changed(row, Kode_Satker="51.71"),
                "unknown": changed(row, Kode_Satker="99.99"),
                "broken": changed(row, Email="x@"),
                "shared email": changed(row, Email="bersama@contoh.go.id"),
            }.get(kind, row)
        )
        if kind == "twice":
            made.append(row)
    return made


def people():
    """Everybody in the portal with what an import can write, without what differs by the clock."""
    names = ("nip", "satker__code", "stage", "version", "birth_date", "sex", "tmt_cpns", "deadline", *TEXT_FIELDS)
    return sorted(Participant.objects.values_list(*names))


def outcomes(upload):
    """What becomes of each NIP as typed, with its messages apart from the row numbers that they name."""
    return sorted((row.nip or row.raw[0], row.outcome, sorted(error["code"] for error in row.errors)) for row in upload.rows.all())


@example
@given(wanted=kinds)
def test_import_dry_run_says_what_the_real_run_does(cast, capsys, tmp_path_factory, wanted):
    rows = start_anew(wanted, cast)
    path = tmp_path_factory.mktemp("impor") / "cpns.xlsx"
    path.write_bytes(book(rows))
    before = people()
    reports = []
    for options in ((), ("--commit",)):
        call_command("import_participants", str(path), "--as", "provinsi.a", "--json", *options)
        reports.append(json.loads(capsys.readouterr().out))
        if not options:
            assert people() == before
    assert reports[0] == reports[1]
    assert len(people()) == len(before) + reports[0]["new"]


@example
@given(wanted=kinds)
def test_import_twice_is_once(cast, wanted):
    rows = start_anew(wanted, cast)
    first = preview(rows, cast.provinsi_a)
    if first.ready_count:
        commit(first, cast.provinsi_a)
    after = people(), AuditEntry.objects.filter(model="participants.participant").count()
    again = preview(rows, cast.provinsi_a)
    assert (again.new_count, again.changed_count, again.error_count) == (0, 0, first.error_count)
    assert again.same_count == first.new_count + first.changed_count + first.same_count
    assert (people(), AuditEntry.objects.filter(model="participants.participant").count()) == after


@example
@given(wanted=kinds, data=st.data())
def test_import_order_of_rows_and_columns_is_nothing(cast, wanted, data):
    rows = start_anew(wanted, cast)
    told = outcomes(preview(rows, cast.provinsi_a))
    shuffled = data.draw(st.permutations(rows))
    columns = data.draw(st.permutations(range(len(HEADINGS))))
    content = book([[row[place] for place in columns] for row in shuffled], headings=[HEADINGS[place] for place in columns])
    upload = imports.preview_import(source=content, filename="cpns.xlsx", by=cast.provinsi_a)
    assert outcomes(upload) == told
    if upload.ready_count:
        commit(upload, cast.provinsi_a)
    mixed = people()
    start_anew(wanted, cast)
    straight = preview(rows, cast.provinsi_a)
    if straight.ready_count:
        commit(straight, cast.provinsi_a)
    assert people() == mixed


@example
@given(wanted=kinds)
def test_import_undone_leaves_everybody_as_before(cast, wanted):
    rows = start_anew(wanted, cast)
    before = people()
    upload = preview(rows, cast.provinsi_a)
    if not upload.ready_count:
        return
    commit(upload, cast.provinsi_a)
    undo(upload, cast.provinsi_a)
    version = 3  # of the columns above
    assert [(*row[:version], *row[version + 1 :]) for row in people()] == [(*row[:version], *row[version + 1 :]) for row in before]
    assert all(not verdict.problem for verdict in undoing.judge_undo(upload, by=cast.provinsi_a))
    again = preview(rows, cast.provinsi_a)
    assert (again.new_count, again.changed_count) == (upload.new_count, upload.changed_count)


@pytest.mark.parametrize("kind", KINDS)
def test_recheck_import_without_anything_between_says_the_same(cast, kind):
    upload = preview(start_anew([kind, "new", kind], cast), cast.provinsi_a)
    told = outcomes(upload)
    assert outcomes(imports.recheck_import(import_id=upload.pk, by=cast.provinsi_a)) == told
    assert ParticipantImport.objects.get(pk=upload.pk).revision == 2
