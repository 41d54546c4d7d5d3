"""The verbs of the rancangan: writing, documents, moves, review."""

from aktualisasi.services.moving import move_rancangan
from aktualisasi.services.reviewing import drop_note, review_rancangan, save_review
from aktualisasi.services.writing import save_rancangan, start_rancangan, upload_version

__all__ = [
    "drop_note",
    "move_rancangan",
    "review_rancangan",
    "save_rancangan",
    "save_review",
    "start_rancangan",
    "upload_version",
]
