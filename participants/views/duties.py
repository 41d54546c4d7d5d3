"""What one person is called to, and the warning that it falls into a phase in which they are released."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.training.forms import add_refusal
from latsar.ui import words
from latsar.ui.listing import PAGE_PARAM, page_links
from latsar.ui.typed import seen_text
from participants import duty_policies as policies
from participants.duty_forms import DutyForm
from participants.duty_rows import clash_rows, duty_rows
from participants.models import Duty, Participant
from participants.services import duties as services

READERS = (*policies.READERS, Role.LEMBAGA, Role.PESERTA)
PER_PAGE = 50


@allow(*READERS)
@require_http_methods(["GET", "POST"])
def duty_list(request: AuthedRequest, participant_id: int) -> HttpResponse:
    """The duties of one person, newest last, and the form for another one."""
    rows = Participant.objects.visible_to(request.user).select_related("batch__institute", "satker", "province")
    person = get_object_or_404(rows, pk=participant_id)
    require(policies.can_see_duties(request.user, person))
    can_report = bool(policies.source_of(request.user, person))
    form = DutyForm(request.POST or None)
    if request.method == "POST":
        require(can_report)
        if form.is_valid() and _reported(request, person, form):
            return redirect("duty_list", person.pk)
    context = {"person": person, "form": form, "can_report": can_report, "rows": duty_rows(request.user, person, timezone.localdate())}
    return render(request, "participants/duty_list.html", context, status=422 if form.errors else 200)


@allow(*policies.READERS)
@require_GET
def duty_clash_list(request: AuthedRequest) -> HttpResponse:
    """Everybody who is called to work while released, the nearest day on top."""
    query = request.GET.get("q", "").strip()[:100]
    page = Paginator(clash_rows(request.user, timezone.localdate(), query), PER_PAGE).get_page(request.GET.get(PAGE_PARAM))
    rows = [(duty, words.date_range(duty.starts_on, duty.ends_on)) for duty in page]
    return render(request, "participants/duty_clash_list.html", {"rows": rows, "links": page_links(page, _("tugas")), "query": query})


@allow(*READERS)
@require_POST
def duty_withdraw(request: AuthedRequest, duty_id: int) -> HttpResponse:
    duty = get_object_or_404(Duty.objects.visible_to(request.user).select_related("participant"), pk=duty_id)
    require(policies.can_withdraw(request.user, duty))
    services.withdraw_duty(duty_id=duty.pk, note=seen_text(request.POST.get("note", "")), by=request.user)
    messages.success(request, _("Tugas ditarik."), extra_tags="toast")
    return redirect("duty_list", duty.participant_id)


def _reported(request: AuthedRequest, person: Participant, form: DutyForm) -> bool:
    try:
        duty = services.report_duty(participant_id=person.pk, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    phases = services.released_phases(person, duty.starts_on, duty.ends_on)
    if phases:
        said = _("Tercatat. Bertepatan dengan %(phase)s: satker dan provinsi diberi tahu.") % {"phase": phases[0].name}
        messages.warning(request, said)
    else:
        messages.success(request, _("Tugas tercatat."), extra_tags="toast")
    return True
