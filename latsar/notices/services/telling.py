"""Telling people: a line under the bell, and by mail as each of them wants it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_hex
from typing import TypeAlias, TypeVar

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from latsar.accounts.models import User
from latsar.notices.enums import Delivery, Failure, MailState, NoticeKind
from latsar.notices.letters import Letter, written
from latsar.notices.models import EmailBounce, Notice, OutboxMail
from latsar.notices.services.outbox import publish_after_commit
from latsar.notices.wishes import Wishes, wishes_for

Words: TypeAlias = str | Callable[[], str]
"""A text, or a function that writes it in the language that is active when it is called: the recipient's."""

Item = TypeVar("Item")
TEXT_LIMIT = 300
CHUNK = 1000


@dataclass(frozen=True)
class News:
    """One thing to tell one person. With a `key` it is told once; `letter` is a mail of its own instead of the plain one."""

    user: User
    text: Words
    kind: str = NoticeKind.ACCOUNT
    url: str = ""
    action: Words = ""
    due_on: date | None = None
    key: str = ""
    letter: Letter | None = None


def notify(
    *,
    user: User,
    text: Words,
    url: str = "",
    kind: str = NoticeKind.ACCOUNT,
    action: Words = "",
    due_on: date | None = None,
    letter: Letter | None = None,
) -> Notice:
    """Show a line under the person's bell, and mail it when the person wants that kind by mail."""
    return notify_many(news=[News(user, text, kind, url, action, due_on, "", letter)])[0]


@transaction.atomic
def notify_many(*, news: Sequence[News], now: datetime | None = None) -> list[Notice]:
    """Tell many people in a few queries per thousand; what carries a `key` that was told already is left out.

    Mail at once is written into the outbox, not before the recipient's quiet hours end; the rest waits for the daily mail.
    """
    now = now or timezone.now()
    fresh = _new_only(news)
    return [notice for part in _parts(fresh) for notice in _tell(part, now)]


def _tell(news: Sequence[News], now: datetime) -> list[Notice]:
    wishes = wishes_for({item.user.pk: item.user for item in news}.values())
    notices = [_notice(item, wishes[item.user.pk], now) for item in news]
    Notice.objects.bulk_create(notices, batch_size=CHUNK, ignore_conflicts=any(item.key for item in news))
    wanted = [pair for pair in zip(news, notices, strict=True) if wishes[pair[0].user.pk].delivery(pair[0].kind) == Delivery.NOW]
    mails = _mails(wanted, wishes, now)
    if mails:
        OutboxMail.objects.bulk_create(mails, batch_size=CHUNK, ignore_conflicts=True)
        publish_after_commit()
    return notices


def reachable(users: Iterable[User]) -> set[int]:
    """Return who of these has an account in use and an address that takes mail; one query."""
    candidates = [user for user in users if user.is_active and user.email]
    bouncing = set(
        EmailBounce.objects.bouncing().filter(address__in={u.email.lower() for u in candidates}).values_list("address", flat=True)
    )
    return {user.pk for user in candidates if user.email.lower() not in bouncing}


def _new_only(news: Sequence[News]) -> list[News]:
    keys = {item.key for item in news if item.key}
    told: set[str] = set()
    for part in _parts(sorted(keys)):
        told |= set(Notice.objects.filter(key__in=part).values_list("key", flat=True))
    kept = []
    for item in news:
        if item.key not in told:
            kept.append(item)
        if item.key:
            told.add(item.key)
    return kept


def _parts(items: Sequence[Item]) -> Iterable[Sequence[Item]]:
    """Cut a long list: a database takes only so many values in one query."""
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))


def _notice(item: News, wishes: Wishes, now: datetime) -> Notice:
    with translation.override(wishes.language):
        text, action = say(item.text), say(item.action)
    return Notice(
        user=item.user,
        kind=item.kind,
        text=text[:TEXT_LIMIT],
        url=item.url,
        action=action,
        due_on=item.due_on,
        key=item.key,
        waits_for_digest=wishes.delivery(item.kind) == Delivery.DAILY,
        created_at=now,
    )


def say(text: Words) -> str:
    """Write a text in the active language."""
    return text() if callable(text) else str(text)


def _mails(wanted: Collection[tuple[News, Notice]], wishes: dict[int, Wishes], now: datetime) -> list[OutboxMail]:
    can_read = reachable({item.user.pk: item.user for item, _notice in wanted}.values()) if wanted else set()
    mails = []
    for item, notice in wanted:
        if not item.user.is_active or not item.user.email:
            continue
        own = wishes[item.user.pk]
        letter = item.letter or _plain_letter(item, notice)
        mail = written(letter, user=item.user, kind=item.kind, language=own.language, send_after=own.earliest(now), now=now)
        if item.user.pk not in can_read:  # kept, so that it can go out once the address is right again
            mail.state, mail.failure = MailState.FAILED, Failure.REFUSED
        mails.append(mail)
    return mails


def _plain_letter(item: News, notice: Notice) -> Letter:
    context: dict[str, object] = {"notice": notice, "name": item.user.full_name, "url": settings.PUBLIC_URL + item.url if item.url else ""}
    return Letter(f"notice-{item.key or token_hex(12)}", "notices/email/notice", context)
