from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import User
from latsar.adminsite.acting import ActingAdmin, ReasonForm, act_on_each, reason_of
from latsar.adminsite.columns import titled
from latsar.adminsite.filters import ProvinceFilter
from latsar.adminsite.scoped import user_of
from latsar.training.models import Batch
from latsar.ui.numbers import whole_number
from latsar.ui.typed import seen_text
from participants.enums import MovementKind
from participants.models import Placement
from participants.movement_forms import offers
from participants.movement_rules import RULES
from participants.services.movement import MovementFacts, propose_movement
from participants.services.placement import release_participant


def _batches() -> list[tuple[object, object]]:
    return [("", _("Pilih")), *offers()]


class SeatForm(ReasonForm):
    batch = forms.ChoiceField(label=_("Angkatan tujuan, bila pindah"), choices=_batches, required=False)
    why = forms.ChoiceField(
        label=_("Sebab pindah"),
        choices=[("", _("Pilih")), *((one.value, one.label) for one in RULES[MovementKind.CHANGE_BATCH].reasons)],
        required=False,
    )


@admin.register(Placement)
class PlacementAdmin(ActingAdmin):
    """Who sits where; placing has its own page."""

    acts = {"release_chosen": frozenset({Role.PKSDM}), "move_chosen": frozenset({Role.PKSDM})}
    actions = ["release_chosen", "move_chosen"]
    action_form = SeatForm
    list_display = ["participant", "seat", "group", "placed_at", "released_at"]
    list_filter = [("released_at", admin.EmptyFieldListFilter), "seat__batch__stage", ("participant__province", ProvinceFilter)]
    list_select_related = ["participant", "seat__batch__institute"]
    search_fields = ["participant__full_name", "participant__nip", "seat__batch__institute__name"]
    search_help_text = _("Nama, NIP, atau lembaga")
    date_hierarchy = "placed_at"
    fields = [
        "participant", "seat", "group", "placed_at", titled("placed_by", _("ditempatkan oleh")), "released_at",
        titled("released_by", _("dilepas oleh")), "release_reason",
    ]  # fmt: skip

    @admin.action(description=_("Lepas dari kursi (tulis alasannya)"))
    def release_chosen(self, request: HttpRequest, queryset: QuerySet[Placement]) -> None:
        by, reason = user_of(request), reason_of(request)

        def release(placement: Placement) -> None:
            _require_seated(placement)
            release_participant(participant_id=placement.participant_id, reason=reason, by=by)

        done = act_on_each(request, queryset, release)
        if done:
            messages.success(request, ngettext("%(n)d orang dilepas dari kursi.", "%(n)d orang dilepas dari kursi.", done) % {"n": done})

    @admin.action(description=_("Pindahkan ke angkatan tujuan (tulis alasannya)"))
    def move_chosen(self, request: HttpRequest, queryset: QuerySet[Placement]) -> None:
        by, facts = user_of(request), _facts(request, user_of(request))

        def move(placement: Placement) -> None:
            _require_seated(placement)
            propose_movement(participant_id=placement.participant_id, facts=facts, by=by)

        done = act_on_each(request, queryset, move)
        if done:
            messages.success(request, ngettext("%(n)d orang pindah angkatan.", "%(n)d orang pindah angkatan.", done) % {"n": done})


def _require_seated(placement: Placement) -> None:
    """Stop at a former placement: releasing goes by the person, who may sit elsewhere by now."""
    if placement.released_at is not None:
        raise Refused(_("Sudah dilepas dari kursi ini."))


def _facts(request: HttpRequest, by: User) -> MovementFacts:
    batch = Batch.objects.visible_to(by).filter(pk=whole_number(request.POST.get("batch", "")) or 0).first()
    return MovementFacts(
        kind=MovementKind.CHANGE_BATCH,
        reason=seen_text(request.POST.get("why", "")),
        note=reason_of(request),
        effective_on=timezone.localdate(),
        to_batch=batch,
    )
