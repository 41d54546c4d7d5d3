"""The code of an activation slip: 60 random bits in three groups that can be read aloud, kept only as a keyed hash."""

from __future__ import annotations

import hmac
import secrets

from django.conf import settings
from django.utils.crypto import salted_hmac

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 signs without 0, O, 1 and I, which nobody can tell apart on paper: five bits each."""
LENGTH = 12
GROUP = 4
SALT = "participants.activation_slip"


def new_code() -> str:
    """Draw a code; written in groups by `grouped`."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def grouped(code: str) -> str:
    """Write "H7KM-2QXW-9TRD"."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read_code(typed: str) -> str:
    """Take a code as typed: small letters, spaces and dashes do not matter."""
    return "".join(sign for sign in typed.upper() if sign in LETTERS)


def hash_code(code: str, participant_id: int, *, key: str = "") -> str:
    """Hash a code for one person. Keyed with the installation's secret: the rows alone do not allow guessing offline."""
    return salted_hmac(SALT, f"{participant_id}:{code}", secret=key or None, algorithm="sha256").hexdigest()


def is_code(code: str, participant_id: int, code_hash: str) -> bool:
    """Compare in constant time, also under the keys that were in force before the present one."""
    keys = ("", *settings.SECRET_KEY_FALLBACKS)
    found = [hmac.compare_digest(hash_code(code, participant_id, key=key), code_hash) for key in keys]
    return any(found)
