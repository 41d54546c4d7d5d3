"""Reference data: what an installation knows before its first user.

One rule for all of it: what is missing is added, what exists is left as it is, because administrators correct unverified
facts in place. Only national holidays are kept equal to their source, except days that somebody entered by hand.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

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
        before = model.objects.count()  # type: ignore[attr-defined]
        step()
        after = model.objects.count()  # type: ignore[attr-defined]
        loaded.append(Loaded(name, after - before, after))
    return loaded
