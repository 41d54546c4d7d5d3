from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from latsar.adminsite.scoped import ReadOnlyAdmin
from participants.models import ActivationSlip, ContactRequest


@admin.register(ActivationSlip)
class ActivationSlipAdmin(ReadOnlyAdmin):
    """Printed slips, to be read only; the code is nowhere."""

    list_display = ["participant", "printed_by", "printed_at", "valid_until", "used_at", "voided_at", "void_reason"]
    list_filter = ["void_reason"]
    list_select_related = ["participant", "printed_by"]
    search_fields = ["participant__full_name", "participant__nip"]
    search_help_text = _("Nama atau NIP")
    date_hierarchy = "printed_at"
    fields = ["participant", "printed_by", "printed_at", "valid_until", "used_at", "voided_at", "voided_by", "void_reason"]


@admin.register(ContactRequest)
class ContactRequestAdmin(ReadOnlyAdmin):
    """What participants asked to change; deciding has its own page."""

    list_display = ["participant", "email", "phone", "state", "requested_at", "decided_by"]
    list_filter = ["state"]
    list_select_related = ["participant", "decided_by"]
    search_fields = ["participant__full_name", "participant__nip", "email"]
    search_help_text = _("Nama, NIP, atau e-mail baru")
    date_hierarchy = "requested_at"
    fields = [
        "participant",
        "old_email",
        "email",
        "old_phone",
        "phone",
        "state",
        "requested_at",
        "proved_at",
        "decided_by",
        "decided_at",
        "decision_note",
    ]
