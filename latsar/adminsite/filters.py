"""Side filters that list only what the reader may see."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from latsar.satker.models import SatkerKind


class ScopedRelatedFilter(admin.RelatedFieldListFilter):
    """The stock filter over a relation offers every row of the other table; this one asks `visible_to` first."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        rows = field.remote_field.model._default_manager.all()
        if hasattr(rows, "visible_to"):
            rows = rows.visible_to(request.user)
        return [(row.pk, str(row)) for row in self.narrow(rows)]

    def narrow(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Leave out rows that nobody filters by."""
        return rows


class ProvinceFilter(ScopedRelatedFilter):
    """Provinces and the Secretariat General, not all 553 units."""

    def narrow(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        return rows.exclude(kind=SatkerKind.REGENCY)
