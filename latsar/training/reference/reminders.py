"""The rules of reminders. A rule that exists is never touched again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Model

from latsar.notices.models import ReminderRule
from latsar.training.reference.files import toml


def steps() -> tuple[tuple[str, type[Model], Callable[[], None]], ...]:
    return (("aturan pengingat", ReminderRule, load_rules),)


def load_rules() -> None:
    """Create the rules whose code is missing and whose place nobody has taken with a rule of their own."""
    known = set(ReminderRule.objects.values_list("code", flat=True))
    taken = set(ReminderRule.objects.values_list("source", "audience", "offset"))
    rules = [_rule(entry, audience, offset) for entry, audience, offset in _lines()]
    ReminderRule.objects.bulk_create(r for r in rules if r.code not in known and (r.source, r.audience, r.offset) not in taken)


def _lines() -> Iterator[tuple[dict[str, Any], str, int]]:
    for entry in toml("reminders.toml")["rule"]:
        for audience, offsets in entry["offsets"].items():
            for offset in offsets:
                yield entry, audience, offset


def _rule(entry: dict[str, Any], audience: str, offset: int) -> ReminderRule:
    when = f"minus-{-offset}" if offset < 0 else f"plus-{offset}"
    code = f"{entry['source']}-{audience}-{when}".replace("_", "-")
    return ReminderRule(code=code, source=entry["source"], audience=audience, offset=offset, kind=entry["kind"])
