from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from latsar.adminsite.scoped import LabelledFormSet, ScopedAdmin, ScopedInline, user_of
from latsar.training.enums import BatchStage
from latsar.training.models import (
    AgendaSubject,
    Band,
    Batch,
    Curriculum,
    CurriculumValue,
    PhaseTemplate,
    RegulationScheme,
    ScoreComponent,
)

ALL_OF_IT = Decimal(100)


class WeightFormSet(LabelledFormSet):
    """The weights of a scheme are one whole: 100 percent, or none yet."""

    def clean(self) -> None:
        super().clean()
        kept = [form.cleaned_data for form in self.forms if getattr(form, "cleaned_data", None) and not form.cleaned_data.get("DELETE")]
        weights = [data["weight"] for data in kept if data.get("weight") is not None]
        if weights and sum(weights) != ALL_OF_IT:
            text = _("Jumlah bobot %(sum)s%%, seharusnya 100%%. Ubah bobotnya sampai pas.")
            raise forms.ValidationError(text, params={"sum": f"{sum(weights).normalize():f}".replace(".", ",")})


class RuleInline(ScopedInline):
    """Numbers are typed with a decimal comma. Editable until the rules are verified and an open angkatan counts with them; from then on a new set is made."""

    def get_formset(self, request: HttpRequest, obj: models.Model | None = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, **{"localized_fields": "__all__", **kwargs})

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return super().has_add_permission(request, obj) and not is_frozen(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and not is_frozen(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not is_frozen(request, obj)


def is_frozen(request: HttpRequest, rules: models.Model | None) -> bool:
    """Say whether a scheme or curriculum is verified and used by an angkatan that has been opened."""
    if rules is None or rules.pk is None or not rules.is_verified:  # type: ignore[attr-defined]
        return False
    name = "scheme" if isinstance(rules, RegulationScheme) else "curriculum"
    return Batch.objects.visible_to(user_of(request)).filter(**{name: rules}).exclude(stage=BatchStage.DRAFT).exists()


class ScoreComponentInline(RuleInline):
    model = ScoreComponent
    formset = WeightFormSet


class BandInline(RuleInline):
    model = Band


class PhaseTemplateInline(RuleInline):
    model = PhaseTemplate


class CurriculumValueInline(RuleInline):
    model = CurriculumValue


class AgendaSubjectInline(RuleInline):
    model = AgendaSubject


class RulesAdmin(ScopedAdmin):
    """A verified set in use keeps its words; "simpan sebagai baru" makes the next version, unverified."""

    is_master_data = True
    save_as = True
    list_filter = ["is_verified"]
    search_fields = ["name", "code"]
    date_hierarchy = "effective_from"
    frozen_fields: tuple[str, ...] = ()
    exclude = ("sources", "copied_from", "published_at", "published_by", "version")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        return super().get_form(request, obj, change=change, **{"localized_fields": "__all__", **kwargs})

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return list(self.frozen_fields) if is_frozen(request, obj) else []


@admin.register(RegulationScheme)
class RegulationSchemeAdmin(RulesAdmin):
    list_display = ["name", "regulation", "effective_from", "effective_to", "hours", "is_verified"]
    inlines = [ScoreComponentInline, BandInline, PhaseTemplateInline]
    frozen_fields = ("code", "regulation", "effective_from", "hours", "max_absence_percent", "is_verified")


@admin.register(Curriculum)
class CurriculumAdmin(RulesAdmin):
    list_display = ["name", "code", "effective_from", "effective_to", "is_verified"]
    inlines = [CurriculumValueInline, AgendaSubjectInline]
    frozen_fields = ("code", "effective_from", "is_verified")
