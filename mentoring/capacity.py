"""How full a mentor is, as a bar of five parts; the words stand beside it."""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from mentoring.enums import MENTEE_LIMIT

GAP = 1.0
PART = (100 - GAP * (MENTEE_LIMIT - 1)) / MENTEE_LIMIT


def capacity_bar(load: int, *, big: bool = True) -> SafeString:
    """Draw the slots of a mentor, the taken ones filled."""
    parts = ((f"f-{1 if slot < load else 'bg'}", f"{PART:.1f}", f"{slot * (PART + GAP):.1f}") for slot in range(MENTEE_LIMIT))
    return format_html(
        '<svg class="bar{}" aria-hidden="true">{}</svg>',
        " big" if big else "",
        format_html_join("", '<rect class="{}" width="{}%" x="{}%"/>', parts),
    )
