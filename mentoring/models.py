"""The models of this app; each stands in the module of its noun."""

from mentoring.guiding import GroupCoach, Handover, MentorAssignment
from mentoring.piagam import MentorCertificate
from mentoring.pool import Mentor, MentorTraining, MentorWaiver, WaiverPlace
from mentoring.sessions import MentoringSession, SessionChange, SessionFile

__all__ = [
    "GroupCoach",
    "Handover",
    "Mentor",
    "MentorAssignment",
    "MentorCertificate",
    "MentorTraining",
    "MentorWaiver",
    "MentoringSession",
    "SessionChange",
    "SessionFile",
    "WaiverPlace",
]
