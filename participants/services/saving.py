"""Saving previewed rows in chunks: the bulk twin of services.registration, with its rules, audit rows and stage rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from dataclasses import fields as dataclass_fields
from datetime import date
from operator import attrgetter
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuditEntry, User
from latsar.bulk import AnyOf, insert_rows, rows_like
from latsar.satker.models import Satker
from participants import policies
from participants.enums import RowOutcome
from participants.imports import ImportRow, ParticipantImport
from participants.nip import Nip, NipError, parse_nip
from participants.people import Participant, ParticipantStageChange
from participants.services.judging import HEADING_OF, as_plain, as_typed, locked_text
from participants.services.linking import follow_email
from participants.services.registration import (
    TEXT_FIELDS,
    first_change,
    golongan_misfit,
    participant_maker,
    problems_of,
    registered_entry,
    take_fields,
    updated_entry,
)
from participants.workbook.cells import CellError

CHUNK_ROWS = 2000
UPDATE_ROWS = 500  # changed in one statement
RACES = 3  # lost races for a NIP within one chunk before giving up


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """What saving needs of a stored row; lighter to read than the row itself."""

    pk: int
    number: int
    nip: str
    label: str
    outcome: str
    data: dict[str, Any]
    changes: dict[str, list[str]]
    base_version: int | None


_READ = tuple(part.name for part in dataclass_fields(Waiting))


@dataclass(slots=True)
class Chunk:
    """What became of some rows; `refused` maps a row to its error."""

    saved: list[Waiting] = field(default_factory=list)
    refused: dict[Waiting, CellError] = field(default_factory=dict)

    def refuse(self, row: Waiting, message: str, *, column: str = "NIP", value: str = "") -> None:
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
    rows = [Waiting(*values) for values in upload.rows.waiting().order_by("number").values_list(*_READ)[:limit]]  # type: ignore[attr-defined]
    rows.sort(key=attrgetter("nip"))
    chunk = Chunk()
    _save_changed(chunk, upload, [row for row in rows if row.outcome == RowOutcome.CHANGED], by)
    _save_new(chunk, upload, [row for row in rows if row.outcome == RowOutcome.NEW], by, units)
    _mark(chunk, upload)
    return chunk


def _save_new(chunk: Chunk, upload: ParticipantImport, rows: list[Waiting], by: User, units: Mapping[int, Satker]) -> None:
    build, today = participant_maker(by=by), timezone.localdate()
    people = {row: person for row in rows if (person := _build(chunk, row, by, units, build, today))}
    for _attempt in range(RACES):
        taken = (
            set(Participant.objects.filter(AnyOf(F("nip"), [row.nip for row in people])).values_list("nip", flat=True)) if people else set()
        )
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
    if people:
        insert_rows(ParticipantStageChange, _first_changes(list(people.values()), by))
        insert_rows(AuditEntry, _registered_entries(people, upload, by))
    chunk.saved += people


def _first_changes(people: list[Participant], by: User) -> list[ParticipantStageChange]:
    like = rows_like(first_change(people[0], by=by))
    return [like(participant_id=person.pk) for person in people]


def _registered_entries(people: Mapping[Waiting, Participant], upload: ParticipantImport, by: User) -> list[AuditEntry]:
    like, note = rows_like(registered_entry(next(iter(people.values())), by=by)), _noter(upload)
    return [
        like(
            object_id=str(person.pk),
            object_label=str(person)[:200],
            satker_id=person.satker_id,
            province_id=person.province_id,
            note=note(row),
        )
        for row, person in people.items()
    ]


Build = Callable[[Nip, Satker, Mapping[str, str]], Participant]


def _build(chunk: Chunk, row: Waiting, by: User, units: Mapping[int, Satker], build: Build, today: date) -> Participant | None:
    satker = units.get(row.data["satker"])
    if satker is None or not policies.can_register(by, satker):
        chunk.refuse(row, _("Anda tidak lagi berhak mendaftarkan CPNS di satker ini. Hubungi PKSDM."), column="Kode Satker")
        return None
    try:
        person = build(parse_nip(row.nip, today=today), satker, _fields(row))
    except NipError as error:
        chunk.refuse(row, error.message)
        return None
    return None if _has_problems(chunk, row, person) else person


def _save_changed(chunk: Chunk, upload: ParticipantImport, rows: list[Waiting], by: User) -> None:
    if not rows:
        return
    nips = [row.nip for row in rows]
    found = (
        Participant.objects.select_related("batch__institute", "user").select_for_update(of=("self",)).filter(nip__in=nips).order_by("nip")
    )
    people = {person.nip: person for person in found}
    entries: list[AuditEntry] = []
    touched: list[tuple[Participant, list[str]]] = []
    note = _noter(upload)
    for row in rows:
        person = people.get(row.nip)
        if person is None or person.version != row.base_version:
            chunk.refuse(row, _("Data CPNS ini berubah sejak berkas diperiksa. Unggah lagi berkasnya untuk membandingkan."))
        elif not policies.can_edit(by, person):
            chunk.refuse(row, locked_text(person))
        else:
            take_fields(person, {name: new for name, (_old, new) in row.changes.items()})
            if not _has_problems(chunk, row, person) and _account_follows(chunk, row, person, by):
                person.version, person.updated_at = person.version + 1, timezone.now()
                entries.append(updated_entry(person, changes=row.changes, by=by, note=note(row)))
                touched.append((person, list(row.changes)))
                chunk.saved.append(row)
    save_touched(touched)
    audit.record_many(entries)


def _account_follows(chunk: Chunk, row: Waiting, person: Participant, by: User) -> bool:
    """Move the account's address with the person's; a row whose account stays where it is stays too."""
    try:
        if "email" in row.changes:
            follow_email(person, by=by)
    except Refused as refusal:
        chunk.refuse(row, " ".join(refusal.messages), column=HEADING_OF["email"], value=person.email)
        return False
    return True


def save_touched(touched: Iterable[tuple[Participant, list[str]]]) -> None:
    """Write people back with the fields that changed, their version and time; those of the same fields in one statement."""
    alike: dict[str, list[Participant]] = {}
    for person, names in touched:
        alike.setdefault(",".join(sorted(names)), []).append(person)
    for joined, people in alike.items():
        Participant.objects.bulk_update(people, [*joined.split(","), "version", "updated_at"], batch_size=UPDATE_ROWS)


def _has_problems(chunk: Chunk, row: Waiting, person: Participant) -> bool:
    problems = problems_of(person)
    if "golongan" in row.changes and (misfit := golongan_misfit(person)):
        problems["golongan"] = misfit
    for name, message in problems.items():
        chunk.refuse(row, message, column=HEADING_OF[name], value=str(getattr(person, name))[:100])
    return bool(problems)


def _mark(chunk: Chunk, upload: ParticipantImport) -> None:
    """Remember on the rows what became of them and whom they wrote, in the same transaction."""
    refused = [
        ImportRow(pk=row.pk, outcome=RowOutcome.ERROR, errors=[as_plain(error)], raw=as_typed(row.nip, row.data))
        for row, error in chunk.refused.items()
    ]
    ImportRow.objects.bulk_update(refused, ["outcome", "errors", "raw"], batch_size=UPDATE_ROWS)
    if chunk.saved:
        last = max(row.number for row in chunk.saved)
        written = Participant.objects.filter(nip=OuterRef("nip")).order_by().values("pk")[:1]
        upload.rows.waiting().filter(number__lte=last).update(saved_at=timezone.now(), person_id=Subquery(written))  # type: ignore[attr-defined]


def _fields(row: Waiting) -> dict[str, str]:
    return {name: row.data[name] for name in TEXT_FIELDS if name in row.data}


def _noter(upload: ParticipantImport) -> Callable[[Waiting], str]:
    """Return what names the row of the file that an audit row comes from."""
    text = _("Impor %(file)s, baris %(row)d")
    return lambda row: (text % {"file": upload.filename, "row": row.number})[:500]
