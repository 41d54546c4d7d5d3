"""The decision that lets a mentor guide more than five, and the handover between two mentors."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from latsar.accounts import seen
from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.documents.serve import serve_private
from latsar.training.forms import add_refusal
from latsar.ui.numbers import whole_number
from mentoring import policies, services
from mentoring.models import Handover, MentorWaiver
from mentoring.pool_forms import HandoverForm, ReasonForm, WaiverForm
from mentoring.views.mentors import UNITS
from mentoring.views.pool import READERS, visible_mentor


@allow(Role.PKSDM)
@require_http_methods(["GET", "POST"])
def mentor_waiver(request: AuthedRequest, mentor_id: int) -> HttpResponse:
    """Record a decision; with `?peserta=` the way goes back to whom the mentor was chosen for."""
    mentor = visible_mentor(request, mentor_id)
    require(policies.can_waive(request.user, mentor))
    wanted = whole_number(request.GET.get("peserta"))
    back = f"{reverse('mentor_assign')}?peserta={wanted}" if wanted else mentor.get_absolute_url()
    form = WaiverForm(request.POST or None, request.FILES or None, initial={"decided_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            services.record_waiver(mentor_id=mentor.pk, decision=form.decision(), by=request.user, file=form.attachment())
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Keputusan tercatat. Mentor ini boleh mendapat peserta tambahan."), extra_tags="toast")
            return redirect(back)
    present = MentorWaiver.objects.visible_to(request.user).filter(mentor=mentor, ended_at=None).first()
    context = {"mentor": mentor, "form": form, "present": present, "back": back}
    return render(request, "mentoring/mentor_waiver.html", context, status=422 if form.errors else 200)


@allow(Role.PKSDM)
@require_POST
def waiver_end(request: AuthedRequest, waiver_id: int) -> HttpResponse:
    waiver = get_object_or_404(MentorWaiver.objects.visible_to(request.user).select_related("mentor"), pk=waiver_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        services.end_waiver(waiver_id=waiver.pk, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Keputusan dicabut. Peserta yang sekarang tetap."), extra_tags="toast")
    else:
        messages.error(request, _("Tulis alasan pencabutannya."))
    return redirect(waiver.mentor)


@allow(*READERS, Role.MENTOR)
@require_GET
def waiver_file(request: AuthedRequest, waiver_id: int) -> HttpResponseBase:
    """The decision itself is for who answers for the mentor, the nation and the mentor; that it exists is the pool's."""
    rows = MentorWaiver.objects.visible_to(request.user).exclude(file="").select_related("mentor__satker")
    waiver = get_object_or_404(rows, pk=waiver_id)
    require(policies.can_read_decision(request.user, waiver.mentor))
    return serve_private(waiver.file, waiver.file_name, inline=True, content_type=waiver.content_type)


@allow(*UNITS, Role.PIMPINAN, Role.MENTOR)
@require_http_methods(["GET", "POST"])
def handover(request: AuthedRequest, handover_id: int) -> HttpResponse:
    """What one mentor leaves to the next: the old one writes, the new one receives, the units read."""
    rows = Handover.objects.visible_to(request.user).select_related(
        "before__mentor__user", "before__mentor__satker", "before__participant__satker", "after__mentor__user", "after__mentor__satker"
    )
    row = get_object_or_404(rows, pk=handover_id)
    seen.note_view(request, row.before.participant)
    writes, receives = policies.can_write_handover(request.user, row), policies.can_receive_handover(request.user, row)
    form = HandoverForm(request.POST or None, initial={"version": row.version, "notes": row.notes}) if writes else None
    if request.method == "POST":
        require(writes or receives)
        if answer := _handed(request, row, form):
            return answer
    context = {"handover": row, "participant": row.before.participant, "form": form, "receives": receives}
    return render(request, "mentoring/handover.html", context, status=422 if form and form.errors else 200)


def _handed(request: AuthedRequest, row: Handover, form: HandoverForm | None) -> HttpResponse | None:
    if form is None:
        version = whole_number(request.POST.get("version")) or 0
        services.receive_handover(handover_id=row.pk, version=version, by=request.user)
        messages.success(request, _("Serah terima dinyatakan diterima."), extra_tags="toast")
        return redirect(row)
    if not form.is_valid():
        return None
    try:
        services.write_handover(handover_id=row.pk, by=request.user, **form.cleaned_data)
    except StaleVersion:
        raise
    except Refused as refusal:
        add_refusal(form, refusal)
        return None
    messages.success(request, _("Serah terima tersimpan. Mentor baru diberi tahu."), extra_tags="toast")
    return redirect(row)
