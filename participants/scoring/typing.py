"""A score as people type it."""

from __future__ import annotations

import re
from decimal import Decimal

from django.utils.translation import gettext as _

_NUMBER = re.compile(r"(\d{1,4})(?:[.,](\d{1,4}))?")
TOP = Decimal(100)


class BadScore(ValueError):
    """Not a score; the message says what to do."""


def parse_score(text: str) -> Decimal | None:
    """Read 0 to 100 with up to two decimals after a comma or a point; nothing typed is None. Raises BadScore."""
    text = text.strip().replace(" ", "")
    if not text:
        return None
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise BadScore(_("%(text)s bukan angka. Tulis 0 sampai 100, koma untuk desimal.") % {"text": text[:12]})
    whole, places = match[1], match[2] or ""
    value = Decimal(f"{whole}.{places or 0}")
    if value > TOP:
        raise BadScore(_outside(whole, places))
    if len(places.rstrip("0")) > 2:
        raise BadScore(_("%(text)s: paling banyak dua angka di belakang koma.") % {"text": text})
    return value.quantize(Decimal("0.01"))


def _outside(whole: str, places: str) -> str:
    text = f"{whole},{places}" if places else whole
    if not places and len(whole) in (3, 4):
        return _("%(text)s di luar 0 sampai 100. Mungkin maksudnya %(guess)s.") % {"text": text, "guess": f"{whole[:2]},{whole[2:]}"}
    return _("%(text)s di luar 0 sampai 100.") % {"text": text}


def score_text(value: Decimal | None) -> str:
    """Write a score as the sheets do: 87,25."""
    return "" if value is None else f"{value:.2f}".replace(".", ",")
