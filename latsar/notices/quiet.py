"""Quiet hours and free days: when a mail may leave at the earliest, by the recipient's own clock. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta, tzinfo

SATURDAY = 5
MIDNIGHT = time(0)
STEPS = 60  # free days and quiet hours that can follow each other, amply


def is_quiet(clock: time, quiet_from: time, quiet_to: time) -> bool:
    """Whether a time of day lies in the quiet hours, which may run over midnight; equal ends mean none."""
    if quiet_from <= quiet_to:
        return quiet_from <= clock < quiet_to
    return clock >= quiet_from or clock < quiet_to


def earliest(
    moment: datetime,
    zone: tzinfo,
    *,
    quiet_from: time,
    quiet_to: time,
    is_open_on_weekends: bool,
    holidays: Collection[date] = frozenset(),
) -> datetime:
    """Return `moment`, or the end of the quiet hours, weekend or holidays that it falls into.

    Who is open on weekends is open on holidays too, as for the daily mail.
    """
    local = moment.astimezone(zone)
    for _step in range(STEPS):
        if not is_open_on_weekends and (local.weekday() >= SATURDAY or local.date() in holidays):
            local = datetime.combine(local.date() + timedelta(days=1), MIDNIGHT, zone)
        elif is_quiet(local.time(), quiet_from, quiet_to):
            day = local.date() if local.time() < quiet_to else local.date() + timedelta(days=1)
            local = datetime.combine(day, quiet_to, zone)
        else:
            break
    return max(moment, local)
