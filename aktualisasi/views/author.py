"""The participant's own papers: what is handed in, what came back, and what is still missing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from aktualisasi import author_page, policies, services
from aktualisasi.enums import PaperKind
from aktualisasi.forms import ReplyForm, UploadForm
from aktualisasi.models import Paper, ReviewNote
from aktualisasi.paths import home_url
from latsar.accounts.access import allow, require
from latsar.accounts.active_role import active_grant
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.documents.intake.refusal import MAX_UPLOAD_BYTES
from latsar.documents.upload.services import FinishedUpload, drop_upload, finished_upload, sent_along
from latsar.ui.typed import seen_text
from participants.models import Participant

AUTHORS_MOVES = ("submit", "withdraw")


def own_participant(request: AuthedRequest) -> Participant | None:
    """Return the visitor's own participant row while the participant's role is the chosen one."""
    grant = active_grant(request)
    if grant is None or grant.role != Role.PESERTA:
        return None
    mine = Participant.objects.visible_to(request.user).filter(user=request.user)
    return mine.select_related("batch__institute", "batch__scheme", "satker").first()


@allow(Role.PESERTA)
@require_GET
def laporan_paper(request: AuthedRequest) -> HttpResponse:
    """Where the laporan is handed in, once the rancangan was approved."""
    participant = own_participant(request)
    if participant is None:
        raise Http404
    return paper_page(request, participant, kind=PaperKind.LAPORAN)


@allow(Role.PESERTA)
@require_POST
def paper_upload(request: AuthedRequest, kind: str) -> HttpResponse:
    """Keep the own PDF as the next version."""
    participant = _writer(request)
    upload = UploadForm(request.POST, request.FILES)
    upload.is_valid()
    incoming = _incoming(request, upload, kind, participant)
    if not upload.errors and incoming is not None and _uploaded(request, participant, kind, upload, incoming):
        _drop(request, incoming)
        return redirect(home_url(kind))
    _drop(request, incoming)  # nothing but another file helps
    return paper_page(request, participant, kind=kind, upload=upload, status=422)


@allow(Role.PESERTA)
@require_POST
def paper_compose(request: AuthedRequest, kind: str) -> HttpResponse:
    """Have the portal print the paper from what was filled in."""
    participant = _writer(request)
    try:
        version = services.compose_version(paper_id=_started(request, participant, kind).pk, by=request.user)
    except Refused as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect(home_url(kind))
    return redirect(f"{version.paper.get_absolute_url()}?versi={version.number}")


@allow(Role.PESERTA, Role.MENTOR, Role.COACH)
@require_POST
def paper_move(request: AuthedRequest, paper_id: int) -> HttpResponse:
    """Hand in or withdraw as the author; take an approval back as mentor or coach."""
    paper = get_object_or_404(Paper.objects.visible_to(request.user).select_related("rancangan__participant"), pk=paper_id)
    action = request.POST.get("action", "")
    require(action in SAID)
    try:
        services.move_paper(paper_id=paper.pk, action=action, by=request.user, note=seen_text(request.POST.get("note", "")))
    except Refused as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, SAID[action]() % {"paper": paper.get_kind_display()})
    return redirect(home_url(paper.kind) if action in AUTHORS_MOVES else paper.get_absolute_url())


SAID = {
    "submit": lambda: _("%(paper)s diajukan ke mentor. Anda diberi tahu begitu dijawab."),
    "withdraw": lambda: _("%(paper)s ditarik kembali."),
    "recall": lambda: _("Persetujuan Anda ditarik. %(paper)s ada di antrean Anda lagi."),
    "reopen": lambda: _("%(paper)s dibuka lagi untuk diperbaiki."),
}


@allow(Role.PESERTA)
@require_POST
def note_reply(request: AuthedRequest, note_id: int) -> HttpResponse:
    """Say what was done about a note."""
    note = get_object_or_404(ReviewNote.objects.visible_to(request.user).sent().select_related("version__paper"), pk=note_id)
    form = ReplyForm(request.POST)
    if form.is_valid():
        try:
            services.reply_note(note_id=note.pk, text=form.cleaned_data["reply"], by=request.user)
        except Refused as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(request, _("Tanggapan tersimpan."), extra_tags="toast")
    else:
        messages.error(request, _("Tanggapan paling banyak 500 huruf."))
    return redirect(f"{home_url(note.version.paper.kind)}#catatan-{note.pk}")


def paper_page(
    request: AuthedRequest,
    participant: Participant,
    *,
    kind: str = PaperKind.RANCANGAN,
    upload: UploadForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw the participant's page; a refused form comes back with what was typed."""
    context: dict[str, Any] = author_page.context(request.user, participant, kind)
    context["upload"] = upload or UploadForm()
    return render(request, "aktualisasi/author.html", context, status=status)


def _writer(request: AuthedRequest) -> Participant:
    participant = own_participant(request) or Participant.objects.visible_to(request.user).filter(user=request.user).first()
    if participant is None or not policies.can_write(request.user, participant):
        raise Http404
    return participant


def _started(request: AuthedRequest, participant: Participant, kind: str) -> Paper:
    if kind == PaperKind.LAPORAN:
        return services.start_laporan(participant_id=participant.pk, by=request.user)
    rancangan = services.start_rancangan(participant_id=participant.pk, by=request.user)
    return Paper.objects.visible_to(request.user).get(rancangan=rancangan, kind=kind)


def _incoming(request: AuthedRequest, form: UploadForm, kind: str, participant: Participant) -> FinishedUpload | None:
    """Return the file that came with the form, or in pieces before; when it is gone the form says so."""
    if form.errors:
        return None
    if file := form.cleaned_data.get("file"):
        return sent_along(file.name or "", file.read(MAX_UPLOAD_BYTES + 1))
    target = author_page.upload_target(participant.pk, kind)
    found = finished_upload(token=form.cleaned_data["upload"], target=target, by=request.user)
    if found is None:
        form.add_error("file", _("Berkas yang terkirim sudah tidak ada. Pilih berkasnya sekali lagi, lalu unggah."))
    return found


def _uploaded(request: AuthedRequest, participant: Participant, kind: str, form: UploadForm, incoming: FinishedUpload) -> bool:
    try:
        paper = _started(request, participant, kind)
        version = services.upload_version(paper_id=paper.pk, content=incoming.content, name=incoming.name, by=request.user)
    except Refused as refused:
        form.add_error("file", refused)
        return False
    said = _("Versi %(number)s tersimpan, %(pages)s halaman.") % {"number": version.number, "pages": version.pages}
    messages.success(request, said)
    return True


def _drop(request: AuthedRequest, incoming: FinishedUpload | None) -> None:
    if incoming is not None and incoming.token:
        drop_upload(token=incoming.token, by=request.user)
