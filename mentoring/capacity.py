"""How full a mentor is, as a bar of as many parts as there are places; the words stand beside it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from latsar.accounts.models import User
from mentoring.enums import MENTEE_LIMIT
from mentoring.models import MentorWaiver

GAP = 1.0


def capacity_bar(load: int, places: int = MENTEE_LIMIT, *, big: bool = True) -> SafeString:
    """Draw the slots of a mentor, the taken ones filled; who is above the places shows them all filled."""
    count = max(places, load, 1)
    part = (100 - GAP * (count - 1)) / count
    parts = ((f"f-{1 if slot < load else 'bg'}", f"{part:.1f}", f"{slot * (part + GAP):.1f}") for slot in range(count))
    return format_html(
        '<svg class="bar{}" aria-hidden="true">{}</svg>',
        " big" if big else "",
        format_html_join("", '<rect class="{}" width="{}%" x="{}%"/>', parts),
    )


@dataclass(frozen=True)
class Capacity:
    """A mentor's load against the places of today, with the waiver that gives more than five."""

    load: int
    places: int
    waiver: MentorWaiver | None

    @property
    def is_full(self) -> bool:
        return self.load >= self.places

    @property
    def bar(self) -> SafeString:
        return capacity_bar(self.load, self.places)


def capacity_of(user: User, load: int) -> Capacity:
    """Return the capacity of a mentor's account; one query."""
    waiver = MentorWaiver.objects.in_force(timezone.localdate()).filter(mentor__user=user).first()
    return Capacity(load, MENTEE_LIMIT + (waiver.extra_places if waiver else 0), waiver)
