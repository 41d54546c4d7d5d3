"""Saving previewed rows in chunks: the bulk twin of services.registration, with its rules, audit rows and stage rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.models import AuditEntry, User
from latsar.bulk import insert_rows
from latsar.satker.models import Satker
from participants import policies
from participants.enums import RowOutcome
from participants.imports import ImportRow, ParticipantImport
from participants.nip import NipError, parse_nip
from participants.people import Participant, ParticipantStageChange
from participants.services.judging import HEADING_OF, as_plain, locked_text
from participants.services.registration import (
    TEXT_FIELDS,
    first_change,
    new_participant,
    problems_of,
    registered_entry,
    take_fields,
    updated_entry,
)
from participants.workbook.cells import HEADINGS, CellError

CHUNK_ROWS = 2000
UPDATE_ROWS = 500  # changed in one statement
RACES = 3  # lost races for a NIP within one chunk before giving up


@dataclass(slots=True)
class Chunk:
    """What became of some rows; `refused` maps a row to its error."""

    saved: list[ImportRow] = field(default_factory=list)
    refused: dict[ImportRow, CellError] = field(default_factory=dict)

    def refuse(self, row: ImportRow, message: str, *, column: str = "NIP", value: str = "") -> None:
        self.refused[row] = CellError(row.number, column, value or (row.nip if column == "NIP" else ""), message, "commit")

    def __len__(self) -> int:
        return len(self.saved) + len(self.refused)


@transaction.atomic
def save_next_rows(*, import_id: int, by: User, units: Mapping[int, Satker], limit: int = CHUNK_ROWS) -> Chunk:
    """Save the next waiting rows with their audit and stage rows, all or none; an empty chunk means that nothing waits.

    `units` are the satker that `by` administers now. Locks the import, then people in the order of their NIP, so that
    two workers on one import take turns and two imports of the same people cannot deadlock.
    """
    upload = ParticipantImport.objects.select_for_update().get(pk=import_id)
    rows = sorted(upload.rows.waiting().order_by("number")[:limit], key=lambda row: row.nip)  # type: ignore[attr-defined]
    chunk = Chunk()
    _save_changed(chunk, upload, [row for row in rows if row.outcome == RowOutcome.CHANGED], by)
    _save_new(chunk, upload, [row for row in rows if row.outcome == RowOutcome.NEW], by, units)
    _mark(chunk)
    return chunk


def _save_new(chunk: Chunk, upload: ParticipantImport, rows: list[ImportRow], by: User, units: Mapping[int, Satker]) -> None:
    today = timezone.localdate()
    people = {row: person for row in rows if (person := _build(chunk, row, by, units, today))}
    for _attempt in range(RACES):
        taken = set(Participant.objects.filter(nip__in=[row.nip for row in people]).values_list("nip", flat=True)) if people else set()
        for row in [row for row in people if row.nip in taken]:
            del people[row]
            chunk.refuse(row, _("NIP ini sudah terdaftar sejak berkas diperiksa. Unggah lagi berkasnya untuk membandingkan."))
        try:
            with transaction.atomic():
                insert_rows(Participant, list(people.values()), keys=True)
            break
        except IntegrityError:
            continue  # somebody registered one of them this very moment: look again
    else:
        raise IntegrityError("the people of this chunk could not be saved")
    insert_rows(ParticipantStageChange, [first_change(person, by=by) for person in people.values()])
    insert_rows(AuditEntry, [registered_entry(person, by=by, note=_note(upload, row)) for row, person in people.items()])
    chunk.saved += people


def _build(chunk: Chunk, row: ImportRow, by: User, units: Mapping[int, Satker], today: date) -> Participant | None:
    satker = units.get(row.data["satker"])
    if satker is None or not policies.can_register(by, satker):
        chunk.refuse(row, _("Anda tidak lagi berhak mendaftarkan CPNS di satker ini. Hubungi PKSDM."), column="Kode Satker")
        return None
    try:
        person = new_participant(nip=parse_nip(row.nip, today=today), satker=satker, fields=_fields(row), by=by)
    except NipError as error:
        chunk.refuse(row, error.message)
        return None
    return None if _has_problems(chunk, row, person) else person


def _save_changed(chunk: Chunk, upload: ParticipantImport, rows: list[ImportRow], by: User) -> None:
    if not rows:
        return
    nips = [row.nip for row in rows]
    people = {person.nip: person for person in Participant.objects.select_for_update(of=("self",)).filter(nip__in=nips).order_by("nip")}
    entries: list[AuditEntry] = []
    touched: dict[str, list[Participant]] = {}
    for row in rows:
        person = people.get(row.nip)
        if person is None or person.version != row.base_version:
            chunk.refuse(row, _("Data CPNS ini berubah sejak berkas diperiksa. Unggah lagi berkasnya untuk membandingkan."))
        elif not policies.can_edit(by, person):
            chunk.refuse(row, locked_text(person))
        else:
            take_fields(person, {name: new for name, (_old, new) in row.changes.items()})
            if not _has_problems(chunk, row, person):
                person.version, person.updated_at = person.version + 1, timezone.now()
                entries.append(updated_entry(person, changes=row.changes, by=by, note=_note(upload, row)))
                touched.setdefault(",".join(sorted(row.changes)), []).append(person)
                chunk.saved.append(row)
    for names, same in touched.items():
        Participant.objects.bulk_update(same, [*names.split(","), "version", "updated_at"], batch_size=UPDATE_ROWS)
    audit.record_many(entries)


def _has_problems(chunk: Chunk, row: ImportRow, person: Participant) -> bool:
    problems = problems_of(person)
    for name, message in problems.items():
        chunk.refuse(row, message, column=HEADING_OF[name], value=str(getattr(person, name))[:100])
    return bool(problems)


def _mark(chunk: Chunk) -> None:
    """Remember on the rows what became of them, in the same transaction."""
    now = timezone.now()
    ImportRow.objects.filter(pk__in=[row.pk for row in chunk.saved]).update(saved_at=now)
    for row, error in chunk.refused.items():
        row.outcome, row.errors, row.raw = RowOutcome.ERROR, [as_plain(error)], _as_typed(row)
    ImportRow.objects.bulk_update(chunk.refused, ["outcome", "errors", "raw"], batch_size=UPDATE_ROWS)


def _as_typed(row: ImportRow) -> list[str]:
    """Rebuild the cells of a row, for the workbook of wrong rows; what the NIP says stays blank."""
    cells = {"NIP": row.nip, "Kode Satker": row.data["code"]} | {HEADING_OF[name]: value for name, value in _fields(row).items()}
    return [cells.get(heading, "") for heading in HEADINGS]


def _fields(row: ImportRow) -> dict[str, str]:
    return {name: row.data[name] for name in TEXT_FIELDS if name in row.data}


def _note(upload: ParticipantImport, row: ImportRow) -> str:
    return _("Impor %(file)s, baris %(row)d") % {"file": upload.filename, "row": row.number}
