from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from latsar.accounts.enums import UNIT_ROLES, Role
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.adminsite.columns import titled
from latsar.adminsite.filters import ProvinceFilter
from latsar.adminsite.scoped import ScopedInline, user_of
from latsar.adminsite.servicing import ServiceAdmin, adopt
from latsar.ui.typed import TypedField, seen_text
from mentoring import policies
from mentoring.models import GroupCoach, Mentor, MentorAssignment
from mentoring.services import assign_coaches, assign_mentor, change_mentor, end_assignment, register_mentor
from participants.models import Participant
from participants.nip import normalise_nip

UNIT_ADMINS = frozenset({Role.PKSDM, *UNIT_ROLES})
STORY = [
    "slot", "assigned_at", titled("assigned_by", _("ditetapkan oleh")), "ended_at", titled("ended_by", _("diakhiri oleh")), "end_reason",
]  # fmt: skip


class MentorForm(forms.ModelForm):
    full_name = forms.CharField(label=_("Nama lengkap"), max_length=150, help_text=_("Dengan gelar."))
    email = forms.EmailField(label=_("E-mail"), max_length=254, help_text=_("Ke sini dikirim cara membuat kata sandi."))

    class Meta:
        model = Mentor
        fields = ["nip", "satker", "jabatan", "trained_on", "is_active"]

    def clean_nip(self) -> str:
        return normalise_nip(self.cleaned_data["nip"])


class ChoiceForm(ActionForm):
    participant_nip = forms.CharField(label=_("NIP peserta"), required=False, max_length=40)


class EndForm(ActionForm):
    reason = TypedField(label=_("Alasan mengakhiri"), required=False, max_length=300)


class MenteeInline(ScopedInline):
    """The mentees that the reader sees; a new one goes through the service, which counts all of them."""

    model = MentorAssignment
    fk_name = "mentor"
    writers = UNIT_ADMINS
    deleters = frozenset()
    autocomplete_fields = ["participant"]
    fields = ["participant", "assigned_at", "ended_at", "end_reason"]
    readonly_fields = ["assigned_at", "ended_at", "end_reason"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and super().has_add_permission(request, obj)


@admin.register(Mentor)
class MentorAdmin(ServiceAdmin):
    """The pool is shared, so everybody reads it; data of a mentor belong to the mentor's satker."""

    writers = UNIT_ADMINS
    list_display = ["name", "nip", "satker", "jabatan", "trained_on", "is_active", "load"]
    list_filter = ["is_active", ("satker__province", ProvinceFilter)]
    list_select_related = ["user", "satker"]
    search_fields = ["user__full_name", "nip", "satker__name"]
    search_help_text = _("Nama, NIP, atau satker")
    date_hierarchy = "trained_on"
    autocomplete_fields = ["satker"]
    inlines = [MenteeInline]
    action_form = ChoiceForm
    actions = ["assign_chosen"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mentor]:
        return super().get_queryset(request).with_load().select_related("user", "satker")

    def get_form(self, request: HttpRequest, obj: Mentor | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        return super().get_form(request, obj, change=change, **(kwargs if obj else {"form": MentorForm, **kwargs}))

    def get_fields(self, request: HttpRequest, obj: Mentor | None = None) -> list[str]:
        if obj is None:
            return ["nip", "full_name", "email", "satker", "jabatan", "trained_on"]
        return ["name", "nip", "satker", "jabatan", "trained_on", "is_active", "load"]

    def get_readonly_fields(self, request: HttpRequest, obj: Mentor | None = None) -> list[str]:
        if obj is None:
            return []
        own = user_of(request).scope.administers(satker_id=obj.satker_id, province_id=obj.satker.province_id)
        return ["name", "nip", "load"] if own else self.get_fields(request, obj)

    def can_write(self, user: User, obj: Mentor) -> bool:  # type: ignore[override]
        """Open for everybody who may give a mentee; `get_readonly_fields` keeps the mentor's own data."""
        return policies.can_register(user)

    def save_model(self, request: HttpRequest, obj: Mentor, form: Any, change: bool) -> None:  # noqa: FBT001
        if change:
            super().save_model(request, obj, form, change)
            return
        adopt(obj, register_mentor(**form.cleaned_data, by=user_of(request)))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001
        new = formset.save(commit=False)
        for row in new:
            adopt(row, assign_mentor(mentor_id=form.instance.pk, participant_id=row.participant_id, by=user_of(request)))

    @admin.display(description=_("nama"), ordering="user__full_name")
    def name(self, obj: Mentor) -> str:
        return str(obj)

    @admin.display(description=_("peserta"), ordering="load")
    def load(self, obj: Mentor) -> int:
        return getattr(obj, "load", 0)

    @admin.action(description=_("Tetapkan untuk peserta (tulis NIP peserta)"), permissions=["change"])
    def assign_chosen(self, request: HttpRequest, queryset: QuerySet[Mentor]) -> None:
        user, nip = user_of(request), normalise_nip(request.POST.get("participant_nip", ""))
        participant = Participant.objects.visible_to(user).filter(nip=nip).first()
        mentor = queryset.first()
        if mentor is None or queryset.count() != 1:
            messages.error(request, _("Pilih tepat satu mentor."))
        elif participant is None:
            messages.error(request, _("Tidak ada peserta dengan NIP ini. Periksa angkanya."))
        else:
            _assign(request, mentor, participant)


def _assign(request: HttpRequest, mentor: Mentor, participant: Participant) -> None:
    try:
        assign_mentor(mentor_id=mentor.pk, participant_id=participant.pk, by=user_of(request))
    except Refused as refused:
        messages.error(request, " ".join(refused.messages))
    except NotAllowed:
        messages.error(request, _("Tidak ada peserta dengan NIP ini. Periksa angkanya."))
    else:
        messages.success(request, _("%(mentor)s menjadi mentor %(name)s.") % {"mentor": mentor, "name": participant})


class ReassignForm(forms.ModelForm):
    reason = TypedField(label=_("Alasan mengganti mentor"), max_length=300)

    class Meta:
        model = MentorAssignment
        fields = ["mentor", "participant"]


@admin.register(MentorAssignment)
class MentorAssignmentAdmin(ServiceAdmin):
    """A new row is an assignment; another mentor on a running one is a change with its reason; nothing is edited in place."""

    writers = UNIT_ADMINS
    list_display = ["participant", "mentor", "slot", "assigned_at", "ended_at"]
    list_filter = [("ended_at", admin.EmptyFieldListFilter), ("participant__province", ProvinceFilter)]
    list_select_related = ["participant", "mentor__user"]
    search_fields = ["participant__full_name", "participant__nip", "mentor__user__full_name"]
    search_help_text = _("Nama atau NIP peserta, atau nama mentor")
    date_hierarchy = "assigned_at"
    autocomplete_fields = ["mentor", "participant"]
    action_form = EndForm
    actions = ["end_chosen"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[MentorAssignment]:
        return super().get_queryset(request).select_related("participant", "mentor__user")

    def get_form(self, request: HttpRequest, obj: MentorAssignment | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        changing = obj is not None and self.has_change_permission(request, obj)
        return super().get_form(request, obj, change=change, **({"form": ReassignForm, **kwargs} if changing else kwargs))

    def get_fields(self, request: HttpRequest, obj: MentorAssignment | None = None) -> list[str]:
        if obj is None:
            return ["mentor", "participant"]
        changing = ["reason"] if self.has_change_permission(request, obj) else []
        return ["mentor", "participant", *changing, *STORY]

    def get_readonly_fields(self, request: HttpRequest, obj: MentorAssignment | None = None) -> list[str]:
        return ["participant", *STORY] if obj else []

    def can_write(self, user: User, obj: MentorAssignment) -> bool:  # type: ignore[override]
        return obj.ended_at is None and policies.can_assign(user, obj.participant)

    def save_model(self, request: HttpRequest, obj: MentorAssignment, form: Any, change: bool) -> None:  # noqa: FBT001
        data, by = form.cleaned_data, user_of(request)
        if change:
            change_mentor(participant_id=obj.participant_id, mentor_id=data["mentor"].pk, reason=data["reason"], by=by)
            obj.refresh_from_db()
        else:
            adopt(obj, assign_mentor(mentor_id=data["mentor"].pk, participant_id=data["participant"].pk, by=by))

    @admin.action(description=_("Akhiri (tulis alasannya)"), permissions=["change"])
    def end_chosen(self, request: HttpRequest, queryset: QuerySet[MentorAssignment]) -> None:
        done = 0
        for assignment in queryset:
            try:
                end_assignment(assignment_id=assignment.pk, reason=seen_text(request.POST.get("reason", "")), by=user_of(request))
                done += 1
            except Refused as refused:
                messages.error(request, f"{assignment}: {' '.join(refused.messages)}")
            except NotAllowed:
                messages.error(request, _("%(assignment)s: sudah berakhir, atau bukan wewenang Anda.") % {"assignment": assignment})
        if done:
            messages.success(request, _("%(count)d bimbingan diakhiri.") % {"count": done})


@admin.register(GroupCoach)
class GroupCoachAdmin(ServiceAdmin):
    """Through the same service as the page, so that nobody coaches whom they mentor or examine."""

    list_display = ["batch", "group", "coach"]
    list_select_related = ["batch__institute", "coach"]
    search_fields = ["coach__full_name", "batch__institute__name"]
    autocomplete_fields = ["batch", "coach"]

    def get_readonly_fields(self, request: HttpRequest, obj: GroupCoach | None = None) -> list[str]:
        return ["batch", "group"] if obj else []

    def can_write(self, user: User, obj: GroupCoach) -> bool:  # type: ignore[override]
        return policies.can_assign_coach(user, obj.batch)

    def save_model(self, request: HttpRequest, obj: GroupCoach, form: Any, change: bool) -> None:  # noqa: FBT001
        old = form.initial.get("coach") if change else None
        try:
            assign_coaches(batch_id=obj.batch_id, chosen={obj.group: obj.coach_id}, seen={obj.group: old}, by=user_of(request))
        except Refused as refused:
            raise Refused({"coach": refused.messages}) from refused
        adopt(obj, GroupCoach._default_manager.get(batch_id=obj.batch_id, group=obj.group))
