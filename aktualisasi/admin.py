from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from aktualisasi import habituasi_admin, seminar_admin
from aktualisasi.models import Paper, PaperStageChange, PaperTemplate, PaperVersion, Rancangan, ReviewNote
from latsar.adminsite.columns import titled
from latsar.adminsite.filters import ProvinceFilter
from latsar.adminsite.scoped import ReadOnlyAdmin, ReadOnlyInline, ScopedAdmin

__all__ = ["habituasi_admin", "seminar_admin"]

UPLOADED, SINCE = titled("uploaded_at", _("diunggah")), titled("stage_at", _("sejak"))


class PaperVersionInline(ReadOnlyInline):
    model = PaperVersion
    fields = ["number", "source", "document", "size", "pages", UPLOADED]
    readonly_fields = ["document", UPLOADED]

    @admin.display(description=_("berkas"))
    def document(self, obj: PaperVersion) -> str:
        return format_html('<a href="{}">{}</a>', reverse("paper_file", args=[obj.pk]), obj.name)


class StageChangeInline(ReadOnlyInline):
    model = PaperStageChange
    verbose_name_plural = _("riwayat keadaan")
    fields = readonly_fields = [
        titled("at", _("waktu")), titled("old", _("dari")), titled("new", _("menjadi")), titled("by", _("oleh")), titled("note", _("catatan")),
    ]  # fmt: skip


class PaperInline(ReadOnlyInline):
    model = Paper
    fields = readonly_fields = ["kind", "stage", SINCE, "due_on", "submitted_late", "late_days"]
    show_change_link = True


@admin.register(Rancangan)
class RancanganAdmin(ReadOnlyAdmin):
    list_display = ["title", "participant", "updated_at"]
    list_filter = [("participant__province", ProvinceFilter)]
    list_select_related = ["participant"]
    search_fields = ["title", "participant__full_name", "participant__nip"]
    search_help_text = _("Judul, nama, atau NIP")
    date_hierarchy = "updated_at"
    inlines = [PaperInline]
    fields = ["participant", "title", "summary", "chosen_issue", "idea"]


@admin.register(Paper)
class PaperAdmin(ReadOnlyAdmin):
    list_display = ["rancangan", "participant", "kind", "stage", SINCE, "due_on", "submitted_late"]
    list_filter = ["kind", "stage", "submitted_late", ("rancangan__participant__province", ProvinceFilter)]
    list_select_related = ["rancangan__participant"]
    search_fields = ["rancangan__title", "rancangan__participant__full_name", "rancangan__participant__nip"]
    search_help_text = _("Judul, nama, atau NIP")
    date_hierarchy = "stage_at"
    inlines = [PaperVersionInline, StageChangeInline]
    fields = ["rancangan", "kind", "stage", SINCE, "due_on", "first_submitted_at", "submitted_late", "late_days"]

    @admin.display(description=_("peserta"), ordering="rancangan__participant__full_name")
    def participant(self, obj: Paper) -> str:
        return str(obj.rancangan.participant)


@admin.register(ReviewNote)
class ReviewNoteAdmin(ReadOnlyAdmin):
    """Notes that were sent; what a reviewer is still writing stays with the reviewer."""

    list_display = ["text", "version", "page", titled("by", _("oleh")), "sent_at"]
    list_select_related = ["version", "by"]
    search_fields = ["text"]
    date_hierarchy = "sent_at"
    fields = ["version", "page", "text", "reply", titled("by", _("oleh")), "sent_at"]


@admin.register(PaperTemplate)
class PaperTemplateAdmin(ScopedAdmin):
    """Words and letters of the printed papers; parts and their order are set on the page with its preview."""

    list_display = ["__str__", "kind", "institute", "font", "version"]
    list_filter = ["kind", "font"]
    list_select_related = ["institute"]
    search_fields = ["institute__name"]
    search_help_text = _("Nama lembaga")
    autocomplete_fields = ["institute"]
    fields = ["institute", "kind", "cover", "closing", "city", "font"]
