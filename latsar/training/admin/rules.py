from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from latsar.accounts.models import User
from latsar.adminsite.scoped import LabelledFormSet, ScopedAdmin, ScopedInline
from latsar.training.models import (
    AgendaSubject,
    Band,
    Curriculum,
    CurriculumValue,
    PhaseTemplate,
    RegulationScheme,
    RubricBand,
    ScoreComponent,
)


class WeightFormSet(LabelledFormSet):
    """The weights of a scheme per method, and parts of their whole. What does not add up keeps a draft from being published, not from being saved."""

    def clean(self) -> None:
        super().clean()
        rows = [form.instance for form in self.forms if getattr(form, "cleaned_data", None) and not form.cleaned_data.get("DELETE")]
        for part in rows:
            if part.parent is not None and (part.parent.parent_id or part.parent.method not in ("", part.method)):
                text = _("%(name)s adalah bagian dari bagian, atau dari komponen metode lain.")
                raise forms.ValidationError(text, params={"name": part.name})


class RuleInline(ScopedInline):
    """Rows of a draft, with a decimal comma. Published rules are read here and changed nowhere: a copy becomes the next version."""

    def get_formset(self, request: HttpRequest, obj: models.Model | None = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, **{"localized_fields": "__all__", **kwargs})

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return super().has_add_permission(request, obj) and is_draft(obj)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and is_draft(obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and is_draft(obj)


def is_draft(rules: models.Model | None) -> bool:
    """Say whether a scheme or curriculum may still be written."""
    return rules is None or getattr(rules, "published_at", None) is None


class ScoreComponentInline(RuleInline):
    model = ScoreComponent
    formset = WeightFormSet

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A part hangs under a top component of the same scheme."""
        if db_field.name == "parent":
            match = request.resolver_match
            scheme = match.kwargs.get("object_id") if match else None
            kwargs["queryset"] = ScoreComponent._default_manager.filter(
                scheme=scheme if str(scheme or "").isdecimal() else None, parent=None
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class BandInline(RuleInline):
    model = Band


class RubricBandInline(RuleInline):
    model = RubricBand


class PhaseTemplateInline(RuleInline):
    model = PhaseTemplate


class CurriculumValueInline(RuleInline):
    model = CurriculumValue


class AgendaSubjectInline(RuleInline):
    model = AgendaSubject


class RulesAdmin(ScopedAdmin):
    """A draft is written here or on its page; published on its page only, where it is checked. Published rules are read."""

    is_master_data = True
    list_filter = ["is_verified", ("published_at", admin.EmptyFieldListFilter)]
    search_fields = ["name", "code"]
    date_hierarchy = "effective_from"
    exclude = ("sources", "version", "published_by")
    readonly_fields = ["published_at", "copied_from"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        return super().get_form(request, obj, change=change, **{"localized_fields": "__all__", **kwargs})

    def can_write(self, user: User, obj: models.Model) -> bool:
        return is_draft(obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        obj.version += change  # who has the editor open is told
        super().save_model(request, obj, form, change)


@admin.register(RegulationScheme)
class RegulationSchemeAdmin(RulesAdmin):
    list_display = ["name", "regulation", "effective_from", "effective_to", "hours", "is_verified", "published_at"]
    inlines = [ScoreComponentInline, BandInline, RubricBandInline, PhaseTemplateInline]


@admin.register(Curriculum)
class CurriculumAdmin(RulesAdmin):
    list_display = ["name", "code", "effective_from", "effective_to", "is_verified", "published_at"]
    inlines = [CurriculumValueInline, AgendaSubjectInline]
