from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from latsar.accounts.enums import Role
from latsar.accounts.errors import NotAllowed, Refused
from latsar.adminsite.columns import titled
from latsar.adminsite.scoped import ReadOnlyAdmin, user_of
from latsar.ui.typed import seen_text
from participants.models import Certificate
from participants.services.certificates import revoke_certificate


class RevokeForm(ActionForm):
    reason = forms.CharField(label=_("Alasan mencabut"), required=False, max_length=300)


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    list_display = ["participant", "batch", "document", "revoked", titled("created_at", _("dibuat"))]
    list_filter = ["revoked"]
    list_select_related = ["participant", "batch__institute", "document"]
    search_fields = ["participant__full_name", "participant__nip", "document__number"]
    search_help_text = _("Nama, NIP, atau nomor")
    date_hierarchy = "created_at"
    fields = ["participant", "batch", "document", "revoked", titled("created_at", _("dibuat"))]
    action_form = RevokeForm
    actions = ["revoke_chosen"]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return super().get_actions(request) if user_of(request).has_role(Role.PKSDM) else {}

    @admin.action(description=_("Cabut (tulis alasannya)"))
    def revoke_chosen(self, request: HttpRequest, queryset: QuerySet[Certificate]) -> None:
        reason, done = seen_text(request.POST.get("reason", "")), 0
        for certificate in queryset:
            try:
                revoke_certificate(certificate_id=certificate.pk, reason=reason, by=user_of(request))
                done += 1
            except Refused as refused:
                messages.error(request, f"{certificate}: {' '.join(refused.messages)}")
            except NotAllowed:
                messages.error(request, _("%(certificate)s: bukan wewenang Anda.") % {"certificate": certificate})
        if done:
            messages.success(request, ngettext("%(count)d sertifikat dicabut.", "%(count)d sertifikat dicabut.", done) % {"count": done})
