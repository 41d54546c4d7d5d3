"""What a workbook would do, row by row, against the people registered now. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import islice
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.bulk import AnyOf
from latsar.satker.models import Satker
from participants import policies
from participants.enums import RowOutcome
from participants.lookups import satker_index
from participants.nip import format_nip
from participants.people import Participant
from participants.services.registration import TEXT_FIELDS, already_registered_text
from participants.similar import twins_of
from participants.workbook.cells import CLEAR, HEADINGS, CellError, RawRow, display
from participants.workbook.gate import SafeWorkbook
from participants.workbook.reader import read_rows
from participants.workbook.validation import RowResult, find_duplicates, validate_row

HEADING_OF = {
    "full_name": "Nama Lengkap", "golongan": "Golongan", "jabatan": "Jabatan", "education": "Pendidikan", "study_programme": "Program Studi",
    "birth_place": "Tempat Lahir", "religion": "Agama", "email": "Email", "phone": "No. HP", "address": "Alamat", "special_needs": "Kebutuhan Khusus",
}  # fmt: skip
FIELD_OF = {heading: name for name, heading in HEADING_OF.items()}
STATE_CODES = frozenset({"satker", "satker_closed", "registered", "transfer", "locked"})
"""The errors that are about the portal, not about what the cell holds: they may pass without another file."""

LOOKUP_CHUNK = 5000  # NIPs asked for in one query

_NAME = TEXT_FIELDS.index("full_name")
_values_of = attrgetter(*TEXT_FIELDS)
_COMPARED = ("nip", "satker_id", "province_id", "version", "pk", *TEXT_FIELDS)


@dataclass(slots=True)
class JudgedRow:
    """A row and what it would do; `changes` maps a field to [old, new], `satker` and `values` are set unless it is wrong."""

    raw: RawRow
    outcome: RowOutcome
    nip: str = ""
    label: str = ""
    satker: Satker | None = None
    values: tuple[str, ...] = ()
    changes: dict[str, list[str]] = field(default_factory=dict)
    errors: list[CellError] = field(default_factory=list)
    base_version: int | None = None
    person_id: int = 0
    cleared: frozenset[str] = frozenset()
    warnings: list[str] = field(default_factory=list)

    @property
    def fields(self) -> dict[str, str]:
        """What was understood, by field; kept as a tuple in the order of TEXT_FIELDS because there are so many rows."""
        return dict(zip(TEXT_FIELDS, self.values, strict=True))


@dataclass(frozen=True, slots=True)
class Judgement:
    rows: list[JudgedRow]

    def count(self) -> Counter[str]:
        """Count rows per outcome."""
        return Counter(row.outcome for row in self.rows)

    @property
    def errors(self) -> list[CellError]:
        return [error for row in self.rows for error in row.errors]


def judge_workbook(*, workbook: SafeWorkbook, by: User, today: date | None = None) -> Judgement:
    """Say for each row whether it is new, changed, same or wrong in the hands of `by`.

    Raises WorkbookRefused when the sheet as a whole cannot be read.
    """
    lookups, today = satker_index(by), today or timezone.localdate()
    return judge_results([validate_row(raw, lookups=lookups, today=today) for raw in read_rows(workbook)], by=by)


def judge_results(results: list[RowResult], *, by: User) -> Judgement:
    """Compare rows that were validated one by one with each other and with the people registered now; empties `results`."""
    find_duplicates(results)
    find_duplicates(results, "Email", of_other_nip=True)
    known = _registered([clean.nip.value for result in results if (clean := result.clean or result.spare)])
    rows = [_judge(result, known, by) for result in _let_go(results)]
    _lock_changes([row for row in rows if row.outcome == RowOutcome.CHANGED], by)
    _warn_of_twins([row for row in rows if row.outcome == RowOutcome.NEW], by)
    _warn_of_shared_emails([row for row in rows if row.outcome == RowOutcome.NEW or "email" in row.changes])
    return Judgement(rows)


def _let_go(results: list[RowResult]) -> Iterator[RowResult]:
    """Yield the results in order and forget each, so that a large file is not held twice."""
    results.reverse()
    while results:
        yield results.pop()


class Known(NamedTuple):
    """What is stored of a person that a row may be about; `fields` in the order of TEXT_FIELDS."""

    satker_id: int
    province_id: int
    version: int
    pk: int
    fields: tuple[str, ...]


def _registered(nips: Sequence[str]) -> dict[str, Known]:
    """Load who already has one of these NIPs, wherever they are: a NIP is unique in the nation."""
    return {
        nip: Known(satker_id, province_id, version, pk, tuple(fields))
        for chunk in _chunks(nips, LOOKUP_CHUNK)
        for nip, satker_id, province_id, version, pk, *fields in (
            Participant.objects.filter(AnyOf(F("nip"), chunk)).order_by().values_list(*_COMPARED)
        )
    }


Value = TypeVar("Value")


def _chunks(values: Sequence[Value], size: int) -> Iterator[list[Value]]:
    source = iter(values)
    while chunk := list(islice(source, size)):
        yield chunk


def _judge(result: RowResult, known: Mapping[str, Known], by: User) -> JudgedRow:
    clean = result.clean or (result.spare if result.spare and result.spare.nip.value in known else None)
    if clean is None:
        name = display(result.raw.values[1]).strip()
        return JudgedRow(result.raw, RowOutcome.ERROR, label=name[:150], errors=result.errors)
    assert isinstance(clean.satker, Satker)
    row = JudgedRow(result.raw, RowOutcome.NEW, clean.nip.value, clean.full_name, clean.satker, _values_of(clean))
    if clean.cleared:
        row.cleared = frozenset(FIELD_OF[heading] for heading in clean.cleared if heading in FIELD_OF)
    person = known.get(clean.nip.value)
    if person is not None:
        _compare(row, person, by)
    return row


def _compare(row: JudgedRow, person: Known, by: User) -> None:
    if not by.scope.administers(satker_id=person.satker_id, province_id=person.province_id):
        _refuse(row, "NIP", already_registered_text(), "registered")
        return
    assert row.satker is not None
    if person.satker_id != row.satker.pk:
        text = _(
            "Satker CPNS ini berbeda dengan yang tercatat di portal. Pindah satker dilakukan di halaman pesertanya, bukan lewat impor."
        )
        _refuse(row, "Kode Satker", text, "transfer")
        return
    row.person_id, row.base_version = person.pk, person.version
    row.label = row.label or person.fields[_NAME]
    row.changes = {
        name: [old, new]
        for name, new, old in zip(TEXT_FIELDS, row.values, person.fields, strict=True)
        if new != old and (new or name in row.cleared)
    }
    row.outcome = RowOutcome.CHANGED if row.changes else RowOutcome.SAME


def _lock_changes(rows: Sequence[JudgedRow], by: User) -> None:
    """Refuse the changes of people whose data `by` may not edit at their stage."""
    for chunk in _chunks([row.person_id for row in rows], LOOKUP_CHUNK):
        people = Participant.objects.only("stage", "has_died", "satker_id", "province_id").in_bulk(chunk)
        for row in rows:
            person = people.get(row.person_id)
            if person is not None and not policies.can_edit(by, person):
                for name in row.changes:
                    _refuse(row, HEADING_OF[name], locked_text(person), "locked")


def _warn_of_twins(rows: Sequence[JudgedRow], by: User) -> None:
    """Mark new people whose name and birth date somebody has under another NIP: the form asks about them, the file is told."""
    born = {row.nip: date(int(row.nip[:4]), int(row.nip[4:6]), int(row.nip[6:8])) for row in rows}
    twins = twins_of(by, [(row.nip, row.label, born[row.nip]) for row in rows])
    for row in rows:
        if row.nip in twins:
            name, nip = twins[row.nip]
            text = _("Mungkin orang yang sama dengan %(name)s, NIP %(nip)s: nama dan tanggal lahirnya serupa. Periksa NIP-nya di SK.")
            row.warnings.append(text % {"name": name, "nip": format_nip(nip)})


def _warn_of_shared_emails(rows: Sequence[JudgedRow]) -> None:
    """Mark addresses that somebody else has, whose account would be theirs: allowed in the register, refused by the invitation."""
    place = TEXT_FIELDS.index("email")
    for chunk in _chunks(rows, LOOKUP_CHUNK):
        emails = [row.values[place] for row in chunk]
        owners: dict[str, set[str | None]] = {}
        people = Participant.objects.filter(AnyOf(F("email"), emails)).order_by().values_list("email", "nip")
        accounts = User.objects.filter(AnyOf(F("email"), emails)).order_by().values_list("email", "participant__nip")
        for email, nip in [*people, *accounts]:
            owners.setdefault(email, set()).add(nip)
        for row, email in zip(chunk, emails, strict=True):
            if owners.get(email, set()) - {row.nip}:
                text = _(
                    "E-mail %(email)s sudah dipakai orang lain di portal. Baris ini boleh disimpan, tetapi undangan akun perlu alamat lain."
                )
                row.warnings.append(text % {"email": email})


def locked_text(person: Participant) -> str:
    """Say why the data of this person cannot be changed by import."""
    return _("Data CPNS ini terkunci, tahapnya %(stage)s. Minta provinsi atau PKSDM mengembalikannya lebih dahulu.") % {
        "stage": person.get_stage_display()
    }


def _refuse(row: JudgedRow, heading: str, message: str, code: str) -> None:
    row.outcome = RowOutcome.ERROR
    row.errors.append(CellError(row.raw.number, heading, display(row.raw.cells[heading]), message, code))


def as_typed(nip: str, data: Mapping[str, Any]) -> list[str]:
    """Rebuild the cells of a row from what was understood of it; what the NIP says stays blank, what it clears is a dash."""
    cells = {"NIP": nip, "Kode Satker": data["code"]} | {HEADING_OF[name]: data[name] for name in TEXT_FIELDS if name in data}
    cells |= {HEADING_OF[name]: CLEAR for name in data.get("cleared", ())}
    return [cells.get(heading, "") for heading in HEADINGS]


def as_plain(error: CellError) -> dict[str, Any]:
    """Return an error as it is stored beside its row."""
    return asdict(error)
