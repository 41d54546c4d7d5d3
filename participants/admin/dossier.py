from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from latsar.adminsite.columns import titled
from latsar.adminsite.filters import ProvinceFilter
from latsar.adminsite.scoped import ReadOnlyAdmin, ReadOnlyInline
from participants.models import DossierDocument, DossierZip


class DocumentInline(ReadOnlyInline):
    """The files of one person, earlier ones too; attaching and judging have their own page."""

    model = DossierDocument
    fk_name = "participant"
    fields = readonly_fields = ["code", "number", "name", "state", "expires_on", "uploaded_at", "closed_why"]


@admin.register(DossierDocument)
class DossierDocumentAdmin(ReadOnlyAdmin):
    """Every file of every dossier in scope; its page shows it and takes the answer."""

    list_display = ["participant", "code", "number", "state", "expires_on", "uploaded_at", "closed_why"]
    list_filter = ["state", "closed_why", "code", ("participant__province", ProvinceFilter)]
    list_select_related = ["participant"]
    search_fields = ["participant__full_name", "participant__nip", "name"]
    search_help_text = _("Nama, NIP, atau nama berkas")
    date_hierarchy = "uploaded_at"
    fields = [
        "participant", "code", "number", "name", "kind", "size", "pages", titled("sha256", _("sidik SHA-256")), "issued_on", "expires_on",
        "state", "reason", "uploaded_by", "uploaded_at", "judged_by", "judged_at", "closed_why", "closed_at",
    ]  # fmt: skip


@admin.register(DossierZip)
class DossierZipAdmin(ReadOnlyAdmin):
    """One's own archives; the preview page shows what is in them."""

    list_display = ["filename", "uploaded_at", "state"]
    list_filter = ["state"]
    search_fields = ["filename"]
    date_hierarchy = "uploaded_at"
    fields = ["filename", "uploaded_at", "state", titled("sha256", _("sidik SHA-256"))]
