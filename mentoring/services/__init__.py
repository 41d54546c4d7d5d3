"""Who guides whom: mentors with their five slots, and the coaches of the groups."""

from mentoring.services.coaches import assign_coaches, coaches_for
from mentoring.services.duties import report_mentee_duty
from mentoring.services.mentors import (
    ATTEMPTS,
    Outcome,
    assign_many,
    assign_mentor,
    change_mentor,
    end_assignment,
    is_nip,
    register_mentor,
)

__all__ = [
    "ATTEMPTS",
    "Outcome",
    "assign_coaches",
    "assign_many",
    "assign_mentor",
    "change_mentor",
    "coaches_for",
    "end_assignment",
    "is_nip",
    "register_mentor",
    "report_mentee_duty",
]
