"""The verbs of the rancangan: writing, fields and rows, documents, moves, review, templates of the printed paper."""

from aktualisasi.services.fields import FieldConflict, drop_typed, open_plan, save_field, save_fields
from aktualisasi.services.moving import move_rancangan
from aktualisasi.services.reviewing import drop_note, review_rancangan, save_review
from aktualisasi.services.rows import add_row, move_row, record_correction, remove_row, restore_row
from aktualisasi.services.templates import reset_template, save_template
from aktualisasi.services.writing import save_rancangan, start_rancangan, upload_version

__all__ = [
    "FieldConflict",
    "add_row",
    "drop_note",
    "drop_typed",
    "move_rancangan",
    "move_row",
    "open_plan",
    "record_correction",
    "remove_row",
    "reset_template",
    "restore_row",
    "review_rancangan",
    "save_field",
    "save_fields",
    "save_rancangan",
    "save_review",
    "save_template",
    "start_rancangan",
    "upload_version",
]
