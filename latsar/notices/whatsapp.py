"""A plain link that opens WhatsApp with a text ready to send; the portal itself sends nothing there."""

from __future__ import annotations

from urllib.parse import quote

SHORTEST, LONGEST = 10, 15  # digits with the country code; E.164 has at most 15


def international(phone: str) -> str:
    """Return a phone number as 62 and digits, as WhatsApp wants it; nothing when it cannot be one.

    "0812-3456-7890", "+62 812 3456 7890" and "8123456789" are Indonesian; any other "+" number keeps its country.
    """
    digits = "".join(letter for letter in phone if letter.isdecimal() and letter.isascii())
    if digits.startswith("00"):
        digits = digits[2:]
    elif digits.startswith("0"):
        digits = f"62{digits[1:]}"
    elif digits.startswith("8") and not phone.strip().startswith("+"):
        digits = f"62{digits}"
    if digits.startswith("620"):
        digits = f"62{digits[3:]}"
    return digits if SHORTEST <= len(digits) <= LONGEST else ""


def link(phone: str, text: str) -> str:
    """Return the address that opens a chat with this number and text; nothing without a usable number."""
    number = international(phone)
    return f"https://wa.me/{number}?text={quote(text)}" if number else ""
