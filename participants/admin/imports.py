from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from latsar.adminsite.columns import titled
from latsar.adminsite.scoped import ReadOnlyAdmin
from participants.models import ParticipantImport

COLUMNS = [
    titled("uploaded_at", _("diunggah")), titled("state", _("keadaan")), titled("new_count", _("baru")), titled("changed_count", _("berubah")),
    titled("same_count", _("sama")), titled("error_count", _("salah")),
]  # fmt: skip


@admin.register(ParticipantImport)
class ParticipantImportAdmin(ReadOnlyAdmin):
    """One's own uploads; the preview page shows their rows."""

    list_display = ["filename", *COLUMNS]
    list_filter = ["state"]
    search_fields = ["filename"]
    date_hierarchy = "uploaded_at"
    fields = ["filename", *COLUMNS, titled("committed_at", _("disimpan"))]
