"""The page that answers "who lacks what": provinces, then satker, then people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.satker.models import Satker
from latsar.ui import components
from latsar.ui.components import Figure
from latsar.ui.numbers import whole_number
from participants.dossier.checklist import Checklists, Line, lines_of_many
from participants.dossier.completeness import COMPLETE, KINDS, LABELS, UnitRow, count_by, totals_of, with_dossier
from participants.people import Participant, ParticipantQuerySet

PROVINCE, UNIT, STATE, TEXT, BATCH = "provinsi", "satker", "keadaan", "q", "angkatan"
PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; what cannot be read is left out."""

    province: str = ""
    unit: str = ""
    state: str = ""
    text: str = ""
    batch: str = ""

    @classmethod
    def read(cls, data: Mapping[str, str]) -> Filters:
        state, batch = data.get(STATE, ""), data.get(BATCH, "")
        return cls(
            province=data.get(PROVINCE, "")[:12],
            unit=data.get(UNIT, "")[:12],
            state=state if state in LABELS else "",
            text=data.get(TEXT, "").strip()[:80],
            batch=batch if whole_number(batch) is not None else "",
        )

    def address(self, **change: str) -> str:
        """Return the query string with some of its parts changed."""
        asked = replace(self, **change)
        return f"?{urlencode(asked.pairs())}"

    def pairs(self) -> dict[str, str]:
        """Return the parts that are asked for, as `read` takes them."""
        pairs = {PROVINCE: self.province, UNIT: self.unit, STATE: self.state, TEXT: self.text, BATCH: self.batch}
        return {name: value for name, value in pairs.items() if value}


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit of the table with an address behind each number."""

    row: UnitRow
    href: str
    cells: list[tuple[str, int, str]]


@dataclass(frozen=True, slots=True)
class PersonLine:
    person: Participant
    pill: SafeString
    lacking: list[Line]


class Overview:
    """The people in sight of one reader, filtered; counted per unit or listed."""

    def __init__(self, filters: Filters, user: User, today: date) -> None:
        self.filters, self.user, self.today = filters, user, today
        self.checklists = Checklists.read()

    @cached_property
    def level(self) -> str:
        """`province`, `satker` or `people`: who has one satker only, or asks for a state, reads names."""
        asked, scope = self.filters, self.user.scope
        if asked.unit or asked.state or asked.text or asked.batch:
            return "people"
        if scope.nation and not asked.province:
            return "province"
        if asked.province or (scope.province_ids and Role.ADMIN_PROVINSI in scope.roles):
            return "satker"
        return "people"

    @cached_property
    def within(self) -> ParticipantQuerySet:
        """Everybody within unit and search, whatever their state."""
        asked = self.filters
        rows = Participant.objects.visible_to(self.user)
        if asked.province:
            rows = rows.filter(province__code=asked.province)
        if asked.unit:
            rows = rows.filter(satker__code=asked.unit)
        if asked.batch:
            rows = rows.filter(batch_id=int(asked.batch))
        return with_dossier(rows.search(asked.text), self.today, self.checklists)

    @cached_property
    def units(self) -> list[UnitRow]:
        return count_by(self.within, "province" if self.level == "province" else "satker")

    @cached_property
    def totals(self) -> dict[str, int]:
        return totals_of(self.units)

    @cached_property
    def unit(self) -> Satker | None:
        """The unit that the address names, for the heading."""
        code = self.filters.unit or self.filters.province
        return Satker.objects.visible_to(self.user).filter(code=code).first() if code else None

    def figures(self) -> list[Figure]:
        """Show the totals, each a door to its people."""
        return [
            Figure(
                str(label),
                self.totals[word],
                href=self.filters.address(state="" if self.filters.state == word else word),
                level=KINDS[word][0] if self.totals[word] else "",
                icon=KINDS[word][1],
                is_current=self.filters.state == word,
            )
            for word, label in LABELS.items()
        ]

    def unit_lines(self) -> list[UnitLine]:
        lines = []
        for row in self.units:
            here = {"province": row.unit.code} if self.level == "province" else {"unit": row.unit.code}
            cells = [(str(LABELS[word]), row.counts[word], self.filters.address(state=word, **here)) for word in LABELS]
            lines.append(UnitLine(row, self.filters.address(**here), cells))
        return lines

    @cached_property
    def people(self) -> ParticipantQuerySet:
        rows = self.within.select_related("satker", "province", "batch").order_by("full_name", "pk")
        return rows.filter(dossier=self.filters.state) if self.filters.state else rows  # type: ignore[misc]

    def person_lines(self, people: Sequence[Participant]) -> list[PersonLine]:
        lines = lines_of_many(people, self.today, self.checklists)
        return [PersonLine(one, _pill(one), [line for line in lines[one.pk] if line.is_lacking]) for one in people]


def word_of(person: Participant) -> str:
    """Return the person's annotated word, one of LABELS."""
    return getattr(person, "dossier", COMPLETE)


def _pill(person: Participant) -> SafeString:
    kind, icon = KINDS[word_of(person)]
    return components.pill(kind, str(LABELS[word_of(person)]), icon)
