"""Dates that somebody must keep: each app registers its own in `reminders.py`, found at start-up as `admin.py` is.

A source answers for one day at a time and reads its rows in a fixed number of queries. Offices get one line with a count
and a link to the rows, never one line per person. Which days before or after, for whom: `ReminderRule`, data. See ADR 0015.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from latsar.accounts.models import User


@dataclass(frozen=True, slots=True)
class Reminder:
    """One line for one person. `about` names the thing within its source, such as "batch-12": it is told once per date.

    `say` and `action` write their words in the recipient's language. The text is stored and read on later days, so it names the
    date and counts no days; the pages and the daily mail add how far `due_on` is when they are read or sent.
    """

    user: User
    about: str
    say: Callable[[], str]
    url: str
    action: Callable[[], str]
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a rule asks of its source: who, about which day, and the day on which it is told."""

    audience: str
    day: date
    today: date


Source: TypeAlias = Callable[[Asked], Iterable[Reminder]]


@dataclass(frozen=True, slots=True)
class _Entry:
    label: str | Promise
    audiences: tuple[str, ...]
    answer: Source


_sources: dict[str, _Entry] = {}


def source(name: str, label: str | Promise, *audiences: str) -> Callable[[Source], Source]:
    """Register `fn(Asked) -> [Reminder]` under a stable English name, with the audiences it can answer for."""

    def register(answer: Source) -> Source:
        _sources[name] = _Entry(label, audiences, answer)
        return answer

    return register


def reminders(name: str, asked: Asked) -> Iterator[Reminder]:
    """Ask one source; a name that no app registers, or an audience it does not know, has nothing to say."""
    entry = _sources.get(name)
    if entry is not None and asked.audience in entry.audiences:
        yield from entry.answer(asked)


def source_label(name: str) -> str:
    entry = _sources.get(name)
    return str(entry.label) if entry else _("%(name)s (belum ada di portal ini)") % {"name": name}


def source_choices(present: str = "") -> list[tuple[str, str]]:
    """Return the registered sources for a form; the present one stays even when its app is gone."""
    names = sorted({*_sources, *filter(None, [present])})
    return [(name, source_label(name)) for name in names]


def audiences_of(name: str) -> tuple[str, ...]:
    entry = _sources.get(name)
    return entry.audiences if entry else ()
