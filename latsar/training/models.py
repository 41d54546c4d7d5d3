"""Rules, places and calendars of the training. Rules are data: a batch freezes one scheme and one curriculum."""

from latsar.training.answer_times import AnswerTime
from latsar.training.batches import Batch, BatchPhase, BatchStageChange, Seat, Wave
from latsar.training.orientation import OrientationTemplate, OrientationTemplateSession
from latsar.training.places import EntryGolongan, Holiday, Institute, SbmRate, Tariff
from latsar.training.rules import (
    AgendaSubject,
    Band,
    Curriculum,
    CurriculumValue,
    DossierRequirement,
    PhaseTemplate,
    RegulationScheme,
    ScoreComponent,
)
from latsar.training.sessions import Lecturer, TrainingSession

__all__ = [
    "AgendaSubject",
    "AnswerTime",
    "Band",
    "Batch",
    "BatchPhase",
    "BatchStageChange",
    "Curriculum",
    "CurriculumValue",
    "DossierRequirement",
    "EntryGolongan",
    "Holiday",
    "Institute",
    "Lecturer",
    "OrientationTemplate",
    "OrientationTemplateSession",
    "PhaseTemplate",
    "RegulationScheme",
    "SbmRate",
    "ScoreComponent",
    "Seat",
    "Tariff",
    "TrainingSession",
    "Wave",
]
