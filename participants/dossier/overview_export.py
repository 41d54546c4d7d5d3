"""The people of the dossier overview as a workbook, exactly what is filtered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from latsar.accounts import audit, seen
from latsar.accounts.errors import NotAllowed
from latsar.accounts.models import User
from latsar.jobs.models import Job
from latsar.jobs.run import Runner
from latsar.jobs.services import request_job
from latsar.reports.services import counted
from latsar.reports.writers import Column, write_xlsx
from latsar.ui import words
from participants.dossier.completeness import LABELS
from participants.dossier.overview import Filters, Overview, word_of
from participants.people import Participant
from participants.people_export import LIST_READERS

TASK = "participants.export_dossiers"
DIRECT_LIMIT = 5_000
"""People in a file made while the page waits; more become a job."""
CHUNK = 500


@transaction.atomic
def export_overview(stream: BinaryIO, *, overview: Overview, by: User) -> int:
    """Write the people of the page and record who took them; return how many."""
    ids = _ids(overview)
    written = _write(stream, overview, _rows(overview, ids))
    _record(overview, ids, by)
    return written


@transaction.atomic
def request_export(*, overview: Overview, by: User) -> Job:
    """Ask for the file as a job: for pages with more than DIRECT_LIMIT people."""
    title = _("Kelengkapan berkas, %(day)s") % {"day": words.long_date(overview.today)}
    back = f"{reverse('dossier_overview')}{overview.filters.address()}"
    return request_job(task=TASK, title=title, by=by, params={"filters": overview.filters.pairs()}, back_url=back)


def build_export(runner: Runner) -> None:
    """Write the file of a requested export with the rights that its owner has now."""
    by = runner.job.requested_by
    if not by.has_role(*LIST_READERS):
        raise NotAllowed
    overview = Overview(Filters.read(runner.job.params["filters"]), by, timezone.localdate())
    ids = _ids(overview)
    runner.start(total=len(ids))
    with TemporaryFile() as stream:
        _write(stream, overview, counted(_rows(overview, ids), runner, len(ids)))
        stream.seek(0)
        runner.flush()
        runner.attach(stream, file_name())
    with transaction.atomic():
        _record(overview, ids, by)


def file_name() -> str:
    """Name the file by the day."""
    return _("Berkas_%(day)s.xlsx") % {"day": timezone.localdate().isoformat()}


def _ids(overview: Overview) -> list[int]:
    return list(overview.people.values_list("pk", flat=True))


def _record(overview: Overview, ids: list[int], by: User) -> None:
    note = _("%(count)d peserta, berkas %(filters)s") % {"count": len(ids), "filters": overview.filters.address()}
    audit.record(verb="export", obj=by, by=by, note=note)
    seen.record_export(people=ids, model=Participant, by=by, note=_("Unduhan kelengkapan berkas"))


def _write(stream: BinaryIO, overview: Overview, rows: Iterable[Sequence[Any]]) -> int:
    titles = [_("Kelengkapan berkas CPNS"), _("Per %(day)s") % {"day": words.long_date(overview.today)}]
    columns = [
        Column(_("NIP"), 22),
        Column(_("Nama lengkap"), 34),
        Column(_("Kode satker"), 12),
        Column(_("Satker"), 34),
        Column(_("Provinsi"), 30),
        Column(_("Tahap"), 22),
        Column(_("Keadaan berkas"), 18),
        Column(_("Yang kurang"), 60),
    ]
    return write_xlsx(stream, sheet=pgettext("dossier", "Berkas"), columns=columns, rows=rows, titles=titles).rows


def _rows(overview: Overview, ids: list[int]) -> Iterator[list[Any]]:
    for start in range(0, len(ids), CHUNK):
        people = list(overview.people.filter(pk__in=ids[start : start + CHUNK]))
        for line in overview.person_lines(people):
            person = line.person
            yield [
                person.nip,
                person.full_name,
                person.satker.code,
                person.satker.name,
                person.province.name,
                str(person.get_stage_display()),
                str(LABELS[word_of(person)]),
                ", ".join(one.problem for one in line.lacking),
            ]
