"""Coaches of the groups of an angkatan, and what a mentor reports about a mentee."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.training.forms import add_refusal
from latsar.training.models import Batch
from mentoring import coach_tables, policies, services
from mentoring.forms import CoachesForm
from mentoring.models import MentorAssignment
from participants.duty_forms import DutyForm


@allow(Role.PKSDM, Role.LEMBAGA)
@require_http_methods(["GET", "POST"])
def batch_coaches(request: AuthedRequest, batch_id: int) -> HttpResponse:
    """One coach per group, chosen among those who may coach here."""
    batch = get_object_or_404(Batch.objects.visible_to(request.user).select_related("institute"), pk=batch_id)
    require(policies.can_assign_coach(request.user, batch))
    query = request.GET.get("q", "").strip()[:100]
    groups = coach_tables.coach_groups(batch)
    form = CoachesForm(request.POST or None, groups=groups, offers=coach_tables.offers(batch, groups, query))
    if request.method == "POST" and form.is_valid() and _assigned(request, batch, form):
        return redirect(batch)
    context = {"batch": batch, "form": form, "query": query, "has_offers": form.has_offers}
    return render(request, "mentoring/batch_coaches.html", context, status=422 if form.errors else 200)


@allow(Role.MENTOR)
@require_http_methods(["GET", "POST"])
def mentee_duty(request: AuthedRequest, assignment_id: int) -> HttpResponse:
    """A mentor says that a mentee is called to work during Latsar."""
    rows = MentorAssignment.objects.visible_to(request.user).mentored_by(request.user)
    assignment = get_object_or_404(rows.select_related("participant__batch__institute"), pk=assignment_id)
    form = DutyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.report_mentee_duty(assignment_id=assignment.pk, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Tercatat. Satkernya diberi tahu bila bertepatan dengan bebas tugas."), extra_tags="toast")
            return redirect("mentee_detail", assignment.pk)
    context = {"assignment": assignment, "form": form}
    return render(request, "mentoring/mentee_duty.html", context, status=422 if form.errors else 200)


def _assigned(request: AuthedRequest, batch: Batch, form: CoachesForm) -> bool:
    try:
        changed = services.assign_coaches(batch_id=batch.pk, chosen=form.chosen(), seen=form.seen(), by=request.user)
    except StaleVersion:
        raise
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    text = ngettext("Coach %(n)d kelompok tersimpan.", "Coach %(n)d kelompok tersimpan.", changed) % {"n": changed}
    messages.success(request, text, extra_tags="toast")
    return True
