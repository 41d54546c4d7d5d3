from __future__ import annotations

import logging

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from aktualisasi import author_page, deadlines, policies, previews, tables
from aktualisasi.enums import PaperKind
from aktualisasi.forms import ListForm, ReopenForm
from aktualisasi.models import Paper, PaperVersion, Rancangan
from aktualisasi.viewer import viewer
from aktualisasi.views.author import own_participant, paper_page
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
"""Who may have papers to read."""
FOLLOWERS = tuple(role for role in READERS if role != Role.PENGUJI)
"""Who may follow somebody's writing and habituasi."""
PER_PAGE = 50


@allow(*READERS)
@require_GET
def aktualisasi_home(request: AuthedRequest) -> HttpResponse:
    """The participant's own rancangan; everybody else gets the list within scope."""
    participant = own_participant(request)
    if participant is not None:
        return paper_page(request, participant)
    form = ListForm(request.GET, user=request.user)
    rows = tables.filtered(Paper.objects.visible_to(request.user), form).with_version_count().with_seminar()
    rows = rows.select_related("rancangan__participant__satker", "rancangan__participant__batch").order_by("-stage_at", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("halaman"))
    mine = {item.paper.pk for item in tables.queue_of(request.user)} if request.user.has_role(Role.MENTOR, Role.COACH) else set()
    lines = [(row, tables.stage_pill(row), row.pk in mine) for row in page]
    return render(request, "aktualisasi/list.html", {"form": form, "page": page, "lines": lines})


@allow(*READERS)
@require_GET
def rancangan_detail(request: AuthedRequest, rancangan_id: int) -> HttpResponse:
    """The aktualisasi by its own number: its rancangan."""
    paper = get_object_or_404(Paper.objects.visible_to(request.user), rancangan=rancangan_id, kind=PaperKind.RANCANGAN)
    return paper_detail(request, paper.pk)


@allow(*READERS)
@require_GET
def paper_detail(request: AuthedRequest, paper_id: int) -> HttpResponse:
    """One paper: a version page by page, its notes, its way so far."""
    rows = Paper.objects.visible_to(request.user).select_related(
        "rancangan__participant__satker", "rancangan__participant__batch__institute"
    )
    paper = get_object_or_404(rows, pk=paper_id)
    participant = paper.rancangan.participant
    seen.note_view(request, participant, ViewKind.WORK)
    versions, notes = list(paper.versions.all()), author_page.sent_notes(request.user, paper)
    wanted = request.GET.get("versi", "")
    version = next((one for one in versions if str(one.number) == wanted), versions[0] if versions else None)
    own_notes = [note for note in notes if version and note.version_id == version.pk]
    assignment = participant.mentor_assignments.active().select_related("mentor__user").first()
    is_author = policies.is_author(request.user, participant)
    context = {
        "paper": paper,
        "rancangan": paper.rancangan,
        "participant": participant,
        "is_author": is_author,
        "follows": not is_author and Rancangan.objects.visible_to(request.user).filter(pk=paper.rancangan_id).exists(),
        "pill": tables.stage_pill(paper),
        "versions": versions,
        "version": version,
        "before": next((one for one in versions if version and one.number < version.number), None),
        "notes": own_notes,
        "viewer": viewer(version, request.GET.get("halaman", "1"), own_notes) if version and version.is_printed else None,
        "changes": paper.stage_changes.select_related("by"),
        "others": [one for one in paper.rancangan.papers.all() if one.pk != paper.pk],
        "mentor": assignment.mentor if assignment else None,
        "coach": author_page.coach_of(request.user, participant),
        "seminar": deadlines.seminar_of(participant, paper.kind),
        "can_review": policies.can_review(request.user, paper),
        "can_recall": policies.can_move(request.user, paper, "recall"),
        "reopen": ReopenForm() if policies.can_move(request.user, paper, "reopen") else None,
    }
    return render(request, "aktualisasi/detail.html", context)


@allow(*READERS)
@require_GET
def version_state(request: AuthedRequest, version_id: int) -> HttpResponse:
    """Whether a composed version is printed by now; the waiting page asks."""
    version = _version(request, version_id)
    if version.is_printed and request.headers.get("HX-Request"):
        answer = HttpResponse(status=200)
        answer["HX-Refresh"] = "true"
        return answer
    if not request.headers.get("HX-Request"):
        return redirect(f"{version.paper.get_absolute_url()}?versi={version.number}")
    return render(request, "aktualisasi/_printing.html", {"version": version})


@allow(*READERS)
@require_GET
def paper_file(request: AuthedRequest, version_id: int) -> HttpResponseBase:
    """The document as it was uploaded, byte for byte, or as it was printed."""
    version = _version(request, version_id)
    if not version.is_printed:
        raise Http404
    return serve_private(version.file, version.name, content_type="application/pdf")


@allow(*READERS)
@require_GET
def paper_image(request: AuthedRequest, version_id: int, page: int) -> HttpResponseBase:
    """One page as a picture: readers never open the foreign PDF itself."""
    version = _version(request, version_id)
    if not 1 <= page <= version.pages:
        raise Http404
    try:
        stored = previews.page_image(version, page, small="kecil" in request.GET)
    except (PreviewFailed, FileNotFoundError) as failed:
        log.warning("page %s of version %s cannot be drawn", page, version.pk, exc_info=True)
        raise Http404 from failed
    return serve_stored(version.file.storage, stored, f"halaman-{page}.webp", inline=True, content_type="image/webp")


def _version(request: AuthedRequest, version_id: int) -> PaperVersion:
    versions = PaperVersion.objects.visible_to(request.user).select_related("paper__rancangan__participant")
    version = get_object_or_404(versions, pk=version_id)
    seen.note_view(request, version.paper.rancangan.participant, ViewKind.WORK)
    return version
