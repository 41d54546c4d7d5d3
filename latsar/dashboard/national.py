"""What the national page and a province's page show. The numbers about people come from above, as a Picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant, User
from latsar.satker.models import Satker, SatkerKind
from latsar.ui import charts, words
from latsar.ui.components import Figure

READERS = (Role.PKSDM, Role.PIMPINAN, Role.ADMIN_PROVINSI)
PROVINCE_KINDS = (SatkerKind.PROVINCE, SatkerKind.SETJEN)
RANKED = 7  # provinces beside the map


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that the map can show; `spoken` follows a number in a sentence."""

    key: str
    label: str | Promise
    spoken: str | Promise
    level: str = ""
    icon: str = ""


MEASURES = {
    measure.key: measure
    for measure in (
        Measure("belum", gettext_lazy("Belum dapat kursi"), gettext_lazy("belum dapat kursi")),
        Measure("kritis", gettext_lazy("Kritis"), gettext_lazy("kritis"), "bad"),
        Measure("latsar", gettext_lazy("Sedang Latsar"), gettext_lazy("sedang Latsar")),
        Measure("lulus", gettext_lazy("Lulus"), gettext_lazy("lulus"), "ok", "mortarboard"),
    )
}
FIRST_MEASURE = "belum"


@dataclass(frozen=True, slots=True)
class Line:
    """The counts of one unit and the addresses of their rows; the key "" is everybody."""

    name: str
    code: str
    counts: Mapping[str, int]
    urls: Mapping[str, str]
    units: int = 1
    is_setjen: bool = False

    @property
    def total(self) -> int:
        return self.counts[""]

    @property
    def people_url(self) -> str:
        return self.urls[""]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One unit under the chosen measure."""

    line: Line
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Month:
    """Up to and including `day`: people whose probation ends, and seats whose training ends."""

    day: date
    demand: int
    seats: int

    @property
    def gap(self) -> int:
        """Seats that are missing, below zero when there are more than needed."""
        return self.demand - self.seats


@dataclass(frozen=True, slots=True)
class Attention:
    """What somebody should look at in a batch."""

    text: str
    level: str = "warn"


@dataclass(frozen=True, slots=True)
class BatchLine:
    title: str
    note: str
    url: str
    phase: str
    people: int
    people_url: str
    ends_on: date
    attention: Attention | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything one page says about the people of an area; `lines` are its provinces or its satker."""

    total: Line
    lines: Sequence[Line]
    funnel: Sequence[charts.Bar]
    buckets: Sequence[charts.Bar]
    clock_people: int
    batches: Sequence[BatchLine]
    batch_count: int
    months: Sequence[Month] = field(default_factory=tuple)


def figures(picture: Picture) -> list[Figure]:
    """Turn the measures of an area into the head of its page."""
    everybody = picture.total.total
    share = _("%(share)s dari semua CPNS")
    notes = {
        "belum": share % {"share": words.percent(picture.total.counts["belum"], everybody)},
        "kritis": _("batas dekat atau kursi terlambat"),
        "latsar": _("di %(count)s angkatan") % {"count": words.thousands(picture.batch_count)},
        "lulus": share % {"share": words.percent(picture.total.counts["lulus"], everybody)},
    }
    return [
        Figure(str(m.label), picture.total.counts[m.key], notes[m.key], picture.total.urls[m.key], m.level, m.icon)
        for m in MEASURES.values()
    ]


def provinces(picture: Picture) -> list[Line]:
    return [line for line in picture.lines if not line.is_setjen]


def ranked(line: Line, measure: Measure) -> Ranked:
    return Ranked(line, line.counts[measure.key], line.urls[measure.key])


def ranking(picture: Picture, measure: Measure) -> list[Ranked]:
    """List the provinces with most people of a measure; those without any are left out."""
    rows = sorted((ranked(line, measure) for line in provinces(picture)), key=lambda row: (-row.count, row.line.code))
    return [row for row in rows[:RANKED] if row.count]


def tiles(picture: Picture, measure: Measure) -> tuple[list[charts.Tile], charts.Scale]:
    """Place the provinces on the map; each tile leads into its province."""
    lines = provinces(picture)
    scale = charts.five_steps(line.counts[measure.key] for line in lines)
    return [
        charts.Tile(line.code, line.counts[measure.key], province_url(line.code), scale.step(line.counts[measure.key]), line.name)
        for line in lines
    ], scale


def province_url(code: str) -> str:
    return reverse("dashboard_province", args=[code])


def columns(picture: Picture) -> list[charts.Group]:
    return [
        charts.Group(words.day_and_month(month.day), month.demand, month.seats, f"{words.day_and_month(month.day)} {month.day.year}")
        for month in picture.months
    ]


def shortage(picture: Picture) -> Month | None:
    """Return the last month whose demand is above its seats."""
    return next((month for month in reversed(picture.months) if month.gap > 0), None)


def short_name(unit: Satker) -> str:
    """Name a province without its office, as a map does."""
    return unit.province_name if unit.kind == SatkerKind.PROVINCE and unit.province_name else unit.name


def measure_of(key: str) -> Measure:
    """Return the measure that an address names, else the first."""
    return MEASURES.get(key, MEASURES[FIRST_MEASURE])


def own_province(user: User, grant: RoleGrant | None) -> Satker | None:
    """Return the province of somebody who acts for one; who also works for the country chooses by role."""
    if grant is not None and grant.role == Role.ADMIN_PROVINSI:
        return grant.satker
    if user.scope.nation:
        return None
    return next((own.satker for own in user.valid_grants if own.role == Role.ADMIN_PROVINSI), None)


def country_context(picture: Picture, measure: Measure) -> dict[str, Any]:
    """Return what the national page shows under the chosen measure."""
    map_tiles, scale = tiles(picture, measure)
    setjen = next((line for line in picture.lines if line.is_setjen), None)
    return _context(picture, measure) | {
        "tiles": map_tiles,
        "scale": scale,
        "ranking": ranking(picture, measure),
        "setjen": ranked(setjen, measure) if setjen else None,
        "lines": [*provinces(picture), *([setjen] if setjen else [])],
        "columns": columns(picture),
        "series": (_("Kebutuhan"), _("Kursi yang selesai tepat waktu")),
        "shortage": shortage(picture),
    }


def province_context(picture: Picture, measure: Measure, province: Satker) -> dict[str, Any]:
    return _context(picture, measure) | {"province": province, "name": short_name(province), "lines": picture.lines}


def _context(picture: Picture, measure: Measure) -> dict[str, Any]:
    return {
        "picture": picture,
        "total": picture.total,
        "figures": figures(picture),
        "measures": MEASURES.values(),
        "measure": measure,
        "now": timezone.now(),
        "today": timezone.localdate(),
    }
