"""The name a person signs in with."""

from __future__ import annotations

from latsar.ui.numbers import only_digits


def normalise_login(login: str) -> str:
    """Return the NIP as its 18 digits when that is what was typed; anything else unchanged."""
    login = login.strip()
    digits = login.replace(" ", "").replace(".", "")
    return digits if only_digits(digits) and len(digits) == 18 else login.lower()
