"""The web import without the web: the same reading, the same rules, the same saving."""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.jobs.run import run_job
from participants.enums import RowOutcome
from participants.imports import ParticipantImport
from participants.lookups import importable_satker
from participants.services import closing, imports
from participants.workbook.refusal import WorkbookRefused

FILE_REFUSED, NO_SUCH_USER = 1, 2
HEADING_CODES = ("heading", "merged")
POLL_SECONDS = 0.5

Report = dict[str, Any]


class Command(BaseCommand):
    help = "Import CPNS from a workbook in the name of an account. Without --commit nothing is written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="username", required=True, help="account in whose name and scope the rows are judged")
        parser.add_argument("--commit", action="store_true", help="save the new and changed rows")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        report, code = _import(options["file"], options["username"], commit=options["commit"])
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            for line in _lines(report, committed=options["commit"] and not code):
                self.stdout.write(line)
        if code:
            sys.exit(code)


def _import(file: Path, username: str, *, commit: bool) -> tuple[Report, int]:
    try:
        by = User.objects.get_by_natural_key(username)
    except User.DoesNotExist:
        return _nothing([_("Tidak ada akun bernama %(name)s.") % {"name": username}]), NO_SUCH_USER
    if not importable_satker(by):
        return _nothing([_("Akun %(name)s tidak berhak mengimpor CPNS.") % {"name": username}]), NO_SUCH_USER
    try:
        return (_commit(file, by) if commit else _judge(file, by)), 0
    except WorkbookRefused as refused:
        return _nothing(refused.problems, row=int(refused.code.startswith(HEADING_CODES))), FILE_REFUSED
    except OSError:
        return _nothing([_("Berkas %(file)s tidak dapat dibaca. Periksa nama dan izinnya.") % {"file": file}]), FILE_REFUSED
    except (NotAllowed, Refused) as no:
        return _nothing(getattr(no, "messages", None) or [_("Impor ini tidak boleh disimpan.")]), FILE_REFUSED


def _judge(file: Path, by: User) -> Report:
    _workbook, judgement = imports.judge_file(source=file, filename=file.name, by=by)
    errors = [{"row": error.row, "column": error.column, "message": error.message} for error in judgement.errors]
    return _report(dict(judgement.count()), errors)


def _commit(file: Path, by: User) -> Report:
    """Save through the same job as the web, worked here; a worker that was quicker is waited for."""
    upload = imports.preview_import(source=file, filename=file.name, by=by)
    report = _stored(upload)
    if not upload.ready_count:
        imports.discard_import(import_id=upload.pk, by=by)
        return report
    job = imports.commit_import(import_id=upload.pk, sha256=upload.sha256, by=by)
    run_job(job.pk, imports.save_rows, stopped=closing.settle_commit)
    job.refresh_from_db()
    while job.is_open:
        time.sleep(POLL_SECONDS)
        job.refresh_from_db()
    return _stored(upload)


def _stored(upload: ParticipantImport) -> Report:
    errors = [
        {"row": error["row"], "column": error["column"], "message": error["message"]}
        for found in upload.rows.filter(outcome=RowOutcome.ERROR).order_by("number").values_list("errors", flat=True)
        for error in found
    ]
    return _report(closing.outcome_counts(upload), errors)


def _report(counts: dict[str, int], errors: list[dict[str, Any]]) -> Report:
    return {outcome.value: counts.get(outcome, 0) for outcome in RowOutcome} | {"errors": errors}


def _nothing(messages: Iterable[str], row: int = 0) -> Report:
    errors = [{"row": row, "column": "", "message": message} for message in messages]
    return _report({RowOutcome.ERROR: len(errors)}, errors)


def _lines(report: Report, *, committed: bool) -> Iterable[str]:
    for error in report["errors"]:
        place = _("Baris %(row)d, %(column)s: ") % error if error["column"] else ""
        yield place + error["message"]
    words = _("%(new)d baru, %(changed)d berubah, %(same)d sama, %(error)d salah.") % report
    yield words + " " + (_("Tersimpan.") if committed else _("Belum ada yang disimpan."))
