"""Results: the ranked list, one person's explanation, objections and corrections, and the same computed again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.training.forms import add_refusal
from latsar.training.models import Batch
from latsar.ui.listing import PAGE_PARAM, page_links
from participants import policies as people_policies
from participants.enums import Stage
from participants.models import Objection, Participant, Result, ScoreCorrection
from participants.scoring import policies, reading, result_page
from participants.scoring.enums import CorrectionKind, CorrectionState, ObjectionState, Outcome, SheetState
from participants.scoring.forms import AnswerForm, CorrectionForm, DecideForm, ObjectionForm
from participants.services import corrections
from participants.services.results import recompute
from participants.views.batches import XLSX, visible_batch

READERS = (Role.PKSDM, Role.PIMPINAN, Role.ADMIN_PROVINSI, Role.ADMIN_SATKER, Role.LEMBAGA)
RUNNERS = (Role.PKSDM, Role.LEMBAGA)
PER_PAGE = 50


def _batch(request: AuthedRequest, batch_id: int) -> Batch:
    """Fetch a batch whose results this person may read now, or answer 404."""
    batch = visible_batch(request, batch_id)
    require(policies.sees_results(request.user, batch, reading.sheet_of(batch).state))
    return batch


@allow(*READERS)
@require_GET
def batch_results(request: AuthedRequest, batch_id: int) -> HttpResponse:
    batch = _batch(request, batch_id)
    outcome, query = request.GET.get("hasil", ""), request.GET.get("q", "").strip()
    rows = result_page.rows_of(request.user, batch, outcome=outcome, query=query)
    if request.GET.get("unduh") == "xlsx":
        heads = [leaf.name for leaf in reading.tree_of(batch).leaves]
        answer = HttpResponse(result_page.results_workbook(batch, rows, heads), content_type=XLSX)
        answer.headers["Content-Disposition"] = f'attachment; filename="nilai-angkatan-{batch.pk}.xlsx"'
        return answer
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get(PAGE_PARAM))
    runs = policies.runs_scores(request.user, batch)
    context = {
        "batch": batch,
        "sheet": reading.sheet_of(batch),
        "rows": result_page.faces(list(page.object_list)),
        "links": page_links(page, _("orang")),
        "figures": result_page.figures(request.user, batch),
        "query": query,
        "outcome": outcome,
        "outcomes": Outcome.choices,
        "runs": runs,
        "objections": Objection.objects.visible_to(request.user).filter(batch=batch, state=ObjectionState.FILED).count() if runs else 0,
        "waiting": ScoreCorrection.objects.visible_to(request.user).filter(batch=batch).waiting().count() if runs else 0,
    }
    return render(request, "participants/batch_results.html", context)


@allow(*READERS, Role.PESERTA)
@require_http_methods(["GET", "POST"])
def result_detail(request: AuthedRequest, batch_id: int, participant_id: int) -> HttpResponse:
    """Every number of one result; the participant objects here, the institute answers and proposes changes."""
    rows = Result.objects.visible_to(request.user).select_related("batch__scheme", "batch__institute", "participant__satker")
    result = get_object_or_404(rows, batch_id=batch_id, participant_id=participant_id)
    person, batch = result.participant, result.batch
    sheet = reading.sheet_of(batch)
    is_own = people_policies.is_self(request.user, person)
    require(policies.sees_results(request.user, batch, sheet.state) or (is_own and sheet.state == SheetState.PUBLISHED))
    leaves = reading.tree_of(batch).leaves
    form = ObjectionForm(request.POST or None, leaves=leaves) if is_own and _may_object(sheet) else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            corrections.file_objection(
                batch_id=batch.pk,
                participant_id=person.pk,
                component_id=form.cleaned_data["component"],
                text=form.cleaned_data["text"],
                by=request.user,
            )
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Sanggahan terkirim. Jawabannya muncul di halaman ini."), extra_tags="toast")
            return redirect("result_detail", batch.pk, person.pk)
    context = {**_detail(request, batch, person, result), "form": form, "sheet": sheet, "is_own": is_own}
    return render(request, "participants/result_detail.html", context, status=422 if form is not None and form.errors else 200)


def _may_object(sheet: Any) -> bool:
    return sheet.state == SheetState.PUBLISHED and sheet.objections_until is not None and timezone.localdate() <= sheet.objections_until


def _detail(request: AuthedRequest, batch: Batch, person: Participant, result: Result) -> dict[str, Any]:
    can_correct = policies.can_correct(request.user, batch, person)
    changed = ScoreCorrection.objects.visible_to(request.user).filter(batch=batch, participant=person)
    return {
        "batch": batch,
        "person": person,
        "result": result,
        "total": result_page.score_text(result.total),
        "pill": result_page.outcome_pill(result.outcome),
        "lines": result_page.line_rows(result.breakdown),
        "reasons": result_page.reasons(result),
        "differences": recompute(batch, [result])[0].differences if can_correct else [],
        "objections": Objection.objects.visible_to(request.user)
        .filter(batch=batch, participant=person)
        .select_related("component", "answered_by"),
        "corrections": changed.select_related("component", "proposed_by", "decided_by"),
        "can_correct": can_correct and person.stage != Stage.GRADUATED,
        "is_remedial": result.outcome == Outcome.REMEDIAL,
        "user_id": request.user.pk,
    }


@allow(*RUNNERS)
@require_GET
def recompute_report(request: AuthedRequest, batch_id: int) -> HttpResponse:
    """Compute every stored result again from the raw scores and show what differs."""
    batch = _batch(request, batch_id)
    require(policies.runs_scores(request.user, batch))
    rows = recompute(batch, list(result_page.rows_of(request.user, batch)))
    differing = [row for row in rows if row.differences]
    context = {"batch": batch, "rows": differing, "total": len(rows), "now": timezone.now()}
    return render(request, "participants/recompute_report.html", context)


@allow(*RUNNERS)
@require_http_methods(["GET", "POST"])
def correction_add(request: AuthedRequest, batch_id: int, participant_id: int) -> HttpResponse:
    """Propose another value: a mistake, a remedial, or in answer to an objection."""
    batch = _batch(request, batch_id)
    person = get_object_or_404(Participant.objects.visible_to(request.user).filter(batch=batch), pk=participant_id)
    require(policies.can_correct(request.user, batch, person))
    kind = CorrectionKind.REMEDIAL if request.GET.get("jenis") == "remedial" else CorrectionKind.MISTAKE
    form = CorrectionForm(request.POST or None, leaves=reading.tree_of(batch).leaves)
    if request.method == "POST" and form.is_valid() and _proposed(request, batch, person, form, kind):
        return redirect("result_detail", batch.pk, person.pk)
    context = {"batch": batch, "person": person, "form": form, "kind": kind}
    return render(request, "participants/correction_form.html", context, status=422 if form.errors else 200)


def _proposed(
    request: AuthedRequest, batch: Batch, person: Participant, form: CorrectionForm, kind: str, objection_id: int | None = None
) -> bool:
    component, rater = form.place
    try:
        corrections.propose_correction(
            batch_id=batch.pk,
            participant_id=person.pk,
            component_id=component,
            rater=rater,
            kind=kind,
            new=form.cleaned_data["new"],
            reason=form.cleaned_data["reason"],
            by=request.user,
            objection_id=objection_id,
        )
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    messages.success(request, _("Perubahan diusulkan. Orang kedua memutuskannya."), extra_tags="toast")
    return True


@allow(*RUNNERS)
@require_http_methods(["GET", "POST"])
def correction_decide(request: AuthedRequest, correction_id: int) -> HttpResponse:
    rows = ScoreCorrection.objects.visible_to(request.user).select_related("batch__institute", "participant", "component", "proposed_by")
    row = get_object_or_404(rows, pk=correction_id)
    require(policies.can_correct(request.user, row.batch, row.participant) and row.state == CorrectionState.PROPOSED)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        agrees = request.POST.get("putusan") == "setuju"
        try:
            corrections.decide_correction(correction_id=row.pk, agrees=agrees, by=request.user, note=form.cleaned_data["note"])
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            text = _("Perubahan berlaku, hasilnya dihitung ulang.") if agrees else _("Perubahan ditolak.")
            messages.success(request, text, extra_tags="toast")
            return redirect("result_detail", row.batch_id, row.participant_id)
    context = {"row": row, "form": form, "is_own": row.proposed_by_id == request.user.pk}
    return render(request, "participants/correction_decide.html", context, status=422 if form.errors else 200)


@allow(*RUNNERS)
@require_http_methods(["GET", "POST"])
def objection_answer(request: AuthedRequest, objection_id: int) -> HttpResponse:
    """Keep the score with an answer, or propose another one."""
    rows = Objection.objects.visible_to(request.user).select_related("batch__institute", "batch__scheme", "participant", "component")
    row = get_object_or_404(rows, pk=objection_id)
    require(policies.can_correct(request.user, row.batch, row.participant) and row.state == ObjectionState.FILED)
    changes = request.POST.get("putusan") == "ubah"
    answer = AnswerForm(None if changes else request.POST or None)
    change = CorrectionForm(request.POST if changes else None, leaves=reading.tree_of(row.batch).leaves, only=row.component_id)
    if request.method == "POST" and (_changed(request, row, change) if changes else _rejected(request, row, answer)):
        return redirect("result_detail", row.batch_id, row.participant_id)
    context = {"row": row, "answer": answer, "change": change}
    return render(request, "participants/objection_answer.html", context, status=422 if answer.errors or change.errors else 200)


def _changed(request: AuthedRequest, row: Objection, form: CorrectionForm) -> bool:
    return form.is_valid() and _proposed(request, row.batch, row.participant, form, CorrectionKind.OBJECTION, row.pk)


def _rejected(request: AuthedRequest, row: Objection, form: AnswerForm) -> bool:
    if not form.is_valid():
        return False
    try:
        corrections.reject_objection(objection_id=row.pk, answer=form.cleaned_data["answer"], by=request.user)
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    messages.success(request, _("Jawaban terkirim."), extra_tags="toast")
    return True


@allow(*RUNNERS)
@require_GET
def objection_list(request: AuthedRequest, batch_id: int) -> HttpResponse:
    """Objections and proposed changes of an angkatan, what waits first."""
    batch = _batch(request, batch_id)
    require(policies.runs_scores(request.user, batch))
    rows = Objection.objects.visible_to(request.user).filter(batch=batch).select_related("participant", "component")
    changed = ScoreCorrection.objects.visible_to(request.user).filter(batch=batch).select_related("participant", "component", "proposed_by")
    page = Paginator(changed.order_by("-state", "-proposed_at"), PER_PAGE).get_page(request.GET.get(PAGE_PARAM))
    context = {
        "batch": batch,
        "objections": rows.order_by("answered_at", "filed_at")[:200],
        "corrections": page.object_list,
        "links": page_links(page, _("perubahan")),
        "user_id": request.user.pk,
    }
    return render(request, "participants/objection_list.html", context)
