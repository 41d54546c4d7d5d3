"""The list of participants as a workbook, exactly what is filtered and in that order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
from participants.list_query import ListQuery
from participants.models import Participant
from participants.policies import can_see_contacts
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
def export_people_list(stream: BinaryIO, *, query: ListQuery, by: User) -> int:
    """Write the people of the list and record who took them; return how many."""
    written = _write(stream, _rows(query, by), by)
    _record(query, by, written)
    return written


@transaction.atomic
def request_export(*, query: ListQuery, by: User) -> Job:
    """Ask for the file as a job: for lists that would keep a page waiting."""
    title = _("Daftar peserta, %(day)s") % {"day": words.long_date(timezone.localdate())}
    back = f"{reverse('participant_list')}{query.address()}"
    limit = Job._meta.get_field("back_url").max_length or 0
    back = back if len(back) <= limit else reverse("participant_list")
    return request_job(task=TASK, title=title, by=by, params={"address": query.address()}, back_url=back)


def build_export(runner: Runner) -> None:
    """Write the file of a requested export with the rights that its owner has now."""
    by, query = runner.job.requested_by, ListQuery.read(QueryDict(runner.job.params["address"].removeprefix("?")))
    if not by.has_role(*LIST_READERS):
        raise NotAllowed
    total = query.rows(by, timezone.localdate()).order_by().count()
    runner.start(total=total)
    with TemporaryFile() as stream:
        written = _write(stream, counted(_rows(query, by), runner, total), by)
        stream.seek(0)
        runner.flush()
        runner.attach(stream, _("Peserta_%(day)s.xlsx") % {"day": timezone.localdate().isoformat()})
    _record(query, by, written)


def _write(stream: BinaryIO, rows: Iterable[Sequence[Any]], by: User) -> int:
    titles = [_("Peserta Latsar CPNS"), _("Per %(day)s") % {"day": words.long_date(timezone.localdate())}]
    return write_xlsx(stream, sheet=_("Peserta"), columns=_columns(by), rows=rows, titles=titles).rows


@transaction.atomic
def _record(query: ListQuery, by: User, count: int) -> None:
    note = _("%(count)d peserta, %(filters)s") % {"count": count, "filters": query.address()}
    audit.record(verb="export", obj=by, by=by, note=note)
    if count <= seen.EXPORT_LIMIT:
        people = query.rows(by, timezone.localdate()).order_by()
        seen.record_export(people=people.values_list("pk", flat=True), model=Participant, by=by, note=_("Unduhan daftar peserta"))


def _columns(by: User) -> list[Column]:
    contact = [Column(_("E-mail"), 30), Column(_("No. HP"), 18)] if can_see_contacts(by) else []
    return [
        Column(_("NIP"), 22),
        Column(_("Nama lengkap"), 34),
        Column(_("Kode satker"), 12),
        Column(_("Satker"), 34),
        Column(_("Provinsi"), 30),
        Column(_("Golongan"), 10),
        Column(_("Jabatan"), 40),
        Column(_("Pendidikan"), 14),
        Column(_("Program studi"), 24),
        *contact,
        Column(_("TMT CPNS"), 14, "date"),
        Column(_("Batas masa percobaan"), 16, "date"),
        Column(_("Jam percobaan"), 16),
        Column(_("Tahap"), 22),
        Column(_("Angkatan"), 16),
        Column(_("Lembaga"), 30),
        Column(_("Selesai Latsar"), 14, "date"),
    ]


def _rows(query: ListQuery, by: User) -> Iterator[list[Any]]:
    today = timezone.localdate()
    seats, with_contact = earliest_ends(today), can_see_contacts(by)
    for person in export_people(query, by, today=today):
        batch = person.batch
        yield [
            person.nip,
            person.full_name,
            person.satker.code,
            person.satker.name,
            person.province.name,
            person.golongan,
            person.jabatan,
            person.education,
            person.study_programme,
            *([person.email, person.phone] if with_contact else []),
            person.tmt_cpns,
            person.deadline,
            person_clock(person, today, seats).label,
            str(person.get_stage_display()),
            f"{batch.label} {batch.year}" if batch else "",
            str(batch.institute) if batch else "",
            batch.ends_on if batch else None,
        ]
