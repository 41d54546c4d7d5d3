"""National holidays and cuti bersama from the `holidays` package."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import holidays
from django.db.models import Model

from latsar.training.models import Holiday

YEARS = range(2018, 2029)


def steps() -> tuple[tuple[str, type[Model], Callable[[], None]], ...]:
    return (("hari libur", Holiday, load_holidays),)


def national() -> dict[date, tuple[str, bool]]:
    """Return `{day: (name, is joint leave)}`; on a day that is both, the holiday's name counts."""
    joint = holidays.Indonesia(years=YEARS, language="id", categories=("government",))
    public = holidays.Indonesia(years=YEARS, language="id", categories=("public",))
    return {
        **{day: (name[:120], True) for day, name in joint.items()},
        **{day: (name[:120], False) for day, name in public.items()},
    }


def load_holidays() -> None:
    """Make the table equal to the source; days entered by hand (`is_own`) stay as they are."""
    source = national()
    own = set(Holiday.objects.filter(is_own=True).values_list("date", flat=True))
    Holiday.objects.filter(is_own=False, date__year__in=YEARS).exclude(date__in=source).delete()
    Holiday.objects.bulk_create(
        [Holiday(date=day, name=name, is_joint_leave=joint) for day, (name, joint) in sorted(source.items()) if day not in own],
        update_conflicts=True,
        unique_fields=["date"],
        update_fields=["name", "is_joint_leave"],
    )
