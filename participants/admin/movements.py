from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from latsar.adminsite.columns import titled
from latsar.adminsite.scoped import ReadOnlyAdmin
from participants.models import Movement


@admin.register(Movement)
class MovementAdmin(ReadOnlyAdmin):
    """What turned people off the straight way; proposing and deciding have their own pages."""

    list_display = ["participant", "kind", "reason", "state", "effective_on", "proposed_at"]
    list_filter = ["state", "kind", "reason"]
    list_select_related = ["participant"]
    search_fields = ["participant__full_name", "participant__nip", "basis_number"]
    search_help_text = _("Nama, NIP, atau nomor surat")
    date_hierarchy = "proposed_at"
    fields = [
        "participant", "kind", "reason", "note", "effective_on", "until", "to_satker", "to_batch", "basis_number", "basis_date",
        titled("from_satker", _("satker semula")), titled("from_batch", _("angkatan semula")), titled("from_deadline", _("batas semula")),
        "state", "proposed_by", "proposed_at", "decided_by", "decided_at", "decision_note",
    ]  # fmt: skip
