from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from tempfile import TemporaryFile
from threading import Event, Thread
from typing import Any, BinaryIO

from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit, seen
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.jobs.models import Job
from latsar.jobs.run import JobCancelled, LeaseLost, Runner
from latsar.jobs.services import request_job
from latsar.reports.enums import FileKind
from latsar.reports.forms import ReportForm
from latsar.reports.pdf import moment, report_pdf, source
from latsar.reports.registry import Content, Report, report_for
from latsar.reports.writers import write_csv, write_xlsx
from latsar.ui import words

log = logging.getLogger(__name__)

PRINTED_LIMIT = 500  # rows of a PDF, about a minute of layout; beyond it paper helps nobody
BEAT_EVERY = 5.0  # seconds


@transaction.atomic
def request_report(*, key: str, data: Mapping[str, Any], by: User) -> Job:
    """Ask for a report as a job. Raises NotAllowed for a report of other roles, Refused when a parameter is wrong."""
    report = _report(key, by)
    form = _form(report, data, by)
    kind = FileKind(form.cleaned_data["format"])
    title = f"{report.title}, {kind.label}"
    return request_job(
        task="reports.build", title=title, by=by, params={"report": key, "data": form.raw()}, back_url=reverse("report_list")
    )


def build_report(runner: Runner) -> None:
    """Write the file of a requested report and attach it.

    Role, scope and parameters are judged again as they are now: what the person lost since asking is not in the file.
    """
    job = runner.job
    by = job.requested_by
    report = _report(job.params["report"], by)
    form = _form(report, job.params["data"], by)
    now = timezone.now()
    content = report.build(by, form.cleaned_data, timezone.localdate(now))
    kind = FileKind(form.cleaned_data["format"])
    if kind == FileKind.PDF and content.count > PRINTED_LIMIT:
        raise Refused(
            _("PDF paling banyak memuat %(limit)s baris, laporan ini %(count)s baris. Pilih Excel atau persempit penyaringnya.")
            % {"limit": words.thousands(PRINTED_LIMIT), "count": words.thousands(content.count)}
        )
    runner.start(total=content.count)
    with TemporaryFile() as stream:
        _write(stream, kind, content, now=now, runner=runner)
        stream.seek(0)
        runner.flush()
        runner.attach(stream, file_name(content.title, f"{timezone.localtime(now):%Y%m%d-%H%M}", kind))
    _record(job, content, by)


@transaction.atomic
def _record(job: Job, content: Content, by: User) -> None:
    audit.record(verb="export", obj=job, by=by, note=f"{content.filter_text} ({words.thousands(content.count)})")
    if content.people is not None and content.count <= seen.EXPORT_LIMIT:
        people = content.people.order_by().values_list("pk", flat=True)
        seen.record_export(people=people, model=content.people.model, by=by, note=content.title)


def counted(rows: Iterable[Sequence[Any]], runner: Runner, total: int) -> Iterator[Sequence[Any]]:
    """Pass the rows on and report progress; rows that appeared since the count do not push it over its total."""
    for number, row in enumerate(rows, 1):
        if number <= total:
            runner.advance()
        yield row


@contextmanager
def kept_alive(runner: Runner) -> Iterator[None]:
    """Keep the job's heartbeat going from a second thread while one long call, the layout of a PDF, gives no sign.

    A cancelled or lost job ends when the call returns and the runner is asked next.
    """
    stop = Event()

    def beat() -> None:
        try:
            while not stop.wait(BEAT_EVERY):
                runner.flush()
        except (JobCancelled, LeaseLost, DatabaseError) as over:
            log.info("heartbeat of job %s ended: %s", runner.job.pk, over)
        finally:
            connection.close()

    thread = Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def file_name(title: str, stamp: str, kind: FileKind) -> str:
    """Name the file by its title and minute, in letters that every system keeps."""
    return f"{re.sub(r'[^A-Za-z0-9]+', '-', title).strip('-')[:80]}-{stamp}.{kind.value}"


def _report(key: str, by: User) -> Report:
    report = report_for(by, key)
    if report is None:
        raise NotAllowed
    return report


def _form(report: Report, data: Mapping[str, Any], by: User) -> ReportForm:
    form = report.form(data, user=by, key=report.key)
    if not form.is_valid():
        raise Refused([f"{form.fields[name].label}: {error}" for name, errors in form.errors.items() for error in errors])
    return form


def _write(stream: BinaryIO, kind: FileKind, content: Content, *, now: datetime, runner: Runner) -> None:
    job, rows = runner.job, counted(content.rows, runner, content.count)
    state = _("Keadaan %(when)s. Penyaring: %(filter)s.") % {"when": moment(now), "filter": content.filter_text}
    if kind == FileKind.PDF:
        ready = list(rows)
        with kept_alive(runner):
            stream.write(report_pdf(content, rows=ready, now=now, filter_text=state, source_line=source(now, job.pk)))
        return
    columns = [one.column for one in content.fields]
    titles = [content.title, state, source(now, job.pk)]
    lines = _with_totals(rows, content.totals) if content.totals else rows
    if kind == FileKind.XLSX:
        write_xlsx(stream, sheet=content.table_title, columns=columns, rows=lines, titles=titles)
    else:
        write_csv(stream, columns=columns, rows=lines, titles=titles)


def _with_totals(rows: Iterable[Sequence[Any]], totals: Sequence[Any]) -> Iterator[Sequence[Any]]:
    yield from rows
    yield totals
