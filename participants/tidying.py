"""How typed text is kept, whichever door it came through: form, workbook, admin."""

from __future__ import annotations

import unicodedata

from participants.education import normalise_education


def tidy(name: str, value: str) -> str:
    """Return the text of a field as it is kept: addresses of mail in lower case, an education in its one spelling."""
    text = tidy_text(value)
    if name == "education":
        return normalise_education(text)
    return text.lower() if name == "email" else text


def tidy_text(text: str) -> str:
    """Keep single spaces between words, none around them, and composed letters."""
    text = text.strip()
    if "  " in text or not text.isprintable():
        text = " ".join(text.split())
    return text if text.isascii() else unicodedata.normalize("NFC", text)
