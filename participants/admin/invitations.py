from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from latsar.accounts import seen
from latsar.accounts.enums import UNIT_ROLES, Role
from latsar.adminsite.acting import ActingAdmin, act_on_each, reason_of
from latsar.adminsite.filters import ProvinceFilter
from latsar.adminsite.scoped import user_of
from participants.models import ActivationSlip, ContactRequest
from participants.services.contacts import decide_contact
from participants.services.slips import void_slip

REGISTRARS = frozenset({Role.PKSDM, *UNIT_ROLES})


@admin.register(ActivationSlip)
class ActivationSlipAdmin(ActingAdmin):
    """Printed slips; the code is nowhere."""

    acts = {"void_chosen": REGISTRARS}
    list_display = ["participant", "printed_by", "printed_at", "valid_until", "used_at", "voided_at", "void_reason"]
    list_filter = ["void_reason", ("used_at", admin.EmptyFieldListFilter), ("participant__province", ProvinceFilter)]
    list_select_related = ["participant", "printed_by"]
    search_fields = ["participant__full_name", "participant__nip"]
    search_help_text = _("Nama atau NIP")
    date_hierarchy = "printed_at"
    fields = ["participant", "printed_by", "printed_at", "valid_until", "used_at", "voided_at", "voided_by", "void_reason"]
    actions = ["void_chosen"]

    @admin.action(description=_("Matikan slip"))
    def void_chosen(self, request: HttpRequest, queryset: QuerySet[ActivationSlip]) -> None:
        by = user_of(request)
        done = act_on_each(request, queryset.unused(), lambda slip: void_slip(participant_id=slip.participant_id, by=by))  # type: ignore[attr-defined]
        messages.success(request, ngettext("%(n)d slip dimatikan.", "%(n)d slip dimatikan.", done) % {"n": done})


@admin.register(ContactRequest)
class ContactRequestAdmin(ActingAdmin):
    """What participants asked to change; the list names nobody's address, the page shows old and new."""

    readers = REGISTRARS
    acts = {"accept_chosen": REGISTRARS, "refuse_chosen": REGISTRARS}
    list_display = ["participant", "changes_email", "changes_phone", "state", "requested_at", "decided_by"]
    list_filter = ["state", ("participant__province", ProvinceFilter)]
    list_select_related = ["participant", "decided_by"]
    search_fields = ["participant__full_name", "participant__nip", "email"]
    search_help_text = _("Nama, NIP, atau e-mail baru")
    date_hierarchy = "requested_at"
    fields = [
        "participant", "old_email", "email", "old_phone", "phone", "state", "requested_at", "proved_at", "decided_by", "decided_at",
        "decision_note",
    ]  # fmt: skip
    actions = ["accept_chosen", "refuse_chosen"]

    @admin.display(description=_("e-mail baru"), boolean=True)
    def changes_email(self, asked: ContactRequest) -> bool:
        return bool(asked.email)

    @admin.display(description=_("No. HP baru"), boolean=True)
    def changes_phone(self, asked: ContactRequest) -> bool:
        return bool(asked.phone)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        asked = kwargs.get("obj")
        if asked is not None:
            seen.note_view(request, asked.participant)  # type: ignore[arg-type]
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.action(description=_("Terima"))
    def accept_chosen(self, request: HttpRequest, queryset: QuerySet[ContactRequest]) -> None:
        self._decide(request, queryset, accept=True)

    @admin.action(description=_("Tolak (tulis alasannya)"))
    def refuse_chosen(self, request: HttpRequest, queryset: QuerySet[ContactRequest]) -> None:
        self._decide(request, queryset, accept=False)

    def _decide(self, request: HttpRequest, queryset: QuerySet[ContactRequest], *, accept: bool) -> None:
        by, note = user_of(request), reason_of(request)
        done = act_on_each(request, queryset, lambda asked: decide_contact(request_id=asked.pk, accept=accept, by=by, note=note))
        if done:
            messages.success(request, ngettext("%(n)d usulan diputus.", "%(n)d usulan diputus.", done) % {"n": done})
