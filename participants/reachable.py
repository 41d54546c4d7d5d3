"""The earliest seat that somebody without one could still reach."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import F

from latsar.training.enums import BatchStage, GolonganGroup
from latsar.training.models import Batch
from latsar.training.tables import seats_taken
from participants.clock import PersonClock, clock_of
from participants.enums import UNSEATED
from participants.models import Participant
from participants.movement_rules import is_barred

Span = tuple[date, date]
Ends = dict[str, list[Span]]
"""Golongan group -> first and last day of open angkatan with a free seat, by end; what begins no later and ends no sooner is left out."""


def earliest_ends(today: date) -> Ends:
    """Look over the open angkatan of the whole country, one query: PKSDM places across provinces."""
    offered = (
        Batch.objects.filter(stage=BatchStage.OPEN, starts_on__gte=today).annotate(taken=seats_taken()).filter(taken__lt=F("capacity"))
    )
    ends: Ends = {}
    for group, starts_on, ends_on in offered.order_by("ends_on", "pk").values_list("golongan", "starts_on", "ends_on"):
        spans = ends.setdefault(group, [])
        if not spans or starts_on > spans[-1][0]:
            spans.append((starts_on, ends_on))
    return ends


def spans_for(group: str, ends: Ends) -> Sequence[Span]:
    """Return the angkatan open to a golongan group: its own and the mixed ones."""
    return [*ends.get(group, []), *ends.get(GolonganGroup.MIXED, [])]


def end_for(golongan: str, ends: Ends, *, after: date | None = None) -> date | None:
    """Return the end of the earliest seat for a golongan ruang such as III/a, of those that begin `after` a day."""
    spans = spans_for(golongan.split("/", maxsplit=1)[0], ends)
    return min((last for first, last in spans if after is None or first > after), default=None)


def person_clock(person: Participant, today: date, ends: Ends) -> PersonClock:
    """Read the clock of a person whose batch is loaded: against the own seat, else the earliest one within reach.

    Out of reach is what begins before a deferral is over, and everything for who may not begin Latsar again.
    `participants.levels` says the same in SQL.
    """
    ends_on = person.batch.ends_on if person.batch is not None else None
    reachable = None
    if person.stage in UNSEATED and not is_barred(person):
        reachable = end_for(person.golongan, ends, after=person.deferred_until)
    return clock_of(person.deadline, today, ends_on, stage=person.stage, reachable_on=reachable, since=person.tmt_cpns)
