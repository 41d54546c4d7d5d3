"""The ticket a page hands out: this person may send one file for this target, at most so large."""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing

from latsar.accounts.models import AnyUser
from latsar.documents.upload.errors import BadRequest
from latsar.documents.upload.sessions import KEPT

SALT = "latsar.documents.upload"


@dataclass(frozen=True, slots=True)
class Ticket:
    target: str
    limit: int


def write_ticket(*, user: AnyUser, target: str, limit: int) -> str:
    """Return the signed ticket; the page that shows it has checked that the person may send this file."""
    return signing.dumps([user.scope.user_id, target, limit], salt=SALT)


def read_ticket(text: str, *, user: AnyUser) -> Ticket:
    """Return what the ticket allows. Raises BadRequest for a forged, foreign or old one."""
    try:
        owner, target, limit = signing.loads(text, salt=SALT, max_age=KEPT)
    except (signing.BadSignature, ValueError, TypeError) as forged:
        raise BadRequest from forged
    if owner != user.scope.user_id:
        raise BadRequest
    return Ticket(target, limit)
