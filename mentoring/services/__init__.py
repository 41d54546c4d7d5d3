"""Who guides whom: mentors with their slots, waivers and handovers, sessions, charters, and the coaches of the groups."""

from mentoring.services.charters import (
    issue_charters,
    issue_items,
    preview_charter,
    revoke_charter,
)
from mentoring.services.coaches import assign_coaches, coaches_for
from mentoring.services.duties import report_mentee_duty
from mentoring.services.handovers import receive_handover, write_handover
from mentoring.services.keeping import Attached, attached
from mentoring.services.mentors import ATTEMPTS, Outcome, assign_many, assign_mentor, change_mentor, end_assignment
from mentoring.services.pool import (
    activate_mentor,
    deactivate_mentor,
    is_nip,
    record_training,
    record_trainings,
    register_mentor,
    remove_training,
    update_mentor,
)
from mentoring.services.sessions import (
    SessionFacts,
    Written,
    accept_session,
    cancel_session,
    confirm_session,
    log_sessions,
    propose_sessions,
    remove_session_file,
    reschedule_session,
    write_notes,
)
from mentoring.services.waivers import Decision, end_waiver, record_waiver

__all__ = [
    "ATTEMPTS",
    "Attached",
    "Decision",
    "Outcome",
    "SessionFacts",
    "Written",
    "accept_session",
    "activate_mentor",
    "assign_coaches",
    "assign_many",
    "assign_mentor",
    "attached",
    "cancel_session",
    "change_mentor",
    "coaches_for",
    "confirm_session",
    "deactivate_mentor",
    "end_assignment",
    "end_waiver",
    "is_nip",
    "issue_charters",
    "issue_items",
    "log_sessions",
    "preview_charter",
    "propose_sessions",
    "receive_handover",
    "record_training",
    "record_trainings",
    "record_waiver",
    "register_mentor",
    "remove_session_file",
    "remove_training",
    "report_mentee_duty",
    "reschedule_session",
    "revoke_charter",
    "update_mentor",
    "write_handover",
    "write_notes",
]
