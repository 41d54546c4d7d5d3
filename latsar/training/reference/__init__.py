"""Reference data: what an installation knows before its first user.

One rule for all of it: what is missing is added, what exists is left as it is, because administrators correct unverified
facts in place. Only national holidays are kept equal to their source, except days that somebody entered by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model

from latsar.accounts import audit
from latsar.accounts.models import AuditEntry
from latsar.training.reference import holidays, orientation, places, reminders, rules, units


@dataclass(frozen=True)
class Loaded:
    """How many rows of one kind were added, and how many there are now."""

    name: str
    added: int
    total: int


@transaction.atomic
def load(*, year: int) -> list[Loaded]:
    """Add whatever is missing; number series are opened for `year`. Safe to run again at any time."""
    loaded: list[Loaded] = []
    for name, model, step in (
        *units.steps(),
        *rules.steps(),
        *orientation.steps(),
        *places.steps(year),
        *holidays.steps(),
        *reminders.steps(),
    ):
        before = _rows_of(model)
        step()
        after = _rows_of(model)
        if before:  # the first load is what an installation begins with
            audit.record_many(_entries(before, after))
        loaded.append(Loaded(name, len(after) - len(before), len(after)))
    return loaded


def _rows_of(model: type[Model]) -> dict[Any, Model]:
    return {row.pk: row for row in model._default_manager.all()}


def _entries(before: dict[Any, Model], after: dict[Any, Model]) -> Iterator[AuditEntry]:
    """Yield what a load changed, by nobody: a holiday that comes or goes moves dates that people wait for."""
    for pk in [*after, *(gone for gone in before if gone not in after)]:
        old, new = before.get(pk), after.get(pk)
        changes = {name: pair for name, pair in _pairs(old, new) if pair[0] != pair[1]}
        row = new or old
        if changes and row is not None:
            verb = "delete" if new is None else "change" if old else "add"
            yield audit.entry(verb=verb, obj=row, by=None, changes=changes, note="load_reference")


def _pairs(old: Model | None, new: Model | None) -> Iterator[tuple[str, list[Any]]]:
    row = new or old
    for field in row._meta.concrete_fields if row is not None else ():
        if not field.primary_key:
            yield field.name, [one and field.value_from_object(one) for one in (old, new)]
