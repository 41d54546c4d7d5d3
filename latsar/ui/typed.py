"""Text that people type, without the signs that nobody sees."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import QueryDict

_UNSEEN = re.compile(r"[\x00\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

_SECRET = re.compile(r"csrf|password|sandi|kode|token")
_CODE = re.compile(r"[a-z0-9_-]{1,12}")
MOST_LETTERS = 20_000


def seen_text(text: str) -> str:
    """Return the text without NUL, zero-width and direction signs: they make words read otherwise than they are stored."""
    return _UNSEEN.sub("", text)


def typed_text(data: QueryDict) -> str:
    """Return what somebody wrote into a form, a value a line: choices, numbers and keys are quickly made again, words are not."""
    values = [value.strip() for name, texts in data.lists() if not _SECRET.search(name) for value in texts]
    words = [value for value in values if any(sign.isalpha() for sign in value) and not _CODE.fullmatch(value)]
    return "\n".join(dict.fromkeys(words))[:MOST_LETTERS]


class TypedField(forms.CharField):
    """An address, a note, a reason: free text as it can be read."""

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        return super().to_python(seen_text(text)) if text else text
