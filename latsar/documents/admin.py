from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from latsar.accounts.enums import NATION_ROLES
from latsar.adminsite.columns import titled
from latsar.adminsite.filters import ProvinceFilter
from latsar.adminsite.scoped import ReadOnlyAdmin, ScopedAdmin
from latsar.documents.models import DocumentState, IssuedDocument, Issuer, NumberSeries


@admin.register(Issuer)
class IssuerAdmin(ScopedAdmin):
    is_master_data = True
    readers = NATION_ROLES
    list_display = ["name", "city", "signer_title", "signer_name"]
    search_fields = ["name", "signer_name"]


@admin.register(NumberSeries)
class NumberSeriesAdmin(ScopedAdmin):
    """The next number is counted, not typed: a gap would have to be explained."""

    is_master_data = True
    readers = NATION_ROLES
    list_display = ["kind", "year", "pattern", "next_number"]
    list_filter = ["kind", "year"]

    def get_readonly_fields(self, request: HttpRequest, obj: NumberSeries | None = None) -> list[str]:
        return ["kind", "year", "next_number"] if obj else []


@admin.register(IssuedDocument)
class IssuedDocumentAdmin(ReadOnlyAdmin):
    list_display = ["number", "holder_name", "title", "satker", "state", "is_signed", "issued_at"]
    list_filter = ["kind", "state", "is_signed", ("province", ProvinceFilter)]
    list_select_related = ["satker"]
    search_fields = ["number", "holder_name"]
    search_help_text = _("Nomor atau nama")
    date_hierarchy = "created_at"
    fields = [
        "kind", "number", "holder_name", "title", "satker", "state", "is_signed", titled("sha256", _("sidik berkas (SHA-256)")),
        "issued_at", titled("issued_by", _("diterbitkan oleh")), "revoked_at", titled("revoked_by", _("dicabut oleh")), "revoke_reason",
    ]  # fmt: skip

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """A document that is not published yet has no public page."""
        return super().get_view_on_site_url(obj) if obj and obj.state != DocumentState.PREPARED else None
