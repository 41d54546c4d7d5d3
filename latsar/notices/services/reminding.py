"""The day's reminders: every rule asks its source, once a day, and catches up on days that were missed."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import Q

from latsar.notices.models import ReminderRule
from latsar.notices.reminders import Asked, reminders
from latsar.notices.services.telling import News, notify_many

log = logging.getLogger(__name__)

DAY = timedelta(days=1)
CATCH_UP_DAYS = 7


def send_reminders(*, today: date) -> int:
    """Tell everybody what today's rules say; return how many notices were written.

    Each source runs in one transaction that locks its rules and notes the day, and each notice has a key of rule, person,
    thing and date: run twice, or twice at once, it tells once. Days without a run, up to a week, are told late.
    """
    names = ReminderRule.objects.filter(_is_due(today)).order_by("source").values_list("source", flat=True).distinct()
    return sum(_guarded(name, today) for name in list(names))


def _guarded(name: str, today: date) -> int:
    """Run one source; one that fails is told again next round and costs the others nothing."""
    try:
        return _run(name, today)
    except Exception:
        log.exception("the reminders of %s wait for the next round", name)
        return 0


def _is_due(today: date) -> Q:
    return Q(is_active=True) & (Q(ran_on=None) | Q(ran_on__lt=today))


@transaction.atomic
def _run(name: str, today: date) -> int:
    rules = list(ReminderRule.objects.select_for_update().filter(_is_due(today), source=name).order_by("audience", "-offset"))
    news: list[News] = []
    for _audience, same in groupby(rules, key=lambda rule: rule.audience):
        news += _news(list(same), today)
    ReminderRule.objects.filter(pk__in=[rule.pk for rule in rules]).update(ran_on=today)
    return len(notify_many(news=news)) if news else 0


def _news(rules: Sequence[ReminderRule], today: date) -> Iterator[News]:
    """Write what the rules of one audience say; of several about the same thing and date only the latest is left."""
    told: set[tuple[int, str, date]] = set()
    for rule in rules:
        for told_on in _days(rule, today):
            day = told_on - rule.offset * DAY
            for item in reminders(rule.source, Asked(rule.audience, day, today)):
                same = (item.user.pk, item.about, item.due_on or day)
                if same in told:
                    continue
                told.add(same)
                key = f"rule{rule.pk}-{item.user.pk}-{item.about}-{day:%Y%m%d}"
                yield News(item.user, item.say, rule.kind, item.url, item.action, item.due_on, key)


def _days(rule: ReminderRule, today: date) -> list[date]:
    first = max(rule.ran_on + DAY, today - (CATCH_UP_DAYS - 1) * DAY) if rule.ran_on else today
    return [today - number * DAY for number in range((today - first).days + 1)]
