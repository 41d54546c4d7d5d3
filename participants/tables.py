"""The list of participants: the page of rows that answers a query, and all of them for a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.ui import words
from latsar.ui.listing import PAGE_PARAM, PageLinks
from latsar.ui.numbers import whole_number
from participants.list_columns import COLUMNS, DEFAULT, Column
from participants.list_query import SORTS, Beyond, ListQuery, ordered
from participants.models import Participant
from participants.reachable import Ends, earliest_ends, person_clock

PAGE_SIZE = 50
COUNT_CAP = 1_000
CHUNK = 2_000

ROW_FIELDS = (
    "full_name", "nip", "golongan", "stage", "has_died", "tmt_cpns", "deadline", "deferred_until", "latsar_entries", "entries_allowed", "satker_id",
    "batch__number", "batch__ends_on",
)  # fmt: skip
"""What every row needs whatever its columns: the name, and the clock with its seat."""


@dataclass(frozen=True, slots=True)
class Head:
    label: str
    sort: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line, ready to print: the template only places the parts."""

    pk: int
    url: str
    name: str
    nip: str
    cells: list[tuple[str, str, str]]  # label, body, css


class PeopleList:
    """One page of the list with its neighbours.

    Pages are found by the keys of their first or last row, so that a deep page costs what the first one does;
    the count stops above COUNT_CAP.
    """

    def __init__(self, query: ListQuery, user: User, *, today: date, place: str = "", columns: Sequence[str] = DEFAULT) -> None:
        self.query, self.user, self.today = query, user, today
        self.columns = [(str(COLUMNS[name].label), COLUMNS[name]) for name in columns]
        self._place = place
        self._matching = query.rows(user, today)

    @cached_property
    def people(self) -> list[Participant]:
        return self._page[0]

    @property
    def heads(self) -> list[Head]:
        return [Head(label, column.sort) for label, column in self.columns]

    @cached_property
    def rows(self) -> list[Row]:
        seats = earliest_ends(self.today)
        return [_row(person, self.columns, self.today, seats) for person in self.people]

    @cached_property
    def count(self) -> int:
        return self._matching.order_by()[: COUNT_CAP + 1].count()

    @property
    def count_label(self) -> str:
        return f"{words.thousands(COUNT_CAP)}+" if self.count > COUNT_CAP else words.thousands(self.count)

    @property
    def links(self) -> PageLinks:
        people, start, has_more = self._page
        summary = _("%(first)s sampai %(last)s dari %(total)s orang") % {
            "first": words.thousands(start),
            "last": words.thousands(start + len(people) - 1),
            "total": self.count_label,
        }
        previous = {PAGE_PARAM: f"b{people[0].pk}.{max(1, start - PAGE_SIZE)}"} if start > 1 else None
        following = {PAGE_PARAM: f"s{people[-1].pk}.{start + len(people)}"} if has_more else None
        return PageLinks(summary, previous, following)

    @cached_property
    def _page(self) -> tuple[list[Participant], int, bool]:
        keys, downwards = SORTS[self.query.urut.removeprefix("-")], self.query.urut.startswith("-")
        kind, anchor, start = self._anchor(keys)
        backwards = kind == "b"
        rows = ordered(self._matching, keys, downwards=downwards != backwards)
        if anchor is not None:
            rows = rows.filter(Beyond(keys, anchor, upwards=downwards == backwards))
        wanted = {*ROW_FIELDS, *(name for _label, column in self.columns for name in column.fields)}
        joins = {"batch", *(name.rpartition("__")[0] for name in wanted if "__" in name)}
        found = list(rows.select_related(*sorted(joins)).only(*sorted(wanted))[: PAGE_SIZE + 1])
        has_more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
        if backwards:
            return found[::-1], start if has_more else 1, True
        return found, start, has_more

    def _anchor(self, keys: tuple[str, ...]) -> tuple[str, dict[str, Any] | None, int]:
        """Read "s12.51" (after person 12, counting from 51) or "b12.1" (before); a person who left the list means its first page."""
        kind, (pk_text, _dot, start_text) = self._place[:1], self._place[1:].partition(".")
        pk, start = whole_number(pk_text), whole_number(start_text)
        if kind not in {"s", "b"} or pk is None or start is None:
            return "", None, 1
        values = Participant.objects.visible_to(self.user).filter(pk=pk).values(*keys).first()
        return (kind, values, max(1, start)) if values else ("", None, 1)


def export_people(query: ListQuery, user: User, *, today: date, beside: Sequence[str] = ()) -> Iterator[Participant]:
    """Return everybody who matches, in the order of the list, a chunk at a time."""
    keys = SORTS[query.urut.removeprefix("-")]
    rows = ordered(query.rows(user, today), keys, downwards=query.urut.startswith("-"))
    return rows.select_related("satker", "province", "batch", "batch__institute", *beside).iterator(chunk_size=CHUNK)


def _row(person: Participant, columns: Sequence[tuple[str, Column]], today: date, seats: Ends) -> Row:
    clock = person_clock(person, today, seats)
    return Row(
        pk=person.pk,
        url=person.get_absolute_url(),
        name=person.full_name,
        nip=words.group_nip(person.nip),
        cells=[(label, column.cell(person, clock), column.css) for label, column in columns],
    )
