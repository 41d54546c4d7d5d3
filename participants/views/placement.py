"""Giving seats to people, and taking them back."""

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
from latsar.ui.numbers import whole_number
from participants import candidates
from participants import seating_policies as policies
from participants.enums import Golongan
from participants.models import Participant
from participants.seating_forms import ChosenForm, ReasonForm
from participants.services import placement
from participants.views.batches import visible_batch


@allow(Role.PKSDM)
@require_http_methods(["GET", "POST"])
def batch_place(request: AuthedRequest, batch_id: int) -> HttpResponse:
    """Choose, look at the choice, confirm: only the last step writes."""
    batch = visible_batch(request, batch_id)
    if not policies.can_place(request.user, batch):
        return render(request, "participants/batch_place_shut.html", {"batch": batch})
    form = ChosenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("aksi") == "tempatkan" and _placed(request, batch, form):
            return redirect(batch)
        if not form.errors:
            return render(request, "participants/batch_place_preview.html", _preview(request, batch, form.cleaned_data["orang"]))
    return render(request, "participants/batch_place.html", {**_choices(request, batch, form), "form": form})


def _placed(request: AuthedRequest, batch: Batch, form: ChosenForm) -> bool:
    try:
        rows = placement.place_many(batch_id=batch.pk, participant_ids=form.cleaned_data["orang"], by=request.user)
    except Refused as refusal:
        form.add_error(None, refusal.messages)
        return False
    text = ngettext("%(count)d orang ditempatkan di %(batch)s.", "%(count)d orang ditempatkan di %(batch)s.", len(rows))
    messages.success(request, text % {"count": len(rows), "batch": batch.label}, extra_tags="toast")
    return True


def _choices(request: AuthedRequest, batch: Batch, form: ChosenForm) -> dict[str, Any]:
    today, chosen = timezone.localdate(), request.GET.dict()
    rows = candidates.fitting(request.user, batch, chosen).select_related("satker")
    people = list(rows[: candidates.SHOWN + 1])
    free, proposed = placement.free_seats(batch).count(), candidates.proposed(request.user)
    picked = [pk for value in request.POST.getlist("orang") if (pk := whole_number(value)) is not None]
    if "otomatis" in chosen:
        picked = candidates.automatic(people[: candidates.SHOWN], batch, free, proposed)
    return {
        "batch": batch,
        "rows": candidates.candidates(people[: candidates.SHOWN], batch, picked, today, proposed),
        "has_more": len(people) > candidates.SHOWN,
        "shown_limit": candidates.SHOWN,
        "picked": len(picked),
        "free": free,
        "provinces": candidates.province_choices(request.user),
        "golongan_choices": [value for value in Golongan.values if placement.fits_golongan(batch, value)],
        "chosen": chosen,
    }


def _preview(request: AuthedRequest, batch: Batch, ids: list[int]) -> dict[str, Any]:
    people = list(Participant.objects.visible_to(request.user).filter(pk__in=ids).select_related("satker").order_by("deadline", "pk"))
    free = placement.free_seats(batch).count()
    problems = [problem for person in people if (problem := placement.why_not(batch, person))]
    rows = candidates.candidates(people, batch, ids, timezone.localdate(), candidates.proposed(request.user))
    late, proposals = sum(row.is_late for row in rows), sum(bool(row.proposal) for row in rows)
    context = {"batch": batch, "rows": rows, "late": late, "proposals": proposals, "free": free, "problems": problems}
    return {**context, "too_many": len(people) > free, "can_confirm": bool(people) and not problems and len(people) <= free}


@allow(Role.PKSDM)
@require_http_methods(["GET", "POST"])
def batch_release(request: AuthedRequest, batch_id: int, participant_id: int) -> HttpResponse:
    batch = visible_batch(request, batch_id)
    rows = Participant.objects.visible_to(request.user).filter(batch=batch).select_related("satker")
    person = get_object_or_404(rows, pk=participant_id)
    require(policies.can_place(request.user, batch))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            placement.release_participant(participant_id=person.pk, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            form.add_error("reason", refusal.messages)
        else:
            messages.success(request, _("%(name)s dilepas dari kursinya.") % {"name": person.full_name}, extra_tags="toast")
            return redirect(batch)
    return render(request, "participants/batch_release.html", {"batch": batch, "person": person, "form": form})
