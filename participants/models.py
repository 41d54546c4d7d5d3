"""CPNS and what happens to them. The classes live by subject; this module is where Django finds them."""

from participants.dossier.documents import DossierDocument
from participants.dossier.zips import DossierZip, DossierZipRow
from participants.field_notes import FieldNote
from participants.imports import ImportRow, ParticipantImport, RegistrationDraft
from participants.movements import Movement
from participants.people import Participant, ParticipantStageChange
from participants.saved_lists import ListColumns, SavedFilter
from participants.seats import Certificate, PhaseProgress, Placement

__all__ = [
    "Certificate",
    "DossierDocument",
    "DossierZip",
    "DossierZipRow",
    "FieldNote",
    "ImportRow",
    "ListColumns",
    "Movement",
    "Participant",
    "ParticipantImport",
    "ParticipantStageChange",
    "PhaseProgress",
    "Placement",
    "RegistrationDraft",
    "SavedFilter",
]
