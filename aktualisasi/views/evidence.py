"""Evidence: add a set, look at one, correct it, take it away and back, its file and pages."""

from __future__ import annotations

import logging
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aktualisasi import evidence_pages
from aktualisasi import habituasi_policies as policies
from aktualisasi.habituasi import Evidence
from aktualisasi.habituasi_forms import EvidenceEditForm, EvidenceForm
from aktualisasi.habituasi_page import tahapan_of
from aktualisasi.models import Rancangan
from aktualisasi.services import evidence as services
from aktualisasi.views.author import own_participant
from aktualisasi.views.habituasi import own_page, upload_target
from aktualisasi.views.reading import FOLLOWERS
from latsar.accounts import seen
from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role, ViewKind
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.documents.intake.preview import PreviewFailed
from latsar.documents.intake.refusal import MAX_UPLOAD_BYTES
from latsar.documents.serve import serve_private, serve_stored
from latsar.documents.upload.services import FinishedUpload, drop_upload, finished_upload, sent_along
from latsar.training.forms import add_refusal
from participants.dossier.page import Pages
from participants.models import Participant

log = logging.getLogger(__name__)


@allow(Role.PESERTA)
@require_POST
def evidence_add(request: AuthedRequest) -> HttpResponse:
    """Keep a set of photos and PDFs, sent in pieces before or with the form."""
    participant = own_participant(request)
    rancangan = Rancangan.objects.visible_to(request.user).filter(participant=participant).first() if participant else None
    if participant is None or rancangan is None or not policies.can_record(request.user, rancangan):
        raise Http404
    form = EvidenceForm(request.POST, request.FILES, tahapan=tahapan_of(rancangan))
    form.is_valid()
    incoming = _incoming(request, form, participant)
    faults: frozenset[int] = frozenset()
    if not form.errors:
        try:
            kept = _kept(request, form, incoming)
        except Refused as refused:
            add_refusal(form, refused)
            faults = getattr(refused, "places", faults)
        else:
            for one in incoming:
                if one.token:
                    drop_upload(token=one.token, by=request.user)
            text = ngettext("%(n)d bukti tersimpan.", "%(n)d bukti tersimpan.", kept) % {"n": kept}
            messages.success(request, text, extra_tags="toast")
            return redirect("habituasi_home")
    form.show_sent(incoming, faults)
    return own_page(request, participant, evidence=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@allow(*FOLLOWERS)
@require_http_methods(["GET", "POST"])
def evidence_detail(request: AuthedRequest, evidence_id: int) -> HttpResponse:
    """One evidence, large; its author corrects the words."""
    evidence = _evidence(request, evidence_id)
    rancangan = get_object_or_404(
        Rancangan.objects.visible_to(request.user).select_related("participant"), participant=evidence.participant
    )
    can_record = evidence.removed_at is None and policies.can_record(request.user, rancangan)
    require(can_record or request.method == "GET")
    form = EvidenceEditForm(request.POST or None, evidence=evidence, tahapan=tahapan_of(rancangan)) if can_record else None
    status = HTTPStatus.OK
    if form is not None and request.method == "POST":
        if form.is_valid() and _edited(request, evidence, form):
            return redirect(evidence)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {
        "evidence": evidence,
        "participant": evidence.participant,
        "pages": Pages.read(request.GET.get("halaman", ""), evidence.pages),
        "form": form,
        "is_settled": policies.is_settled(evidence),
        "can_remove": can_record and policies.can_remove_evidence(request.user, evidence, rancangan),
        "is_own": policies.is_author(request.user, evidence.participant),
    }
    return render(request, "aktualisasi/evidence.html", context, status=status)


@allow(Role.PESERTA)
@require_POST
def evidence_remove(request: AuthedRequest, evidence_id: int) -> HttpResponse:
    services.remove_evidence(evidence_id=_evidence(request, evidence_id).pk, by=request.user)
    messages.success(request, _("Bukti dihapus. Masih dapat diurungkan di halaman ini."), extra_tags="toast")
    return redirect(f"{reverse('habituasi_home')}#dihapus")


@allow(Role.PESERTA)
@require_POST
def evidence_restore(request: AuthedRequest, evidence_id: int) -> HttpResponse:
    services.restore_evidence(evidence_id=_evidence(request, evidence_id).pk, by=request.user)
    messages.success(request, _("Bukti ada lagi."), extra_tags="toast")
    return redirect("habituasi_home")


@allow(*FOLLOWERS)
@require_GET
def evidence_file(request: AuthedRequest, evidence_id: int) -> HttpResponseBase:
    """The kept file, as a download."""
    evidence = _evidence(request, evidence_id)
    return serve_private(evidence.file, evidence.name, content_type=evidence.content_type)


@allow(*FOLLOWERS)
@require_GET
def evidence_page(request: AuthedRequest, evidence_id: int, number: int) -> HttpResponseBase:
    """One page as a picture: readers never open the foreign file itself."""
    evidence = _evidence(request, evidence_id)
    if not 1 <= number <= evidence.pages:
        raise Http404
    try:
        stored = evidence_pages.page_image(evidence, number, small="kecil" in request.GET)
    except (PreviewFailed, FileNotFoundError) as failed:
        log.warning("page %s of evidence %s cannot be drawn", number, evidence.pk, exc_info=True)
        raise Http404 from failed
    return serve_stored(evidence.file.storage, stored, f"bukti-{number}.webp", inline=True, content_type="image/webp")


def _incoming(request: AuthedRequest, form: EvidenceForm, participant: Participant) -> list[FinishedUpload]:
    """Return what the form brings: its own files, or what came in pieces before; when some of it is gone the form says so."""
    plain = form.sent_along()
    if plain:
        return [sent_along(file.name or "", file.read(MAX_UPLOAD_BYTES + 1)) for file in plain]
    tokens = form.cleaned_data.get("upload", [])
    target = upload_target(participant.pk)
    found = [one for token in tokens if (one := finished_upload(token=token, target=target, by=request.user))]
    if len(found) < len(tokens):
        form.add_error("file", _("Sebagian berkas yang terkirim sudah tidak ada. Pilih lagi berkasnya, lalu simpan."))
    elif not tokens:
        form.add_error("file", _("Belum ada berkas. Pilih foto atau PDF, lalu simpan."))
    return found


def _kept(request: AuthedRequest, form: EvidenceForm, incoming: list[FinishedUpload]) -> int:
    data = form.cleaned_data
    made = services.add_evidence(
        tahapan_id=data["tahapan"].pk,
        files=incoming,
        captions=form.captions(len(incoming)),
        shown_on=data["shown_on"],
        proves=data["proves"],
        by=request.user,
    )
    return len(made)


def _edited(request: AuthedRequest, evidence: Evidence, form: EvidenceEditForm) -> bool:
    data = form.cleaned_data
    try:
        services.edit_evidence(
            evidence_id=evidence.pk,
            caption=data["caption"],
            shown_on=data["shown_on"],
            proves=data["proves"],
            tahapan_id=data["tahapan"].pk,
            in_laporan=data["in_laporan"],
            by=request.user,
        )
    except Refused as refused:
        add_refusal(form, refused)
        return False
    messages.success(request, _("Bukti tersimpan."), extra_tags="toast")
    return True


def _evidence(request: AuthedRequest, evidence_id: int) -> Evidence:
    rows = Evidence.objects.visible_to(request.user).select_related(
        "participant__satker", "tahapan__kegiatan", "report", "uploaded_by", "removed_by"
    )
    evidence = get_object_or_404(rows, pk=evidence_id)
    seen.note_view(request, evidence.participant, ViewKind.WORK)
    return evidence
