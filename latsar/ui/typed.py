"""Text that people type, without the signs that nobody sees."""

from __future__ import annotations

import re
from typing import Any

from django import forms

_UNSEEN = re.compile(r"[\x00\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def seen_text(text: str) -> str:
    """Return the text without NUL, zero-width and direction signs: they make words read otherwise than they are stored."""
    return _UNSEEN.sub("", text)


class TypedField(forms.CharField):
    """An address, a note, a reason: free text as it can be read."""

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        return super().to_python(seen_text(text)) if text else text
