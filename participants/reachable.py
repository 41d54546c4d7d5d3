"""The earliest seat that somebody without one could still reach."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Min

from latsar.training.enums import BatchStage, GolonganGroup
from latsar.training.models import Batch
from latsar.training.tables import seats_taken

Ends = dict[str, date]
"""Golongan group -> last day of the open angkatan with a free seat that ends first."""


def earliest_ends(today: date) -> Ends:
    """Look over the open angkatan of the whole country, one query: PKSDM places across provinces."""
    offered = Batch.objects.filter(stage=BatchStage.OPEN, starts_on__gte=today).order_by()
    free = offered.annotate(taken=seats_taken()).filter(taken__lt=F("capacity"))
    return dict(Batch.objects.filter(pk__in=free.values("pk")).order_by().values_list("golongan").annotate(end=Min("ends_on")))


def end_for(golongan: str, ends: Ends) -> date | None:
    """Return the end of the earliest seat for a golongan ruang such as III/a, of its own group or a mixed one."""
    found = [ends[group] for group in (golongan.split("/", maxsplit=1)[0], GolonganGroup.MIXED) if group in ends]
    return min(found, default=None)
