"""Sessions of guidance in the private calendar of a person: what was agreed. Names of people are not in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from icalendar import Event

from latsar.accounts.models import User
from mentoring.enums import SessionStage
from mentoring.models import MentoringSession
from mentoring.session_tables import own_sessions
from participants.calendar_feed import MOST_EVENTS, event_source


@event_source
def guidance_events(user: User, since: datetime) -> Iterator[Event]:
    """Sessions that both agreed to, and those that took place."""
    held = (SessionStage.AGREED, SessionStage.NOTED, SessionStage.CONFIRMED)
    rows = own_sessions(user).filter(stage__in=held, ends_at__gte=since).order_by("starts_at", "pk")
    for session in rows[:MOST_EVENTS]:
        yield _event(session)


def _event(session: MentoringSession) -> Event:
    event = Event()
    event.add("uid", f"bimbingan-{session.pk}@latsar")
    event.add("dtstamp", session.stage_at)
    event.add("last-modified", session.stage_at)
    event.add("sequence", session.version - 1)
    event.add("dtstart", session.local_start)
    event.add("dtend", session.local_end)
    event.add("summary", _("Bimbingan %(kind)s") % {"kind": session.get_kind_display().lower()})
    event.add("description", session.agenda)
    if session.place or session.link:
        event.add("location", session.place or session.link)
    if session.link:
        event.add("url", session.link)
    return event
