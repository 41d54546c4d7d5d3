"""Columns with a heading of their own, for fields that have no words in their model."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import display_for_value
from django.db import models

EMPTY = "-"


def titled(name: str, title: Any) -> Any:
    """Return a read-only column that shows the field `name` under `title`, sorted like the field."""

    @admin.display(description=title, ordering=name)
    def show(obj: models.Model) -> Any:
        shown = getattr(obj, f"get_{name}_display", None)
        value = shown() if shown else getattr(obj, name)
        return display_for_value(value, EMPTY) if value not in (None, "") else EMPTY

    show.__name__ = name
    return show
