"""Who is in which phase, and PKTBT as the satker reports it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from latsar.accounts import seen
from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role, ViewKind
from latsar.accounts.errors import Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.documents.serve import serve_private
from latsar.training.enums import PhaseKind
from latsar.training.forms import add_refusal
from latsar.training.models import Batch, BatchPhase
from latsar.training.policies import can_run_batch
from latsar.ui import words
from latsar.ui.numbers import whole_number
from participants import attendance_policies
from participants import seating_policies as policies
from participants.enums import ProgressState
from participants.models import Participant, PktbtActivity
from participants.phase_forms import ActivityForm, MarkForm
from participants.phase_page import phase_page, phase_workbook
from participants.services import pktbt
from participants.services.progress import mark_progress
from participants.views.batches import READERS, XLSX, visible_batch

UNITS = (Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM)


def visible_phase(request: AuthedRequest, batch_id: int, phase_id: int) -> tuple[Batch, BatchPhase]:
    """Fetch a phase of a batch that the person sees, or answer 404."""
    batch = visible_batch(request, batch_id)
    return batch, get_object_or_404(batch.phases, pk=phase_id)


@allow(*READERS)
@require_http_methods(["GET", "POST"])
def phase_board(request: AuthedRequest, batch_id: int, phase_id: int) -> HttpResponse:
    batch, phase = visible_phase(request, batch_id, phase_id)
    can_mark = batch.stage == "running" and policies.can_mark_progress(request.user, batch)
    require(can_mark or request.method == "GET")
    form = MarkForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _marked(request, batch, phase, form):
        return redirect(request.get_full_path())
    today = timezone.localdate()
    context = {
        "batch": batch,
        "phase": phase,
        "dates": words.date_range(phase.starts_on, phase.ends_on),
        "days": (phase.ends_on - today).days,
        "board": phase_page(request.user, batch, phase, request.GET, today),
        "can_mark": can_mark,
        "can_import": can_mark and can_run_batch(request.user, batch),
        "reports_pktbt": phase.kind == PhaseKind.PKTBT and attendance_policies.can_report_pktbt(request.user, batch),
        "states": ProgressState.choices,
        "form": form,
    }
    return render(request, "participants/phase_board.html", context, status=422 if form.errors else 200)


def _marked(request: AuthedRequest, batch: Batch, phase: BatchPhase, form: MarkForm) -> bool:
    ids, state = form.cleaned_data["orang"], form.cleaned_data["keadaan"]
    try:
        changed = mark_progress(batch_id=batch.pk, phase_id=phase.pk, participant_ids=ids, state=state, by=request.user)
    except Refused as refusal:
        form.add_error(None, refusal.messages)
        return False
    text = ngettext("%(phase)s dicatat untuk %(count)d orang.", "%(phase)s dicatat untuk %(count)d orang.", changed)
    messages.success(request, text % {"phase": phase.name, "count": changed}, extra_tags="toast")
    return True


@allow(*READERS)
@require_GET
def phase_export(request: AuthedRequest, batch_id: int, phase_id: int) -> HttpResponse:
    batch, phase = visible_phase(request, batch_id, phase_id)
    people = Participant.objects.visible_to(request.user).filter(batch=batch).values_list("pk", flat=True)
    seen.note_views(request, Participant, list(people), ViewKind.EXPORT, f"{phase.name}, {batch}")
    content = phase_workbook(request.user, batch, phase, timezone.localdate())
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="fase-{phase.order}-angkatan-{batch.number}-{batch.year}.xlsx"'
    return response


@allow(*UNITS)
@require_http_methods(["GET", "POST"])
def pktbt_person(request: AuthedRequest, batch_id: int, phase_id: int, participant_id: int) -> HttpResponse:
    """What the satker plans and reports of PKTBT for one person: a new activity, or the one that the address names."""
    batch, phase = visible_phase(request, batch_id, phase_id)
    people = Participant.objects.visible_to(request.user).administered_by(request.user).filter(batch=batch)
    person = get_object_or_404(people.select_related("satker"), pk=participant_id)
    require(phase.kind == PhaseKind.PKTBT and attendance_policies.can_report_pktbt(request.user, batch))
    rows = PktbtActivity.objects.visible_to(request.user).filter(participant=person, phase=phase).order_by("starts_on", "pk")
    chosen = rows.filter(pk=whole_number(request.GET.get("ubah")) or 0).first()
    form = ActivityForm(request.POST or None, request.FILES or None, initial=_initial(chosen, phase))
    if request.method == "POST" and "hapus" in request.POST:
        pktbt.remove_activity(activity_id=whole_number(request.POST["hapus"]) or 0, by=request.user)
        messages.success(request, _("Kegiatan dihapus."), extra_tags="toast")
        return redirect(request.path)
    if request.method == "POST" and form.is_valid() and _reported(request, person, phase, chosen, form):
        return redirect(request.path)
    context = {"batch": batch, "phase": phase, "person": person, "rows": rows, "chosen": chosen, "form": form}
    return render(request, "participants/pktbt_person.html", context, status=422 if form.errors else 200)


def _initial(chosen: PktbtActivity | None, phase: BatchPhase) -> dict[str, Any]:
    if chosen is None:
        return {"starts_on": phase.starts_on, "ends_on": phase.ends_on}
    return {name: getattr(chosen, name) for name in ("version", "topic", "form", "starts_on", "ends_on", "hours", "done_on")}


def _reported(request: AuthedRequest, person: Participant, phase: BatchPhase, chosen: PktbtActivity | None, form: ActivityForm) -> bool:
    try:
        pktbt.save_activity(
            participant_id=person.pk,
            phase_id=phase.pk,
            facts=form.facts(),
            by=request.user,
            activity_id=chosen.pk if chosen else None,
            version=form.cleaned_data["version"] or 0,
            evidence=form.attached(),
        )
    except StaleVersion:
        raise
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    messages.success(request, _("Kegiatan tersimpan."), extra_tags="toast")
    return True


@allow(*READERS)
@require_GET
def pktbt_evidence(request: AuthedRequest, activity_id: int) -> HttpResponseBase:
    activity = get_object_or_404(PktbtActivity.objects.visible_to(request.user).exclude(evidence=""), pk=activity_id)
    return serve_private(activity.evidence, activity.evidence_name)
