"""What a seat costs per person, as far as it is known: tariff of the institute and uang harian for the days in person.

Transport and the mentor's cost are not known to the portal and not in it. Ref: PMK 32/2025 (SBM 2026).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from latsar.training.enums import Method
from latsar.training.models import SbmRate, Tariff
from participants.planning.plans import PlanOffer

IN_PERSON = frozenset({Method.KLASIKAL, Method.ON_OFF_CAMPUS, Method.BLENDED})


@dataclass(frozen=True)
class Prices:
    """Tariffs by (institute or None, method, year) and uang harian by (province, year)."""

    tariffs: dict[tuple[int | None, str, int], int]
    daily: dict[tuple[int, int], int]

    @classmethod
    def read(cls) -> Prices:
        tariffs = Tariff.objects.values_list("institute_id", "method", "year", "amount")
        daily = SbmRate.objects.filter(training_day__isnull=False).values_list("province_id", "year", "training_day")
        return cls(
            {(institute, method, year): amount for institute, method, year, amount in tariffs},
            {(province, year): amount or 0 for province, year, amount in daily},
        )

    def per_person(self, offer: PlanOffer) -> int | None:
        """Rupiah for one person, None when the tariff, the rate or the days are not known."""
        tariff = self._latest_tariff(offer)
        if tariff is None:
            return None
        if offer.method not in IN_PERSON:
            return tariff
        rate = self._latest_rate(offer)
        return None if rate is None or offer.face_days is None else tariff + rate * offer.face_days

    def _latest_tariff(self, offer: PlanOffer) -> int | None:
        for institute in (offer.institute_id, None):
            years = [
                year for one, method, year in self.tariffs if (one, method) == (institute, offer.method) and year <= offer.starts_on.year
            ]
            if years:
                return self.tariffs[institute, offer.method, max(years)]
        return None

    def _latest_rate(self, offer: PlanOffer) -> int | None:
        years = [year for province, year in self.daily if province == offer.province_id and year <= offer.starts_on.year]
        return self.daily[offer.province_id, max(years)] if years and offer.province_id else None


def total_cost(counts: Iterable[tuple[PlanOffer, int]]) -> tuple[int, int]:
    """Rupiah for so many people on each offer, and for how many of them nothing is known."""
    known = unknown = 0
    for offer, people in counts:
        if offer.cost is None:
            unknown += people
        else:
            known += offer.cost * people
    return known, unknown
