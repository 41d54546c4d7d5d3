from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from latsar.adminsite.columns import titled
from latsar.adminsite.filters import ProvinceFilter
from latsar.adminsite.scoped import ReadOnlyAdmin, ReadOnlyInline
from participants.models import OrientationCertificate, OrientationMember, OrientationProgramme, OrientationSession


class SessionInline(ReadOnlyInline):
    model = OrientationSession
    fields = readonly_fields = ["day", "starts_at", "ends_at", "hours", "title", "speaker"]


class MemberInline(ReadOnlyInline):
    """Who takes part, as far as the reader sees them; taking in and out has its own page."""

    model = OrientationMember
    fields = readonly_fields = ["participant", "standing", "added_at", "removed_at", "remove_reason"]


@admin.register(OrientationProgramme)
class OrientationProgrammeAdmin(ReadOnlyAdmin):
    """Programmes are run on their own pages; here they can be found and read."""

    list_display = ["title", "province", "starts_on", "ends_on", "method", "state"]
    list_filter = ["state", "method", ("province", ProvinceFilter)]
    list_select_related = ["province"]
    inlines = [SessionInline, MemberInline]
    search_fields = ["title"]
    search_help_text = _("Judul")
    date_hierarchy = "starts_on"
    fields = [
        "title", "province", "method", "place", "link", "starts_on", "ends_on", "min_attendance_percent", "state", "finished_at",
        titled("created_by", _("dibuat oleh")), titled("created_at", _("dibuat")),
    ]  # fmt: skip


@admin.register(OrientationMember)
class OrientationMemberAdmin(ReadOnlyAdmin):
    list_display = ["participant", "programme", "standing", "added_at"]
    list_filter = ["standing", ("participant__province", ProvinceFilter)]
    date_hierarchy = "added_at"
    list_select_related = ["participant", "programme"]
    search_fields = ["participant__full_name", "participant__nip", "programme__title"]
    search_help_text = _("Nama, NIP, atau judul")
    fields = ["participant", "programme", "standing", "added_at", "removed_at", "remove_reason"]


@admin.register(OrientationCertificate)
class OrientationCertificateAdmin(ReadOnlyAdmin):
    """Revoking has its own page, which asks for the reason."""

    list_display = ["member", "document", "revoked", titled("created_at", _("dibuat"))]
    list_filter = ["revoked"]
    list_select_related = ["member__participant", "member__programme", "document"]
    search_fields = ["member__participant__full_name", "member__participant__nip", "document__number"]
    search_help_text = _("Nama, NIP, atau nomor")
    date_hierarchy = "created_at"
    fields = ["member", "document", "revoked", titled("created_at", _("dibuat"))]
