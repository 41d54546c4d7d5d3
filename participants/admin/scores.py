"""Score sheets, results and STTP in the admin: found and read here; whatever changes them has its own page and its own four eyes."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from latsar.adminsite.filters import ProvinceFilter
from latsar.adminsite.scoped import ReadOnlyAdmin, ReadOnlyInline
from participants.models import Objection, Result, ScoreCorrection, ScoreSheet, ScoreSheetChange, Sttp


class SheetChangeInline(ReadOnlyInline):
    model = ScoreSheetChange
    fields = readonly_fields = ["action", "old", "new", "by", "at", "note"]


@admin.register(ScoreSheet)
class ScoreSheetAdmin(ReadOnlyAdmin):
    list_display = ["batch", "state", "due_on", "objections_until"]
    list_filter = ["state"]
    list_select_related = ["batch__institute"]
    search_fields = ["batch__institute__name"]
    search_help_text = _("Lembaga")
    inlines = [SheetChangeInline]
    fields = ["batch", "state", "due_on", "objections_until"]


@admin.register(Result)
class ResultAdmin(ReadOnlyAdmin):
    list_display = ["participant", "batch", "total", "qualification", "outcome", "rank"]
    list_filter = ["outcome", ("participant__province", ProvinceFilter)]
    list_select_related = ["participant", "batch__institute"]
    search_fields = ["participant__full_name", "participant__nip"]
    search_help_text = _("Nama atau NIP")
    fields = ["participant", "batch", "total", "qualification", "outcome", "rank", "computed_at", "computed_by"]


@admin.register(Objection)
class ObjectionAdmin(ReadOnlyAdmin):
    list_display = ["participant", "batch", "component", "state", "filed_at"]
    list_filter = ["state", ("participant__province", ProvinceFilter)]
    list_select_related = ["participant", "batch__institute", "component"]
    search_fields = ["participant__full_name", "participant__nip"]
    search_help_text = _("Nama atau NIP")
    fields = ["participant", "batch", "component", "text", "state", "answer", "answered_by", "answered_at"]


@admin.register(ScoreCorrection)
class ScoreCorrectionAdmin(ReadOnlyAdmin):
    list_display = ["participant", "batch", "component", "kind", "old", "new", "state"]
    list_filter = ["state", "kind", ("participant__province", ProvinceFilter)]
    list_select_related = ["participant", "batch__institute", "component"]
    search_fields = ["participant__full_name", "participant__nip"]
    search_help_text = _("Nama atau NIP")
    fields = [
        "participant", "batch", "component", "rater", "kind", "old", "new", "reason", "state",
        "proposed_by", "proposed_at", "decided_by", "decided_at", "decision_note",
    ]  # fmt: skip


@admin.register(Sttp)
class SttpAdmin(ReadOnlyAdmin):
    list_display = ["participant", "batch", "number", "registration_code", "issued_on"]
    list_filter = [("participant__province", ProvinceFilter)]
    list_select_related = ["participant", "batch__institute"]
    search_fields = ["participant__full_name", "participant__nip", "number", "registration_code"]
    search_help_text = _("Nama, NIP, nomor, atau kode registrasi")
    date_hierarchy = "issued_on"
    fields = ["participant", "batch", "number", "registration_code", "issued_on", "recorded_by", "recorded_at"]
