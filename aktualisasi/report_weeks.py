"""The weeks of a habituasi: calendar weeks from Monday to Sunday, cut to the phase, the first being 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from latsar.accounts.zones import ZONES
from latsar.training.enums import PhaseKind
from latsar.training.models import BatchPhase
from participants.models import Participant

FRIDAY, SUNDAY = 4, 6


@dataclass(frozen=True, slots=True)
class Week:
    """`due_on` is the day by which the week's report is sent: its Friday, or its last day when it ends earlier or begins later."""

    number: int
    starts_on: date
    ends_on: date
    due_on: date

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


def weeks_between(starts_on: date, ends_on: date) -> list[Week]:
    """Split a phase into its calendar weeks."""
    weeks: list[Week] = []
    day = starts_on
    while day <= ends_on:
        last = min(day + timedelta(days=SUNDAY - day.weekday()), ends_on)
        friday = day + timedelta(days=FRIDAY - day.weekday())
        weeks.append(Week(len(weeks) + 1, day, last, friday if day <= friday <= last else last))
        day = last + timedelta(days=1)
    return weeks


def weeks_of(phase: BatchPhase | None) -> list[Week]:
    return weeks_between(phase.starts_on, phase.ends_on) if phase else []


def week_of(weeks: Sequence[Week], day: date) -> Week | None:
    """Return the week that a day lies in."""
    return next((week for week in weeks if day in week), None)


def weeks_past(weeks: Sequence[Week], today: date) -> int:
    """Count the weeks whose report day is over: what was planned for them is late."""
    return sum(week.due_on < today for week in weeks)


def planned_day(weeks: Sequence[Week], due_week: int | None) -> date | None:
    """Return the day that stands for "in week n": its report day; without a week the last day of all."""
    if not weeks:
        return None
    number = min(due_week or len(weeks), len(weeks))
    return weeks[number - 1].due_on


def habituasi_of(participant: Participant) -> BatchPhase | None:
    """Return the habituasi of the participant's batch."""
    if participant.batch_id is None:
        return None
    return BatchPhase.objects.filter(batch_id=participant.batch_id, kind=PhaseKind.HABITUASI).order_by("order").first()


def today_at(participant: Participant, now: datetime | None = None) -> date:
    """Return today in the zone of the participant's office: there the week ends, wherever the reader sits."""
    return timezone.localdate(now, ZONES[participant.satker.zone])
