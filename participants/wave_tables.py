"""Waves with their angkatan: seats, people, days, and who would be late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.utils.safestring import SafeString

from latsar.accounts.models import User
from latsar.training import tables
from latsar.training.models import Batch, Wave
from latsar.ui import charts, words
from participants.enums import SEATED
from participants.models import Participant


@dataclass(frozen=True)
class WaveRow:
    """One wave in figures; `late` are people whose probation ends before their angkatan."""

    wave: Wave
    batches: int
    seats: int
    taken: int
    bar: SafeString
    days: str
    late: int
    stages: str


@dataclass(frozen=True)
class WaveBatch:
    batch: Batch
    taken: int
    bar: SafeString
    pill: SafeString
    days: str
    late: int


def years_of(user: User) -> list[int]:
    """The years in which the person sees waves, newest first."""
    seen = Batch.objects.visible_to(user).filter(wave__isnull=False)
    return sorted(seen.order_by().values_list("wave__year", flat=True).distinct(), reverse=True)


def wave_rows(user: User, year: int) -> list[WaveRow]:
    """The waves of a year with what the person sees of them; four queries whatever their number."""
    batches = list(
        Batch.objects.visible_to(user).filter(wave__year=year).select_related("wave").order_by("wave__number", "starts_on", "pk")
    )
    taken, late = tables.taken_seats(batches), late_people(user, batches)
    by_wave: dict[Wave, list[Batch]] = defaultdict(list)
    for batch in batches:
        assert batch.wave is not None
        by_wave[batch.wave].append(batch)
    return [_row(wave, own, taken, late) for wave, own in by_wave.items()]


def wave_batches(user: User, wave: Wave) -> list[WaveBatch]:
    """The angkatan of one wave; three queries."""
    batches = list(
        Batch.objects.visible_to(user).filter(wave=wave).select_related("institute").order_by("starts_on", "institute", "number")
    )
    taken, late = tables.taken_seats(batches), late_people(user, batches)
    return [
        WaveBatch(
            batch,
            taken[batch.pk],
            charts.bar(taken[batch.pk], batch.capacity),
            tables.stage_pill(batch),
            words.date_range(batch.starts_on, batch.ends_on),
            late.get(batch.pk, 0),
        )
        for batch in batches
    ]


def late_people(user: User, batches: Sequence[Batch]) -> dict[int, int]:
    """Count the people of each angkatan whose probation ends before it does; one query."""
    rows: QuerySet[Participant] = Participant.objects.visible_to(user).filter(
        Q(stage__in=SEATED), batch__in=[batch.pk for batch in batches]
    )
    return dict(rows.filter(deadline__lt=F("batch__ends_on")).order_by().values_list("batch_id").annotate(n=Count("pk")))


def _row(wave: Wave, batches: Sequence[Batch], taken: dict[int, int], late: dict[int, int]) -> WaveRow:
    seats, held = sum(batch.capacity for batch in batches), sum(taken[batch.pk] for batch in batches)
    counts: dict[str, int] = defaultdict(int)
    for batch in batches:
        counts[str(batch.get_stage_display()).lower()] += 1
    return WaveRow(
        wave=wave,
        batches=len(batches),
        seats=seats,
        taken=held,
        bar=charts.bar(held, seats),
        days=_days(batches),
        late=sum(late.get(batch.pk, 0) for batch in batches),
        stages=", ".join(f"{n} {name}" for name, n in counts.items()),
    )


def _days(batches: Sequence[Batch]) -> str:
    first: date = min(batch.starts_on for batch in batches)
    last: date = max(batch.ends_on for batch in batches)
    return words.date_range(first, last)
