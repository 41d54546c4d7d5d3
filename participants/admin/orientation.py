from __future__ import annotations

from collections.abc import Collection

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.adminsite.acting import ActingAdmin, act_on_each, reason_of
from latsar.adminsite.columns import titled
from latsar.adminsite.filters import ProvinceFilter
from latsar.adminsite.scoped import ReadOnlyAdmin, ReadOnlyInline, user_of
from participants.models import OrientationCertificate, OrientationMember, OrientationProgramme, OrientationSession
from participants.services.orientation_certificates import issue_orientation_certificates, judge_issue, revoke_orientation_certificate

RUNNERS = frozenset({Role.PKSDM, Role.ADMIN_PROVINSI})


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
class OrientationMemberAdmin(ActingAdmin):
    """Who takes part in what; certificates are asked for here, the rest has its own page."""

    acts = {"issue_chosen": RUNNERS}
    actions = ["issue_chosen"]
    list_display = ["participant", "programme", "standing", "added_at"]
    list_filter = ["standing", ("participant__province", ProvinceFilter)]
    date_hierarchy = "added_at"
    list_select_related = ["participant", "programme"]
    search_fields = ["participant__full_name", "participant__nip", "programme__title"]
    search_help_text = _("Nama, NIP, atau judul")
    fields = ["participant", "programme", "standing", "added_at", "removed_at", "remove_reason"]

    @admin.action(description=_("Terbitkan sertifikat"))
    def issue_chosen(self, request: HttpRequest, queryset: QuerySet[OrientationMember]) -> HttpResponse | None:
        return _issue(request, set(queryset.values_list("pk", flat=True)))


@admin.register(OrientationCertificate)
class OrientationCertificateAdmin(ActingAdmin):
    """A revoked one can be followed by another, which the public page names as its successor."""

    acts = {"revoke_chosen": frozenset({Role.PKSDM}), "replace_chosen": RUNNERS}
    actions = ["revoke_chosen", "replace_chosen"]
    list_display = ["member", "document", "revoked", titled("created_at", _("dibuat"))]
    list_filter = ["revoked", ("member__participant__province", ProvinceFilter)]
    list_select_related = ["member__participant", "member__programme", "document"]
    search_fields = ["member__participant__full_name", "member__participant__nip", "member__programme__title", "document__number"]
    search_help_text = _("Nama, NIP, judul, atau nomor")
    date_hierarchy = "created_at"
    fields = ["member", "document", "revoked", titled("created_at", _("dibuat"))]

    @admin.action(description=_("Cabut (tulis alasannya)"))
    def revoke_chosen(self, request: HttpRequest, queryset: QuerySet[OrientationCertificate]) -> None:
        by, reason = user_of(request), reason_of(request)
        done = act_on_each(request, queryset, lambda one: revoke_orientation_certificate(certificate_id=one.pk, reason=reason, by=by))
        if done:
            messages.success(request, ngettext("%(count)d sertifikat dicabut.", "%(count)d sertifikat dicabut.", done) % {"count": done})

    @admin.action(description=_("Terbitkan gantinya bagi yang dicabut"))
    def replace_chosen(self, request: HttpRequest, queryset: QuerySet[OrientationCertificate]) -> HttpResponse | None:
        return _issue(request, set(queryset.values_list("member_id", flat=True)))


def _issue(request: HttpRequest, member_ids: Collection[int]) -> HttpResponse | None:
    """Ask for certificates, one job for each programme; say who gets none and why. One job leads to its page."""
    by = user_of(request)
    ready: dict[OrientationProgramme, set[int]] = {}
    for member, problem in judge_issue(member_ids=member_ids, by=by):
        if problem:
            messages.error(request, f"{member}: {problem}")
        else:
            ready.setdefault(member.programme, set()).add(member.pk)
    jobs = []
    for programme, ids in ready.items():
        try:
            back_url = programme.get_absolute_url()
            jobs.append(issue_orientation_certificates(programme_id=programme.pk, member_ids=ids, by=by, back_url=back_url))
        except Refused as refusal:
            messages.error(request, f"{programme}: {' '.join(refusal.messages)}")
    if len(jobs) == 1:
        return redirect(jobs[0])
    for job in jobs:
        messages.success(request, _("Dimulai: %(job)s") % {"job": job.title})
    return None
