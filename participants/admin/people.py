from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from latsar.accounts.enums import UNIT_ROLES, Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import User
from latsar.accounts.policies import CONTACT_FIELDS
from latsar.adminsite.columns import titled
from latsar.adminsite.filters import ProvinceFilter
from latsar.adminsite.importing import ImportingAdmin
from latsar.adminsite.scoped import ReadOnlyInline, user_of
from latsar.adminsite.servicing import ServiceAdmin, adopt
from latsar.adminsite.tables import Table, TableRefused, check_size
from latsar.ui.typed import seen_text
from participants import policies
from participants.admin.dossier import DocumentInline
from participants.field_notes import PRIVATE_FIELD
from participants.models import FieldNote, Movement, Participant, ParticipantStageChange, Placement
from participants.resources import ParticipantResource, hidden_from
from participants.services.invitation import invite_many
from participants.services.registration import TYPED_FIELDS, register_participant, update_participant
from participants.services.slips import request_slips
from participants.services.verification import NOTE_LIMIT, move_many
from participants.workbook.cells import HEADINGS
from participants.workbook.gate import open_workbook_safely
from participants.workbook.reader import read_rows
from participants.workbook.refusal import WorkbookRefused

REGISTRARS = frozenset({Role.PKSDM, *UNIT_ROLES})
DERIVED = ["province", "birth_date", "sex", "tmt_cpns", "deadline"]
STANDING = [
    "stage",
    "stage_at",
    "return_note",
    "batch",
    "qualification",
    "graduated_on",
    "extended_until",
    "deferred_until",
    "has_died",
    "latsar_entries",
    "entries_allowed",
    "user",
    titled("created_by", _("didaftarkan oleh")),
    titled("created_at", _("didaftarkan")),
]
MOVES = {
    "submit": (_("Ajukan ke provinsi"), REGISTRARS),
    "withdraw_submission": (_("Tarik pengajuan"), REGISTRARS),
    "verify": (_("Verifikasi"), frozenset({Role.PKSDM, Role.ADMIN_PROVINSI})),
    "return": (_("Kembalikan ke satker (tulis alasannya)"), frozenset({Role.PKSDM, Role.ADMIN_PROVINSI})),
    "approve": (_("Setujui"), frozenset({Role.PKSDM})),
    "return_to_satker": (_("Kembalikan dari PKSDM (tulis alasannya)"), frozenset({Role.PKSDM})),
}


class MoveForm(ActionForm):
    note = forms.CharField(label=_("Alasan"), required=False, max_length=NOTE_LIMIT)


class ParticipantForm(forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Participant
        fields = ["nip", "satker", *TYPED_FIELDS, "version"]


class PlacementInline(ReadOnlyInline):
    model = Placement
    fields = ["seat", "group", "placed_at", "released_at", "release_reason"]


class MovementInline(ReadOnlyInline):
    model = Movement
    fields = ["kind", "reason", "effective_on", "until", "basis_number", "state"]


class FieldNoteInline(ReadOnlyInline):
    model = FieldNote
    fields = ["field", "text", "by", "at", "settled_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[FieldNote]:
        return super().get_queryset(request).exclude(field=PRIVATE_FIELD)


class StageChangeInline(ReadOnlyInline):
    model = ParticipantStageChange
    verbose_name_plural = _("riwayat tahap")
    fields = readonly_fields = [
        titled("at", _("waktu")), titled("old", _("dari")), titled("new", _("menjadi")), titled("by", _("oleh")), titled("note", _("catatan")),
    ]  # fmt: skip


def _move_action(action: str, label: Any) -> Any:
    @admin.action(description=label)
    def move(model_admin: ParticipantAdmin, request: HttpRequest, queryset: QuerySet[Participant]) -> None:
        note = seen_text(request.POST.get("note", "")).strip()
        outcomes = move_many(participant_ids=queryset.values_list("pk", flat=True), action=action, by=user_of(request), note=note)
        done = sum(outcome.is_done for outcome in outcomes)
        if done:
            text = ngettext("%(count)d peserta: %(action)s.", "%(count)d peserta: %(action)s.", done)
            messages.success(request, text % {"count": done, "action": label})
        for outcome in outcomes:
            if not outcome.is_done:
                messages.error(request, f"{outcome.participant}: {outcome.problem}")

    move.__name__ = f"move_{action}"
    return move


@admin.register(Participant)
class ParticipantAdmin(ServiceAdmin, ImportingAdmin):
    """Saved through the service of the form; the stage moves only by its actions."""

    resource_class = ParticipantResource
    holds_people = True
    form = ParticipantForm
    writers = REGISTRARS
    importers = REGISTRARS
    import_accept = ".xlsx,.csv"
    list_display = ["full_name", "nip", "satker", "golongan", "stage", "deadline", "batch"]
    list_filter = ["stage", "golongan", ("province", ProvinceFilter)]
    list_select_related = ["satker", "batch__institute"]
    search_fields = ["full_name", "nip"]
    search_help_text = _("Nama atau NIP")
    date_hierarchy = "tmt_cpns"
    autocomplete_fields = ["satker"]
    inlines = [DocumentInline, PlacementInline, MovementInline, FieldNoteInline, StageChangeInline]
    action_form = MoveForm
    actions = ["export_chosen", "invite_chosen", "print_slips", *(_move_action(action, label) for action, (label, _roles) in MOVES.items())]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Participant]:
        return super().get_queryset(request).select_related("satker", "province", "batch__institute", "user")

    def get_fieldsets(self, request: HttpRequest, obj: Participant | None = None) -> list[Any]:
        typed = ["nip", "satker", *TYPED_FIELDS]
        if obj is None:
            return [(None, {"fields": typed})]
        if not policies.can_see_special_needs(user_of(request), obj):
            typed.remove("special_needs")
        if not policies.can_see_contact(user_of(request), obj):
            typed = [name for name in typed if name not in CONTACT_FIELDS]
        return [
            (None, {"fields": [*typed, "version"]}),
            (_("Dari NIP dan satker"), {"fields": DERIVED}),
            (_("Keadaan"), {"fields": STANDING}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Participant | None = None) -> list[str]:
        return [*DERIVED, *STANDING] if obj else []

    def can_write(self, user: User, obj: Participant) -> bool:  # type: ignore[override]
        return policies.can_edit(user, obj)

    def save_model(self, request: HttpRequest, obj: Participant, form: Any, change: bool) -> None:  # noqa: FBT001
        data, by = form.cleaned_data, user_of(request)
        fields = {name: data[name] for name in TYPED_FIELDS if name in data}
        if change:
            version = data["version"] or 0
            saved = update_participant(participant_id=obj.pk, version=version, by=by, nip=data["nip"], satker=data["satker"], **fields)
        else:
            saved = register_participant(by=by, nip=data["nip"], satker=data["satker"], **fields)
        adopt(obj, saved)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        user = user_of(request)
        refused = {f"move_{action}" for action, (_label, roles) in MOVES.items() if not user.has_role(*roles)}
        if not user.has_role(*REGISTRARS):
            refused |= {"invite_chosen", "print_slips"}
        return {name: found for name, found in super().get_actions(request).items() if name not in refused}

    @admin.action(description=_("Undang dengan e-mail"))
    def invite_chosen(self, request: HttpRequest, queryset: QuerySet[Participant]) -> None:
        outcomes = invite_many(participant_ids=queryset.values_list("pk", flat=True), by=user_of(request))
        done = sum(outcome.is_done for outcome in outcomes)
        if done:
            messages.success(request, ngettext("%(n)d orang diundang.", "%(n)d orang diundang.", done) % {"n": done})
        for outcome in outcomes:
            if not outcome.is_done:
                messages.error(request, f"{outcome.participant}: {outcome.problem}")

    @admin.action(description=_("Cetak slip aktivasi"))
    def print_slips(self, request: HttpRequest, queryset: QuerySet[Participant]) -> HttpResponse | None:
        """Ask for the slips as a job, whose page hands out the file."""
        try:
            return redirect(request_slips(participant_ids=queryset.values_list("pk", flat=True), by=user_of(request)))
        except Refused as refusal:
            messages.error(request, " ".join(refusal.messages))
        return None

    def export_names(self, request: HttpRequest) -> list[str]:
        return [name for name in super().export_names(request) if name not in hidden_from(user_of(request))]

    def read_table(self, data: bytes, filename: str) -> Table:
        """Read the import workbook through its gate, and CSV with the same headings."""
        if PurePath(filename).suffix.lower() != ".xlsx":
            return super().read_table(data, filename)
        check_size(data)
        try:
            rows = read_rows(open_workbook_safely(data, filename))
        except WorkbookRefused as refused:
            raise TableRefused(list(refused.problems)) from None
        return Table(HEADINGS, [row.values for row in rows], [row.number for row in rows])
