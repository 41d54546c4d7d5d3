"""A participant's own sessions: what takes a report of presence right now, what comes, and the marks so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.training.models import TrainingSession
from latsar.ui import words
from participants.absence import standing_of
from participants.attendance_warnings import sentence
from participants.enums import AbsenceState, AttendanceMark
from participants.models import Attendance, Participant
from participants.orientation_tables import MARK_KINDS

NEXT_SHOWN = 3
AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One session of one's own with the mark, if there is one."""

    session: TrainingSession
    mark: str
    word: str
    kind: str
    day: str
    can_report: bool


def own_sessions(user: User, now: datetime) -> list[OwnSession]:
    """Return all sessions of the own batch and group in the order of time; one query."""
    own = Attendance.objects.filter(participant__user=user, session=OuterRef("pk")).order_by().values("mark")
    rows = TrainingSession.objects.attended_by(user.pk).select_related("lecturer", "batch").order_by("starts_at", "number", "pk")
    return [_line(one, one.mark or "", now) for one in rows.annotate(mark=Subquery(own))]


def _line(session: TrainingSession, mark: str, now: datetime) -> OwnSession:
    known = AttendanceMark(mark) if mark else None
    return OwnSession(
        session=session,
        mark=mark,
        word=str(known.label) if known else "",
        kind=MARK_KINDS[known] if known else "",
        day=words.short_date(session.local_start.date()),
        can_report=not mark and session.takes_attendance and session.is_checking_in(now),
    )


def coming(sessions: Sequence[OwnSession], now: datetime) -> list[OwnSession]:
    return [one for one in sessions if one.session.ends_at > now][:NEXT_SHOWN]


def own_page(user: User, now: datetime) -> dict[str, object]:
    """Return what the page of the own attendance shows."""
    person = Participant.objects.visible_to(user).filter(user=user).select_related("batch__scheme", "batch__institute").first()
    sessions = own_sessions(user, now)
    standing = standing_of(person.batch, [person.pk])[person.pk] if person and person.batch else None
    near = standing is not None and standing.state != AbsenceState.OK and person is not None and person.batch is not None
    return {
        "person": person,
        "reporting": [one for one in sessions if one.can_report],
        "ahead": [one for one in sessions if one.session.ends_at > now and not one.can_report],
        "past": [one for one in reversed(sessions) if one.session.ends_at <= now and one.session.takes_attendance and not one.can_report],
        "standing": standing,
        "warning": sentence(standing, person.batch.scheme.over_absence) if near else "",  # type: ignore[union-attr, arg-type]
        "summary": _("%(n)s sesi ke depan") % {"n": words.thousands(sum(one.session.ends_at > now for one in sessions))},
    }
