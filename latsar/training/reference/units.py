"""The 553 units with parent, province and time zone."""

from __future__ import annotations

from collections.abc import Callable

from latsar.satker.models import Satker, SatkerKind, Zone
from latsar.training.reference.files import table

WITA = frozenset({"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"})
WIT = frozenset({"81", "82", "91", "92", "93", "94", "95", "96"})
"""Region codes of the provinces east of WIB. Ref: Keppres 41/1987, with the provinces split off since."""


def zone_of(code: str) -> str:
    """Tell the time zone from the province part of a region code."""
    province = code[:2]
    return Zone.WITA if province in WITA else Zone.WIT if province in WIT else Zone.WIB


def steps() -> tuple[tuple[str, type[Satker], Callable[[], None]], ...]:
    return (("satker", Satker, load_units),)


def load_units() -> None:
    """Add missing units level by level; names and parents of existing units stay as they are."""
    rows = table("satker", "satker.csv")
    known = dict(Satker.objects.values_list("code", "pk"))
    for kind in (SatkerKind.SETJEN, SatkerKind.PROVINCE, SatkerKind.REGENCY):
        Satker.objects.bulk_create(
            [_unit(row, known) for row in rows if row["jenis"] == kind and row["kode_wilayah"] not in known], batch_size=500
        )
        known = dict(Satker.objects.values_list("code", "pk"))
    _point_heads_at_themselves()


def _unit(row: dict[str, str], known: dict[str, int]) -> Satker:
    parent = known.get(row["kode_induk"])
    return Satker(
        code=row["kode_wilayah"],
        name=row["nama"],
        kind=row["jenis"],
        parent_id=parent,
        province_id=parent if row["jenis"] == SatkerKind.REGENCY else None,
        province_name=row["provinsi"],
        zone=zone_of(row["kode_wilayah"]),
    )


def _point_heads_at_themselves() -> None:
    """A province office, and the Secretariat General, belong to themselves, so that one column scopes everybody."""
    heads = list(Satker.objects.filter(province=None).exclude(kind=SatkerKind.REGENCY))
    for head in heads:
        head.province_id = head.pk
    Satker.objects.bulk_update(heads, ["province"])
