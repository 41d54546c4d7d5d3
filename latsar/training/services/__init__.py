"""What can happen to an angkatan itself. Everything that moves people lives in participants.services."""

from latsar.training.services.batches import check_rules, create_batch, move_batch, needs_approval, next_number, open_batch, update_batch
from latsar.training.services.phases import dates_of, move_phase, phase_problems, preview_phases, update_batch_phases

__all__ = [
    "check_rules",
    "create_batch",
    "dates_of",
    "move_batch",
    "move_phase",
    "needs_approval",
    "next_number",
    "open_batch",
    "phase_problems",
    "preview_phases",
    "update_batch",
    "update_batch_phases",
]
