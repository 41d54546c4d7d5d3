from __future__ import annotations

import logging

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from aktualisasi import deadlines, policies, previews, tables
from aktualisasi.forms import ListForm, ReopenForm
from aktualisasi.models import Rancangan, RancanganFile, ReviewNote
from aktualisasi.viewer import viewer
from aktualisasi.views.author import author_page, own_participant
from latsar.accounts import seen
from latsar.accounts.access import allow
from latsar.accounts.enums import Role, ViewKind
from latsar.accounts.models import AuthedRequest
from latsar.documents.intake.preview import PreviewFailed
from latsar.documents.serve import serve_private, serve_stored

log = logging.getLogger(__name__)

READERS = (
    Role.ADMIN_SATKER,
    Role.ADMIN_PROVINSI,
    Role.PKSDM,
    Role.LEMBAGA,
    Role.PIMPINAN,
    Role.MENTOR,
    Role.COACH,
    Role.PENGUJI,
    Role.PESERTA,
)
PER_PAGE = 50


@allow(*READERS)
@require_GET
def aktualisasi_home(request: AuthedRequest) -> HttpResponse:
    """The participant's own rancangan; everybody else gets the list within scope."""
    participant = own_participant(request)
    if participant is not None:
        return author_page(request, participant)
    form = ListForm(request.GET, user=request.user)
    rows = tables.filtered(Rancangan.objects.visible_to(request.user), form)
    rows = rows.with_version_count().with_seminar().select_related("participant__satker", "participant__batch").order_by("-stage_at", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("halaman"))
    lines = [(row, tables.stage_pill(row), policies.can_review(request.user, row)) for row in page]
    return render(request, "aktualisasi/list.html", {"form": form, "page": page, "lines": lines})


@allow(*READERS)
@require_GET
def rancangan_detail(request: AuthedRequest, rancangan_id: int) -> HttpResponse:
    rows = Rancangan.objects.visible_to(request.user).select_related("participant__satker", "participant__batch__institute")
    rancangan = get_object_or_404(rows, pk=rancangan_id)
    seen.note_view(request, rancangan.participant, ViewKind.WORK)
    files = list(rancangan.files.all())
    notes = list(ReviewNote.objects.visible_to(request.user).sent().filter(file__rancangan=rancangan).select_related("file", "by"))
    wanted = request.GET.get("versi", "")
    version = next((file for file in files if str(file.number) == wanted), files[0] if files else None)
    assignment = rancangan.participant.mentor_assignments.active().select_related("mentor__user").first()
    context = {
        "rancangan": rancangan,
        "pill": tables.stage_pill(rancangan),
        "files": files,
        "notes": [note for note in notes if version and note.file_id == version.pk],
        "viewer": viewer(version, request.GET.get("halaman", "1"), notes) if version else None,
        "changes": rancangan.stage_changes.select_related("by"),
        "mentor": assignment.mentor if assignment else None,
        "seminar": deadlines.seminar_of(rancangan.participant),
        "can_review": policies.can_review(request.user, rancangan),
        "reopen": ReopenForm() if policies.can_move(request.user, rancangan, "reopen") else None,
    }
    return render(request, "aktualisasi/detail.html", context)


@allow(*READERS)
@require_GET
def rancangan_file(request: AuthedRequest, file_id: int) -> HttpResponseBase:
    """The document as it was uploaded, byte for byte."""
    version = _version(request, file_id)
    return serve_private(version.file, version.name, content_type="application/pdf")


@allow(*READERS)
@require_GET
def rancangan_page(request: AuthedRequest, file_id: int, page: int) -> HttpResponseBase:
    """One page as a picture: readers never open the foreign PDF itself."""
    version = _version(request, file_id)
    if not 1 <= page <= version.pages:
        raise Http404
    try:
        stored = previews.page_image(version, page, small="kecil" in request.GET)
    except (PreviewFailed, FileNotFoundError) as failed:
        log.warning("page %s of version %s cannot be drawn", page, version.pk, exc_info=True)
        raise Http404 from failed
    return serve_stored(version.file.storage, stored, f"halaman-{page}.webp", inline=True, content_type="image/webp")


def _version(request: AuthedRequest, file_id: int) -> RancanganFile:
    versions = RancanganFile.objects.visible_to(request.user).select_related("rancangan__participant")
    version = get_object_or_404(versions, pk=file_id)
    seen.note_view(request, version.rancangan.participant, ViewKind.WORK)
    return version
