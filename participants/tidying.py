"""How typed text is kept, whichever door it came through: form, workbook, admin."""

from __future__ import annotations

import unicodedata


def tidy(name: str, value: str) -> str:
    """Return the text of a field as it is kept; addresses of mail in lower case too."""
    return tidy_text(value).lower() if name == "email" else tidy_text(value)


def tidy_text(text: str) -> str:
    """Keep single spaces between words, none around them, and composed letters."""
    text = text.strip()
    if "  " in text or not text.isprintable():
        text = " ".join(text.split())
    return text if text.isascii() else unicodedata.normalize("NFC", text)
