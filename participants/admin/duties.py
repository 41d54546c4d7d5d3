from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from latsar.adminsite.filters import ProvinceFilter
from latsar.adminsite.scoped import ReadOnlyAdmin
from participants.models import Duty, DutyLetter


@admin.register(DutyLetter)
class DutyLetterAdmin(ReadOnlyAdmin):
    """Letters are written, voided and replaced on their own pages, which take the numbers."""

    list_display = ["number", "participant", "batch", "satker", "letter_date", "voided_at"]
    list_filter = [("participant__province", ProvinceFilter)]
    list_select_related = ["participant", "batch__institute", "satker"]
    search_fields = ["number", "participant__full_name", "participant__nip"]
    search_help_text = _("Nomor, nama, atau NIP")
    date_hierarchy = "letter_date"
    fields = [
        "participant", "batch", "satker", "number", "letter_date", "city", "basis", "signer_name", "signer_title", "signer_nip",
        "issued_at", "voided_at", "void_reason", "replaced_by", "scan_name",
    ]  # fmt: skip


@admin.register(Duty)
class DutyAdmin(ReadOnlyAdmin):
    list_display = ["participant", "what", "starts_on", "ends_on", "source", "withdrawn_at"]
    list_filter = ["source", ("participant__province", ProvinceFilter)]
    list_select_related = ["participant"]
    search_fields = ["what", "participant__full_name", "participant__nip"]
    search_help_text = _("Tugas, nama, atau NIP")
    date_hierarchy = "starts_on"
    fields = ["participant", "what", "starts_on", "ends_on", "source", "reported_by", "withdrawn_at", "withdraw_note"]
