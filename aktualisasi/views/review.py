from __future__ import annotations

from collections.abc import Collection

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aktualisasi import policies, services, tables
from aktualisasi.author_page import sent_notes
from aktualisasi.enums import CHECKLISTS, Reviewer
from aktualisasi.forms import ReviewForm
from aktualisasi.models import Paper, ReviewNote
from aktualisasi.services import NoteDraft
from aktualisasi.viewer import viewer
from aktualisasi.workflow import DECISIONS
from latsar.accounts import seen
from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role, ViewKind
from latsar.accounts.errors import Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.ui.typed import seen_text


@allow(Role.MENTOR, Role.COACH)
@require_GET
def review_queue(request: AuthedRequest) -> HttpResponse:
    """Everything that waits for this person's answer, by the day it is due."""
    rows = tables.queue_of(request.user)
    late = sum(bool(row.due and row.due.days < 0) for row in rows)
    return render(request, "aktualisasi/queue.html", {"rows": rows, "first": rows[0] if rows else None, "late": late})


@allow(Role.MENTOR, Role.COACH)
@require_http_methods(["GET", "POST"])
def paper_review(request: AuthedRequest, paper_id: int) -> HttpResponse:
    """The paper beside its checklist; every button saves what was filled in before it does its own work."""
    papers = Paper.objects.visible_to(request.user).select_related("rancangan__participant__satker")
    paper = get_object_or_404(papers, pk=paper_id)
    require(any(policies.is_actor(request.user, paper, role) for role in Reviewer))
    role = policies.reviewer_role(request.user, paper)
    if role is None:
        return _not_my_turn(request, paper)
    if request.method == "GET":
        seen.note_view(request, paper.rancangan.participant, ViewKind.WORK)
        return _page(request, paper, role)
    form = ReviewForm(_with_point(request), kind=paper.kind, role=role)
    if not form.is_valid():
        return _page(request, paper, role, form, status=422)
    try:
        return _take(request, paper, role, form)
    except StaleVersion as stale:
        if request.headers.get("HX-Request"):
            raise
        return _page(request, paper, role, _renewed(request, paper, role, stale), status=409)
    except Refused as refused:
        form.add_error("text" if refused.code == "text" else None, refused)
        return _page(request, paper, role, form, status=409)


@allow(Role.MENTOR, Role.COACH)
@require_POST
def review_note_drop(request: AuthedRequest, note_id: int) -> HttpResponse:
    note = get_object_or_404(ReviewNote.objects.visible_to(request.user), pk=note_id)
    paper = services.drop_note(note_id=note.pk, by=request.user)
    return redirect("paper_review", paper.pk)


def _not_my_turn(request: AuthedRequest, paper: Paper) -> HttpResponse:
    """Say so, and keep what was being written: the paper may have been taken back under the reader's hands."""
    text = seen_text(request.POST.get("text", ""))[:1000]
    kept = services.keep_note(paper_id=paper.pk, note=NoteDraft(text), by=request.user) if text.strip() else None
    said = _("Naskah ini tidak lagi menunggu jawaban Anda.")
    if kept is not None:
        said = _("Naskah ini tidak lagi menunggu jawaban Anda. Catatan Anda disimpan dan ada lagi begitu naskahnya diajukan kembali.")
    messages.info(request, said)
    return redirect(paper)


def _with_point(request: AuthedRequest) -> dict[str, object]:
    """Read the place that was pressed on the page image: the browser sends its pixels, 760 by 1075."""
    data = request.POST.dict()
    if data.get("titik.x") and data.get("titik.y"):
        data |= {"x": _share(data["titik.x"], 760), "y": _share(data["titik.y"], 1075)}
    return dict(data)


def _share(pixels: str, whole: int) -> str:
    return str(min(int(pixels) * 1000 // whole, 1000)) if pixels.isdecimal() and len(pixels) < 6 else ""


def _take(request: AuthedRequest, paper: Paper, role: Reviewer, form: ReviewForm) -> HttpResponse:
    given = form.cleaned_data
    facts = {"paper_id": paper.pk, "seen_version_id": given["seen_version_id"], "answers": form.answers(), "by": request.user}
    action = request.POST.get("action", "")
    if request.headers.get("HX-Request"):
        version = services.save_review(**facts)
        answers = version.answers.filter(role=role).values_list("is_ok", flat=True)
        context = {"points": _points(paper, role, list(answers)), "now": timezone.now()}
        return render(request, "aktualisasi/_review_saved.html", context)
    back = f"{reverse('paper_review', args=[paper.pk])}?halaman={request.POST.get('go') or given['page'] or 1}"
    if "titik.x" in request.POST:  # a place on the page was pressed: show it, keep what is typed
        services.save_review(**facts)
        return _page(request, paper, role, form)
    facts |= {"note": form.note()}
    if action in DECISIONS[role]:
        services.review_paper(action=action, **facts)
        said = _("%(paper)s %(name)s disetujui.") if action == DECISIONS[role][1] else _("%(paper)s %(name)s dikembalikan dengan catatan.")
        messages.success(request, said % {"paper": paper.get_kind_display(), "name": paper.rancangan.participant})
        queue = tables.queue_of(request.user)
        return redirect("paper_review", queue[0].paper.pk) if queue else redirect("review_queue")
    services.save_review(**facts)
    return redirect(back)


def _page(request: AuthedRequest, paper: Paper, role: Reviewer, form: ReviewForm | None = None, *, status: int = 200) -> HttpResponse:
    newest = paper.latest_version
    require(newest is not None)
    assert newest is not None
    drafts = ReviewNote.objects.visible_to(request.user).drafts().filter(version__paper=paper, role=role)
    notes = list(drafts.select_related("version"))
    shown = viewer(newest, str((form and form.data.get("page")) or request.GET.get("halaman", "1")), notes)
    answers = list(newest.answers.filter(role=role))
    queue = tables.queue_of(request.user)
    place = next((n for n, item in enumerate(queue, 1) if item.paper.pk == paper.pk), 1)
    form = form or ReviewForm(initial=ReviewForm.filled(newest.pk, shown.page, answers), kind=paper.kind, role=role)
    context = {
        "paper": paper,
        "rancangan": paper.rancangan,
        "role": role,
        "viewer": shown,
        "form": form,
        "new_point": _percent(form["x"].value(), form["y"].value()),
        "notes": notes,
        "earlier": sent_notes(request.user, paper),
        "before": paper.versions.filter(number__lt=newest.number, submitted_at__isnull=False).first(),
        "points": _points(paper, role, [answer.is_ok for answer in answers]),
        "due": queue[place - 1].due if queue else None,
        "place": place,
        "queue": [item for item in queue if item.paper.pk != paper.pk],
        "total": len(queue),
        "back_action": DECISIONS[role][0],
        "on_action": DECISIONS[role][1],
    }
    return render(request, "aktualisasi/review.html", context, status=status)


def _renewed(request: AuthedRequest, paper: Paper, role: Reviewer, stale: StaleVersion) -> ReviewForm:
    """Carry the typed note over to the version that came meanwhile; its checklist starts from what is stored for it."""
    newest = paper.latest_version
    assert newest is not None
    filled = ReviewForm.filled(newest.pk, 1, list(newest.answers.filter(role=role)))
    form = ReviewForm({**filled, "text": request.POST.get("text", "")}, kind=paper.kind, role=role)
    form.add_error(None, stale)
    return form


def _percent(*point: object) -> tuple[str, ...]:
    """Return the place that was pressed, in percent of the page; empty when none was."""
    return tuple(f"{int(str(share)) / 10:.1f}" for share in point if str(share).isdecimal())


def _points(paper: Paper, role: Reviewer, answers: Collection[bool]) -> dict[str, int]:
    """Count the checklist: how many points are answered, open, and marked to be repaired."""
    total, answered = len(CHECKLISTS[paper.kind, role]), len(answers)
    return {"total": total, "answered": answered, "unanswered": total - answered, "to_fix": answered - sum(answers)}
