"""Certificates of an orientasi tugas: issue, look at a draft, hand out, take back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.documents.models import DocumentState
from latsar.documents.policies import can_revoke
from participants import orientation_policies as policies
from participants.certificate_forms import RevokeForm
from participants.models import OrientationCertificate, OrientationMember
from participants.services import orientation_certificates as services
from participants.views.certificates import hand_out, hand_out_draft
from participants.views.orientation import RUNNERS, visible_programme


@allow(*RUNNERS)
@require_POST
def orientation_issue(request: AuthedRequest, programme_id: int) -> HttpResponse:
    programme = visible_programme(request, programme_id)
    require(policies.can_run(request.user, programme))
    try:
        job = services.issue_orientation_certificates(programme_id=programme.pk, by=request.user, back_url=programme.get_absolute_url())
    except Refused as no:
        messages.warning(request, no.messages[0])
        return redirect(programme)
    return redirect(job)


@allow(*RUNNERS)
@require_GET
def orientation_draft(request: AuthedRequest, programme_id: int, member_id: int) -> HttpResponseBase:
    """Hand out one person's certificate as it would be printed, with KONSEP in place of the number."""
    programme = visible_programme(request, programme_id)
    require(policies.can_run(request.user, programme))
    rows = OrientationMember.objects.visible_to(request.user).filter(programme=programme).present()
    member = get_object_or_404(rows.select_related("programme__province", "participant__satker"), pk=member_id)
    try:
        pdf = services.preview_orientation_certificate(member=member, by=request.user)
    except Refused as no:
        messages.warning(request, no.messages[0])
        return redirect(programme)
    return hand_out_draft(request, member.participant, pdf)


@allow(*policies.READERS)
@require_GET
def orientation_file(request: AuthedRequest, certificate_id: int) -> HttpResponseBase:
    """Hand out the issued file, byte for byte; a revoked one too, for the records."""
    visible = OrientationCertificate.objects.visible_to(request.user).exclude(document__state=DocumentState.PREPARED)
    certificate = get_object_or_404(visible.select_related("document", "member__participant"), pk=certificate_id)
    return hand_out(request, certificate.member.participant, certificate.document)


@allow(Role.PKSDM)
@require_http_methods(["GET", "POST"])
def orientation_revoke(request: AuthedRequest, certificate_id: int) -> HttpResponse:
    """Ask for the reason, take the certificate back, and issue its successor when wished."""
    visible = OrientationCertificate.objects.visible_to(request.user).select_related("document", "member__programme")
    certificate = get_object_or_404(visible, pk=certificate_id)
    require(can_revoke(request.user, certificate.document))
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = _revoke(request, certificate, form)
        if answer is not None:
            return answer
    context = {
        "document": certificate.document,
        "form": form,
        "back_url": certificate.member.programme.get_absolute_url(),
        "back_label": certificate.member.programme.title,
    }
    return render(request, "participants/certificate_revoke.html", context, status=422 if form.errors else 200)


def _revoke(request: AuthedRequest, certificate: OrientationCertificate, form: RevokeForm) -> HttpResponse | None:
    try:
        services.revoke_orientation_certificate(certificate_id=certificate.pk, reason=form.cleaned_data["reason"], by=request.user)
    except Refused as no:
        form.add_error("reason", no.messages)
        return None
    messages.success(request, _("%(number)s dicabut.") % {"number": certificate.document.number})
    programme = certificate.member.programme
    if not form.cleaned_data["reissue"]:
        return redirect(programme)
    try:
        return redirect(
            services.issue_orientation_certificates(
                programme_id=programme.pk, member_ids={certificate.member_id}, by=request.user, back_url=programme.get_absolute_url()
            )
        )
    except Refused as no:
        messages.warning(request, no.messages[0])
        return redirect(programme)
