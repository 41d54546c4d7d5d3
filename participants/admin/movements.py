from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from latsar.accounts.enums import Role
from latsar.adminsite.acting import ActingAdmin, act_on_each, reason_of
from latsar.adminsite.columns import titled
from latsar.adminsite.filters import ProvinceFilter
from latsar.adminsite.scoped import user_of
from participants.models import Movement
from participants.services.movement import decide_movement


@admin.register(Movement)
class MovementAdmin(ActingAdmin):
    """What turned people off the straight way; proposing has its own page."""

    acts = {"accept_chosen": frozenset({Role.PKSDM}), "refuse_chosen": frozenset({Role.PKSDM})}

    list_display = ["participant", "kind", "reason", "state", "effective_on", "proposed_at"]
    list_filter = ["state", "kind", "reason", ("participant__province", ProvinceFilter)]
    actions = ["accept_chosen", "refuse_chosen"]
    list_select_related = ["participant"]
    search_fields = ["participant__full_name", "participant__nip", "basis_number"]
    search_help_text = _("Nama, NIP, atau nomor surat")
    date_hierarchy = "proposed_at"
    fields = [
        "participant", "kind", "reason", "note", "effective_on", "until", "to_satker", "to_batch", "basis_number", "basis_date",
        titled("from_satker", _("satker semula")), titled("from_batch", _("angkatan semula")), titled("from_deadline", _("batas semula")),
        "state", "proposed_by", "proposed_at", "decided_by", "decided_at", "decision_note",
    ]  # fmt: skip

    @admin.action(description=_("Setujui usulan"))
    def accept_chosen(self, request: HttpRequest, queryset: QuerySet[Movement]) -> None:
        self._decide(request, queryset, accept=True)

    @admin.action(description=_("Tolak usulan (tulis alasannya)"))
    def refuse_chosen(self, request: HttpRequest, queryset: QuerySet[Movement]) -> None:
        self._decide(request, queryset, accept=False)

    def _decide(self, request: HttpRequest, queryset: QuerySet[Movement], *, accept: bool) -> None:
        by, note = user_of(request), reason_of(request)
        done = act_on_each(request, queryset, lambda asked: decide_movement(movement_id=asked.pk, accept=accept, note=note, by=by))
        if done:
            messages.success(request, ngettext("%(n)d usulan diputus.", "%(n)d usulan diputus.", done) % {"n": done})
