"""Batches of the story, laid out by the real layout over the real calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from latsar.accounts.models import User
from latsar.bulk import insert_rows
from latsar.training.calendar import WorkCalendar
from latsar.training.enums import BatchStage, GolonganGroup, Method
from latsar.training.layout import lay_out
from latsar.training.models import Batch, BatchPhase, Curriculum, Institute, PhaseTemplate, RegulationScheme, Seat, Wave
from latsar.training.services.phases import phase_rows

GROUPS = 4
REGION = {
    "1": "bpsdm-sumut",
    "3": "ppsdm-jakarta",
    "5": "bpsdm-bali",
    "6": "bpsdm-kaltim",
    "7": "bpsdm-sulsel",
    "8": "bpsdm-maluku",
    "9": "bpsdm-papua",
}
"""Who trains the people of provinces without an institute of their own, by the first digit of the region code."""


@dataclass
class Rules:
    """Schemes, curricula, institutes and phase templates, read once."""

    by: User
    today: date
    calendar: WorkCalendar
    schemes: dict[str, RegulationScheme]
    curricula: dict[str, Curriculum]
    institutes: dict[str, Institute]
    templates: dict[tuple[int, str], list[PhaseTemplate]]

    @classmethod
    def read(cls, by: User, today: date, calendar: WorkCalendar) -> Rules:
        templates: dict[tuple[int, str], list[PhaseTemplate]] = {}
        for row in PhaseTemplate.objects.order_by("order"):
            templates.setdefault((row.scheme_id, row.method), []).append(row)
        return cls(
            by=by,
            today=today,
            calendar=calendar,
            schemes={s.code: s for s in RegulationScheme.objects.all()},
            curricula={c.code: c for c in Curriculum.objects.all()},
            institutes={i.code: i for i in Institute.objects.select_related("province")},
            templates=templates,
        )

    def institute_for(self, province_code: str) -> Institute:
        """Return the institute of the province, else the one that serves its part of the country."""
        own = [i for i in self.institutes.values() if i.province and i.province.code == province_code and i.code != "kkp-sukamandi"]
        return own[0] if own else self.institutes[REGION.get(province_code[0], "ppsdm-jakarta")]


def make_batch(
    rules: Rules,
    *,
    institute: Institute,
    number: int,
    starts_on: date,
    stage: str,
    capacity: int = 40,
    method: str = Method.BLENDED,
    scheme: str = "perlan-1-2021",
    curriculum: str = "berakhlak",
    place: str = "",
) -> Batch:
    """Create a batch with phases and seats at the given stage."""
    rule = rules.schemes[scheme]
    phases = lay_out(rules.templates[(rule.pk, method)], starts_on, rules.calendar)
    first, last = min(p.starts_on for p in phases), max(p.ends_on for p in phases)
    opened = timezone.make_aware(datetime.combine(first - timedelta(days=30), time(9)))
    wave, _ = Wave.objects.get_or_create(year=first.year, number=1 + (first.month - 1) // 3)
    batch = Batch.objects.create(
        number=number,
        year=first.year,
        wave=wave,
        institute=institute,
        province_id=institute.province_id,
        scheme=rule,
        method=method,
        curriculum=rules.curricula[curriculum],
        golongan=GolonganGroup.MIXED,
        capacity=capacity,
        place=place or institute.city,
        approval_basis="S-021/K.1/PDP.07/2026, 12 Januari 2026" if method == Method.KLASIKAL else "",
        stage=stage,
        starts_on=first,
        ends_on=last,
        created_by=rules.by,
        created_at=opened,
        opened_at=opened,
        opened_by=rules.by,
    )
    BatchPhase.objects.bulk_create(phase_rows(batch, phases))
    insert_rows(Seat, (Seat(batch=batch, number=n) for n in range(1, capacity + 1)))
    return batch


def start_for(stage: str, today: date) -> date:
    """Return a first day that puts a batch of about 90 days at the given stage today."""
    back = {BatchStage.CLOSED: 130, BatchStage.RUNNING: 45, BatchStage.OPEN: -14}
    return today - timedelta(days=back[BatchStage(stage)])
