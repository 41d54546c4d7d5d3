"""A month, picked from the browser or typed as mm-yyyy; stored as its first or last day."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MONTH = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})|(?P<other>\d{1,2})[-/](?P<then>\d{4})")


class MonthInput(forms.TextInput):
    input_type = "month"

    def format_value(self, value: Any) -> str | None:
        return f"{value:%Y-%m}" if isinstance(value, date) else value


class MonthField(forms.Field):
    """Answers with the first day of the month, or with the last where `is_end` says so."""

    widget = MonthInput
    default_error_messages = {
        "required": _("Isi bulannya."),
        "invalid": _("Tulis bulan dan tahun, misalnya 02-2026."),
    }

    def __init__(self, *, is_end: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.is_end = is_end

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        found = MONTH.fullmatch(str(value).strip())
        year = int(found["year"] or found["then"]) if found else 0
        month = int(found["month"] or found["other"]) if found else 0
        if not (2000 <= year <= 2100 and 1 <= month <= 12):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return date(year, month, monthrange(year, month)[1] if self.is_end else 1)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except forms.ValidationError:
            return True


def month_range(first: date, last: date) -> str:
    """Write "Februari 2026" or "Februari sampai April 2026"."""
    from latsar.ui import words

    names = words.MONTHS[words.language()]
    end = f"{names[last.month - 1]} {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return end
    start = names[first.month - 1] if first.year == last.year else f"{names[first.month - 1]} {first.year}"
    return f"{start} {words.RANGE_WORD[words.language()]} {end}"
