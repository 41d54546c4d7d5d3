"""Where a person is signed in. The row of django.contrib.sessions is the session; ending it ends the sign-in."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from latsar.accounts import audit
from latsar.accounts.devices import about_address, device_name
from latsar.accounts.enums import STAFF_ROLES
from latsar.accounts.errors import NotAllowed
from latsar.accounts.models import AuthedRequest, User

SEEN_KEY = "seen_at"
SEEN_EVERY = 60  # seconds between two notes of when a session was last used
BEGAN_KEY = "signed_in_at"
LONGEST_SECONDS = 12 * 3600
"""After that a session is over, however often it was used."""
SOON_SECONDS = 120
"""So long before its end an open page tells of it."""
UNATTENDED = "X-Unattended"
"""Header of what an open page asks by itself: no use of the session."""


@dataclass(frozen=True, slots=True)
class Remaining:
    """`seconds` until a session is over, below zero afterwards; `is_last` when using it on moves that no further."""

    seconds: int
    is_last: bool

    @property
    def is_soon(self) -> bool:
        return self.seconds <= SOON_SECONDS

    @property
    def ask_in(self) -> int:
        """Seconds until an open page should ask again: when its end comes near, then when it has come."""
        return self.seconds + 1 if self.is_soon else self.seconds - SOON_SECONDS


@dataclass(frozen=True, slots=True)
class SignIn:
    pk: int
    device: str
    address: str
    since: datetime
    last_seen: datetime
    is_current: bool


def note_sign_in(request: Any) -> None:
    """Start to remember when this session is used; the library has written its row."""
    request.session[SEEN_KEY] = request.session[BEGAN_KEY] = int(time.time())


def idle_minutes(user: User) -> int:
    """Return after how many minutes without activity a session of this person is over: sooner with a role that sees others' data."""
    return settings.STAFF_IDLE_MINUTES if user.has_role(*STAFF_ROLES) else settings.PARTICIPANT_IDLE_MINUTES


def remaining(request: AuthedRequest) -> Remaining | None:
    """Return how long the session still lasts if it is left alone; None for one whose begin was not noted."""
    began = request.session.get(BEGAN_KEY)
    if began is None:
        return None
    longest, idle = began + LONGEST_SECONDS, request.session[SEEN_KEY] + 60 * idle_minutes(request.user)
    return Remaining(min(longest, idle) - int(time.time()), is_last=longest <= idle)


def is_over(request: AuthedRequest) -> bool:
    """Whether the session was left alone, or has lasted, too long."""
    left = remaining(request)
    return left is not None and left.seconds < 0


def note_use(request: AuthedRequest) -> None:
    """Remember that the session is in use, at most every SEEN_EVERY seconds; in between, and for what a page asks by itself, it does nothing."""
    seen = request.session.get(SEEN_KEY)
    now = int(time.time())
    if UNATTENDED in request.headers or seen is None or now - seen < SEEN_EVERY:
        return
    request.session[SEEN_KEY] = now
    UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())


def sign_ins_of(user: User, current_key: str | None) -> list[SignIn]:
    """Return where the person is signed in now, this device first, then the last used: one query."""
    rows = sorted(_living(user), key=lambda row: (row.session_key != current_key, -row.last_seen_at.timestamp()))
    return [
        SignIn(
            pk=row.pk,
            device=device_name(row.user_agent),
            address=about_address(row.ip),
            since=row.created_at,
            last_seen=row.last_seen_at,
            is_current=row.session_key == current_key,
        )
        for row in rows
    ]


@transaction.atomic
def end_sign_in(*, sign_in_id: int, by: User) -> str:
    """End one of the person's own sessions; return the device. Raises NotAllowed for somebody else's."""
    row = UserSession.objects.filter(pk=sign_in_id, user=by).first()
    if row is None:
        raise NotAllowed
    device = device_name(row.user_agent)
    _end([row])
    audit.record(verb="end_sessions", obj=by, by=by, note=device)
    return device


@transaction.atomic
def end_sign_ins(*, user: User, by: User, keep: str | None = None, note: str = "") -> int:
    """End every session of a person except the one to keep; return how many were alive."""
    rows = list(UserSession.objects.filter(user=user).exclude(session_key=keep or ""))
    alive = _living(user).exclude(session_key=keep or "").count()
    _end(rows)
    if alive:
        audit.record(verb="end_sessions", obj=user, by=by, note=note or str(alive))
    return alive


def _living(user: User) -> QuerySet[UserSession]:
    now = timezone.now()
    keys = Session.objects.filter(expire_date__gt=now).values("session_key")
    used_since = now - timedelta(minutes=idle_minutes(user))
    return UserSession.objects.filter(user=user, session_key__in=keys, last_seen_at__gte=used_since)


def _end(rows: list[UserSession]) -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for row in rows:
        store().delete(row.session_key)
    UserSession.objects.filter(pk__in=[row.pk for row in rows]).delete()
