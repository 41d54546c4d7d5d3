"""The state of invitations counted per unit: the nation by province, a province by satker. Every count is a door to its people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.models import User
from latsar.reports.writers import Column, write_xlsx
from latsar.satker.models import Satker, SatkerKind
from latsar.ui import words
from participants.groups import people_url
from participants.invitation_states import LABELS, InviteState, state_case
from participants.models import Participant

STATES = tuple(LABELS)


@dataclass(frozen=True, slots=True)
class Door:
    """A count and the list of its people."""

    state: InviteState
    label: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit with its counts; `inside` opens its satker when it is a province seen from the nation."""

    unit: Satker
    name: str
    doors: list[Door]
    total: int
    total_url: str
    ready: int
    filter_address: str
    inside: str = ""


@dataclass(frozen=True, slots=True)
class Recap:
    """What the page shows: the whole of the scope, and its units."""

    doors: list[Door]
    total: int
    rows: list[UnitRow]
    province: Satker | None
    filter_address: str

    @property
    def ready(self) -> int:
        return next(door.count for door in self.doors if door.state == InviteState.READY)


@dataclass(slots=True)
class _Counts:
    """State counts per unit key."""

    of_unit: dict[int, Counter[str]] = field(default_factory=dict)

    def add(self, unit: int, state: str, count: int) -> None:
        self.of_unit.setdefault(unit, Counter())[state] += count

    @property
    def all(self) -> Counter[str]:
        return sum(self.of_unit.values(), Counter())


def recap(user: User, *, province_code: str = "", text: str = "", now: datetime) -> Recap:
    """Count the people of one's units by state, two queries whatever their number. `text` narrows the units by name or code."""
    units = Satker.objects.visible_to(user)
    province = units.filter(code=province_code, kind__in=[SatkerKind.PROVINCE, SatkerKind.SETJEN]).first() if province_code else None
    by_province = user.scope.nation and province is None
    people = Participant.objects.visible_to(user)
    if province is not None:
        people = people.filter(province_id=province.pk)
    key = "province_id" if by_province else "satker_id"
    counts = _Counts()
    for unit, state, number in people.order_by().annotate(invite=state_case(now)).values_list(key, "invite").annotate(n=Count("pk")):
        counts.add(unit, state, number)
    base = {"provinsi": province.code} if province else {}
    return Recap(
        doors=_doors(counts.all, base),
        total=counts.all.total(),
        rows=_rows(counts, text=text, by_province=by_province),
        province=province,
        filter_address=people_address(base),
    )


def people_address(base: dict[str, str]) -> str:
    """Return the filters of the people who can be invited at once."""
    return people_url(**base, akun=InviteState.READY.value).partition("?")[2]


def write_recap(stream: BinaryIO, found: Recap, *, by: User) -> int:
    """Write the units of the page as a workbook and record who took it; return how many."""
    columns = [Column(_("Kode"), 12), Column(_("Satker"), 40), *(Column(str(LABELS[state]), 16, "int") for state in STATES)]
    rows = [[row.unit.code, row.name, *(door.count for door in row.doors), row.total] for row in found.rows]
    titles = [_("Keadaan undangan"), _("Per %(day)s") % {"day": words.long_date(timezone.localdate())}]
    written = write_xlsx(stream, sheet=_("Undangan"), columns=[*columns, Column(_("Jumlah"), 12, "int")], rows=rows, titles=titles).rows
    audit.record(verb="export", obj=by, by=by, note=_("Keadaan undangan, %(count)d satker") % {"count": written})
    return written


def _rows(counts: _Counts, *, text: str, by_province: bool) -> list[UnitRow]:
    units = Satker.objects.filter(pk__in=counts.of_unit).order_by("code")
    wanted = text.strip().lower()
    found = []
    for unit in units:
        name = unit.province_name if by_province and unit.province_name else unit.name
        if wanted and wanted not in f"{unit.code} {name}".lower():
            continue
        base = {"provinsi" if by_province else "satker": unit.code}
        doors = _doors(counts.of_unit[unit.pk], base)
        found.append(
            UnitRow(
                unit=unit,
                name=name,
                doors=doors,
                total=counts.of_unit[unit.pk].total(),
                total_url=people_url(**base),
                ready=counts.of_unit[unit.pk][InviteState.READY],
                filter_address=people_address(base),
                inside=unit.code if by_province else "",
            )
        )
    return found


def _doors(counts: Counter[str], base: dict[str, str]) -> list[Door]:
    return [Door(state, str(LABELS[state]), counts[state], people_url(**base, akun=state.value)) for state in STATES]


def shown(rows: Sequence[UnitRow], state: str) -> list[UnitRow]:
    """Keep the units that have somebody in this state; all of them for no state."""
    return (
        [row for row in rows if any(door.count for door in row.doors if door.state == state)] if state in list(InviteState) else list(rows)
    )
