"""Checks of the data of people: what contradicts itself, is missing, doubled, stale, or does not reach anybody.

A check is a condition on the rows of people who have not finished. All of them are counted in one query. Each package
registers its own at start: participants in `quality_checks`, mentoring in its `quality`, both imported by their `panels.py`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from django.core.cache import cache
from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from latsar.accounts.models import User
from participants import policies
from participants.enums import ENDED
from participants.models import Participant
from participants.people import ParticipantQuerySet

COUNT_CAP = 1_000
SLOW_SECONDS, KEPT_SECONDS = 1.0, 300


class Kind(StrEnum):
    CONTRADICTION = "contradiction"
    GAP = "gap"
    DOUBLE = "double"
    STALE = "stale"
    REACH = "reach"


KINDS: dict[Kind, tuple[str | Promise, str | Promise]] = {
    Kind.CONTRADICTION: (_("Bertentangan"), _("Dua isian berkata lain. Salah satunya salah.")),
    Kind.DOUBLE: (_("Ganda"), _("Mungkin orang yang sama terdaftar dua kali, atau alamatnya tertukar.")),
    Kind.GAP: (_("Belum diisi"), _("Tidak menghalangi pendaftaran, tetapi menghalangi yang sesudahnya.")),
    Kind.REACH: (_("Tidak terjangkau"), _("Orangnya tidak mendapat kabar apa pun dari portal.")),
    Kind.STALE: (_("Terhenti"), _("Menunggu tindakan yang tidak kunjung datang.")),
}

Condition: TypeAlias = Callable[[User, date], Q]


class Door(StrEnum):
    """Which form settles it."""

    FILE = "file"
    PERSON = "person"
    QUEUE = "queue"
    MOVEMENT = "movement"
    BATCH = "batch"
    MENTOR = "mentor"


def _nothing(_person: Participant) -> str:
    return ""


@dataclass(frozen=True)
class Check:
    """One thing that may be wrong. `tells` says for a person what exactly; `door` names the form that settles it."""

    key: str
    kind: Kind
    title: str | Promise
    why: str | Promise
    condition: Condition
    tells: Callable[[Participant], str] = _nothing
    level: str = "warn"
    door: Door = Door.FILE
    tells_contact: bool = False

    def tells_to(self, user: User, person: Participant) -> str:
        """Say what exactly is wrong, unless it says how to reach somebody and that is not for this reader."""
        return self.tells(person) if not self.tells_contact or policies.can_see_contact(user, person) else ""

    @property
    def is_wrong(self) -> bool:
        """Whether it is wrong in what was typed: who waits is on the home pages already, and an address may come later."""
        return self.door == Door.FILE and self.kind != Kind.STALE and (self.kind != Kind.GAP or self.level == "bad")


_checks: list[Check] = []


def register(check: Check) -> Check:
    """Add a check; its key is its address, so it must be new."""
    if any(one.key == check.key for one in _checks):
        raise ValueError(check.key)
    _checks.append(check)
    return check


def checks() -> Sequence[Check]:
    """Return all checks in the order of their kinds."""
    order = list(KINDS)
    return sorted(_checks, key=lambda check: order.index(check.kind))


def check_of(key: str) -> Check | None:
    return next((check for check in _checks if check.key == key), None)


def unfinished(user: User) -> ParticipantQuerySet:
    """Return the people the checks are about: visible, not graduated, not gone."""
    return Participant.objects.visible_to(user).exclude(stage__in=ENDED)


def found_by(check: Check, user: User, today: date) -> ParticipantQuerySet:
    return unfinished(user).filter(check.condition(user, today))


def count_all(user: User, today: date) -> dict[str, int]:
    """Count what every check finds, in one query over the people who have not finished."""
    return unfinished(user).order_by().aggregate(**{_name(one): Count("pk", filter=one.condition(user, today)) for one in _checks})


def counts_by_key(user: User, today: date) -> dict[str, int]:
    """Return what every check found; a count of the whole nation that took long is kept for a few minutes."""
    place = f"quality-nation-{today.isoformat()}"
    if user.scope.nation and (kept := cache.get(place)):
        return dict(kept)
    begun = time.monotonic()
    found = count_all(user, today)
    counts = {one.key: found[_name(one)] for one in _checks}
    if user.scope.nation and time.monotonic() - begun > SLOW_SECONDS:
        cache.set(place, counts, KEPT_SECONDS)
    return counts


def flawed(user: User, today: date) -> Q:
    """Return people with something wrong in their data that their satker can mend now."""
    condition = Q(pk__in=[])
    for one in _checks:
        if one.is_wrong:
            condition |= one.condition(user, today)
    return Q(stage__in=policies.OPEN_FOR_SATKER) & condition


def _name(check: Check) -> str:
    return f"n_{check.key.replace('-', '_')}"
