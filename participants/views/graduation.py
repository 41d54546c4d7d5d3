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
from participants.models import Participant
from participants.seating_forms import GraduationForm, ReasonForm
from participants.services.graduation import graduate_participants, undo_graduation
from participants.views.batches import visible_batch


@allow(Role.PKSDM, Role.LEMBAGA)
@require_http_methods(["GET", "POST"])
def batch_graduate(request: AuthedRequest, batch_id: int) -> HttpResponse:
    batch = visible_batch(request, batch_id)
    require(policies.can_see_graduation(request.user, batch))
    form = GraduationForm(request.POST or None, batch=batch)
    if request.method == "POST" and form.is_valid() and _graduated(request, batch, form):
        return redirect("batch_graduate", batch.pk)
    return render(request, "participants/batch_graduate.html", _context(request, batch, form))


def _graduated(request: AuthedRequest, batch: Batch, form: GraduationForm) -> bool:
    facts = form.cleaned_data
    try:
        count = graduate_participants(
            batch_id=batch.pk,
            participant_ids=facts["orang"],
            qualification=facts["qualification"],
            graduated_on=facts["graduated_on"],
            by=request.user,
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
    return {
        "batch": batch,
        "form": form,
        "is_early": timezone.localdate() < batch.ends_on,
        "waiting": [(member, words.group_nip(member.person.nip), str(member.person.pk) in chosen) for member in waiting],
        "graduates": [(m, words.group_nip(m.person.nip)) for m in members if m.person.stage == Stage.GRADUATED],
        "can_undo": policies.can_undo_graduation(request.user),
    }


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
