"""The list of participants: what is asked for, in which order, and the page of rows that answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.satker.models import Satker, SatkerKind
from latsar.training.enums import BatchStage
from latsar.training.models import Batch
from latsar.ui import words
from latsar.ui.components import clock as clock_face
from latsar.ui.listing import PAGE_PARAM, PageLinks
from participants.clock import BUCKETS, PersonClock, clock_of
from participants.enums import LEFT, REACHED, UNSEATED, Golongan, Stage
from participants.faces import seat_face, stage_face
from participants.groups import CLOCK_LEVELS, STAGE_GROUPS, clock_q, stage_q
from participants.models import Participant
from participants.people import ParticipantQuerySet
from participants.reachable import Ends, earliest_ends, end_for

PAGE_SIZE = 50
COUNT_CAP = 1_000
BATCH_CHOICES = 60

SORTS: dict[str, tuple[str, ...]] = {
    "nama": ("full_name", "pk"),
    "batas": ("deadline", "pk"),
    "tahap": ("stage_rank", "deadline", "pk"),
    "satker": ("satker_id", "full_name", "pk"),  # in the order of the region codes, without a join
}
DEFAULT_SORT = "nama"
STAGE_RANKS = {stage: number for number, stage in enumerate((Stage.RETURNED, *REACHED, Stage.DEFERRED, *LEFT), start=1)}
LIST_FIELDS = ("full_name", "nip", "golongan", "stage", "tmt_cpns", "deadline", "satker__name", "batch__number", "batch__ends_on")


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
    urut: str = DEFAULT_SORT

    @classmethod
    def read(cls, data: QueryDict) -> ListQuery:
        """Read an address; an order that does not exist falls back to the default."""
        found = cls(**{name.name: data.get(name.name, "").strip()[:80] for name in fields(cls)})
        return found if found.urut.removeprefix("-") in SORTS else replace(found, urut=DEFAULT_SORT)

    def rows(self, user: User, today: date) -> ParticipantQuerySet:
        """Return the visible people that match, in no order yet."""
        return Participant.objects.visible_to(user).search(self.q).filter(self._condition(user, today))

    def _condition(self, user: User, today: date) -> Q:
        condition = Q()
        if self.provinsi:
            condition &= Q(province_id__in=Satker.objects.visible_to(user).filter(code=self.provinsi).values("pk"))
        if self.satker:
            condition &= Q(satker_id__in=Satker.objects.visible_to(user).filter(code=self.satker).values("pk"))
        if self.tahap:
            condition &= stage_q(self.tahap)
        if self.golongan:
            condition &= Q(golongan=self.golongan)
        if self.batas:
            condition &= clock_q(self.batas, today)
        if self.angkatan:
            condition &= Q(batch_id=self.angkatan) if self.angkatan.isdigit() else Q(pk__in=[])
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


@dataclass(frozen=True, slots=True)
class Row:
    """One line, ready to print: the template only places the parts."""

    pk: int
    url: str
    name: str
    nip: str
    satker: str
    golongan: str
    stage: SafeString
    clock: SafeString
    seat: SafeString


class PeopleList:
    """One page of the list with its neighbours.

    Pages are found by the keys of their first or last row, so that a deep page costs what the first one does;
    the count stops above COUNT_CAP.
    """

    def __init__(self, query: ListQuery, user: User, *, today: date, place: str = "") -> None:
        self.query, self.user, self.today = query, user, today
        self._place = place
        self._matching = query.rows(user, today)

    @cached_property
    def people(self) -> list[Participant]:
        return self._page[0]

    @cached_property
    def rows(self) -> list[Row]:
        seats = earliest_ends(self.today) if self.people else {}
        return [_row(person, self.today, seats) for person in self.people]

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
        rows = _ordered(self._matching, keys, downwards=downwards != backwards)
        if anchor is not None:
            rows = rows.filter(_beyond(keys, anchor, upwards=downwards == backwards))
        found = list(rows.select_related("satker", "batch").only(*LIST_FIELDS)[: PAGE_SIZE + 1])
        has_more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
        if backwards:
            return found[::-1], start if has_more else 1, True
        return found, start, has_more

    def _anchor(self, keys: tuple[str, ...]) -> tuple[str, dict[str, Any] | None, int]:
        """Read "s12.51" (after person 12, counting from 51) or "b12.1" (before); a person who left the list means its first page."""
        kind, (pk, _dot, start) = self._place[:1], self._place[1:].partition(".")
        if kind not in {"s", "b"} or not pk.isdigit() or not start.isdigit():
            return "", None, 1
        values = _ranked(Participant.objects.visible_to(self.user), keys).filter(pk=pk).values(*keys).first()
        return (kind, values, max(1, int(start))) if values else ("", None, 1)


def export_people(query: ListQuery, user: User, *, today: date, limit: int) -> Iterator[Participant]:
    """Return everybody who matches, in the order of the list, at most `limit`."""
    keys = SORTS[query.urut.removeprefix("-")]
    rows = _ordered(query.rows(user, today), keys, downwards=query.urut.startswith("-"))
    return iter(rows.select_related("satker", "province", "batch", "batch__institute")[:limit])


def filter_choices(query: ListQuery, user: User) -> dict[str, list[tuple[str, str]]]:
    """Return the choices of each filter that this person can use, as (value, label)."""
    units = Satker.objects.visible_to(user)
    provinces: list[tuple[str, str]] = []
    if user.scope.nation:
        provinces = list(units.filter(kind__in=[SatkerKind.PROVINCE, SatkerKind.SETJEN]).values_list("code", "name"))
        units = units.filter(province__code=query.provinsi) if query.provinsi else units.filter(code=query.satker)
    satker = list(units.values_list("code", "name"))
    live = Q(stage__in=[BatchStage.OPEN, BatchStage.RUNNING])
    if query.angkatan.isdigit():
        live |= Q(pk=query.angkatan)
    batches = Batch.objects.visible_to(user).filter(live).select_related("institute").distinct()[:BATCH_CHOICES]
    return {
        "provinsi": provinces,
        "satker": satker if len(satker) > 1 or query.satker else [],
        "tahap": [*((group.key, str(group.label)) for group in STAGE_GROUPS), *((value, str(label)) for value, label in Stage.choices)],
        "golongan": list(Golongan.choices),
        "batas": [(bucket.key, str(bucket.label)) for bucket in (*BUCKETS, *CLOCK_LEVELS)],
        "angkatan": [(str(batch.pk), f"{batch.label} {batch.year}, {batch.institute}") for batch in batches],
    }


def active_filters(query: ListQuery, choices: dict[str, list[tuple[str, str]]]) -> list[tuple[str, str]]:
    """Return (label, address without it) for each filter in force."""
    chips = [(_('Cari "%(text)s"') % {"text": query.q}, query.address(q=""))] if query.q else []
    for name, options in choices.items():
        value = getattr(query, name)
        if value:
            chips.append((dict(options).get(value, value), query.address(**{name: ""})))
    return chips


def person_clock(person: Participant, today: date, seats: Ends | None = None) -> PersonClock:
    """Read the clock of a person whose batch is loaded, against the earliest free seats when they are given."""
    ends_on = person.batch.ends_on if person.batch is not None else None
    reachable = end_for(person.golongan, seats) if seats and person.stage in UNSEATED else None
    return clock_of(person.deadline, today, ends_on, stage=person.stage, reachable_on=reachable, since=person.tmt_cpns)


def _row(person: Participant, today: date, seats: Ends) -> Row:
    clock = person_clock(person, today, seats)
    return Row(
        pk=person.pk,
        url=person.get_absolute_url(),
        name=person.full_name,
        nip=words.group_nip(person.nip),
        satker=person.satker.name,
        golongan=person.golongan,
        stage=stage_face(person),
        clock=clock_face(clock.face),
        seat=seat_face(person, clock),
    )


def _ranked(rows: ParticipantQuerySet, keys: tuple[str, ...]) -> ParticipantQuerySet:
    if "stage_rank" not in keys:
        return rows
    whens = [When(stage=stage, then=Value(rank)) for stage, rank in STAGE_RANKS.items()]
    return rows.annotate(stage_rank=Case(*whens, output_field=IntegerField()))


def _ordered(rows: ParticipantQuerySet, keys: tuple[str, ...], *, downwards: bool) -> ParticipantQuerySet:
    return _ranked(rows, keys).order_by(*(f"-{key}" if downwards else key for key in keys))


def _beyond(keys: tuple[str, ...], anchor: dict[str, Any], *, upwards: bool) -> Q:
    """Rows that come after the anchor in the order of the keys; the first condition alone is what an index can use."""
    sign = "gt" if upwards else "lt"
    condition = Q()
    for number, key in enumerate(keys):
        condition |= Q(**{name: anchor[name] for name in keys[:number]}, **{f"{key}__{sign}": anchor[key]})
    return Q(**{f"{keys[0]}__{sign}e": anchor[keys[0]]}) & condition


@dataclass(frozen=True, slots=True)
class FilterField:
    """One select of the filter menu."""

    name: str
    label: str
    every: str
    options: list[tuple[str, str]]
    value: str


def filter_fields(query: ListQuery, choices: dict[str, list[tuple[str, str]]]) -> list[FilterField]:
    """Describe the selects that have something to choose."""
    labels = {
        "provinsi": (_("Provinsi"), _("Semua provinsi")),
        "satker": (_("Satker"), _("Semua satker")),
        "tahap": (_("Tahap"), _("Semua tahap")),
        "batas": (_("Batas masa percobaan"), _("Semua batas")),
        "golongan": (_("Golongan"), _("Semua golongan")),
        "angkatan": (_("Angkatan"), _("Semua angkatan")),
    }
    return [FilterField(name, *labels[name], choices[name], getattr(query, name)) for name in labels if choices[name]]


def quick_filters(query: ListQuery) -> list[tuple[str, str, str, bool]]:
    """Return the ready-made filters as (label, address, icon, whether in force)."""
    empty = ListQuery(urut=query.urut)
    offers = [
        (_("Semua"), empty, ""),
        (_("30 hari atau kurang"), replace(empty, batas="1-30", urut="batas"), "clock"),
        (_("Lewat batas"), replace(empty, batas="lewat", urut="batas"), "exclamation-triangle-fill"),
        (_("Dikembalikan"), replace(empty, tahap=Stage.RETURNED), "arrow-counterclockwise"),
        (_("Belum ada kursi"), replace(empty, tahap=Stage.APPROVED, urut="batas"), "calendar-plus"),
    ]
    return [(label, offer.address(), symbol, offer == query) for label, offer, symbol in offers]
