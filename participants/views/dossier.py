"""The dossier of one person: checklist, upload, one document with its pages, and the verifier's answer."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from latsar.accounts import seen
from latsar.accounts.access import allow, require
from latsar.accounts.enums import ViewKind
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.documents.intake.photos import MAX_PHOTOS, Photo
from latsar.documents.intake.preview import PreviewFailed
from latsar.documents.intake.refusal import MAX_UPLOAD_BYTES
from latsar.documents.serve import serve_private, serve_stored
from latsar.documents.upload.services import FinishedUpload, drop_upload, finished_upload, sent_along
from latsar.ui.typed import seen_text
from participants.dossier import drawing, page, policies
from participants.dossier.checklist import Checklists, Line, lines_of
from participants.dossier.documents import DossierDocument
from participants.dossier.forms import AttachForm, ReasonForm
from participants.models import Participant
from participants.services import dossier as services
from participants.services.dossier_photos import attach_photos
from participants.views.person import PERSON_READERS, person_head, visible_person

log = logging.getLogger(__name__)

ANSWERS = {"terima": "accept", "kembalikan": "return"}
QUEUE = "antrean"


@allow(*PERSON_READERS)
@require_GET
def dossier(request: AuthedRequest, participant_id: int) -> HttpResponse:
    """The checklist; with "buka" one line stands open."""
    person = visible_person(request, participant_id)
    seen.note_view(request, person, ViewKind.FILE)
    return _page(request, person, opened=request.GET.get("buka", ""))


@allow(*PERSON_READERS)
@require_POST
def dossier_attach(request: AuthedRequest, participant_id: int, code: str) -> HttpResponse:
    person = visible_person(request, participant_id)
    require(policies.can_attach(request.user, person))
    requirement = next((line for line in Checklists.read().of(person) if line.code == code), None)
    if requirement is None:
        raise Http404
    form = AttachForm(request.POST, request.FILES, requirement=requirement)
    form.is_valid()
    incoming = _incoming(request, form, person)
    if not form.errors and _attach(request, person, form, incoming):
        _drop(request, incoming)
        messages.success(request, _("%(document)s tersimpan.") % {"document": requirement.name}, extra_tags="toast")
        return redirect(f"{person.dossier_url}#berkas-{code}")
    if "issued_on" in form.errors or len(form.cleaned_data.get("upload", [])) > 1:
        form.show_sent(incoming)
    else:
        _drop(request, incoming)  # nothing but another file helps
    return _page(request, person, failed=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@allow(*PERSON_READERS)
@require_GET
def dossier_document(request: AuthedRequest, document_id: int) -> HttpResponse:
    return _document_page(request, _document(request, document_id))


@allow(*PERSON_READERS)
@require_POST
def dossier_judge(request: AuthedRequest, document_id: int) -> HttpResponse:
    """Accept or return one document, from its page or from the queue."""
    document = _document(request, document_id)
    action = ANSWERS.get(request.POST.get("jawaban", ""))
    if action is None:
        raise Http404
    try:
        services.move_document(document_id=document.pk, action=action, by=request.user, note=seen_text(request.POST.get("note", "")))
    except Refused as refused:
        form = ReasonForm(request.POST)
        form.is_valid()
        form.add_error(None, refused)
        return _document_page(request, document, reason=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    name = services.name_of(document.participant, document.code)
    said = _("%(document)s diterima.") if action == "accept" else _("%(document)s dikembalikan.")
    messages.success(request, said % {"document": name}, extra_tags="toast")
    return redirect(_next_to_judge(request, document))


@allow(*PERSON_READERS)
@require_POST
def dossier_remove(request: AuthedRequest, document_id: int) -> HttpResponse:
    document = services.remove_document(document_id=_document(request, document_id).pk, by=request.user)
    messages.success(request, _("Berkas dihapus. Masih dapat diurungkan di barisnya."), extra_tags="toast")
    return redirect(f"{document.participant.dossier_url}#berkas-{document.code}")


@allow(*PERSON_READERS)
@require_POST
def dossier_restore(request: AuthedRequest, document_id: int) -> HttpResponse:
    document = services.restore_document(document_id=_document(request, document_id).pk, by=request.user)
    messages.success(request, _("Berkas ada lagi."), extra_tags="toast")
    return redirect(f"{document.participant.dossier_url}#berkas-{document.code}")


@allow(*PERSON_READERS)
@require_GET
def dossier_file(request: AuthedRequest, document_id: int) -> HttpResponseBase:
    """The kept file, as a download."""
    document = _document(request, document_id)
    return serve_private(document.file, document.name, content_type=document.content_type)


@allow(*PERSON_READERS)
@require_GET
def dossier_page(request: AuthedRequest, document_id: int, number: int) -> HttpResponseBase:
    """One page as a picture: readers never open the foreign file itself."""
    document = _document(request, document_id)
    if not 1 <= number <= document.pages:
        raise Http404
    try:
        stored = drawing.page_image(document, number, small="kecil" in request.GET)
    except (PreviewFailed, FileNotFoundError) as failed:
        log.warning("page %s of document %s cannot be drawn", number, document.pk, exc_info=True)
        raise Http404 from failed
    return serve_stored(document.file.storage, stored, f"halaman-{number}.webp", inline=True, content_type="image/webp")


def _incoming(request: AuthedRequest, form: AttachForm, person: Participant) -> list[FinishedUpload]:
    """Return what the form brings: its own file, or what came in pieces before; when some of it is gone the form says so."""
    file, tokens = form.cleaned_data.get("file"), form.cleaned_data.get("upload", [])
    if file:
        return [sent_along(file.name or "", file.read(MAX_UPLOAD_BYTES + 1))]
    target = page.target_of(person, form.requirement.code)
    found = [one for token in tokens if (one := finished_upload(token=token, target=target, by=request.user))]
    if not found and tokens:
        form.add_error("file", _("Berkas yang terkirim sudah tidak ada. Pilih berkasnya sekali lagi, lalu unggah."))
    elif len(found) < len(tokens):
        gone = len(tokens) - len(found)
        text = ngettext(
            "%(n)d foto yang terkirim sudah tidak ada. Pilih fotonya sekali lagi, periksa urutannya, lalu unggah.",
            "%(n)d foto yang terkirim sudah tidak ada. Pilih fotonya sekali lagi, periksa urutannya, lalu unggah.",
            gone,
        )
        form.add_error("file", text % {"n": gone})
    return found


def _attach(request: AuthedRequest, person: Participant, form: AttachForm, incoming: list[FinishedUpload]) -> bool:
    """Keep one file as it is, several as the pages of one document; tell whether it was kept, the form says why not."""
    code, issued_on = form.requirement.code, form.cleaned_data.get("issued_on")
    try:
        if len(incoming) == 1:
            (one,) = incoming
            services.attach_document(
                participant_id=person.pk, code=code, content=one.content, name=one.name, issued_on=issued_on, by=request.user
            )
        else:
            photos = [Photo(one.name, one.read) for one in incoming]
            attach_photos(participant_id=person.pk, code=code, photos=photos, issued_on=issued_on, by=request.user)
    except Refused as refused:
        form.add_error(None, refused)
        form.faults = getattr(refused, "places", form.faults)
        return False
    return True


def _drop(request: AuthedRequest, incoming: list[FinishedUpload]) -> None:
    for one in incoming:
        if one.token:
            drop_upload(token=one.token, by=request.user)


def _document(request: AuthedRequest, document_id: int) -> DossierDocument:
    rows = DossierDocument.objects.visible_to(request.user).select_related(
        "participant__satker", "participant__province", "participant__batch__institute", "uploaded_by", "judged_by"
    )
    document = get_object_or_404(rows, pk=document_id)
    seen.note_view(request, document.participant, ViewKind.FILE)
    return document


def _page(
    request: AuthedRequest, person: Participant, *, failed: AttachForm | None = None, opened: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    rows = page.rows_of(request.user, person, timezone.localdate(), failed, opened)
    lines = [row.line for row in rows]
    context = {
        **person_head(request, person),
        "rows": rows,
        "summary": page.summary_of(lines),
        "others": page.others_of(person, lines),
        "can_attach": policies.can_attach(request.user, person),
        "photo_limit": MAX_PHOTOS,
        "can_judge": policies.can_judge(request.user, person),
        "can_collect": policies.can_collect(request.user),
        "has_files": any(line.document for line in lines),
    }
    return render(request, "participants/dossier.html", context, status=status)


def _document_page(
    request: AuthedRequest, document: DossierDocument, *, reason: ReasonForm | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    person, today = document.participant, timezone.localdate()
    lines = lines_of(person, today)
    line = next((one for one in lines if one.code == document.code), None)
    versions = DossierDocument.objects.visible_to(request.user).filter(participant=person, code=document.code)
    context: dict[str, Any] = {
        "participant": person,
        "document": document,
        "name": line.name if line else document.code,
        "line": line if document.is_current else None,
        "pill": page.pill_of(line) if line and document.is_current else None,
        "pages": page.Pages.read(request.GET.get("halaman", ""), document.pages),
        "versions": list(versions.select_related("uploaded_by", "judged_by").order_by("-number")),
        "reason": reason or ReasonForm(),
        "refused": reason is not None,
        "can_judge": document.is_current and policies.can_judge(request.user, person),
        "can_replace": document.is_current and policies.can_replace(request.user, person, document, today),
        "is_self": policies.is_own(request.user, person),
        "others": [one for one in lines if one.document is not None],
    }
    return render(request, "participants/dossier_document.html", context, status=status)


def _next_to_judge(request: AuthedRequest, document: DossierDocument) -> str:
    """Go on with the next document that waits; back in the queue when the answer came from there."""
    person = document.participant
    waiting = [line for line in lines_of(person, timezone.localdate()) if line.document and line.document.state == "waiting"]
    if request.POST.get("dari") == QUEUE:
        return f"{reverse('verification_queue')}?orang={person.pk}{_chosen(waiting)}"
    return waiting[0].document.get_absolute_url() if waiting and waiting[0].document else person.dossier_url


def _chosen(waiting: list[Line]) -> str:
    return f"&berkas={waiting[0].code}" if waiting else ""
