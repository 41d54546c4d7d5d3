"""Published scores of one person, with whatever can hang on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from aktualisasi.demo.sample_pdf import sample_rancangan
from latsar.accounts.models import User
from latsar.training.enums import Rater
from latsar.training.models import Batch, RegulationScheme, ScoreComponent
from participants.models import GraduationRecord, Objection, Participant, Result, Score, ScoreChange, ScoreCorrection, ScoreSheet, Sttp


@dataclass(frozen=True)
class ScoreSet:
    component: ScoreComponent
    objection: Objection
    correction: ScoreCorrection


def add_components(scheme: RegulationScheme) -> None:
    """Give the scheme a component of the institute, one of the unit and one that a seminar scores; whoever calls publishes it."""
    rows = (("sikap", Rater.INSTITUTE, 50, ""), ("pktbt", Rater.UNIT, 25, ""), ("rancangan", Rater.EXAMINER, 25, "seminar_rancangan"))
    for order, (code, rater, weight, seminar) in enumerate(rows, 1):
        facts = {"code": code, "name": code.title(), "weight": weight, "rated_by": rater, "seminar": seminar}
        ScoreComponent.objects.create(scheme=scheme, order=order, **facts)


def add_scores(batch: Batch, person: Participant, by: User, canary: str) -> ScoreSet:
    """Fill, publish and contest the scores of one person; `canary` stands in every text."""
    component = batch.scheme.components.get(code="sikap")
    week = timezone.localdate() + timedelta(days=7)
    ScoreSheet.objects.create(batch=batch, state="published", objections_until=week)
    where = {"batch": batch, "participant": person, "component": component}
    Score.objects.create(**where, value=80, entered_by=by)
    ScoreChange.objects.create(**where, new=80, version=1, reason=f"{canary} Sebab", by=by)
    Result.objects.create(
        batch=batch,
        participant=person,
        total=80,
        qualification=f"{canary} Baik",
        outcome="passed",
        rank=1,
        breakdown={"lines": []},
        computed_by=by,
    )
    objection = Objection.objects.create(**where, text=f"{canary} Sanggahan")
    correction = ScoreCorrection.objects.create(**where, kind="mistake", old=80, new=81, reason=f"{canary} Perubahan", proposed_by=by)
    GraduationRecord.objects.create(
        batch=batch,
        number=f"{canary}/BA",
        held_on=timezone.localdate(),
        place=f"{canary} Rapat",
        chair_name="Ketua",
        chair_title="Kepala",
        saved_by=by,
    )
    sttp = Sttp(
        batch=batch, participant=person, number=f"{canary}/STTP", issued_on=timezone.localdate(), recorded_by=by, scan_name="sttp.pdf"
    )
    sttp.scan.save(f"{canary}-sttp.pdf", ContentFile(sample_rancangan()))
    return ScoreSet(component, objection, correction)
