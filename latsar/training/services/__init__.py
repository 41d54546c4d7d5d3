"""What can happen to an angkatan itself. Everything that moves people lives in participants.services."""

from latsar.training.services.batches import check_rules, create_batch, move_batch, next_number, open_batch, update_batch
from latsar.training.services.election import save_stage, withdraw_stage
from latsar.training.services.opening import needs_approval, opening_findings
from latsar.training.services.phases import (
    add_phase,
    dates_of,
    move_phase,
    phase_problems,
    preview_phases,
    remove_phase,
    rename_phases,
    update_batch_phases,
)
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
from latsar.training.services.waves import copy_wave, create_batches, plan_copy, plan_shift

__all__ = [
    "add_phase",
    "add_sessions",
    "check_rules",
    "copy_day",
    "copy_wave",
    "create_batch",
    "create_batches",
    "dates_of",
    "generate_timetable",
    "move_batch",
    "move_phase",
    "needs_approval",
    "next_number",
    "open_batch",
    "opening_findings",
    "phase_problems",
    "plan_copy",
    "plan_shift",
    "plan_timetable",
    "preview_phases",
    "remove_phase",
    "remove_session",
    "rename_phases",
    "save_lecturer",
    "save_stage",
    "session_clashes",
    "update_batch",
    "update_batch_phases",
    "update_session",
    "withdraw_stage",
]
