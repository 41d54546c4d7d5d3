from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from latsar.accounts.enums import UNIT_ROLES, Role
from latsar.accounts.errors import Refused
from latsar.adminsite.acting import ActingAdmin, act_on_each, reason_of
from latsar.adminsite.columns import titled
from latsar.adminsite.filters import ProvinceFilter
from latsar.adminsite.scoped import ReadOnlyAdmin, ReadOnlyInline, user_of
from participants.models import DossierDocument, DossierZip
from participants.services.collecting import collect_chosen
from participants.services.dossier import move_document

JUDGES = frozenset({Role.PKSDM, Role.ADMIN_PROVINSI})


class DocumentInline(ReadOnlyInline):
    """The files of one person, earlier ones too; attaching and judging have their own page."""

    model = DossierDocument
    fk_name = "participant"
    fields = readonly_fields = ["code", "number", "name", "state", "expires_on", "uploaded_at", "closed_why"]


@admin.register(DossierDocument)
class DossierDocumentAdmin(ActingAdmin):
    """Every file of every dossier in scope; its page shows it."""

    acts = {"accept_chosen": JUDGES, "return_chosen": JUDGES, "collect_chosen": frozenset({Role.PKSDM, *UNIT_ROLES})}
    actions = ["accept_chosen", "return_chosen", "collect_chosen"]
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

    @admin.action(description=_("Terima berkas"))
    def accept_chosen(self, request: HttpRequest, queryset: QuerySet[DossierDocument]) -> None:
        by = user_of(request)
        done = act_on_each(request, queryset, lambda one: move_document(document_id=one.pk, action="accept", by=by))
        if done:
            messages.success(request, ngettext("%(n)d berkas diterima.", "%(n)d berkas diterima.", done) % {"n": done})

    @admin.action(description=_("Kembalikan berkas (tulis alasannya)"))
    def return_chosen(self, request: HttpRequest, queryset: QuerySet[DossierDocument]) -> None:
        by, note = user_of(request), reason_of(request)
        done = act_on_each(request, queryset, lambda one: move_document(document_id=one.pk, action="return", by=by, note=note))
        if done:
            messages.success(request, ngettext("%(n)d berkas dikembalikan.", "%(n)d berkas dikembalikan.", done) % {"n": done})

    @admin.action(description=_("Unduh sebagai ZIP"))
    def collect_chosen(self, request: HttpRequest, queryset: QuerySet[DossierDocument]) -> HttpResponse | None:
        """Ask for the originals as a job, whose page hands out the file; what does not count any more is named and left out."""
        for document in queryset.filter(closed_at__isnull=False):
            text = _("%(document)s versi %(number)d sudah diganti atau dihapus, jadi tidak ikut.")
            messages.warning(request, text % {"document": document, "number": document.number})
        try:
            chosen = queryset.values_list("pk", flat=True)
            return redirect(collect_chosen(document_ids=chosen, back_url=request.get_full_path(), by=user_of(request)))
        except Refused as refusal:
            messages.error(request, " ".join(refusal.messages))
        return None


@admin.register(DossierZip)
class DossierZipAdmin(ReadOnlyAdmin):
    """One's own archives; the preview page shows what is in them."""

    list_display = ["filename", "uploaded_at", "state"]
    list_filter = ["state"]
    search_fields = ["filename"]
    date_hierarchy = "uploaded_at"
    fields = ["filename", "uploaded_at", "state", titled("sha256", _("sidik SHA-256"))]
