"""The code that a lecturer shows for the self check-in: six digits that change every minute, made from the session's secret."""

from __future__ import annotations

import hmac
from datetime import datetime

from django.utils.crypto import salted_hmac

from latsar.training.models import TrainingSession

SALT = "participants.check_in"
SECONDS = 60
DIGITS = 6
KEPT = 1
"""How many codes before the present one still count: somebody is typing when it changes."""


def code_of(session: TrainingSession, now: datetime) -> str:
    """Return the code that is shown now."""
    return _code(session, int(now.timestamp()) // SECONDS)


def seconds_left(now: datetime) -> int:
    return SECONDS - int(now.timestamp()) % SECONDS


def is_code(session: TrainingSession, typed: str, now: datetime) -> bool:
    """Compare in constant time with the present code and the one before."""
    slot = int(now.timestamp()) // SECONDS
    digits = "".join(sign for sign in typed if sign.isdecimal() and sign.isascii())
    found = [hmac.compare_digest(_code(session, slot - back), digits) for back in range(KEPT + 1)]
    return any(found)


def _code(session: TrainingSession, slot: int) -> str:
    digest = salted_hmac(SALT, f"{session.pk}:{session.secret}:{slot}", algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8]) % 10**DIGITS:0{DIGITS}d}"
