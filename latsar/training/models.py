"""Rules, places and calendars of the training. Rules are data: a batch freezes one scheme and one curriculum."""

from latsar.training.answer_times import AnswerTime
from latsar.training.batches import Batch, BatchPhase, BatchStageChange, Seat, Wave, WaveShift
from latsar.training.election import ElectionStage
from latsar.training.orientation import OrientationTemplate, OrientationTemplateSession
from latsar.training.places import EntryGolongan, Holiday, Institute, InstituteContact, SbmRate, Tariff
from latsar.training.rules import (
    AgendaSubject,
    Band,
    Curriculum,
    CurriculumValue,
    DossierRequirement,
    PhaseTemplate,
    RegulationScheme,
    RubricBand,
    ScoreComponent,
)
from latsar.training.seat_requests import SeatOffer, SeatRequest, SeatRequestFile, SeatRequestStageChange
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
    "ElectionStage",
    "EntryGolongan",
    "Holiday",
    "Institute",
    "InstituteContact",
    "Lecturer",
    "OrientationTemplate",
    "OrientationTemplateSession",
    "PhaseTemplate",
    "RegulationScheme",
    "RubricBand",
    "SbmRate",
    "ScoreComponent",
    "Seat",
    "SeatOffer",
    "SeatRequest",
    "SeatRequestFile",
    "SeatRequestStageChange",
    "Tariff",
    "TrainingSession",
    "Wave",
    "WaveShift",
]
