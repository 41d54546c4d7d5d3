"""One turn: its page, the scoring form, the result, the berita acara."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aktualisasi import readiness, seminar_pages
from aktualisasi import seminar_policies as policies
from aktualisasi.models import Seminar, SeminarMark, SeminarPaper, SeminarRevision, SeminarTurn
from aktualisasi.seminar_enums import MarkState, SeminarState
from aktualisasi.seminar_face import render_records
from aktualisasi.seminar_forms import PaperForm, ResultForm
from aktualisasi.seminar_scoring import Scorer, components_of, scorers_of
from aktualisasi.services import marks, seminar_results
from aktualisasi.services.marks import NOTE, Kept, Typed
from aktualisasi.views.seminars import PLANNERS, READERS
from latsar.accounts import seen
from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role, ViewKind
from latsar.accounts.errors import NoReason, Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.documents.serve import serve_private
from latsar.training.forms import add_refusal
from latsar.ui import words
from latsar.ui.numbers import whole_number
from latsar.ui.typed import seen_text
from participants.scoring.typing import BadScore, parse_score

SCORERS = (*PLANNERS, Role.PENGUJI, Role.COACH, Role.MENTOR)
DECIDERS = (*PLANNERS, Role.PENGUJI)


@allow(*READERS)
@require_GET
def seminar_turn(request: AuthedRequest, turn_id: int) -> HttpResponse:
    return _turn_page(request, _turn(request, turn_id))


def _turn_page(request: AuthedRequest, turn: SeminarTurn, paper_form: PaperForm | None = None, *, status: int = 200) -> HttpResponse:
    user = request.user
    seen.note_view(request, turn.participant, ViewKind.WORK)
    revisions = list(turn.revisions.select_related("turn__participant", "turn__seminar__batch", "done_by", "confirmed_by"))
    plans = policies.plans(user, turn.seminar.batch)
    own = seminar_pages.own_scorer(user, turn, "")
    own_marks = {
        (m.rated_by, m.rater): m for m in SeminarMark.objects.visible_to(user).filter(turn=turn).select_related("scorer", "typed_by")
    }
    context = {
        "turn": turn,
        "seminar": turn.seminar,
        "paper": readiness.papers_of([turn.participant_id], turn.seminar.kind).get(turn.participant_id),
        "sees_paper": not user.has_role(Role.PESERTA),
        "pill": seminar_pages.outcome_pill(turn),
        "presences": turn.presences.all(),
        "revisions": [(row, policies.can_repair(user, row), policies.can_confirm(user, row)) for row in revisions],
        "can_decide": policies.can_decide(user, turn),
        "own": own,
        "own_mark": own_marks.get((own.rated_by, own.rater)) if own else None,
        "columns": _columns(turn, own_marks) if plans else [],
        "papers": turn.papers.select_related("uploaded_by"),
        "paper_form": (paper_form or PaperForm()) if policies.can_keep_paper(user, turn) else None,
        "is_off": turn.seminar.state == SeminarState.CANCELLED,
    }
    return render(request, "aktualisasi/seminar_turn.html", context, status=status)


def _columns(turn: SeminarTurn, own_marks: dict[tuple[str, int], SeminarMark]) -> list[tuple[Scorer, SeminarMark | None]]:
    scorers = scorers_of(turn, components_of(turn.seminar.batch, turn.seminar.kind))
    return [(one, own_marks.get((one.rated_by, one.rater))) for one in scorers]


@allow(*SCORERS)
@require_http_methods(["GET", "POST"])
def seminar_score(request: AuthedRequest, turn_id: int) -> HttpResponse:
    """The rubric with the exact figures; works without a script, and keeps what is typed over a lost line with one."""
    turn = _turn(request, turn_id)
    scorer = seminar_pages.own_scorer(request.user, turn, request.GET.get("sebagai", ""))
    require(scorer is not None)
    assert scorer is not None
    if request.method == "POST":
        return _scored(request, turn, scorer)
    seen.note_view(request, turn.participant, ViewKind.WORK)
    return _score_page(request, turn, scorer)


def _score_page(
    request: AuthedRequest,
    turn: SeminarTurn,
    scorer: Scorer,
    *,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    page = seminar_pages.score_page(request.user, turn, scorer, typed=typed, errors=errors)
    state = page.mark.state if page.mark else MarkState.DRAFT
    asked = request.GET.get("sebagai", "")
    context = {
        "page": page,
        "turn": turn,
        "seminar": turn.seminar,
        "scorer": scorer,
        "is_deputy": scorer.user.pk != request.user.pk,
        "as_query": f"?sebagai={asked}" if asked else "",
        "can_write": policies.can_mark(request.user, turn, scorer.rated_by, scorer.rater, "save", state),
        "can_correct": page.is_sent and policies.can_mark(request.user, turn, scorer.rated_by, scorer.rater, "correct", state),
        "is_correcting": page.is_sent and ("betulkan" in request.GET or bool(errors) or bool(more.get("cell_clashes"))),
        "is_early": turn.seminar.day > timezone.localdate(timezone=turn.seminar.clock),
        "rows": seminar_pages.turn_rows(request.user, turn.seminar, current=turn.pk),
        "paper": readiness.papers_of([turn.participant_id], turn.seminar.kind).get(turn.participant_id),
        "tolerance": turn.seminar.batch.scheme.score_tolerance,
        "store_key": f"{request.user.pk}-{turn.pk}-{scorer.key}",
        "history": page.mark.changes.select_related("by") if page.mark and page.is_sent else [],
        "is_unsaved": bool(errors) or bool(typed),
        **more,
    }
    return render(request, "aktualisasi/seminar_score.html", context, status=status)


def _scored(request: AuthedRequest, turn: SeminarTurn, scorer: Scorer) -> HttpResponse:
    """Keep the draft first, so that nothing is lost when sending is refused; then send or correct."""
    fields, errors = _fields(request)
    typed: dict[str, str] = {name.removeprefix("s-"): str(text) for name, text in request.POST.items() if name.startswith("s-")} | {
        NOTE: request.POST.get(NOTE, "")
    }
    who: dict[str, Any] = {"turn_id": turn.pk, "rated_by": scorer.rated_by, "rater": scorer.rater, "by": request.user}
    is_correction = request.POST.get("aksi") == "betulkan"
    try:
        if not is_correction:
            kept = marks.keep_marks(fields=fields, **who)
            if kept.clashes:
                return _score_page(request, turn, scorer, typed=typed, window_clashes=_window(kept), status=409)
        if errors:
            return _score_page(request, turn, scorer, typed=typed, errors=errors, status=422)
        if request.POST.get("aksi") not in ("kirim", "betulkan"):
            messages.success(request, _("Nilai tersimpan, belum dikirim."), extra_tags="toast")
            return redirect(request.get_full_path())
        reason = marks.require_reason(seen_text(request.POST.get("reason", ""))) if is_correction else ""
        stored = {} if not is_correction else fields
        done = marks.send_marks(fields=stored, reason=reason, chosen=_chosen(request), **who)
    except StaleVersion:
        raise
    except (NoReason, Refused) as refusal:
        return _score_page(request, turn, scorer, typed=typed, errors=_by_field(refusal), status=422)
    if done.clashes:
        more = {"window_clashes": _window(done)} if isinstance(done, Kept) else {"cell_clashes": done.clashes}
        return _score_page(request, turn, scorer, typed=typed, status=409, **more)
    messages.success(request, _("Nilai %(name)s terkirim.") % {"name": turn.participant}, extra_tags="toast")
    return redirect(request.get_full_path().replace("?betulkan=1", "").replace("&betulkan=1", ""))


@allow(*SCORERS)
@require_POST
def seminar_score_keep(request: AuthedRequest, turn_id: int) -> HttpResponse:
    """Keep what was typed into a draft, field by field; the page's script asks, also long after it was typed."""
    turn = _turn(request, turn_id)
    scorer = seminar_pages.own_scorer(request.user, turn, request.GET.get("sebagai", ""))
    require(scorer is not None)
    assert scorer is not None
    fields, errors = _fields(request)
    try:
        kept = marks.keep_marks(turn_id=turn.pk, rated_by=scorer.rated_by, rater=scorer.rater, fields=fields, by=request.user)
    except Refused as refusal:
        return JsonResponse({"refused": " ".join(refusal.messages)}, status=409)
    clashes = {name: {"value": _plain(clash.value), "version": clash.version} for name, clash in kept.clashes.items()}
    at = words.clock_time(timezone.now(), turn.seminar.clock)
    return JsonResponse({"versions": kept.versions, "clashes": clashes, "errors": errors, "at": at})


def _fields(request: AuthedRequest) -> tuple[dict[str, Typed], dict[str, str]]:
    """Read the fields of the form: those that can be read, and what is wrong with the others."""
    fields: dict[str, Typed] = {}
    errors: dict[str, str] = {}
    for name, text in request.POST.items():
        if name == NOTE:
            fields[NOTE] = Typed(seen_text(str(text)), whole_number(request.POST.get(f"v-{NOTE}")) or 0)
        elif name.startswith("s-"):
            key = name.removeprefix("s-")
            try:
                fields[key] = Typed(parse_score(str(text)), whole_number(request.POST.get(f"v-{key}")) or 0)
            except BadScore as bad:
                errors[key] = str(bad)
    return fields, errors


def _chosen(request: AuthedRequest) -> dict[int, tuple[str, int]]:
    found = {}
    for name, choice in request.POST.items():
        key = whole_number(name.removeprefix("pick-")) if name.startswith("pick-") else None
        if key is not None and choice in ("mine", "theirs"):
            found[key] = (str(choice), whole_number(request.POST.get(f"seen-{key}")) or 0)
    return found


def _window(kept: Kept) -> list[tuple[str, str]]:
    names = {str(row.component_id): row.component.name for row in kept.mark.scores.select_related("component")}
    return [(names.get(name, _("Catatan")), _plain(clash.value)) for name, clash in kept.clashes.items()]


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else seminar_pages.plain_score(value)


def _by_field(refusal: Refused) -> dict[str, str]:
    if hasattr(refusal, "error_dict"):
        return {name: " ".join(texts) for name, texts in refusal.message_dict.items()}
    return {"": " ".join(refusal.messages)}


@allow(*DECIDERS)
@require_http_methods(["GET", "POST"])
def seminar_result(request: AuthedRequest, turn_id: int) -> HttpResponse:
    """The decision, the repairs and who was there."""
    turn = _turn(request, turn_id)
    require(policies.can_decide(request.user, turn))
    form = ResultForm(request.POST or None, turn=turn, people=seminar_results.attendees_of(turn))
    if request.method == "POST" and form.is_valid():
        try:
            seminar_results.record_result(turn_id=turn.pk, by=request.user, **form.facts())
        except StaleVersion:
            raise
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Hasil %(name)s tercatat.") % {"name": turn.participant}, extra_tags="toast")
            return redirect(turn)
    return render(
        request,
        "aktualisasi/seminar_result.html",
        {"turn": turn, "seminar": turn.seminar, "form": form},
        status=422 if form.errors else 200,
    )


@allow(Role.PESERTA, Role.COACH, *PLANNERS)
@require_POST
def seminar_revision(request: AuthedRequest, revision_id: int) -> HttpResponse:
    """Repaired, not yet, confirmed, back to the participant."""
    row = get_object_or_404(SeminarRevision.objects.visible_to(request.user).select_related("turn"), pk=revision_id)
    try:
        seminar_results.mark_revision(revision_id=row.pk, action=request.POST.get("aksi", ""), by=request.user)
    except Refused as refusal:
        messages.warning(request, " ".join(refusal.messages))
    return redirect(f"{row.turn.get_absolute_url()}#perbaikan")


@allow(*READERS)
@require_GET
def seminar_record(request: AuthedRequest, turn_id: int) -> HttpResponse:
    """The berita acara of one person as PDF."""
    turn = get_object_or_404(_printable(request), pk=turn_id)
    seen.note_view(request, turn.participant, ViewKind.FILE)
    return _pdf(render_records([turn]), f"berita-acara-{turn.pk}")


@allow(*READERS)
@require_GET
def seminar_records(request: AuthedRequest, seminar_id: int) -> HttpResponse:
    """The berita acara of everybody in one file."""
    seminar = get_object_or_404(Seminar.objects.visible_to(request.user), pk=seminar_id)
    turns = list(_printable(request).filter(seminar=seminar).order_by("order"))
    require(bool(turns))
    for turn in turns:
        seen.note_view(request, turn.participant, ViewKind.FILE)
    return _pdf(render_records(turns), f"berita-acara-seminar-{seminar.pk}")


def _printable(request: AuthedRequest) -> Any:
    rows = SeminarTurn.objects.visible_to(request.user).standing()
    return rows.select_related("participant__satker", "seminar__batch__institute").prefetch_related("revisions", "presences")


def _pdf(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


@allow(*DECIDERS)
@require_POST
def seminar_paper_add(request: AuthedRequest, turn_id: int) -> HttpResponse:
    """The signed berita acara comes back as a scan."""
    turn = _turn(request, turn_id)
    require(policies.can_keep_paper(request.user, turn))
    form = PaperForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            seminar_results.keep_paper(turn_id=turn.pk, content=upload.read(), name=upload.name or "", by=request.user)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Berita acara bertanda tangan tersimpan."), extra_tags="toast")
            return redirect(turn)
    return _turn_page(request, turn, form, status=422)


@allow(*READERS)
@require_GET
def seminar_paper(request: AuthedRequest, paper_id: int) -> HttpResponseBase:
    """The signed berita acara as it was uploaded, byte for byte."""
    paper = get_object_or_404(SeminarPaper.objects.visible_to(request.user).select_related("turn__participant"), pk=paper_id)
    seen.note_view(request, paper.turn.participant, ViewKind.FILE)
    return serve_private(paper.file, paper.name, content_type="application/pdf")


def _turn(request: AuthedRequest, turn_id: int) -> SeminarTurn:
    rows = SeminarTurn.objects.visible_to(request.user).select_related(
        "participant__satker", "seminar__batch__institute", "seminar__batch__scheme"
    )
    return get_object_or_404(rows.prefetch_related("seminar__examiners__user"), pk=turn_id)
