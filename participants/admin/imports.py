from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from latsar.adminsite.columns import titled
from latsar.adminsite.filters import ProvinceFilter
from latsar.adminsite.scoped import ReadOnlyAdmin
from participants.models import ParticipantImport

COLUMNS = [
    titled("uploaded_at", _("diunggah")), titled("state", _("keadaan")), titled("new_count", _("baru")), titled("changed_count", _("berubah")),
    titled("same_count", _("sama")), titled("error_count", _("salah")),
]  # fmt: skip


@admin.register(ParticipantImport)
class ParticipantImportAdmin(ReadOnlyAdmin):
    """One's own uploads, and what was saved in one's units; the preview page shows their rows and leads to undoing."""

    list_display = ["filename", "uploaded_by", "satker", "province", *COLUMNS]
    list_filter = ["state", ("province", ProvinceFilter)]
    list_select_related = ["uploaded_by", "satker", "province"]
    search_fields = ["filename", "uploaded_by__full_name", "satker__name"]
    search_help_text = _("Nama berkas, pengunggah, atau satker")
    date_hierarchy = "uploaded_at"
    fields = [
        "filename", "uploaded_by", "satker", "province", *COLUMNS, titled("committed_at", _("disimpan")),
        titled("undone_count", _("baris diurungkan")), "undone_by", titled("undone_at", _("diurungkan")),
    ]  # fmt: skip
