"""Charters for the mentors of a closed batch: issue, look at a draft, hand out, take back."""

from __future__ import annotations

from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.documents.models import DocumentState
from latsar.documents.policies import can_revoke
from latsar.documents.serve import serve_private
from latsar.training.enums import BatchStage
from latsar.training.models import Batch
from mentoring import policies, services
from mentoring.charter_words import roll_of
from mentoring.models import Mentor, MentorCertificate
from mentoring.views.pool import READERS
from participants.certificate_forms import RevokeForm


@allow(*READERS)
@require_http_methods(["GET", "POST"])
def batch_charters(request: AuthedRequest, batch_id: int) -> HttpResponse:
    """The mentors of a batch and their charters; POST issues what is missing."""
    batch = get_object_or_404(Batch.objects.visible_to(request.user).select_related("institute"), pk=batch_id)
    may_issue = policies.can_issue_charters(request.user)
    if request.method == "POST":
        require(may_issue)
        try:
            return redirect(services.issue_charters(batch_id=batch.pk, by=request.user, back_url=request.path))
        except Refused as no:
            messages.warning(request, no.messages[0])
            return redirect(request.path)
    lines = roll_of(batch, request.user)
    context = {
        "batch": batch,
        "lines": lines,
        "is_closed": batch.stage == BatchStage.CLOSED,
        "may_issue": may_issue and batch.stage == BatchStage.CLOSED,
        "to_issue": sum(not line.is_issued for line in lines),
    }
    return render(request, "mentoring/batch_charters.html", context)


@allow(Role.PKSDM)
@require_GET
def charter_draft(request: AuthedRequest, batch_id: int, mentor_id: int) -> HttpResponseBase:
    """Hand out one charter as it would be printed, with KONSEP in place of the number."""
    batch = get_object_or_404(Batch.objects.visible_to(request.user).select_related("institute"), pk=batch_id)
    mentor = get_object_or_404(Mentor.objects.visible_to(request.user).select_related("user", "satker"), pk=mentor_id)
    try:
        pdf = services.preview_charter(batch=batch, mentor=mentor, by=request.user)
    except Refused as no:
        messages.warning(request, no.messages[0])
        return redirect("batch_charters", batch.pk)
    return FileResponse(BytesIO(pdf), as_attachment=True, filename=f"KONSEP {mentor.full_name}.pdf", content_type="application/pdf")


@allow(*READERS, Role.MENTOR)
@require_GET
def charter_file(request: AuthedRequest, certificate_id: int) -> HttpResponseBase:
    """Hand out the issued file, byte for byte; a revoked one too, for the records."""
    visible = MentorCertificate.objects.visible_to(request.user).exclude(document__state=DocumentState.PREPARED)
    document = get_object_or_404(visible.select_related("document"), pk=certificate_id).document
    name = f"{document.number.replace('/', '-')} {document.holder_name}.pdf"
    return serve_private(document.file, name, content_type="application/pdf")


@allow(Role.PKSDM)
@require_http_methods(["GET", "POST"])
def charter_revoke(request: AuthedRequest, certificate_id: int) -> HttpResponse:
    """Ask for the reason, take the charter back, and issue its successor when wished."""
    visible = MentorCertificate.objects.visible_to(request.user).select_related("document", "batch")
    row = get_object_or_404(visible, pk=certificate_id)
    require(can_revoke(request.user, row.document))
    form = RevokeForm(request.POST or None)
    back = reverse("batch_charters", args=[row.batch_id])
    if request.method == "POST" and form.is_valid():
        try:
            services.revoke_charter(certificate_id=row.pk, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as no:
            form.add_error("reason", no.messages)  # type: ignore[arg-type]
        else:
            messages.success(request, _("%(number)s dicabut.") % {"number": row.document.number})
            return redirect(_reissued(request, row, back) if form.cleaned_data["reissue"] else back)
    context = {"document": row.document, "form": form, "back_url": back, "back_label": _("Piagam mentor")}
    return render(request, "participants/certificate_revoke.html", context, status=422 if form.errors else 200)


def _reissued(request: AuthedRequest, row: MentorCertificate, back: str) -> str:
    try:
        job = services.issue_charters(batch_id=row.batch_id, mentor_ids={row.mentor_id}, by=request.user, back_url=back)
    except Refused as no:
        messages.warning(request, no.messages[0])
        return back
    return job.get_absolute_url()
