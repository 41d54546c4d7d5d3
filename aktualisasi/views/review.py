from __future__ import annotations

from collections.abc import Collection

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from aktualisasi import policies, services, tables
from aktualisasi.enums import ReviewPoint
from aktualisasi.forms import ReviewForm
from aktualisasi.models import Rancangan, ReviewNote
from aktualisasi.viewer import viewer
from latsar.accounts import seen
from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role, ViewKind
from latsar.accounts.errors import Refused, StaleVersion
from latsar.accounts.models import AuthedRequest

DECISIONS = ("return", "approve")


@allow(Role.MENTOR)
@require_http_methods(["GET", "POST"])
def rancangan_review(request: AuthedRequest, rancangan_id: int) -> HttpResponse:
    """The submission beside its checklist; every button saves what was filled in before it does its own work."""
    rancangan = get_object_or_404(Rancangan.objects.visible_to(request.user).select_related("participant__satker"), pk=rancangan_id)
    require(policies.is_actor(request.user, rancangan, "mentor"))
    if not policies.can_review(request.user, rancangan):
        messages.info(request, _("Rancangan ini tidak lagi menunggu jawaban Anda."))
        return redirect(rancangan)
    if request.method == "GET":
        seen.note_view(request, rancangan.participant, ViewKind.WORK)
        return _page(request, rancangan)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, rancangan, form, status=422)
    try:
        return _take(request, rancangan, form)
    except StaleVersion as stale:
        if request.headers.get("HX-Request"):
            raise
        return _page(request, rancangan, _renewed(request, rancangan, stale), status=409)
    except Refused as refused:
        form.add_error("text" if refused.code == "text" else None, refused)
        return _page(request, rancangan, form, status=409)


@allow(Role.MENTOR)
@require_POST
def review_note_drop(request: AuthedRequest, note_id: int) -> HttpResponse:
    note = get_object_or_404(ReviewNote.objects.visible_to(request.user), pk=note_id)
    rancangan = services.drop_note(note_id=note.pk, by=request.user)
    return redirect("rancangan_review", rancangan.pk)


def _take(request: AuthedRequest, rancangan: Rancangan, form: ReviewForm) -> HttpResponse:
    given = form.cleaned_data
    facts = {"rancangan_id": rancangan.pk, "seen_file_id": given["seen_file_id"], "answers": form.answers(), "by": request.user}
    action = request.POST.get("action", "")
    if request.headers.get("HX-Request"):
        version = services.save_review(**facts)
        context = {"points": _points(list(version.answers.values_list("is_ok", flat=True))), "now": timezone.now()}
        return render(request, "aktualisasi/_review_saved.html", context)
    facts |= {"page": given["page"], "text": given["text"]}
    if action in DECISIONS:
        services.review_rancangan(action=action, **facts)
        said = _("Rancangan %(name)s disetujui.") if action == "approve" else _("Rancangan %(name)s dikembalikan dengan catatan.")
        messages.success(request, said % {"name": rancangan.participant})
        queue = tables.queue_of(request.user)
        return redirect("rancangan_review", queue[0].rancangan.pk) if queue else redirect("mentoring_home")
    services.save_review(**facts)
    wanted = request.POST.get("go") or given["page"] or 1
    return redirect(f"{reverse('rancangan_review', args=[rancangan.pk])}?halaman={wanted}")


def _page(request: AuthedRequest, rancangan: Rancangan, form: ReviewForm | None = None, *, status: int = 200) -> HttpResponse:
    newest = rancangan.latest_file
    require(newest is not None)
    assert newest is not None
    notes = list(ReviewNote.objects.visible_to(request.user).drafts().filter(file__rancangan=rancangan).select_related("file"))
    earlier = list(ReviewNote.objects.visible_to(request.user).sent().filter(file__rancangan=rancangan).select_related("file"))
    shown = viewer(newest, str((form and form.data.get("page")) or request.GET.get("halaman", "1")), notes)
    answers = list(newest.answers.all())
    queue = tables.queue_of(request.user)
    place = next((n for n, item in enumerate(queue, 1) if item.rancangan.pk == rancangan.pk), 1)
    context = {
        "rancangan": rancangan,
        "viewer": shown,
        "form": form or ReviewForm.of(newest.pk, shown.page, answers),
        "notes": notes,
        "earlier": earlier,
        "points": _points([answer.is_ok for answer in answers]),
        "due": queue[place - 1].due if queue else None,
        "place": place,
        "queue": [item for item in queue if item.rancangan.pk != rancangan.pk],
        "total": len(queue),
    }
    return render(request, "aktualisasi/review.html", context, status=status)


def _renewed(request: AuthedRequest, rancangan: Rancangan, stale: StaleVersion) -> ReviewForm:
    """Carry the typed note over to the version that came meanwhile; its checklist starts from what is stored for it."""
    newest = rancangan.latest_file
    assert newest is not None
    fresh = ReviewForm.of(newest.pk, 1, list(newest.answers.all()))
    form = ReviewForm({**fresh.initial, "text": request.POST.get("text", "")})
    form.add_error(None, stale)
    return form


def _points(answers: Collection[bool]) -> dict[str, int]:
    """Count the checklist: how many points are answered, open, and marked to be repaired."""
    total, answered = len(ReviewPoint), len(answers)
    return {"total": total, "answered": answered, "unanswered": total - answered, "to_fix": answered - sum(answers)}
