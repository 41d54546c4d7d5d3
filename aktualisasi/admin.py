from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from aktualisasi import habituasi_admin  # noqa: F401  registers its own models
from aktualisasi.models import Rancangan, RancanganFile, RancanganStageChange, ReviewNote
from latsar.adminsite.columns import titled
from latsar.adminsite.filters import ProvinceFilter
from latsar.adminsite.scoped import ReadOnlyAdmin, ReadOnlyInline

UPLOADED, SINCE = titled("uploaded_at", _("diunggah")), titled("stage_at", _("sejak"))


class RancanganFileInline(ReadOnlyInline):
    model = RancanganFile
    fields = ["number", "document", "size", "pages", UPLOADED]
    readonly_fields = ["document", UPLOADED]

    @admin.display(description=_("berkas"))
    def document(self, obj: RancanganFile) -> str:
        return format_html('<a href="{}">{}</a>', reverse("rancangan_file", args=[obj.pk]), obj.name)


class StageChangeInline(ReadOnlyInline):
    model = RancanganStageChange
    verbose_name_plural = _("riwayat keadaan")
    fields = readonly_fields = [
        titled("at", _("waktu")), titled("old", _("dari")), titled("new", _("menjadi")), titled("by", _("oleh")), titled("note", _("catatan")),
    ]  # fmt: skip


@admin.register(Rancangan)
class RancanganAdmin(ReadOnlyAdmin):
    list_display = ["title", "participant", "stage", SINCE, "due_on", "submitted_late"]
    list_filter = ["stage", "submitted_late", ("participant__province", ProvinceFilter)]
    list_select_related = ["participant"]
    search_fields = ["title", "participant__full_name", "participant__nip"]
    search_help_text = _("Judul, nama, atau NIP")
    date_hierarchy = "stage_at"
    inlines = [RancanganFileInline, StageChangeInline]
    fields = ["participant", "title", "summary", "stage", SINCE, "due_on", "submitted_late"]


@admin.register(ReviewNote)
class ReviewNoteAdmin(ReadOnlyAdmin):
    """Notes that were sent; what a mentor is still writing stays with the mentor."""

    list_display = ["text", "file", "page", titled("by", _("oleh")), "sent_at"]
    list_select_related = ["file", "by"]
    search_fields = ["text"]
    date_hierarchy = "sent_at"
    fields = ["file", "page", "text", titled("by", _("oleh")), "sent_at"]
