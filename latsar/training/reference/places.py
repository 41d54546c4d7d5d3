"""Institutes, money and the issuer of documents."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.db.models import Model

from latsar.documents.models import Issuer, NumberSeries
from latsar.satker.models import Satker, SatkerKind
from latsar.training.models import EntryGolongan, Institute, SbmRate, Tariff
from latsar.training.reference.files import table, toml

SBM_YEAR = 2026


def steps(year: int) -> tuple[tuple[str, type[Model], Callable[[], None]], ...]:
    return (
        ("lembaga pelatihan", Institute, load_institutes),
        ("tarif", Tariff, load_tariffs),
        ("uang harian SBM", SbmRate, load_rates),
        ("golongan menurut pendidikan", EntryGolongan, load_entry_golongan),
        ("penerbit dokumen", Issuer, load_issuer),
        ("seri nomor", NumberSeries, partial(load_series, year)),
    )


def _provinces() -> dict[str, int]:
    return dict(Satker.objects.filter(kind=SatkerKind.PROVINCE).values_list("code", "pk"))


def load_institutes() -> None:
    """Create missing institutes."""
    provinces = _provinces()
    known = set(Institute.objects.values_list("code", flat=True))
    Institute.objects.bulk_create(
        Institute(province_id=provinces.get(row["province"]), **{name: row[name] for name in ("code", "name", "city")})
        for row in toml("places.toml")["institute"]
        if row["code"] not in known
    )


def load_tariffs() -> None:
    """Create missing national tariffs. Ref: PNBP LAN 2021."""
    known = set(Tariff.objects.filter(institute=None).values_list("method", "year"))
    Tariff.objects.bulk_create(Tariff(**row) for row in toml("places.toml")["tariff"] if (row["method"], row["year"]) not in known)


def load_rates() -> None:
    """Create missing rates per province; a figure the source does not have stays empty. Ref: PMK 32/2025."""
    provinces = _provinces()
    known = set(SbmRate.objects.filter(year=SBM_YEAR).values_list("province_id", flat=True))
    SbmRate.objects.bulk_create(
        SbmRate(
            province_id=provinces[row["kode_provinsi"]],
            year=SBM_YEAR,
            training_day=_rupiah(row["diklat_rp"]),
            out_of_town=_rupiah(row["luar_kota_rp"]),
            in_town_8h=_rupiah(row["dalam_kota_8_jam_rp"]),
        )
        for row in table("training", "sbm_2026_uang_harian.csv")
        if provinces[row["kode_provinsi"]] not in known
    )


def load_entry_golongan() -> None:
    """Create the pairs of an education that has none; where PKSDM changed one, all of it is theirs."""
    known = set(EntryGolongan.objects.values_list("education", flat=True))
    EntryGolongan.objects.bulk_create(
        EntryGolongan(education=education, golongan=golongan)
        for education, allowed in toml("places.toml")["entry_golongan"].items()
        if education not in known
        for golongan in allowed
    )


def _rupiah(text: str) -> int | None:
    return int(text) if text else None


def load_issuer() -> None:
    """Create the issuer once; its signer is a sample that PKSDM replaces."""
    issuer = toml("places.toml")["issuer"]
    Issuer.objects.get_or_create(name=issuer["name"], defaults=issuer)


def load_series(year: int) -> None:
    """Open the number series of this year."""
    for row in toml("places.toml")["series"]:
        NumberSeries.objects.get_or_create(kind=row["kind"], year=year, defaults={"pattern": row["pattern"]})
