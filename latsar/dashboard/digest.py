"""The daily mail: what waits for a person, each with its date, and the news they wanted once a day."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone, translation

from latsar.accounts.enums import STAFF_ROLES
from latsar.accounts.models import RoleGrant, User
from latsar.accounts.zones import ZONES
from latsar.dashboard import registry
from latsar.notices import quiet
from latsar.notices.enums import Delivery, NoticeKind
from latsar.notices.models import DailyDigest, MailSettings, Notice
from latsar.notices.preferences import DIGEST_AT
from latsar.notices.services import queue_mail
from latsar.notices.services.telling import reachable
from latsar.notices.wishes import Wishes, wishes_for
from latsar.training import calendar

log = logging.getLogger(__name__)

PER_ROUND = 500
TODOS_SHOWN = 15
NOTICES_SHOWN = 25


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do, with its date in the words of the mail and a full address."""

    title: str
    detail: str
    action: str
    url: str
    due: date | None
    days: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """What waits for one of a person's roles; `left` more stand on the home page."""

    role: str
    todos: Sequence[Line]
    left: int


def send_digests(*, now: datetime, limit: int = PER_ROUND) -> int:
    """Decide today's mail for everybody whose hour has come; return how many mails were written.

    Safe to run twice at once and late: one row per person and day says that it is decided, also when nothing was to be
    said. A round that comes after the hour catches up until the quiet hours begin.
    """
    sent = 0
    for zone in ZONES:
        local = now.astimezone(ZONES[zone])
        is_workday = calendar.around(local.date()).is_working(local.date())
        due = list(_due(zone, local, is_workday=is_workday)[:limit])
        wishes, can_read = wishes_for(due), reachable(due)
        for user in due:
            own = wishes[user.pk]
            if quiet.is_quiet(local.time(), own.quiet_from, own.quiet_to):
                continue
            try:
                sent += _decide(user, own, local.date(), can_read=user.pk in can_read)
            except Exception:  # one page that fails must not cost everybody else the mail
                log.exception("the daily mail of %s waits for the next round", user.pk)
    return sent


def _due(zone: str, local: datetime, *, is_workday: bool) -> QuerySet[User]:
    """Return who has not been decided on today, whose hour has come, and who may have something to read."""
    kept = MailSettings.objects.filter(user=OuterRef("pk"))
    hour: Q = Q(Exists(kept.filter(digest_at__lte=local.time())))
    if local.time() >= DIGEST_AT:
        hour |= Q(~Exists(kept))
    if not is_workday:
        hour &= Q(Exists(kept.filter(is_open_on_weekends=True)))
    works = RoleGrant.objects.valid().filter(user=OuterRef("pk"), role__in=sorted(STAFF_ROLES))
    news = Notice.objects.for_digest().filter(user=OuterRef("pk"))
    return (
        User.objects.filter(hour, Exists(works) | Exists(news), zone=zone, is_active=True)
        .exclude(email="")
        .exclude(Exists(DailyDigest.objects.filter(user=OuterRef("pk"), day=local.date())))
        .order_by("pk")
    )


def _decide(user: User, wishes: Wishes, day: date, *, can_read: bool) -> bool:
    with translation.override(wishes.language), timezone.override(wishes.zone):
        groups = _groups(user, day) if can_read and wishes.lists_todos else []
    kinds = [kind for kind in NoticeKind.values if wishes.delivery(kind) == Delivery.DAILY]
    waiting = Notice.objects.for_digest().filter(user=user, kind__in=kinds)
    notices = list(waiting.order_by("due_on", "-created_at", "pk")) if can_read else []
    is_worth_it = bool(groups or notices)
    try:
        with transaction.atomic():
            DailyDigest.objects.create(user=user, day=day, is_sent=is_worth_it)
            if is_worth_it:
                _write(user, day, groups, notices)
                Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(waits_for_digest=False)
    except IntegrityError:  # another round decided at the same moment
        return False
    return is_worth_it


def _groups(user: User, day: date) -> list[Group]:
    """Read the home pages of all roles; the same thing in two of them is told once."""
    groups, told = [], set()
    for grant in user.valid_grants:
        todos = [item for item in registry.home_of(user, grant).todos if (item.title, item.url) not in told]
        told |= {(item.title, item.url) for item in todos}
        if todos:
            groups.append(Group(str(grant), [_line(item, day) for item in todos[:TODOS_SHOWN]], len(todos[TODOS_SHOWN:])))
    return groups


def _line(item: registry.Todo, day: date) -> Line:
    days = (item.due - day).days if item.due else None
    return Line(str(item.title), str(item.detail), str(item.action), settings.PUBLIC_URL + item.url, item.due, days)


def _write(user: User, day: date, groups: Sequence[Group], notices: Sequence[Notice]) -> None:
    shown = [_news(notice, day) for notice in notices[:NOTICES_SHOWN]]
    context: dict[str, object] = {
        "name": user.full_name,
        "today": day,
        "groups": groups,
        "todo_count": sum(len(group.todos) + group.left for group in groups),
        "notices": shown,
        "notice_count": len(notices),
        "notices_left": len(notices) - len(shown),
    }
    queue_mail(
        key=f"digest-{user.pk}-{day:%Y%m%d}",
        to=user.email,
        template="dashboard/email/digest",
        context=context,
        user=user,
        kind=NoticeKind.DEADLINE,
    )


def _news(notice: Notice, day: date) -> dict[str, object]:
    link = settings.PUBLIC_URL + notice.url if notice.url else ""
    days = (notice.due_on - day).days if notice.due_on else None
    return {"text": notice.text, "due_on": notice.due_on, "days": days, "action": notice.action, "link": link}
