"""The national audit trail: what is asked for, the page of rows that answers, and the same as a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuditEntry, User
from latsar.accounts.trail import AuditEntryQuerySet
from latsar.dashboard.recent import VERBS
from latsar.dashboard.trail import KINDS, Line, kind_name, lines
from latsar.reports.writers import Column, write_xlsx
from latsar.satker.models import Satker, SatkerKind
from latsar.ui import words
from latsar.ui.listing import PAGE_PARAM, PageLinks

READERS = (Role.PKSDM, Role.PIMPINAN)
PAGE_SIZE = 50
EXPORT_LIMIT = 20_000
CHUNK = 1_000
ACTORS = 200  # people whose name matches; beyond it the name says too little


@dataclass(frozen=True, slots=True)
class TrailQuery:
    """The filters, under the names they have in the address."""

    q: str = ""
    pelaku: str = ""
    tindakan: str = ""
    jenis: str = ""
    provinsi: str = ""
    dari: str = ""
    sampai: str = ""

    @classmethod
    def read(cls, data: QueryDict) -> TrailQuery:
        return cls(**{name.name: data.get(name.name, "").strip()[:80] for name in fields(cls)})

    def rows(self, user: User) -> AuditEntryQuerySet:
        """Return the visible rows that match; a day that is no day is left out, as `problems` says."""
        return AuditEntry.objects.visible_to(user).filter(self._condition(user))

    def problems(self) -> dict[str, str]:
        """Return what cannot be read, by field."""
        wrong = _("Tulis tanggalnya lengkap, misalnya 2026-02-09.")
        found = {name: wrong for name in ("dari", "sampai") if getattr(self, name) and _day(getattr(self, name)) is None}
        first, last = _day(self.dari), _day(self.sampai)
        if first and last and first > last:
            found["sampai"] = _("Tanggal akhir mendahului tanggal mulai.")
        return found

    def _condition(self, user: User) -> Q:
        condition = Q()
        if self.q:
            condition &= Q(object_label__icontains=self.q) | Q(request_id=self.q)
        if self.pelaku:
            people = User.objects.visible_to(user).filter(Q(full_name__icontains=self.pelaku) | Q(username__startswith=_login(self.pelaku)))
            condition &= Q(actor_id__in=list(people.values_list("pk", flat=True)[:ACTORS]))
        if self.tindakan:
            condition &= Q(verb__in=_verbs().get(self.tindakan, ["?"]))
        if self.jenis:
            condition &= Q(model=KINDS.get(self.jenis, "?"))
        if self.provinsi:
            condition &= Q(province__code=self.provinsi)
        if first := _day(self.dari):
            condition &= Q(at__gte=_midnight(first))
        if last := _day(self.sampai):
            condition &= Q(at__lt=_midnight(last + timedelta(days=1)))
        return condition

    def address(self, **changes: str) -> str:
        """Return the query string of this list with `changes`; empty values stay out."""
        data = QueryDict(mutable=True)
        for name in fields(self):
            if value := changes.get(name.name, getattr(self, name.name)):
                data[name.name] = value
        return f"?{data.urlencode()}"


class TrailList:
    """One page, found by the number of its first or last row, so that a deep page costs what the first one does."""

    def __init__(self, query: TrailQuery, user: User, *, place: str = "") -> None:
        self.query, self.user, self._place = query, user, place

    @cached_property
    def rows(self) -> list[Line]:
        return lines(self._page[0], self.user)

    @property
    def links(self) -> PageLinks:
        entries, start, has_more = self._page
        summary = _("Baris %(first)s sampai %(last)s, terbaru di atas") % {
            "first": words.thousands(start),
            "last": words.thousands(start + len(entries) - 1),
        }
        previous = {PAGE_PARAM: f"b{entries[0].pk}.{max(1, start - PAGE_SIZE)}"} if start > 1 else None
        following = {PAGE_PARAM: f"s{entries[-1].pk}.{start + len(entries)}"} if has_more else None
        return PageLinks(summary, previous, following)

    @cached_property
    def _page(self) -> tuple[list[AuditEntry], int, bool]:
        kind, (pk, _dot, start) = self._place[:1], self._place[1:].partition(".")
        backwards = kind == "b"
        rows = self.query.rows(self.user).select_related("actor").order_by("pk" if backwards else "-pk")
        first = 1
        if kind in ("s", "b") and pk.isdigit() and start.isdigit():
            rows = rows.filter(pk__gt=int(pk)) if backwards else rows.filter(pk__lt=int(pk))
            first = max(1, int(start))
        found = list(rows[: PAGE_SIZE + 1])
        has_more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
        if backwards:
            return found[::-1], first if has_more else 1, True
        return found, first, has_more


@dataclass(frozen=True, slots=True)
class Select:
    """One select of the filter menu."""

    name: str
    label: str
    every: str
    options: list[tuple[str, str]]
    value: str


def selects(query: TrailQuery, user: User) -> list[Select]:
    """Describe the selects with what this person can choose."""
    provinces = Satker.objects.visible_to(user).filter(kind__in=[SatkerKind.PROVINCE, SatkerKind.SETJEN])
    verbs = sorted(((key, str(VERBS[key])) for key in _verbs()), key=lambda choice: choice[1])
    kinds = [(slug, _capital(kind_name(label))) for slug, label in KINDS.items()]
    return [
        Select("tindakan", _("Tindakan"), _("Semua tindakan"), verbs, query.tindakan),
        Select("jenis", _("Jenis data"), _("Semua jenis"), kinds, query.jenis),
        Select("provinsi", _("Provinsi"), _("Semua provinsi"), list(provinces.values_list("code", "name")), query.provinsi),
    ]


def chips(query: TrailQuery, menu: list[Select]) -> list[tuple[str, str]]:
    """Return (label, address without it) for each filter in force."""
    said = {
        "q": _('Cari "%(text)s"') % {"text": query.q},
        "pelaku": _("Pelaku: %(name)s") % {"name": query.pelaku},
        "dari": _("Sejak %(day)s") % {"day": _said_day(query.dari)},
        "sampai": _("Sampai %(day)s") % {"day": _said_day(query.sampai)},
        **{field.name: dict(field.options).get(field.value, field.value) for field in menu},
    }
    return [(said[name.name], query.address(**{name.name: ""})) for name in fields(query) if getattr(query, name.name)]


@transaction.atomic
def export_trail(stream: BinaryIO, *, query: TrailQuery, by: User) -> int:
    """Write the matching rows as a workbook and record that; return how many. Raises Refused above EXPORT_LIMIT."""
    rows = query.rows(by).select_related("actor").order_by("-pk")
    if len(rows.values_list("pk")[: EXPORT_LIMIT + 1]) > EXPORT_LIMIT:
        limit = words.thousands(EXPORT_LIMIT)
        raise Refused(_("Lebih dari %(limit)s baris. Persempit saringannya, misalnya menurut tanggal.") % {"limit": limit})
    columns = [
        Column(_("Waktu"), 18, "datetime"),
        Column(_("Pelaku"), 34),
        Column(_("NIP atau nama akun"), 22),
        Column(_("Peran"), 34),
        Column(_("Tindakan"), 24),
        Column(_("Jenis data"), 18),
        Column(_("Data"), 36),
        Column(_("Perubahan"), 60),
        Column(_("Catatan"), 40),
        Column(_("Permintaan"), 20),
        Column(_("Alamat IP"), 18),
    ]
    titles = [_("Jejak audit"), _("Per %(day)s") % {"day": words.long_date(timezone.localdate())}]
    written = write_xlsx(stream, sheet=_("Jejak audit"), columns=columns, rows=_cells(rows, by), titles=titles)
    note = _("Jejak audit, %(count)s baris, %(filters)s") % {"count": words.thousands(written.rows), "filters": query.address()}
    audit.record(verb="export", obj=by, by=by, note=note)
    return written.rows


def _cells(rows: AuditEntryQuerySet, by: User) -> Iterator[list[Any]]:
    held: list[AuditEntry] = []
    for entry in rows[:EXPORT_LIMIT].iterator(chunk_size=CHUNK):
        held.append(entry)
        if len(held) == CHUNK:
            yield from _written(held, by)
            held = []
    yield from _written(held, by)


def _written(entries: list[AuditEntry], by: User) -> Iterator[list[Any]]:
    for line in lines(entries, by):
        changes = "; ".join(f"{one.label}: {one.old} → {one.new}" if line.shows_values else one.label for one in line.changes)
        yield [line.at, line.actor, line.login, line.standing, line.verb, line.kind, line.label, changes, line.note, line.request_id, line.client_ip]  # fmt: skip


def _verbs() -> dict[str, list[str]]:
    """Put verbs that read alike together under the first of them."""
    alike: dict[str, list[str]] = {}
    for verb, word in VERBS.items():
        alike.setdefault(str(word), []).append(verb)
    return {verbs[0]: verbs for verbs in alike.values()}


def _login(text: str) -> str:
    digits = text.replace(" ", "").replace(".", "")
    return digits if digits.isdigit() else text.lower()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _said_day(text: str) -> str:
    day = _day(text)
    return words.long_date(day) if day else text


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
