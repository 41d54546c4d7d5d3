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
from latsar.training.services.waves import copy_wave, create_batches, plan_copy, plan_shift

__all__ = [
    "add_phase",
    "check_rules",
    "copy_wave",
    "create_batch",
    "create_batches",
    "dates_of",
    "move_batch",
    "move_phase",
    "needs_approval",
    "next_number",
    "open_batch",
    "opening_findings",
    "phase_problems",
    "plan_copy",
    "plan_shift",
    "preview_phases",
    "remove_phase",
    "rename_phases",
    "save_stage",
    "update_batch",
    "update_batch_phases",
    "withdraw_stage",
]
