"""The verbs of the aktualisasi: writing, versions, moves, review."""

from aktualisasi.services.composing import compose_version
from aktualisasi.services.moving import NoteDraft, move_paper
from aktualisasi.services.reviewing import drop_note, keep_note, reply_note, review_paper, save_review
from aktualisasi.services.writing import save_rancangan, start_laporan, start_rancangan, upload_version

__all__ = [
    "NoteDraft",
    "compose_version",
    "drop_note",
    "keep_note",
    "move_paper",
    "reply_note",
    "review_paper",
    "save_rancangan",
    "save_review",
    "start_laporan",
    "start_rancangan",
    "upload_version",
]
