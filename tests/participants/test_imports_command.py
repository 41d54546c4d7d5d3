from __future__ import annotations

import json

import pytest
from django.core.management import call_command

from latsar.accounts.models import AuditEntry
from latsar.jobs.models import Job
from participants.imports import ImportRow, ParticipantImport
from participants.models import Participant
from tests.corpus.workbooks import book
from tests.factories import ParticipantFactory
from tests.participants.services.test_imports import changed
from tests.participants.workbook.people import many_rows


@pytest.fixture
def run(capsys, tmp_path):
    """Return `run(content, *options) -> (report, exit code)` of the command with --json."""

    def call(content, *options, name="cpns.xlsx", username="admin.kupang"):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        code = 0
        try:
            call_command("import_participants", str(path), "--as", username, "--json", *options)
        except SystemExit as end:
            code = int(end.code)
        return json.loads(capsys.readouterr().out), code

    return call


def nothing_written():
    return not any(model.objects.exists() for model in (ParticipantImport, ImportRow, Participant, Job, AuditEntry))


def test_import_participants_without_commit_reports_and_writes_nothing(cast, run):
    good, wrong, foreign = many_rows(3)
    report, code = run(book([good, changed(wrong, Email="x@"), changed(foreign, Kode_Satker="51.71")]))
    assert code == 0
    assert {name: report[name] for name in ("new", "changed", "same", "error")} == {"new": 1, "changed": 0, "same": 0, "error": 2}
    assert [(error["row"], error["column"]) for error in report["errors"]] == [(3, "Email"), (4, "Kode Satker")]
    assert sorted(report["errors"][0]) == ["column", "message", "row"]
    assert nothing_written()


def test_import_participants_commit_saves_and_reports_the_same_counts(cast, run):
    content = book(many_rows(4))
    dry, _code = run(content)
    report, code = run(content, "--commit")
    assert (report, code) == (dry, 0)
    assert Participant.objects.count() == 4
    again, _code = run(content, "--commit")
    assert (again["same"], again["new"], Participant.objects.count()) == (4, 0, 4)


def test_import_participants_commit_changed_and_locked_rows(cast, run):
    rows = many_rows(2)
    run(book(rows), "--commit")
    Participant.objects.filter(nip=rows[1][0]).update(stage="submitted")
    report, code = run(book([changed(row, Jabatan="Arsiparis") for row in rows]), "--commit")
    assert (report["changed"], report["error"], code) == (1, 1, 0)
    assert report["errors"][0]["column"] == "Jabatan"


def test_import_participants_foreign_nip_reads_like_any_taken_one(cast, run):
    rows = many_rows(1)
    ParticipantFactory(nip=rows[0][0], satker=cast.denpasar)
    report, _code = run(book(rows))
    message = "NIP ini sudah terdaftar. Hubungi PKSDM bila seharusnya milik satker Anda."
    assert report["errors"] == [{"row": 2, "column": "NIP", "message": message}]


@pytest.mark.parametrize("options", [(), ("--commit",)])
def test_import_participants_refused_file_exits_1_and_writes_nothing(cast, run, options):
    report, code = run(b"bukan zip", *options)
    assert (code, report["new"], [(error["row"], error["column"]) for error in report["errors"]]) == (1, 0, [(0, "")])
    assert nothing_written()


def test_import_participants_wrong_headings_exit_1_on_row_1(cast, run):
    report, code = run(book([row[:14] for row in many_rows(1)], headings=("Nama", "NIP", *"ABCDEFGHIJKL")))
    assert code == 1
    assert {(error["row"], error["column"]) for error in report["errors"]} == {(1, "")}


def test_import_participants_missing_file_exits_1(cast, run):
    report, code = run(None)
    assert (code, report["errors"][0]["column"]) == (1, "")


@pytest.mark.parametrize("username", ["tidak-ada", "mentor.a", "pimpinan.satu"])
def test_import_participants_who_may_not_import_exits_2(cast, run, username):
    report, code = run(book(many_rows(1)), "--commit", username=username)
    assert (code, len(report["errors"])) == (2, 1)
    assert nothing_written()


def test_import_participants_without_json_speaks_in_sentences(cast, capsys, tmp_path):
    path = tmp_path / "cpns.xlsx"
    path.write_bytes(book(many_rows(2)))
    call_command("import_participants", str(path), "--as", "admin.kupang")
    assert capsys.readouterr().out == "2 baru, 0 berubah, 0 sama, 0 salah. Belum ada yang disimpan.\n"
