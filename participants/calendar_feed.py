"""The iCalendar of a person (RFC 5545): sessions by the clock of their place, phases as whole days."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeAlias

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.accounts.zones import ZONES
from latsar.training.enums import BatchStage
from latsar.training.models import Batch, BatchPhase, TrainingSession
from participants.models import CalendarAddress, Participant

ROLES = (Role.PESERTA, Role.COACH, Role.MENTOR, Role.PENGUJI, Role.LEMBAGA, Role.PKSDM)
BACK = timedelta(days=90)
MOST_EVENTS = 1000
LIVE = (BatchStage.OPEN, BatchStage.RUNNING)

EventSource: TypeAlias = Callable[[User, datetime], Iterable[Event]]
_sources: list[EventSource] = []


def event_source(source: EventSource) -> EventSource:
    """Register `fn(user, not before) -> [Event]`; upper apps do so at start-up."""
    _sources.append(source)
    return source


def owner_of(token: str) -> User | None:
    """Return whose calendar a token opens; nobody's once it was renewed or the person is shut out."""
    address = CalendarAddress.objects.of_token(token).select_related("user").first()
    return address.user if address else None


def feed_of(user: User, now: datetime) -> bytes:
    """Write the calendar: of a participant the own sessions, of a coach those of the groups, of an institute those of its running
    batches; PKSDM gets the phases of all of them. Names of people are not in it.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Portal Latsar CPNS KPU//ID")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Latsar CPNS"))
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    is_own = user.has_role(Role.PESERTA) and not user.has_role(Role.LEMBAGA, Role.COACH, Role.PKSDM)
    for session in _sessions(user, now):
        calendar.add_component(_session_event(session, is_own=is_own))
    for phase in _phases(user, now):
        calendar.add_component(_phase_event(phase, is_own=is_own))
    for source in _sources:
        for event in source(user, now - BACK):
            calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _sessions(user: User, now: datetime) -> Iterable[TrainingSession]:
    keys: set[int] = set()
    rows = TrainingSession.objects.filter(ends_at__gte=now - BACK, batch__stage__in=LIVE)
    if user.has_role(Role.PESERTA):
        keys |= set(rows.attended_by(user.pk).values_list("pk", flat=True)[:MOST_EVENTS])
    if user.has_role(Role.COACH):
        keys |= set(rows.coached_by(user.pk).values_list("pk", flat=True)[:MOST_EVENTS])
    if user.scope.institute_ids:
        of_institute = rows.filter(batch__institute_id__in=user.scope.institute_ids).order_by("starts_at")
        keys |= set(of_institute.values_list("pk", flat=True)[:MOST_EVENTS])
    found = TrainingSession.objects.filter(pk__in=sorted(keys)[:MOST_EVENTS])
    return found.select_related("batch__institute", "lecturer").order_by("starts_at", "pk")


def _phases(user: User, now: datetime) -> Iterable[BatchPhase]:
    batches = Batch.objects.filter(stage__in=LIVE)
    if not user.has_role(Role.PKSDM):
        mine = (
            set(Participant.objects.filter(user=user).exclude(batch=None).values_list("batch_id", flat=True))
            if user.has_role(Role.PESERTA)
            else set()
        )
        if user.has_role(Role.COACH):
            mine |= set(batches.filter(group_coaches__coach=user).values_list("pk", flat=True))
        if user.scope.institute_ids:
            mine |= set(batches.filter(institute_id__in=user.scope.institute_ids).values_list("pk", flat=True))
        batches = batches.filter(pk__in=mine)
    phases = BatchPhase.objects.filter(batch__in=batches, ends_on__gte=(now - BACK).date())
    return phases.select_related("batch__institute").order_by("starts_on", "pk")[:MOST_EVENTS]


def _session_event(session: TrainingSession, *, is_own: bool) -> Event:
    event, zone = Event(), ZONES[session.zone]
    event.add("uid", f"sesi-{session.pk}@latsar")
    event.add("dtstamp", session.changed_at)
    event.add("last-modified", session.changed_at)
    event.add("sequence", session.version - 1)
    event.add("dtstart", session.starts_at.astimezone(zone))
    event.add("dtend", session.ends_at.astimezone(zone))
    event.add("summary", session.title if is_own else f"{session.batch.label}: {session.title}")
    said = [session.batch.label, session.group_text, f"{session.jp} JP", session.lecturer.name if session.lecturer else ""]
    event.add("description", ", ".join(filter(None, said)))
    if session.room or session.link:
        event.add("location", session.room or session.link)
    if session.link:
        event.add("url", session.link)
    return event


def _phase_event(phase: BatchPhase, *, is_own: bool) -> Event:
    event = Event()
    event.add("uid", f"fase-{phase.pk}@latsar")
    event.add("dtstamp", phase.batch.created_at)
    event.add("sequence", phase.batch.version - 1)
    event.add("dtstart", phase.starts_on)
    event.add("dtend", phase.ends_on + timedelta(days=1))
    event.add("summary", phase.name if is_own else f"{phase.batch.label} {phase.batch.institute}: {phase.name}")
    event.add("transp", "TRANSPARENT")
    return event
