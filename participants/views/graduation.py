"""The record of who passed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.training.models import Batch
from latsar.ui import words
from participants import boards
from participants import seating_policies as policies
from participants.enums import Stage
from participants.models import Participant, Result
from participants.scoring import reading, result_page
from participants.scoring.enums import Outcome
from participants.seating_forms import GraduationForm, ReasonForm
from participants.services.graduation import graduate_participants, undo_graduation
from participants.services.results import graduate_by_results
from participants.views.batches import visible_batch


@allow(Role.PKSDM, Role.LEMBAGA)
@require_http_methods(["GET", "POST"])
def batch_graduate(request: AuthedRequest, batch_id: int) -> HttpResponse:
    batch = visible_batch(request, batch_id)
    require(policies.can_see_graduation(request.user, batch))
    sheet = reading.sheet_of(batch)
    form = GraduationForm(request.POST or None, batch=batch, has_scores=sheet.pk is not None)
    if request.method == "POST" and form.is_valid() and _graduated(request, batch, form):
        return redirect("batch_graduate", batch.pk)
    return render(request, "participants/batch_graduate.html", {**_context(request, batch, form), "sheet": sheet})


def _graduated(request: AuthedRequest, batch: Batch, form: GraduationForm) -> bool:
    facts = form.cleaned_data
    try:
        count = (graduate_participants if "qualification" in facts else graduate_by_results)(
            batch_id=batch.pk,
            participant_ids=facts.pop("orang"),
            by=request.user,
            **facts,
        )
    except Refused as refusal:
        for name, texts in getattr(refusal, "error_dict", {None: refusal}).items():
            form.add_error(name, texts)
        return False
    text = ngettext("%(count)d orang dicatat lulus.", "%(count)d orang dicatat lulus.", count)
    messages.success(request, text % {"count": count}, extra_tags="toast")
    return True


def _context(request: AuthedRequest, batch: Batch, form: GraduationForm) -> dict[str, Any]:
    members = boards.members(request.user, batch)
    chosen = set(request.POST.getlist("orang"))
    waiting = [member for member in members if member.person.stage == Stage.TRAINING]
    results = {row.participant_id: row for row in result_page.rows_of(request.user, batch)}
    return {
        "batch": batch,
        "form": form,
        "is_early": timezone.localdate() < batch.ends_on,
        "waiting": [
            (member, words.group_nip(member.person.nip), str(member.person.pk) in chosen, _outcome(results.get(member.person.pk)))
            for member in waiting
        ],
        "graduates": [(m, words.group_nip(m.person.nip)) for m in members if m.person.stage == Stage.GRADUATED],
        "can_undo": policies.can_undo_graduation(request.user),
    }


def _outcome(result: Result | None) -> dict[str, Any] | None:
    if result is None:
        return None
    return {"passes": result.outcome == Outcome.PASSED, "pill": result_page.outcome_pill(result.outcome), "words": result.qualification}


@allow(Role.PKSDM)
@require_http_methods(["GET", "POST"])
def graduation_undo(request: AuthedRequest, batch_id: int, participant_id: int) -> HttpResponse:
    batch = visible_batch(request, batch_id)
    people = Participant.objects.visible_to(request.user).filter(batch=batch, stage=Stage.GRADUATED)
    person = get_object_or_404(people, pk=participant_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            undo_graduation(participant_id=person.pk, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, _("Kelulusan %(name)s dibatalkan.") % {"name": person.full_name}, extra_tags="toast")
            return redirect("batch_graduate", batch.pk)
    return render(request, "participants/batch_graduation_undo.html", {"batch": batch, "person": person, "form": form})
