"""What the form of a new angkatan begins with: what its address says, else what the institute did last."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet

from latsar.accounts.models import User
from latsar.training.enums import GolonganGroup, Method
from latsar.training.models import Batch, Institute
from latsar.ui.numbers import whole_number

REPEATED = ("scheme", "curriculum", "method", "golongan", "capacity", "place")


def presets(user: User, data: Mapping[str, str]) -> dict[str, Any]:
    """Read `lembaga`, `metode`, `golongan`, `kursi`, `mulai` and `gelombang` of an address; English names of the fields are read too.

    An institute that is named brings the facts of its last angkatan along. What cannot be read is left out.
    """
    found: dict[str, Any] = {}
    institute = _institute(user, _first(data, "lembaga", "institute"))
    if institute is not None:
        last = _last_of(institute)
        found = {name: getattr(last, name) for name in REPEATED} if last else {}
        found["institute"] = institute
    for name, keys, known in (("method", ("metode", "method"), Method.values), ("golongan", ("golongan",), GolonganGroup.values)):
        if (value := _first(data, *keys)) in known:
            found[name] = value
    for name, keys in (
        ("capacity", ("kursi", "capacity")),
        ("wave_number", ("gelombang", "wave")),
        ("number", ("nomor", "number")),
        ("seat_request", ("seat_request",)),
    ):
        if (number := whole_number(_first(data, *keys))) is not None:
            found[name] = number
    if (day := _day(_first(data, "mulai", "starts_on"))) is not None:
        found["starts_on"] = day
    return found


def _first(data: Mapping[str, str], *names: str) -> str:
    return next((data[name].strip() for name in names if data.get(name)), "")


def _institute(user: User, text: str) -> Institute | None:
    number = whole_number(text)
    known: QuerySet[Institute] = Institute.objects.visible_to(user).filter(is_active=True)
    return known.filter(pk=number).first() if number is not None else None


def _last_of(institute: Institute) -> Batch | None:
    published = Batch.objects.filter(institute=institute, scheme__published_at__isnull=False, curriculum__published_at__isnull=False)
    return published.select_related("scheme", "curriculum").order_by("-created_at", "-pk").first()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
