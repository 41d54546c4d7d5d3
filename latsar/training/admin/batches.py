from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from latsar.accounts.errors import Refused
from latsar.accounts.models import User
from latsar.adminsite.columns import titled
from latsar.adminsite.filters import ProvinceFilter
from latsar.adminsite.scoped import ReadOnlyInline, ScopedAdmin, user_of
from latsar.adminsite.servicing import ServiceAdmin, adopt
from latsar.training import policies, services
from latsar.training.enums import BatchStage
from latsar.training.models import Batch, BatchPhase, BatchStageChange, Wave

FROZEN = ("scheme", "method", "curriculum", "golongan")
CHANGEABLE = (*FROZEN, "number", "capacity", "place", "approval_basis", "wave")


class BatchForm(forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Batch
        fields = "__all__"  # noqa: DJ007 - the admin names its fields itself

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        starts_on = data.get("starts_on") or self.instance.starts_on
        wave = data.get("wave")
        if wave and starts_on and wave.year != starts_on.year:
            self.add_error("wave", _("Gelombang ini milik tahun %(year)s.") % {"year": wave.year})
        return data


class BatchPhaseInline(ReadOnlyInline):
    """Dates move on the schedule page, which knows the working calendar."""

    model = BatchPhase
    fields = ["order", "kind", "name", "starts_on", "ends_on", "day_count", "is_parallel", "is_mandatory"]


class BatchStageChangeInline(ReadOnlyInline):
    model = BatchStageChange
    verbose_name_plural = _("riwayat keadaan")
    fields = readonly_fields = [
        titled("at", _("waktu")),
        titled("old", _("dari")),
        titled("new", _("menjadi")),
        titled("note", _("catatan")),
    ]


@admin.register(Batch)
class BatchAdmin(ServiceAdmin):
    """Seats follow the capacity; the service refuses fewer seats than people."""

    form = BatchForm
    list_display = ["label", "year", "institute", "method", "golongan", "stage", "starts_on", "ends_on", "capacity", "taken"]
    list_filter = ["stage", "year", "method", "institute", ("province", ProvinceFilter)]
    list_select_related = ["institute"]
    search_fields = ["institute__name", "place", "=number"]
    search_help_text = _("Lembaga, tempat, atau nomor angkatan")
    date_hierarchy = "starts_on"
    inlines = [BatchPhaseInline, BatchStageChangeInline]
    autocomplete_fields = ["institute"]
    actions = ["open_chosen"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Batch]:
        return super().get_queryset(request).annotate(held=Count("participants", distinct=True))

    def get_fields(self, request: HttpRequest, obj: Batch | None = None) -> list[str]:
        rules = ["institute", *FROZEN, "starts_on", "number", "capacity", "place", "approval_basis", "wave"]
        return [*rules, "ends_on", "stage", "taken", "version"] if obj else rules

    def get_readonly_fields(self, request: HttpRequest, obj: Batch | None = None) -> list[str]:
        if obj is None:
            return []
        frozen = FROZEN if obj.stage != BatchStage.DRAFT else ()
        return ["institute", "starts_on", "ends_on", "stage", "taken", *frozen]

    def get_form(self, request: HttpRequest, obj: Batch | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None:
            form.base_fields["number"].required = False
            form.base_fields["number"].help_text = _("Kosongkan agar diberi nomor berikutnya di lembaga itu.")
        return form

    def can_write(self, user: User, obj: Batch) -> bool:  # type: ignore[override]
        return policies.can_edit_batch(user, obj)

    def save_model(self, request: HttpRequest, obj: Batch, form: Any, change: bool) -> None:  # noqa: FBT001
        data, by = form.cleaned_data, user_of(request)
        if change:
            changes = {name: data[name] for name in CHANGEABLE if name in data}
            saved = services.update_batch(batch_id=obj.pk, version=data["version"] or 0, changes=changes, by=by)
        else:
            wave = data.pop("wave", None)
            facts = {name: value for name, value in data.items() if name not in {"version", "number"}}
            saved = services.create_batch(**facts, number=data["number"], wave_number=wave.number if wave else None, by=by)
        adopt(obj, saved)

    @admin.display(description=_("angkatan"), ordering="number")
    def label(self, obj: Batch) -> str:
        return obj.label

    @admin.display(description=_("peserta"), ordering="held")
    def taken(self, obj: Batch) -> int:
        return getattr(obj, "held", 0)

    @admin.action(description=_("Buka untuk penempatan"), permissions=["change"])
    def open_chosen(self, request: HttpRequest, queryset: QuerySet[Batch]) -> None:
        opened = 0
        for batch in queryset:
            try:
                services.open_batch(batch_id=batch.pk, by=user_of(request))
                opened += 1
            except Refused as refused:
                messages.error(request, f"{batch}: {' '.join(refused.messages)}")
        if opened:
            text = ngettext("%(count)d angkatan dibuka.", "%(count)d angkatan dibuka.", opened)
            messages.success(request, text % {"count": opened})


@admin.register(Wave)
class WaveAdmin(ScopedAdmin):
    is_master_data = True
    list_display = ["number", "year"]
    list_filter = ["year"]
    search_fields = ["=number", "=year"]
