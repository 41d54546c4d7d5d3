"""Reports that upper apps offer. Each app registers its own in `reports.py`, found at start-up as `admin.py` is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from django.db.models import QuerySet
from django.utils.functional import Promise

from latsar.accounts.models import User
from latsar.reports.forms import ReportForm
from latsar.reports.writers import Column


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a report; the PDF leaves out those that are not `printed`."""

    column: Column
    printed: bool = True


@dataclass(frozen=True, slots=True)
class MapPicture:
    """Numbers for the 38 tiles: province code -> (what is shown, step from 1 to 5)."""

    title: str
    description: str
    values: Mapping[str, tuple[str, int]]
    legend: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Content:
    """One report, ready to be written. `rows` is read once; `count` says how many will come."""

    title: str
    filter_text: str
    fields: Sequence[Field]
    rows: Iterable[Sequence[Any]]
    count: int
    table_title: str
    totals: Sequence[Any] = ()
    figures: Sequence[tuple[str, str, str]] = field(default_factory=tuple)
    picture: MapPicture | None = None
    note: str = ""
    people: QuerySet[Any] | None = None  # who is in it person by person, so that each can see that they were


Build: TypeAlias = Callable[[User, dict[str, Any], date], Content]


@dataclass(frozen=True, slots=True)
class Report:
    """`build(user, cleaned parameters, today)` starts from what the user sees at that moment."""

    key: str
    title: str | Promise
    text: str | Promise
    roles: frozenset[str]
    build: Build
    form: type[ReportForm] = ReportForm

    def allows(self, user: User) -> bool:
        return bool(self.roles & user.scope.roles)


_reports: dict[str, Report] = {}


def report(
    key: str, *roles: str, title: str | Promise, text: str | Promise, form: type[ReportForm] = ReportForm
) -> Callable[[Build], Build]:
    """Register `build(user, params, today) -> Content` as a report for these roles."""

    def register(build: Build) -> Build:
        _reports[key] = Report(key, title, text, frozenset(roles), build, form)
        return build

    return register


def reports_for(user: User) -> list[Report]:
    """Return the reports this person may ask for, in the order in which they were registered."""
    return [one for one in _reports.values() if one.allows(user)]


def report_for(user: User, key: str) -> Report | None:
    """Return one report, or nothing when there is none or it is not for this person."""
    found = _reports.get(key)
    return found if found is not None and found.allows(user) else None
