"""One line per office with a count, whatever the number of people behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count
from django.utils import timezone

from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant
from latsar.notices.enums import Audience
from latsar.notices.reminders import Asked, Reminder
from latsar.ui import words
from participants.people import ParticipantQuerySet

OFFICES: dict[str, tuple[str, str, str]] = {
    Audience.SATKER: (Role.ADMIN_SATKER, "satker_id", "satker_id"),
    Audience.PROVINCE: (Role.ADMIN_PROVINSI, "satker_id", "province_id"),
    Audience.INSTITUTE: (Role.LEMBAGA, "institute_id", "batch__institute_id"),
}
"""Audience -> role, column of the grant that names the office, column of the person that belongs to it."""


def day_of(asked: Asked) -> str:
    """Write the day itself: a stored text is read on other days, and the pages say how far it is."""
    return words.long_date(asked.day)


def on_day(name: str, day: date) -> dict[str, datetime]:
    """Return the condition that a moment falls on a day of the portal's clock."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    return {f"{name}__gte": start, f"{name}__lt": start + timedelta(days=1)}


def facts(n: int, **more: Any) -> dict[str, Any]:
    return {"n": words.thousands(n), **more}


def office_lines(
    asked: Asked,
    rows: ParticipantQuerySet,
    *,
    say: Callable[[int], str],
    url: str,
    action: Callable[[], str],
    due_on: date | None = None,
) -> Iterator[Reminder]:
    """Count the rows per office of the audience and tell the people of each; two queries."""
    for grant, count in _counted(asked.audience, rows):
        yield Reminder(grant.user, "all", lambda n=count: say(n), url, action, due_on)  # type: ignore[misc]  # bound now


def _counted(audience: str, rows: ParticipantQuerySet) -> Iterator[tuple[RoleGrant, int]]:
    grants = RoleGrant.objects.valid().filter(user__is_active=True).select_related("user").order_by("pk")
    if audience == Audience.PKSDM:
        count = rows.order_by().count()
        yield from ((grant, count) for grant in (grants.filter(role=Role.PKSDM) if count else ()))
        return
    role, office, column = OFFICES[audience]
    counts = dict(rows.order_by().values_list(column).annotate(n=Count("pk")))
    for grant in grants.filter(role=role) if counts else ():
        if found := counts.get(getattr(grant, office)):
            yield grant, found
