"""The verbs of the aktualisasi: writing, fields and rows, versions, moves, review, templates of the printed papers."""

from aktualisasi.services.composing import compose_version
from aktualisasi.services.fields import FieldConflict, drop_typed, open_plan, save_field, save_fields
from aktualisasi.services.moving import NoteDraft, move_paper
from aktualisasi.services.reviewing import drop_note, keep_note, reply_note, review_paper, save_review
from aktualisasi.services.rows import add_row, move_row, record_correction, remove_row, restore_row
from aktualisasi.services.templates import reset_template, save_template
from aktualisasi.services.writing import start_laporan, start_rancangan, upload_version

__all__ = [
    "FieldConflict",
    "NoteDraft",
    "add_row",
    "compose_version",
    "drop_note",
    "drop_typed",
    "keep_note",
    "move_paper",
    "move_row",
    "open_plan",
    "record_correction",
    "remove_row",
    "reply_note",
    "reset_template",
    "restore_row",
    "review_paper",
    "save_field",
    "save_fields",
    "save_review",
    "save_template",
    "start_laporan",
    "start_rancangan",
    "upload_version",
]
