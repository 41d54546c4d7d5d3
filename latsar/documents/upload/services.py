"""Begin an upload, add a piece, take the finished file, throw it away."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction

from latsar.accounts.errors import NotAllowed
from latsar.accounts.models import User
from latsar.documents.intake.names import display_name
from latsar.documents.upload.errors import BadRequest, Gone, OffsetConflict, StorageFull, TooLarge, TooMany
from latsar.documents.upload.sessions import UploadSession, expiry
from latsar.documents.upload.tickets import read_ticket

log = logging.getLogger(__name__)

PIECE_BYTES = 256 * 1024
"""What the page sends at a time."""
MAX_PIECE_BYTES = 1024 * 1024
MAX_OPEN = 60
"""Uploads one person may have under way: three documents of twenty photos, or the dossiers of four people."""


@dataclass(frozen=True, slots=True)
class FinishedUpload:
    """A file that has arrived whole; its bytes are fetched when they are asked for."""

    token: str
    name: str
    size: int
    read: Callable[[], bytes]

    @property
    def content(self) -> bytes:
        return self.read()


def sent_along(name: str, content: bytes) -> FinishedUpload:
    """Return a file that came with its form, in one go."""
    return FinishedUpload("", name, len(content), lambda: content)


@transaction.atomic
def start_upload(*, ticket: str, name: str, length: int, by: User) -> UploadSession:
    """Make room for a file of `length` bytes. Raises BadRequest, TooLarge, TooMany."""
    allowed = read_ticket(ticket, user=by)
    if length < 1:
        raise BadRequest
    if length > allowed.limit:
        raise TooLarge
    if UploadSession.objects.visible_to(by).exclude(pk__in=UploadSession.objects.expired()).count() >= MAX_OPEN:
        raise TooMany
    return UploadSession.objects.create(
        token=secrets.token_urlsafe(32), user=by, target=allowed.target, name=display_name(name), length=length, limit=allowed.limit
    )


@transaction.atomic
def add_piece(*, token: str, offset: int, piece: bytes, by: User) -> UploadSession:
    """Append a piece and return the upload with its new offset.

    The row is locked while the piece is written, so that two senders cannot both append. Bytes beyond the stored
    offset, left by a crash between file and row, are cut off first.
    Raises NotAllowed, Gone, OffsetConflict, TooLarge, StorageFull.
    """
    session = _locked(token, by)
    if session.is_expired:
        raise Gone
    if offset != session.offset:
        raise OffsetConflict
    if len(piece) > MAX_PIECE_BYTES or offset + len(piece) > session.length:
        raise TooLarge
    try:
        _append(_path(session), offset, piece)
    except OSError as full:
        log.exception("a piece of upload %s cannot be stored", session.pk)
        raise StorageFull from full
    session.offset += len(piece)
    session.expires_at = expiry()
    session.save(update_fields=["offset", "expires_at"])
    return session


@transaction.atomic
def drop_upload(*, token: str, by: User) -> None:
    """Throw an upload away, finished or not. Raises NotAllowed when there is none of this person's."""
    session = _locked(token, by)
    session.delete()
    transaction.on_commit(partial(_unlink, _path(session)))


def finished_upload(*, token: str, target: str, by: User) -> FinishedUpload | None:
    """Return the whole file that was begun for this target, or nothing when there is none."""
    session = UploadSession.objects.visible_to(by).filter(token=token, target=target).first()
    if session is None or not session.is_finished or session.is_expired:
        return None
    path = _path(session)
    try:
        whole = path.stat().st_size == session.length
    except FileNotFoundError:
        log.exception("upload %s has lost its bytes", session.pk)
        return None
    return FinishedUpload(session.token, session.name, session.length, path.read_bytes) if whole else None


def sweep_uploads() -> int:
    """Delete expired uploads with their bytes; return how many."""
    swept = 0
    for session in UploadSession.objects.expired()[:500]:
        with transaction.atomic():
            gone, _rows = UploadSession.objects.expired().filter(pk=session.pk).delete()
        if gone:
            _unlink(_path(session))
            swept += 1
    return swept


def _locked(token: str, by: User) -> UploadSession:
    session = UploadSession.objects.visible_to(by).select_for_update(of=("self",)).filter(token=token).first()
    if session is None:
        raise NotAllowed
    return session


def _path(session: UploadSession) -> Path:
    return Path(default_storage.path(session.part_name))


def _append(path: Path, offset: int, piece: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("r+b" if path.exists() else "wb") as stream:
        stream.truncate(offset)
        stream.seek(offset)
        stream.write(piece)
        stream.flush()
        os.fsync(stream.fileno())
    if settings.FILE_UPLOAD_PERMISSIONS is not None:
        path.chmod(settings.FILE_UPLOAD_PERMISSIONS)


def _unlink(path: Path) -> None:
    path.unlink(missing_ok=True)
