"""How an outsider's code, number, name or file finds a published document."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from latsar.documents.models import IssuedDocument

TOKEN_LENGTH = 32
LOOKALIKES = str.maketrans({"0": "O", "1": "I", "8": "B"})
"""Base 32 has no 0, 1 and 8, so whoever reads one from paper means a letter."""
FRONT_TITLES = re.compile(r"^(?:(?:prof|dr|drs|dra|ir|h|hj|apt|ns)\.\s*)+", re.IGNORECASE)


def read_code(text: str) -> str:
    """Return a typed code as a token: groups, dashes and small letters do not matter. Empty when it cannot be one."""
    plain = re.sub(r"[\s.\-–/]", "", text).upper().translate(LOOKALIKES)
    return plain if re.fullmatch(r"[A-Z2-7]{32}", plain) else ""


def by_token(token: str) -> IssuedDocument | None:
    """Return the published document of a code, whatever the case of its letters."""
    plain = read_code(token)
    return IssuedDocument.objects.published().filter(token=plain).select_related("replaced_by").first() if plain else None


def by_number(number: str, name: str) -> IssuedDocument | None:
    """Return the published document with this number, when the name is the holder's too; titles may be left out."""
    wanted = bare_name(name)
    found = IssuedDocument.objects.published().filter(number__iexact="".join(number.split()))
    return next((document for document in found if wanted and bare_name(document.holder_name) == wanted), None)


def by_file(data: bytes) -> IssuedDocument | None:
    """Return the published document whose file is this one, byte for byte."""
    digest = hashlib.sha256(data).hexdigest()
    return IssuedDocument.objects.published().filter(sha256=digest).select_related("replaced_by").first()


def is_same_file(document: IssuedDocument, data: bytes) -> bool:
    return hashlib.sha256(data).hexdigest() == document.sha256


def bare_name(name: str) -> str:
    """Return the letters of a name without titles, case, accents and marks."""
    plain = FRONT_TITLES.sub("", name.strip()).split(",")[0]
    folded = unicodedata.normalize("NFKD", plain).casefold()
    return "".join(sign for sign in folded if sign.isalnum())
