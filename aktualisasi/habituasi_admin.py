"""The habituasi, laporan and library in the admin: read within scope; themes and the statement are PKSDM's to edit."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from aktualisasi.models import (
    Evidence,
    Laporan,
    LaporanKegiatan,
    LaporanMeasure,
    LibraryConsent,
    LibraryEntry,
    OriginalityStatement,
    PlanChange,
    TahapanWork,
    Theme,
    WeeklyReport,
    WeeklyReportChange,
)
from latsar.adminsite.columns import titled
from latsar.adminsite.filters import ProvinceFilter
from latsar.adminsite.scoped import ReadOnlyAdmin, ReadOnlyInline, ScopedAdmin

PROVINCE = ("participant__province", ProvinceFilter)


@admin.register(TahapanWork)
class TahapanWorkAdmin(ReadOnlyAdmin):
    list_display = ["tahapan", "state", "due_week", "planned_on", "finished_on"]
    list_filter = ["state"]
    list_select_related = ["tahapan"]
    search_fields = ["tahapan__text", "tahapan__kegiatan__rancangan__participant__full_name"]
    search_help_text = _("Tahapan atau nama")
    fields = ["tahapan", "state", "weeks", "due_week", "planned_on", "started_on", "finished_on", "note"]


@admin.register(Evidence)
class EvidenceAdmin(ReadOnlyAdmin):
    list_display = ["caption", "participant", "shown_on", "kind", titled("uploaded_at", _("diunggah"))]
    list_filter = ["kind", PROVINCE]
    list_select_related = ["participant"]
    search_fields = ["caption", "participant__full_name", "participant__nip"]
    search_help_text = _("Keterangan, nama, atau NIP")
    date_hierarchy = "uploaded_at"
    fields = ["participant", "tahapan", "document", "caption", "shown_on", "proves", "in_laporan", "report", "sha256"]
    readonly_fields = ["document"]

    @admin.display(description=_("berkas"))
    def document(self, obj: Evidence) -> str:
        return format_html('<a href="{}">{}</a>', reverse("evidence_file", args=[obj.pk]), obj.name)


class WeeklyReportChangeInline(ReadOnlyInline):
    model = WeeklyReportChange
    verbose_name_plural = _("riwayat keadaan")
    fields = SEEN = [
        titled("at", _("waktu")), titled("old", _("dari")), titled("new", _("menjadi")), titled("by", _("oleh")), titled("note", _("catatan")),
    ]  # fmt: skip
    readonly_fields = SEEN


@admin.register(WeeklyReport)
class WeeklyReportAdmin(ReadOnlyAdmin):
    list_display = ["participant", "week", "stage", titled("stage_at", _("sejak")), "due_on", "sent_late"]
    list_filter = ["stage", "sent_late", PROVINCE]
    list_select_related = ["participant"]
    search_fields = ["participant__full_name", "participant__nip"]
    search_help_text = _("Nama atau NIP")
    date_hierarchy = "stage_at"
    inlines = [WeeklyReportChangeInline]
    fields = ["participant", "week", "done", "obstacles", "value", "stage", "due_on", "sent_late", "note"]


@admin.register(PlanChange)
class PlanChangeAdmin(ReadOnlyAdmin):
    list_display = ["rancangan", "kind", "stage", "asked_at", "closed_at"]
    list_filter = ["kind", "stage"]
    list_select_related = ["rancangan"]
    search_fields = ["reason", "rancangan__participant__full_name", "rancangan__participant__nip"]
    search_help_text = _("Alasan, nama, atau NIP")
    date_hierarchy = "asked_at"
    fields = [
        "rancangan",
        "kind",
        "kegiatan",
        "tahapan",
        "old",
        "new",
        "reason",
        "stage",
        "note",
        "asked_by",
        "asked_at",
        "closed_by",
        "closed_at",
    ]


class LaporanKegiatanInline(ReadOnlyInline):
    model = LaporanKegiatan
    fields = ["kegiatan", "what", "outputs"]
    readonly_fields = ["kegiatan", "what", "outputs"]


class LaporanMeasureInline(ReadOnlyInline):
    model = LaporanMeasure
    fields = ["indicator", "before", "after"]
    readonly_fields = ["indicator", "before", "after"]


@admin.register(Laporan)
class LaporanAdmin(ReadOnlyAdmin):
    list_display = ["rancangan", titled("statement_at", _("dinyatakan")), titled("updated_at", _("diubah"))]
    list_select_related = ["rancangan"]
    search_fields = ["rancangan__title", "rancangan__participant__full_name", "rancangan__participant__nip"]
    search_help_text = _("Judul, nama, atau NIP")
    inlines = [LaporanKegiatanInline, LaporanMeasureInline]
    fields = ["rancangan", "background", "outcome", "benefit_unit", "benefit_public", "follow_up", "statement_text"]


@admin.register(OriginalityStatement)
class OriginalityStatementAdmin(ScopedAdmin):
    is_master_data = True
    list_display = ["text", "effective_from"]
    fields = ["text", "effective_from"]


@admin.register(Theme)
class ThemeAdmin(ScopedAdmin):
    is_master_data = True
    list_display = ["name", "order", "is_active"]
    search_fields = ["name"]
    fields = ["name", "order", "is_active"]


class LibraryConsentInline(ReadOnlyInline):
    model = LibraryConsent
    fields = SEEN = [titled("at", _("waktu")), "side", "is_given", "with_name", titled("by", _("oleh"))]
    readonly_fields = SEEN


@admin.register(LibraryEntry)
class LibraryEntryAdmin(ReadOnlyAdmin):
    list_display = ["title", "theme", "year", titled("author_at", _("dirilis penulis")), titled("satker_at", _("dirilis satker"))]
    list_filter = ["theme", "year"]
    list_select_related = ["theme"]
    search_fields = ["title"]
    search_help_text = _("Judul")
    inlines = [LibraryConsentInline]
    fields = ["theme", "title", "year", "jabatan", "show_name", "author_at", "satker_at"]
