"""CPNS and what happens to them. The classes live by subject; this module is where Django finds them."""

from participants.imports import ImportRow, ParticipantImport, RegistrationDraft
from participants.movements import Movement
from participants.orientation import (
    OrientationAttendance,
    OrientationCertificate,
    OrientationMember,
    OrientationProgramme,
    OrientationSession,
)
from participants.people import Participant, ParticipantStageChange
from participants.saved_lists import ListColumns, SavedFilter
from participants.seats import Certificate, PhaseProgress, Placement

__all__ = [
    "Certificate",
    "ImportRow",
    "ListColumns",
    "Movement",
    "OrientationAttendance",
    "OrientationCertificate",
    "OrientationMember",
    "OrientationProgramme",
    "OrientationSession",
    "Participant",
    "ParticipantImport",
    "ParticipantStageChange",
    "PhaseProgress",
    "Placement",
    "RegistrationDraft",
    "SavedFilter",
]
