"""What is asked of the list of participants: filters and order, as they stand in the address."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from django.db.models import BooleanField, F, Func, Q, Value
from django.http import QueryDict
from django.utils import timezone

from latsar.accounts.models import User
from latsar.satker.models import Satker
from latsar.ui.numbers import whole_number
from participants.dossier.completeness import with_dossier
from participants.groups import clock_q, stage_q
from participants.invitation_states import state_q
from participants.models import Participant
from participants.people import ParticipantQuerySet

SORTS: dict[str, tuple[str, ...]] = {
    "nama": ("full_name", "pk"),
    "batas": ("deadline", "pk"),
    "tahap": ("stage_order", "deadline", "pk"),
    "satker": ("satker_id", "full_name", "pk"),  # in the order of the region codes, without a join
    "golongan": ("golongan", "full_name", "pk"),
    "terdaftar": ("created_at", "pk"),
}
DEFAULT_SORT = "nama"


@dataclass(frozen=True, slots=True)
class ListQuery:
    """The filters and the order, under the names they have in the address."""

    q: str = ""
    provinsi: str = ""
    satker: str = ""
    tahap: str = ""
    golongan: str = ""
    batas: str = ""
    angkatan: str = ""
    jabatan: str = ""
    akun: str = ""
    berkas: str = ""
    urut: str = DEFAULT_SORT

    @classmethod
    def read(cls, data: QueryDict) -> ListQuery:
        """Read an address; an order that does not exist falls back to the default."""
        found = cls(**{name.name: data.get(name.name, "").strip()[:80] for name in fields(cls)})
        return found if found.urut.removeprefix("-") in SORTS else replace(found, urut=DEFAULT_SORT)

    def rows(self, user: User, today: date) -> ParticipantQuerySet:
        """Return the visible people that match, in no order yet."""
        rows = Participant.objects.visible_to(user).search(self.q, user).filter(self._condition(user, today))
        return with_dossier(rows, today).filter(dossier=self.berkas) if self.berkas else rows  # type: ignore[misc]  # annotated

    def _condition(self, user: User, today: date) -> Q:
        condition = Q()
        if self.provinsi:
            condition &= Q(province_id=_unit(user, self.provinsi))
        if self.satker:
            condition &= Q(satker_id=_unit(user, self.satker.split(" ")[0]))
        if self.tahap:
            condition &= stage_q(self.tahap)
        if self.golongan:
            condition &= Q(golongan=self.golongan)
        if self.batas:
            condition &= clock_q(self.batas, today)
        if self.angkatan:
            condition &= Q(batch_id=whole_number(self.angkatan) or 0)
        if self.jabatan:
            condition &= Q(jabatan=self.jabatan)
        if self.akun:
            condition &= state_q(self.akun, timezone.now())
        return condition

    def address(self, **changes: str) -> str:
        """Return the query string of this list with `changes`; empty values and the default order stay out."""
        data = QueryDict(mutable=True)
        changed = replace(self, **changes)
        for name in fields(self):
            value = getattr(changed, name.name)
            if value and (name.name, value) != ("urut", DEFAULT_SORT):
                data[name.name] = value
        return f"?{data.urlencode()}"


def _unit(user: User, code: str) -> int:
    """Return the key of a visible unit, 0 for a code that is none: `=` finds by index where IN (subquery) does not."""
    return Satker.objects.visible_to(user).filter(code=code).values_list("pk", flat=True).first() or 0


def ordered(rows: ParticipantQuerySet, keys: tuple[str, ...], *, downwards: bool) -> ParticipantQuerySet:
    return rows.order_by(*(f"-{key}" if downwards else key for key in keys))


class Beyond(Func):
    """Rows that come after the anchor in the order of the keys: one comparison of rows, which an index of the keys answers."""

    output_field = BooleanField()

    def __init__(self, keys: tuple[str, ...], anchor: dict[str, Any], *, upwards: bool) -> None:
        super().__init__(*(F(key) for key in keys), *(Value(anchor[key]) for key in keys))
        self.sign = ">" if upwards else "<"

    def as_sql(self, compiler: Any, connection: Any, *_names: Any, **_extra: Any) -> tuple[str, tuple[Any, ...]]:
        parts = [compiler.compile(part) for part in self.source_expressions]
        half = len(parts) // 2
        columns, values = (", ".join(sql for sql, _params in side) for side in (parts[:half], parts[half:]))
        return f"({columns}) {self.sign} ({values})", tuple(param for _sql, params in parts for param in params)
