"""Rows of the notice list and of the outbox, with their words ready."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.notices import policies
from latsar.notices.enums import Failure, MailState
from latsar.notices.models import EmailBounce, Notice, OutboxMail
from latsar.notices.outbox import OutboxMailQuerySet
from latsar.notices.services.outbox import PAUSES
from latsar.ui import components, words
from latsar.ui.components import Figure

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NoticeRow:
    notice: Notice
    time: str
    due: str
    level: str


@dataclass(frozen=True, slots=True)
class Day:
    label: str
    rows: list[NoticeRow]


def by_day(notices: Iterable[Notice], now: datetime) -> list[Day]:
    """Group notices, newest first, by the reader's day."""
    zone, today = timezone.get_current_timezone(), timezone.localdate(now)
    days = groupby(notices, key=lambda notice: timezone.localdate(notice.created_at))
    return [Day(_day(day, today), [_notice_row(notice, today, zone) for notice in same]) for day, same in days]


def _day(day: date, today: date) -> str:
    if day == today:
        return _("Hari ini")
    if day == today - DAY:
        return _("Kemarin")
    return words.long_date_with_weekday(day)


def _notice_row(notice: Notice, today: date, zone: object) -> NoticeRow:
    due = level = ""
    if notice.due_on:
        days = (notice.due_on - today).days
        due = _("%(day)s, %(left)s") % {"day": words.long_date_with_weekday(notice.due_on), "left": words.days_left(days)}
        level = "is-bad" if days <= 2 else "is-warn" if days <= 7 else "muted"
    return NoticeRow(notice, words.clock_time(notice.created_at, zone), due, level)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class MailRow:
    mail: OutboxMail
    name: str
    pill: SafeString
    detail: str
    made: str
    can_retry: bool


def mail_rows(mails: Iterable[OutboxMail], user: User, now: datetime) -> list[MailRow]:
    zone = timezone.get_current_timezone()
    return [
        MailRow(
            mail=mail,
            name=mail.user.full_name if mail.user else "",
            pill=_pill(mail, now),
            detail=_detail(mail, now),
            made=words.when(mail.created_at, now, zone),
            can_retry=_can_retry(mail, user),
        )
        for mail in mails
    ]


def _can_retry(mail: OutboxMail, user: User) -> bool:
    has_failed = mail.state == MailState.FAILED and mail.failure != Failure.EXPIRED
    waits_again = mail.state == MailState.QUEUED and mail.attempts > 0 and not mail.is_under_way
    return (has_failed or waits_again) and policies.can_retry(user, mail)


def _pill(mail: OutboxMail, now: datetime) -> SafeString:
    if mail.state == MailState.SENT:
        return components.pill("ok", _("Terkirim"), "check-lg")
    if mail.state == MailState.FAILED:
        return components.pill("bad", _("Gagal"), "exclamation-triangle-fill")
    if mail.is_under_way:
        return components.pill("info", _("Sedang dikirim"), "hourglass-split")
    if mail.attempts:
        return components.pill("warn", _("Dicoba lagi"), "arrow-repeat")
    if mail.send_after > now:
        return components.pill("", _("Ditahan"), "moon")
    return components.pill("info", _("Menunggu"), "hourglass-split")


def _detail(mail: OutboxMail, now: datetime) -> str:
    zone = timezone.get_current_timezone()
    if mail.state == MailState.SENT:
        return words.when(mail.sent_at or mail.created_at, now, zone)
    if mail.state == MailState.FAILED:
        return str(mail.get_failure_display())
    if mail.attempts and not mail.is_under_way:
        facts = {
            "n": mail.attempts,
            "of": len(PAUSES) + 1,
            "why": mail.get_failure_display(),
            "when": words.when(mail.send_after, now, zone),
        }
        return _("%(why)s Percobaan %(n)s dari %(of)s, berikutnya %(when)s.") % facts
    if mail.is_held:
        return _("Jam tenang penerima. Dikirim %(when)s.") % {"when": words.when(mail.send_after, now, zone)}
    return ""


def filtered(rows: OutboxMailQuerySet, asked: dict[str, str], now: datetime) -> OutboxMailQuerySet:
    """Apply the filters of the address."""
    rows = rows.search(asked["q"])
    if asked["jenis"]:
        rows = rows.filter(kind=asked["jenis"])
    match asked["keadaan"]:
        case "menunggu":
            return rows.waiting(now)
        case "ditahan":
            return rows.held(now)
        case "dicoba-lagi":
            return rows.retrying()
        case "gagal":
            return rows.failed()
        case "terkirim":
            return rows.sent()
    return rows


def mail_figures(user: User, current: str, now: datetime) -> list[Figure]:
    """Count what has not gone out by state; each number leads to its rows."""
    mine = OutboxMail.objects.visible_to(user)
    queued = mine.filter(state=MailState.QUEUED).aggregate(
        waiting=Count("pk", filter=Q(attempts=0, send_after__lte=now)),
        held=Count("pk", filter=Q(attempts=0, send_after__gt=now)),
        retrying=Count("pk", filter=Q(attempts__gt=0)),
    )
    failed = mine.failed().count()
    cells = (
        (_("Menunggu"), queued["waiting"], _("terkirim sebentar lagi"), "menunggu", ""),
        (_("Ditahan"), queued["held"], _("sampai jam tenang berakhir"), "ditahan", ""),
        (_("Dicoba lagi"), queued["retrying"], _("sendiri, makin jarang"), "dicoba-lagi", "warn" if queued["retrying"] else ""),
        (_("Gagal"), failed, _("perlu Anda lihat"), "gagal", "bad" if failed else ""),
    )
    url = reverse("outbox")
    return [
        Figure(label, number, note, f"{url}?{urlencode({'keadaan': key})}", level, is_current=key == current)
        for label, number, note, key, level in cells
    ]


def bounce_count(user: User) -> int:
    """Return how many addresses take no mail, to who can clear them."""
    return EmailBounce.objects.bouncing().count() if policies.can_clear_bounces(user) else 0
