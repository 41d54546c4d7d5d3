"""The page that answers "who lacks what": provinces, then satker, then people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, BinaryIO
from urllib.parse import urlencode

from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from latsar.accounts import audit
from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.reports.writers import Column, write_xlsx
from latsar.satker.models import Satker
from latsar.ui import components, words
from latsar.ui.components import Figure
from latsar.ui.numbers import whole_number
from participants.dossier.checklist import Checklists, Line, lines_of_many
from participants.dossier.completeness import COMPLETE, KINDS, LABELS, UnitRow, count_by, totals_of, with_dossier
from participants.people import Participant, ParticipantQuerySet

PROVINCE, UNIT, STATE, TEXT, BATCH = "provinsi", "satker", "keadaan", "q", "angkatan"
PER_PAGE = 50
EXPORT_LIMIT = 5_000
CHUNK = 500


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
        pairs = {PROVINCE: asked.province, UNIT: asked.unit, STATE: asked.state, TEXT: asked.text, BATCH: asked.batch}
        return f"?{urlencode({name: value for name, value in pairs.items() if value})}".removesuffix("?") or "?"


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


def export_overview(stream: BinaryIO, *, overview: Overview, by: User) -> int:
    """Write the people of the page, at most EXPORT_LIMIT, and record who took them; return how many."""
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
    written = write_xlsx(stream, sheet=pgettext("dossier", "Berkas"), columns=columns, rows=_export_rows(overview), titles=titles)
    note = _("%(count)d peserta, berkas %(filters)s") % {"count": written.rows, "filters": overview.filters.address()}
    audit.record(verb="export", obj=by, by=by, note=note)
    return written.rows


def _export_rows(overview: Overview) -> Iterator[list[Any]]:
    ids = list(overview.people.values_list("pk", flat=True)[:EXPORT_LIMIT])
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
                str(LABELS[_word(person)]),
                ", ".join(one.problem for one in line.lacking),
            ]


def _word(person: Participant) -> str:
    return getattr(person, "dossier", COMPLETE)


def _pill(person: Participant) -> SafeString:
    kind, icon = KINDS[_word(person)]
    return components.pill(kind, str(LABELS[_word(person)]), icon)
