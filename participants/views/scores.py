"""The score sheet of an angkatan: filled in, checked, finalised, published."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.training.forms import add_refusal
from latsar.training.models import Batch
from latsar.ui.listing import PAGE_PARAM, page_links
from latsar.ui.numbers import whole_number
from latsar.ui.typed import seen_text
from participants.models import Participant, ScoreChange
from participants.scoring import policies, reading, sheet_page
from participants.scoring.enums import SheetState
from participants.scoring.forms import DueForm, RemarkForm
from participants.scoring.home import CONTESTED
from participants.scoring.lists import score_rows, state_word
from participants.scoring.score_import import score_template
from participants.scoring.sheet_page import Sheet
from participants.scoring.steps import sheet_steps, who_finalises
from participants.services import scoring
from participants.views.batches import XLSX, visible_batch

ENTERERS = (Role.PKSDM, Role.LEMBAGA, Role.ADMIN_PROVINSI, Role.ADMIN_SATKER)
RUNNERS = (Role.PKSDM, Role.LEMBAGA)
PER_PAGE = 50


@allow(*RUNNERS)
@require_GET
def score_list(request: AuthedRequest) -> HttpResponse:
    """Every angkatan that runs or ran, with how far its scores are."""
    chosen, query = request.GET.get("keadaan", ""), request.GET.get("q", "").strip()
    page = Paginator(score_rows(request.user, chosen, query), PER_PAGE).get_page(request.GET.get(PAGE_PARAM))
    states = [(value, _("Belum lengkap") if value == SheetState.FILLING else label) for value, label in SheetState.choices]
    context = {
        "rows": [(batch, state_word(batch)) for batch in page],
        "links": page_links(page, _("angkatan")),
        "choices": [*states, (CONTESTED, _("Ada sanggahan atau perubahan"))],
        "chosen": chosen,
        "query": query,
    }
    return render(request, "participants/score_list.html", context)


@allow(*ENTERERS)
@require_http_methods(["GET", "POST"])
def score_sheet(request: AuthedRequest, batch_id: int) -> HttpResponse:
    """Fields to type into; what others changed meanwhile is shown beside what was typed."""
    batch = visible_batch(request, batch_id)
    require(policies.can_see_sheet(request.user, batch))
    sheet = _sheet(request, batch)
    require(bool(sheet.columns))
    if request.method == "POST":
        return _picked(request, sheet) if request.POST.get("aksi") == "pilih" else _saved(request, sheet)
    return render(request, "participants/score_sheet.html", _context(request, sheet))


def _sheet(request: AuthedRequest, batch: Batch) -> Sheet:
    group, component = whole_number(request.GET.get("kelompok")), whole_number(request.GET.get("komponen"))
    everybody = request.GET.get("kelompok") == "semua" or not policies.runs_scores(request.user, batch)
    return sheet_page.build_sheet(request.user, batch, group=group, component_id=component, all_groups=everybody)


def _saved(request: AuthedRequest, sheet: Sheet) -> HttpResponse:
    entries = sheet.entries(request.POST)
    try:
        saved = scoring.save_scores(batch_id=sheet.batch.pk, entries=entries, by=request.user)
    except Refused as refusal:
        context = {**_context(request, _again(request, sheet)), "problems": refusal.messages}
        return render(request, "participants/score_sheet.html", context, status=422)
    if not saved.clashes and not sheet.bad:
        if saved.changed:
            text = ngettext("%(n)d nilai tersimpan.", "%(n)d nilai tersimpan.", saved.changed) % {"n": saved.changed}
            messages.success(request, text, extra_tags="toast")
        if request.POST.get("aksi") == "kirim":
            return _moved(request, sheet.batch, "submit", request.POST.get("version", ""))
        return redirect(request.get_full_path())
    again = _again(request, sheet)
    context = {**_context(request, again), "clashes": sheet_page.clash_rows(again, saved.clashes), "saved": saved.changed}
    return render(request, "participants/score_sheet.html", context, status=409 if saved.clashes else 422)


def _again(request: AuthedRequest, sheet: Sheet) -> Sheet:
    """Read the sheet anew, with what could not be saved still in its fields."""
    again = _sheet(request, sheet.batch)
    again.typed, again.bad = sheet.typed, sheet.bad
    return again


def _picked(request: AuthedRequest, sheet: Sheet) -> HttpResponse:
    mine, still_open = sheet_page.chosen_entries(sheet, request.POST)
    saved = scoring.save_scores(batch_id=sheet.batch.pk, entries=mine, by=request.user)
    if saved.clashes or still_open:
        again = _again(request, sheet)
        clashes = [*saved.clashes, *sheet_page.unchosen(again, still_open)]
        context = {**_context(request, again), "clashes": sheet_page.clash_rows(again, clashes), "saved": saved.changed}
        return render(request, "participants/score_sheet.html", context, status=409)
    messages.success(request, _("Pilihan tersimpan. Nilai yang tidak dipakai tetap ada di riwayat."), extra_tags="toast")
    return redirect(request.get_full_path())


def _context(request: AuthedRequest, sheet: Sheet) -> dict[str, Any]:
    batch, user = sheet.batch, request.user
    stored = reading.sheet_of(batch)
    entered = policies.entered_by(batch) if stored.pk else {}
    moves = policies.possible_moves(user, stored, entered) if stored.pk else []
    component = whole_number(request.GET.get("komponen"))
    rows = sheet.rows()
    runs = policies.runs_scores(user, batch)
    return {
        "batch": batch,
        "sheet": stored,
        "columns": sheet.columns,
        "rows": rows,
        "counts": sheet.counts,
        "wrong": len(sheet.bad),
        "unnoted": sum(remark.is_missing for row in rows for remark in row.remarks),
        "shows_total": not sheet.is_partial,
        "is_open": stored.state == SheetState.FILLING,
        "runs": runs,
        "moves": moves,
        "steps": sheet_steps(stored, entered),
        "finalisers": who_finalises(batch, entered) if runs and user.pk in entered else "",
        "groups": sheet.groups if runs else [],
        "components": sheet.all_columns,
        "chosen_group": sheet.group,
        "is_all": sheet.group is None and component is None,
        "chosen_component": component,
        "days_left": (stored.due_on - timezone.localdate()).days if stored.due_on else None,
        "due_form": DueForm(initial={"due_on": stored.due_on}) if runs and stored.state != SheetState.PUBLISHED else None,
    }


@allow(*RUNNERS)
@require_GET
def score_template_file(request: AuthedRequest, batch_id: int) -> HttpResponse:
    """The sheet as a workbook to fill in and bring back."""
    batch = visible_batch(request, batch_id)
    require(policies.runs_scores(request.user, batch))
    answer = HttpResponse(score_template(request.user, batch), content_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="templat-nilai-angkatan-{batch.pk}.xlsx"'
    return answer


@allow(*RUNNERS)
@require_POST
def score_move(request: AuthedRequest, batch_id: int) -> HttpResponse:
    """Send on, take back, return, check, finalise, reopen or publish."""
    batch = visible_batch(request, batch_id)
    require(policies.runs_scores(request.user, batch))
    return _moved(request, batch, request.POST.get("langkah", ""), request.POST.get("version", ""), seen_text(request.POST.get("note", "")))


def _moved(request: AuthedRequest, batch: Batch, action: str, version: str, note: str = "") -> HttpResponse:
    try:
        sheet = scoring.move_sheet(batch_id=batch.pk, action=action, version=whole_number(version) or 0, by=request.user, note=note[:500])
    except StaleVersion:
        raise
    except Refused as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Lembar nilai: %(state)s.") % {"state": sheet.get_state_display()}, extra_tags="toast")
    return redirect("score_sheet", batch.pk)


@allow(*RUNNERS)
@require_POST
def score_due(request: AuthedRequest, batch_id: int) -> HttpResponse:
    """Set until when the sheet has to be final."""
    batch = visible_batch(request, batch_id)
    require(policies.runs_scores(request.user, batch))
    form = DueForm(request.POST)
    if form.is_valid():
        scoring.set_due(batch_id=batch.pk, due_on=form.cleaned_data["due_on"], by=request.user)
        messages.success(request, _("Batas waktu tersimpan."), extra_tags="toast")
    else:
        messages.warning(request, _("Tanggalnya tidak terbaca. Tulis seperti 12-02-2026."))
    return redirect("score_sheet", batch.pk)


@allow(*RUNNERS)
@require_http_methods(["GET", "POST"])
def score_remark(request: AuthedRequest, batch_id: int, participant_id: int, component_id: int) -> HttpResponse:
    """Why examiners differ, and how late something came."""
    batch = visible_batch(request, batch_id)
    require(policies.runs_scores(request.user, batch))
    person = get_object_or_404(Participant.objects.visible_to(request.user).filter(batch=batch), pk=participant_id)
    component = next((leaf for leaf in reading.tree_of(batch).leaves if leaf.pk == component_id), None)
    require(component is not None and policies.can_correct(request.user, batch, person))
    form = RemarkForm.of(batch, person, component, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            scoring.remark_score(
                batch_id=batch.pk, participant_id=person.pk, component_id=component_id, by=request.user, **form.cleaned_data
            )
        except StaleVersion:
            raise
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Catatan tersimpan."), extra_tags="toast")
            return redirect("score_sheet", batch.pk)
    context = {"batch": batch, "person": person, "component": component, "form": form}
    return render(request, "participants/score_remark.html", context, status=422 if form.errors else 200)


@allow(*RUNNERS)
@require_GET
def score_history(request: AuthedRequest, batch_id: int) -> HttpResponse:
    """Who changed which score from what to what, the values that lost a clash among them."""
    batch = visible_batch(request, batch_id)
    require(policies.runs_scores(request.user, batch))
    rows = ScoreChange.objects.visible_to(request.user).filter(batch=batch).select_related("participant", "component", "by")
    person = whole_number(request.GET.get("peserta"))
    if person is not None:
        rows = rows.filter(participant_id=person)
    query = request.GET.get("q", "").strip()
    if query:
        rows = rows.filter(participant__in=Participant.objects.visible_to(request.user).filter(batch=batch).search(query, request.user))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get(PAGE_PARAM))
    context = {"batch": batch, "rows": page.object_list, "links": page_links(page, _("perubahan")), "query": query, "person": person}
    return render(request, "participants/score_history.html", context)
