"""The list of participants as a workbook, exactly what is filtered and in that order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit, seen
from latsar.accounts.enums import Role
from latsar.accounts.errors import NotAllowed
from latsar.accounts.models import User
from latsar.jobs.models import Job
from latsar.jobs.run import Runner
from latsar.jobs.services import request_job
from latsar.reports.services import counted
from latsar.reports.writers import Column, write_xlsx
from latsar.ui import words
from participants.export_columns import ACCOUNT, ACCOUNT_RELATIONS, FileColumn, Line, columns_in_file
from participants.list_columns import DEFAULT
from participants.list_query import ListQuery
from participants.models import Participant
from participants.reachable import earliest_ends, person_clock
from participants.tables import export_people

TASK = "participants.export_people"
LIST_READERS = (Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM, Role.PIMPINAN, Role.LEMBAGA)
DIRECT_LIMIT = 5_000
"""People in a file made while the page waits; more become a job."""


def count_people(query: ListQuery, by: User, *, most: int) -> int:
    """Count who matches, at most `most` + 1."""
    return query.rows(by, timezone.localdate()).order_by()[: most + 1].count()


@transaction.atomic
def export_people_list(stream: BinaryIO, *, query: ListQuery, by: User, names: Sequence[str]) -> int:
    """Write the people of the list under the columns `names` and record who took them; return how many."""
    written = _write(stream, columns_in_file(names, by), query, by)
    _record(query, by, written)
    return written


@transaction.atomic
def request_export(*, query: ListQuery, by: User, names: Sequence[str] = DEFAULT) -> Job:
    """Ask for the file as a job: for lists that would keep a page waiting."""
    title = _("Daftar peserta, %(day)s") % {"day": words.long_date(timezone.localdate())}
    back = f"{reverse('participant_list')}{query.address()}"
    limit = Job._meta.get_field("back_url").max_length or 0
    back = back if len(back) <= limit else reverse("participant_list")
    return request_job(task=TASK, title=title, by=by, params={"address": query.address(), "columns": list(names)}, back_url=back)


def build_export(runner: Runner) -> None:
    """Write the file of a requested export with the rights that its owner has now."""
    by, query = runner.job.requested_by, ListQuery.read(QueryDict(runner.job.params["address"].removeprefix("?")))
    if not by.has_role(*LIST_READERS):
        raise NotAllowed
    total = query.rows(by, timezone.localdate()).order_by().count()
    runner.start(total=total)
    columns = columns_in_file(runner.job.params.get("columns", DEFAULT), by)
    with TemporaryFile() as stream:
        written = _write(stream, columns, query, by, lambda rows: counted(rows, runner, total))
        stream.seek(0)
        runner.flush()
        runner.attach(stream, _("Peserta_%(day)s.xlsx") % {"day": timezone.localdate().isoformat()})
    _record(query, by, written)


Rows = Iterator[Sequence[Any]]


def _write(stream: BinaryIO, columns: Sequence[FileColumn], query: ListQuery, by: User, watch: Callable[[Rows], Rows] = iter) -> int:
    titles = [_("Peserta Latsar CPNS"), _("Per %(day)s") % {"day": words.long_date(timezone.localdate())}]
    return write_xlsx(
        stream,
        sheet=_("Peserta"),
        columns=[Column(str(one.label), one.width, one.kind) for one in columns],
        rows=watch(_rows(columns, query, by)),
        titles=titles,
    ).rows


@transaction.atomic
def _record(query: ListQuery, by: User, count: int) -> None:
    note = _("%(count)d peserta, %(filters)s") % {"count": count, "filters": query.address()}
    audit.record(verb="export", obj=by, by=by, note=note)
    if count <= seen.EXPORT_LIMIT:
        people = query.rows(by, timezone.localdate()).order_by()
        seen.record_export(people=people.values_list("pk", flat=True), model=Participant, by=by, note=_("Unduhan daftar peserta"))


def _rows(columns: Sequence[FileColumn], query: ListQuery, by: User) -> Rows:
    today = timezone.localdate()
    seats = earliest_ends(today)
    beside = ACCOUNT_RELATIONS if ACCOUNT in columns else ()
    for person in export_people(query, by, today=today, beside=beside):
        line = Line(person, person_clock(person, today, seats), by)
        yield [column.value(line) for column in columns]
