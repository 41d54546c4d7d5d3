from __future__ import annotations

from functools import partial
from io import BytesIO

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from latsar.accounts import seen
from latsar.accounts.access import allow, require, signed_in
from latsar.accounts.enums import Role, ViewKind
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.documents.models import DocumentState, IssuedDocument
from latsar.documents.policies import can_revoke
from latsar.documents.serve import serve_private
from latsar.training.models import Batch
from participants import policies
from participants.certificate_forms import RevokeForm
from participants.certificate_roll import Standing, roll_of
from participants.models import Certificate, Participant
from participants.services import certificates

PER_PAGE = 50
BATCH_ROLES = (Role.PKSDM, Role.PIMPINAN, Role.ADMIN_PROVINSI, Role.ADMIN_SATKER, Role.LEMBAGA)
CHARTER_READERS = (Role.PKSDM, Role.PIMPINAN, Role.ADMIN_PROVINSI, Role.ADMIN_SATKER)
batch_page = allow(*BATCH_ROLES)


@batch_page
@require_http_methods(["GET", "POST"])
def batch_certificates(request: AuthedRequest, batch_id: int) -> HttpResponse:
    """Show who has, may get or lacks something for a certificate; POST issues what is missing."""
    batch = get_object_or_404(Batch.objects.visible_to(request.user).select_related("institute"), pk=batch_id)
    may_issue = policies.can_issue_certificates(request.user)
    if request.method == "POST":
        require(may_issue)
        try:
            return redirect(certificates.issue_batch_certificates(batch_id=batch.pk, by=request.user, back_url=request.path))
        except Refused as no:
            messages.warning(request, no.messages[0])
            return redirect(request.path)
    roll = roll_of(batch, request.user)
    facts = {"batch": batch, "roll": roll, "may_issue": may_issue, "to_issue": len(roll.to_issue)}
    facts["sees_charters"] = request.user.has_role(*CHARTER_READERS)
    counts = {standing.value: roll.count(standing) for standing in Standing}
    return render(request, "participants/certificate_batch.html", facts | {"counts": counts})


@allow(Role.PKSDM)
@require_GET
def certificate_draft(request: AuthedRequest, batch_id: int, participant_id: int) -> HttpResponseBase:
    """Hand out one person's certificate as it would be printed, with KONSEP in place of the number."""
    batch = get_object_or_404(Batch.objects.visible_to(request.user).select_related("institute", "scheme", "curriculum"), pk=batch_id)
    people = Participant.objects.visible_to(request.user).filter(batch=batch).select_related("satker")
    participant = get_object_or_404(people, pk=participant_id)
    try:
        pdf = certificates.preview_certificate(batch=batch, participant=participant, by=request.user)
    except Refused as no:
        messages.warning(request, no.messages[0])
        return redirect("batch_certificates", batch.pk)
    return hand_out_draft(request, participant, pdf)


@signed_in
@require_GET
def certificate_list(request: AuthedRequest) -> HttpResponse:
    """List published certificates of the viewer's scope; a participant finds the own ones."""
    query, state = request.GET.get("q", "").strip(), request.GET.get("keadaan", "")
    found = Certificate.objects.visible_to(request.user).exclude(document__state=DocumentState.PREPARED)
    found = found.select_related("document", "participant__satker", "batch__institute").order_by("-document__issued_at", "-pk")
    if query:
        found = found.filter(Q(document__holder_name__icontains=query) | Q(document__number__icontains=query) | Q(participant__nip=query))
    if state in DocumentState.values:
        found = found.filter(document__state=state)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("halaman"))
    rows = [(certificate, can_revoke(request.user, certificate.document)) for certificate in page.object_list]
    facts = {"page": page, "rows": rows, "query": query, "state": state, "is_filtered": bool(query or state)}
    return render(request, "participants/certificate_list.html", facts)


@signed_in
@require_GET
def certificate_file(request: AuthedRequest, certificate_id: int) -> HttpResponseBase:
    """Hand out the issued file, byte for byte; a revoked one too, for the records."""
    visible = Certificate.objects.visible_to(request.user).exclude(document__state=DocumentState.PREPARED)
    certificate = get_object_or_404(visible.select_related("document", "participant"), pk=certificate_id)
    return hand_out(request, certificate.participant, certificate.document)


def hand_out_draft(request: AuthedRequest, person: Participant, pdf: bytes) -> HttpResponseBase:
    """Answer with the draft of a person's document and record who looked."""
    seen.note_view(request, person, ViewKind.FILE)
    return FileResponse(BytesIO(pdf), as_attachment=True, filename=f"KONSEP {person.full_name}.pdf", content_type="application/pdf")


def hand_out(request: AuthedRequest, person: Participant, document: IssuedDocument) -> HttpResponseBase:
    """Answer with the file of a person's document and record who took it; the caller has checked who may."""
    seen.note_view(request, person, ViewKind.FILE)
    name = f"{document.number.replace('/', '-')} {document.holder_name}.pdf"
    return serve_private(document.file, name, content_type="application/pdf")


@allow(Role.PKSDM)
@require_http_methods(["GET", "POST"])
def certificate_revoke(request: AuthedRequest, certificate_id: int) -> HttpResponse:
    """Ask for the reason, take the certificate back, and issue its successor when wished."""
    visible = Certificate.objects.visible_to(request.user).select_related("document", "batch")
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
        "back_url": reverse("batch_certificates", args=[certificate.batch_id]),
        "back_label": _("Sertifikat"),
    }
    return render(request, "participants/certificate_revoke.html", context)


def _revoke(request: AuthedRequest, certificate: Certificate, form: RevokeForm) -> HttpResponse | None:
    try:
        certificates.revoke_certificate(certificate_id=certificate.pk, reason=form.cleaned_data["reason"], by=request.user)
    except Refused as no:
        form.add_error("reason", no.messages)
        return None
    messages.success(request, _("%(number)s dicabut.") % {"number": certificate.document.number})
    back = reverse("batch_certificates", args=[certificate.batch_id])
    if not form.cleaned_data["reissue"]:
        return redirect(back)
    reissue = partial(certificates.issue_batch_certificates, batch_id=certificate.batch_id, participant_ids={certificate.participant_id})
    try:
        return redirect(reissue(by=request.user, back_url=back))
    except Refused as no:
        messages.warning(request, no.messages[0])
        return redirect(back)
