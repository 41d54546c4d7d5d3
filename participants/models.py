"""CPNS and what happens to them. The classes live by subject; this module is where Django finds them."""

from participants.attendance import AbsenceWarning, Attendance, AttendanceChange
from participants.contacts import ContactRequest
from participants.dossier.documents import DossierDocument
from participants.dossier.zips import DossierZip, DossierZipRow
from participants.duties import Duty, DutyLetter
from participants.feeds import CalendarAddress
from participants.field_notes import FieldNote
from participants.imports import ImportRow, ParticipantImport, RegistrationDraft
from participants.invitations import ActivationSlip, Invitation
from participants.movements import Movement
from participants.orientation import (
    OrientationAttendance,
    OrientationCertificate,
    OrientationMember,
    OrientationProgramme,
    OrientationSession,
)
from participants.people import Participant, ParticipantStageChange
from participants.pktbt import PktbtActivity
from participants.planning.plans import Plan, PlanAssignment, PlanningRule, PlanOffer, ProvincePoint
from participants.saved_lists import ListColumns, SavedFilter
from participants.scoring.results import GraduationRecord, Objection, Result, ScoreCorrection, Sttp
from participants.scoring.scores import Score, ScoreChange, ScoreRemark, ScoreSheet, ScoreSheetChange
from participants.seats import Certificate, PhaseProgress, Placement
from participants.uploads import ColumnMapping, TableUpload

__all__ = [
    "AbsenceWarning",
    "ActivationSlip",
    "Attendance",
    "AttendanceChange",
    "CalendarAddress",
    "Certificate",
    "ColumnMapping",
    "ContactRequest",
    "DossierDocument",
    "DossierZip",
    "DossierZipRow",
    "Duty",
    "DutyLetter",
    "FieldNote",
    "GraduationRecord",
    "ImportRow",
    "Invitation",
    "ListColumns",
    "Movement",
    "Objection",
    "OrientationAttendance",
    "OrientationCertificate",
    "OrientationMember",
    "OrientationProgramme",
    "OrientationSession",
    "Participant",
    "ParticipantImport",
    "ParticipantStageChange",
    "PhaseProgress",
    "PktbtActivity",
    "Placement",
    "Plan",
    "PlanAssignment",
    "PlanOffer",
    "PlanningRule",
    "ProvincePoint",
    "RegistrationDraft",
    "Result",
    "SavedFilter",
    "Score",
    "ScoreChange",
    "ScoreCorrection",
    "ScoreRemark",
    "ScoreSheet",
    "ScoreSheetChange",
    "Sttp",
    "TableUpload",
]
