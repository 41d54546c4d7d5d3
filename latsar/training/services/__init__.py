"""What can happen to an angkatan itself. Everything that moves people lives in participants.services."""

from latsar.training.services.batches import check_rules, create_batch, move_batch, needs_approval, next_number, open_batch, update_batch
from latsar.training.services.phases import dates_of, move_phase, phase_problems, preview_phases, update_batch_phases
from latsar.training.services.sessions import (
    add_sessions,
    copy_day,
    generate_timetable,
    plan_timetable,
    remove_session,
    save_lecturer,
    session_clashes,
    update_session,
)

__all__ = [
    "add_sessions",
    "check_rules",
    "copy_day",
    "create_batch",
    "dates_of",
    "generate_timetable",
    "move_batch",
    "move_phase",
    "needs_approval",
    "next_number",
    "open_batch",
    "phase_problems",
    "plan_timetable",
    "preview_phases",
    "remove_session",
    "save_lecturer",
    "session_clashes",
    "update_batch",
    "update_batch_phases",
    "update_session",
]
