"""A file that comes with a row: judged before anything is written, taken away again when the row cannot be."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from latsar.accounts.errors import Refused
from latsar.documents.intake.names import display_name
from participants.services.dossier import SUFFIXES, Judged, judge_file

log = logging.getLogger(__name__)
__all__ = ["Attached", "Judged", "attached", "stored"]


@dataclass(frozen=True, slots=True)
class Attached:
    """A file from outside that passed the intake, and the name its sender gave it."""

    judged: Judged
    name: str


def attached(content: bytes, name: str) -> Attached:
    """Look at a file in a process of its own. Raises Refused for `file`."""
    return Attached(judge_file(content, name), display_name(name))


@contextmanager
def stored(field: FieldFile, file: Attached | None) -> Iterator[None]:
    """Store the bytes for the row that is written inside; without a file nothing happens. Raises Refused when the disk is full."""
    if file is None:
        yield
        return
    try:
        field.save(f"{secrets.token_hex(20)}.{SUFFIXES[file.judged.kind]}", ContentFile(file.judged.data), save=False)
    except OSError as full:
        log.exception("a file of guidance cannot be stored")
        raise Refused({"file": _("Berkas belum tersimpan karena penyimpanan portal bermasalah. Coba lagi beberapa menit lagi.")}) from full
    try:
        yield
    except BaseException:
        field.storage.delete(field.name or "")
        raise
