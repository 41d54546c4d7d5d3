"""Rows of a habituasi, made plainly."""

from __future__ import annotations

from datetime import date, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from aktualisasi.habituasi import Evidence, PlanChange, WeeklyReport
from aktualisasi.models import Kegiatan, Rancangan, Tahapan
from latsar.training.enums import PhaseKind
from latsar.training.models import Batch, BatchPhase, Curriculum, CurriculumValue
from tests.factories import CurriculumFactory


class EvidenceFactory(DjangoModelFactory):
    """Evidence without a file on the disk unless one is given."""

    class Meta:
        model = Evidence

    file = "bukti/tidak-ada.pdf"
    name = "foto.jpg"
    kind = "jpeg"
    size = 1000
    pages = 1
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    source_sha256 = factory.LazyAttribute(lambda o: o.sha256)
    caption = factory.Sequence(lambda n: f"Bukti {n}")


class WeeklyReportFactory(DjangoModelFactory):
    class Meta:
        model = WeeklyReport

    week = 1
    done = "Mendata arsip."


class PlanChangeFactory(DjangoModelFactory):
    class Meta:
        model = PlanChange

    kind = "change"
    reason = "Situs dipindah."


def add_phase(batch: Batch, starts_on: date, days: int = 33) -> BatchPhase:
    """Put a habituasi into a batch that has none."""
    return BatchPhase.objects.create(
        batch=batch, order=30, kind=PhaseKind.HABITUASI, name="Habituasi", starts_on=starts_on, ends_on=starts_on + timedelta(days=days - 1)
    )


def add_plan(
    rancangan: Rancangan, weeks: tuple[tuple[int, ...], ...] = ((1, 2), (3, 4)), steps: int = 2, canary: str = "", first: int = 1
) -> list[Tahapan]:
    """Give a rancangan kegiatan with tahapan, in the weeks given, numbered from `first`."""
    made = []
    for order, numbers in enumerate(weeks, first):
        kegiatan = Kegiatan.objects.create(
            rancangan=rancangan, order=order, title=f"{canary} Kegiatan {order}".strip(), weeks=list(numbers)
        )
        for n in range(1, steps + 1):
            text = f"{canary} Langkah {order}.{n}".strip()
            made.append(Tahapan.objects.create(kegiatan=kegiatan, order=n, text=text, output=f"{canary} Output {order}.{n}".strip()))
    return made


def curriculum_with_values() -> tuple[Curriculum, list[CurriculumValue]]:
    """Publish a curriculum with two values: a published one takes no more rows, and a batch keeps the one it was opened with."""
    curriculum = CurriculumFactory(published_at=None)
    values = [
        CurriculumValue.objects.create(curriculum=curriculum, name=name, order=n) for n, name in enumerate(("Akuntabel", "Kolaboratif"), 1)
    ]
    Curriculum.objects.filter(pk=curriculum.pk).update(published_at=timezone.now())
    return curriculum, values
