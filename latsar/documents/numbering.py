"""Numbers of documents: one row per kind and year, locked while a number is taken."""

from __future__ import annotations

import re
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from latsar.accounts.errors import Refused
from latsar.documents.models import NumberSeries
from latsar.ui.words import roman

PLACE = re.compile(r"\{(n|n:0\d+d|year|month)\}")


def take_number(*, kind: str, day: date) -> str:
    """Return the next number of the series of that year; two people never get the same one.

    Must run inside the transaction that writes the document: when it fails, the number is free again.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is taken in the transaction of its document")
    series, _created = NumberSeries.objects.select_for_update().get_or_create(kind=kind, year=day.year)
    number = write_number(series.pattern, n=series.next_number, day=day)
    series.next_number += 1
    series.save(update_fields=["next_number"])
    return number


def write_number(pattern: str, *, n: int, day: date) -> str:
    """Fill a pattern such as "{n:04d}/SDM.05-SK/06/{year}"; it knows n, year and month only."""
    if not PLACE.search(pattern) or "{" in PLACE.sub("", pattern):
        raise Refused(_("Pola nomor %(pattern)s salah. Pakai {n}, {n:04d}, {year}, atau {month}.") % {"pattern": pattern})
    return PLACE.sub(lambda found: found[0].format(n=n, year=day.year, month=roman(day.month)), pattern)
