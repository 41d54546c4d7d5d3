"""The list of participants as a workbook, exactly what is filtered and in that order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit, seen
from latsar.accounts.models import User
from latsar.reports.writers import Column, write_xlsx
from latsar.ui import words
from participants.models import Participant
from participants.tables import ListQuery, export_people, person_clock

DIRECT_LIMIT = 5_000


@transaction.atomic
def export_people_list(stream: BinaryIO, *, query: ListQuery, by: User) -> int:
    """Write the people of the list, at most DIRECT_LIMIT, and record who took them; return how many."""
    today = timezone.localdate()
    titles = [_("Peserta Latsar CPNS"), _("Per %(day)s") % {"day": words.long_date(today)}]
    taken: list[int] = []
    people = _counted(export_people(query, by, today=today, limit=DIRECT_LIMIT), taken)
    written = write_xlsx(stream, sheet=_("Peserta"), columns=_columns(), rows=_rows(people), titles=titles)
    audit.record(
        verb="export", obj=by, by=by, note=_("%(count)d peserta, %(filters)s") % {"count": written.rows, "filters": query.address()}
    )
    seen.record_export(people=taken, model=Participant, by=by, note=_("Unduhan daftar peserta"))
    return written.rows


def _counted(people: Iterator[Participant], taken: list[int]) -> Iterator[Participant]:
    """Pass the people on and remember who they were."""
    for person in people:
        taken.append(person.pk)
        yield person


def _columns() -> list[Column]:
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
        Column(_("E-mail"), 30),
        Column(_("No. HP"), 18),
        Column(_("TMT CPNS"), 14, "date"),
        Column(_("Batas masa percobaan"), 16, "date"),
        Column(_("Jam percobaan"), 16),
        Column(_("Tahap"), 22),
        Column(_("Angkatan"), 16),
        Column(_("Lembaga"), 30),
        Column(_("Selesai Latsar"), 14, "date"),
    ]


def _rows(people: Iterator[Participant]) -> Iterator[list[Any]]:
    today = timezone.localdate()
    for person in people:
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
            person.email,
            person.phone,
            person.tmt_cpns,
            person.deadline,
            person_clock(person, today).label,
            str(person.get_stage_display()),
            f"{batch.label} {batch.year}" if batch else "",
            str(batch.institute) if batch else "",
            batch.ends_on if batch else None,
        ]
