"""The word of the probation clock as a condition on rows: `reachable.person_clock` in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participants.clock import CRITICAL_DAYS, WATCHFUL_DAYS
from participants.enums import SEATED, UNSEATED, Golongan
from participants.reachable import Ends, spans_for

KRITIS, WASPADA, AMAN = "kritis", "waspada", "aman"


@dataclass(frozen=True, slots=True)
class ClockLevel:
    """People whose clock has this word; `level` is how it is drawn."""

    key: str
    label: str | Promise
    level: str

    def q(self, today: date, ends: Ends) -> Q:
        """Rows of this level; whose clock has stopped is in none. Conditions are positive: an empty date is never a hidden no."""
        if self.key == KRITIS:
            return (
                Q(deadline__lt=today, stage__in=[*UNSEATED, *SEATED])
                | late_q(today, ends)
                | Q(stage__in=UNSEATED, deadline__lte=_days(today))
            )
        watched = Q(deadline__gt=_days(today), deadline__lte=today + timedelta(days=WATCHFUL_DAYS))
        if self.key == WASPADA:
            return Q(stage__in=UNSEATED) & watched & _in_time(ends)
        calm = Q(stage__in=UNSEATED, deadline__gt=today + timedelta(days=WATCHFUL_DAYS)) & _in_time(ends)
        return calm | Q(stage__in=SEATED, deadline__gte=today, batch__ends_on__lte=F("deadline"))


CLOCK_LEVELS = (
    ClockLevel(KRITIS, _("Kritis"), "bad"),
    ClockLevel(WASPADA, _("Waspada"), "warn"),
    ClockLevel(AMAN, _("Aman"), "ok"),
)
CRITICAL = CLOCK_LEVELS[0]


def late_q(today: date, ends: Ends) -> Q:
    """Rows whose deadline is still to come, but before the own seat ends, or the earliest one within reach."""
    too_late = Q(pk__in=[])
    for group, values in _groups():
        spans = spans_for(group, ends)
        if not spans:
            continue
        deferred = Q(deferred_until__isnull=False) & Q(deferred_until__lt=max(first for first, _last in spans))
        for first, last in spans:
            deferred &= Q(deferred_until__gte=first) | Q(deadline__lt=last)
        at_once = Q(deferred_until=None, deadline__lt=min(last for _first, last in spans))
        too_late |= Q(golongan__in=values) & (at_once | deferred)
    unseated = Q(stage__in=UNSEATED, latsar_entries__lt=F("entries_allowed")) & too_late
    return Q(deadline__gte=today) & (unseated | Q(stage__in=SEATED, batch__ends_on__gt=F("deadline")))


def _in_time(ends: Ends) -> Q:
    """The opposite of `late_q` for people without a seat; nothing within reach leaves the days to decide."""
    fine = Q(latsar_entries__gte=F("entries_allowed"))
    for group, values in _groups():
        spans, condition = spans_for(group, ends), Q()
        if spans:
            condition = Q(deferred_until=None, deadline__gte=min(last for _first, last in spans))
            reached = Q(deferred_until__gte=max(first for first, _last in spans))
            for first, last in spans:
                reached |= Q(deferred_until__lt=first, deadline__gte=last)
            condition |= Q(deferred_until__isnull=False) & reached
        fine |= Q(golongan__in=values) & condition
    return fine


def _groups() -> list[tuple[str, list[str]]]:
    names = dict.fromkeys(value.split("/", maxsplit=1)[0] for value in Golongan.values)
    return [(name, [value for value in Golongan.values if value.split("/", maxsplit=1)[0] == name]) for name in names]


def _days(today: date) -> date:
    return today + timedelta(days=CRITICAL_DAYS)
