"""Records that only services write: pembekalan, waivers, handovers, sessions, charters."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from latsar.accounts.enums import Role
from latsar.adminsite.acting import ActingAdmin, ReasonForm, act_on_each, reason_of
from latsar.adminsite.columns import titled
from latsar.adminsite.filters import ProvinceFilter
from latsar.adminsite.scoped import ReadOnlyAdmin, ReadOnlyInline, user_of
from mentoring.models import (
    Handover,
    MentorCertificate,
    MentoringSession,
    MentorTraining,
    MentorWaiver,
    SessionChange,
    SessionFile,
    WaiverPlace,
)
from mentoring.services import end_waiver

PERSON_SEARCH = _("Nama atau NIP peserta, atau nama pembimbing")


@admin.register(MentorTraining)
class MentorTrainingAdmin(ReadOnlyAdmin):
    list_display = ["mentor", "held_on", "organiser", "recorded_at"]
    list_filter = [("mentor__satker__province", ProvinceFilter)]
    list_select_related = ["mentor__user"]
    search_fields = ["mentor__user__full_name", "mentor__nip", "organiser"]
    search_help_text = _("Nama atau NIP mentor, atau penyelenggara")
    date_hierarchy = "held_on"
    fields = ["mentor", "held_on", "organiser", "note", "file_name", "recorded_by", "recorded_at"]


class PlaceInline(ReadOnlyInline):
    model = WaiverPlace
    fields = readonly_fields = ["slot", "mentor"]


@admin.register(MentorWaiver)
class MentorWaiverAdmin(ActingAdmin):
    """Recorded on the mentor's page, with its file; here it is read and ended."""

    acts = {"end_chosen": frozenset({Role.PKSDM})}
    actions = ["end_chosen"]
    action_form = ReasonForm
    list_display = ["mentor", "number", "extra_places", "decided_on", "valid_until", "ended_at"]
    list_filter = [("ended_at", admin.EmptyFieldListFilter), ("mentor__satker__province", ProvinceFilter)]
    list_select_related = ["mentor__user"]
    search_fields = ["mentor__user__full_name", "mentor__nip", "number"]
    search_help_text = _("Nama atau NIP mentor, atau nomor keputusan")
    date_hierarchy = "decided_on"
    inlines = [PlaceInline]
    fields = [
        "mentor", "extra_places", "number", "decided_on", "valid_until", "reason", "file_name", "recorded_by", "recorded_at", "ended_at",
        titled("ended_by", _("dicabut oleh")), "end_reason",
    ]  # fmt: skip

    @admin.action(description=_("Cabut (tulis alasannya)"))
    def end_chosen(self, request: HttpRequest, queryset: QuerySet[MentorWaiver]) -> None:
        reason, by = reason_of(request), user_of(request)
        done = act_on_each(request, queryset, lambda waiver: end_waiver(waiver_id=waiver.pk, reason=reason, by=by))
        if done:
            messages.success(request, _("%(count)d keputusan dicabut.") % {"count": done})


@admin.register(Handover)
class HandoverAdmin(ReadOnlyAdmin):
    list_display = ["before", "after", "created_at", "received_at"]
    list_filter = [("received_at", admin.EmptyFieldListFilter), ("before__participant__province", ProvinceFilter)]
    list_select_related = ["before__participant", "before__mentor__user", "after__mentor__user", "after__participant"]
    search_fields = ["before__participant__full_name", "before__participant__nip", "before__mentor__user__full_name"]
    search_help_text = PERSON_SEARCH
    date_hierarchy = "created_at"
    fields = ["before", "after", "notes", "notes_at", "open_points", "created_at", "received_at", titled("received_by", _("diterima oleh"))]


class ChangeInline(ReadOnlyInline):
    model = SessionChange
    fields = readonly_fields = ["at", "action", "old", "new", titled("by", _("oleh")), "note"]


class FileInline(ReadOnlyInline):
    model = SessionFile
    fields = readonly_fields = ["name", "kind", "size", "uploaded_by", "uploaded_at"]


@admin.register(MentoringSession)
class MentoringSessionAdmin(ReadOnlyAdmin):
    """What both sides wrote; nobody changes it here."""

    list_display = ["participant", "guide", "kind", "starts_at", "mode", "stage"]
    list_filter = ["kind", "stage", "mode", ("participant__province", ProvinceFilter)]
    list_select_related = ["participant", "guide"]
    search_fields = ["participant__full_name", "participant__nip", "guide__full_name", "agenda"]
    search_help_text = PERSON_SEARCH
    date_hierarchy = "starts_at"
    inlines = [FileInline, ChangeInline]
    fields = [
        "participant", "kind", "guide", "starts_at", "ends_at", "zone", "mode", "place", "link", "agenda", "stage", "stage_at", "notes",
        "next_steps", "guide_confirmed_at", "participant_confirmed_at", "cancel_reason", "created_by", "created_at",
    ]  # fmt: skip


@admin.register(MentorCertificate)
class MentorCertificateAdmin(ReadOnlyAdmin):
    list_display = ["mentor", "batch", "document", "revoked", "created_at"]
    list_filter = ["revoked", ("mentor__satker__province", ProvinceFilter)]
    list_select_related = ["mentor__user", "batch__institute", "document"]
    search_fields = ["mentor__user__full_name", "mentor__nip", "document__number"]
    search_help_text = _("Nama atau NIP mentor, atau nomor piagam")
    date_hierarchy = "created_at"
    fields = ["mentor", "batch", "document", "revoked", "created_at"]
