"""A small country with people at every stage and every distance from their deadline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle

from latsar.satker.models import Satker
from latsar.training.enums import BatchStage
from latsar.training.models import Batch
from participants.enums import Stage
from participants.models import Participant
from tests import factories

DISTANCES = (-40, -1, 0, 1, 30, 31, 60, 61, 90, 91, 120, 121, 300)
STAGES = tuple(Stage)
SEATED = {Stage.PLACED, Stage.TRAINING, Stage.GRADUATED}


def running_batch(today: date, **fields: object) -> Batch:
    starts_on = today - timedelta(days=25)
    return factories.BatchFactory(stage=BatchStage.RUNNING, starts_on=starts_on, ends_on=today + timedelta(days=50), **fields)


def people_everywhere(units: list[Satker], batch: Batch, today: date, *, prefix: str = "Warga") -> list[Participant]:
    """Make one person per unit, stage and distance; the names carry the prefix and the unit's code."""
    made = [
        _person(unit, batch, stage, today + timedelta(days=days), f"{prefix} {unit.code} {stage.value} {days}")
        for unit in units
        for stage, days in _pairs()
    ]
    return Participant.objects.bulk_create(made)


def _pairs() -> Iterator[tuple[Stage, int]]:
    stages = cycle(STAGES)
    yield from ((next(stages), days) for days in DISTANCES * 3)


def _person(unit: Satker, batch: Batch, stage: Stage, deadline: date, name: str) -> Participant:
    return factories.ParticipantFactory.build(
        full_name=name,
        satker=unit,
        province=unit.province or unit,
        stage=stage,
        batch=batch if stage in SEATED else None,
        graduated_on=deadline if stage == Stage.GRADUATED else None,
        qualification="Memuaskan" if stage == Stage.GRADUATED else "",
        tmt_cpns=deadline.replace(day=1) - timedelta(days=365),
        deadline=deadline,
        nip=next(NIPS),
    )


def _nips() -> Iterator[str]:
    number = 0
    while True:
        number += 1
        birth = date(1990, 1, 1) + timedelta(days=number % 3000)
        yield f"{birth:%Y%m%d}2025{number // 3000 % 12 + 1:02d}{number % 2 + 1}{900 + number % 100}"


NIPS = _nips()
