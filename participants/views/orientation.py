"""Orientasi tugas: the programmes, their facts and timetable, the page of one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.documents.policies import can_issue_documents
from latsar.training.forms import add_refusal
from latsar.ui.components import Figure
from latsar.ui.listing import PAGE_PARAM, page_links
from latsar.ui.numbers import only_digits
from participants import orientation_policies as policies
from participants import orientation_roll, orientation_tables
from participants.models import OrientationMember, OrientationProgramme
from participants.orientation_calendar import calendar_of, zone_of
from participants.orientation_forms import OrientationFilter, ProgrammeEditForm, ProgrammeForm, TimetableForm
from participants.services import orientation as services

RUNNERS = (Role.PKSDM, Role.ADMIN_PROVINSI)
PER_PAGE = 30
MEMBERS_PER_PAGE = 50


def visible_programme(request: AuthedRequest, programme_id: int) -> OrientationProgramme:
    return get_object_or_404(OrientationProgramme.objects.visible_to(request.user).select_related("province"), pk=programme_id)


@allow(*policies.READERS)
@require_GET
def orientation_list(request: AuthedRequest) -> HttpResponse:
    form = OrientationFilter(request.GET)
    form.is_valid()
    chosen = form.cleaned_data
    rows = orientation_tables.programme_rows(request.user, q=chosen.get("q", "").strip(), state=chosen.get("keadaan", ""))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get(PAGE_PARAM))
    today = timezone.localdate()
    context = {
        "form": form,
        "links": page_links(page, _("orientasi")),
        "rows": [(row, orientation_tables.state_face(row, today)) for row in page],
        "is_filtered": any(chosen.values()),
        "can_create": policies.can_create(request.user),
    }
    return render(request, "participants/orientation_list.html", context)


@allow(*RUNNERS)
@require_http_methods(["GET", "POST"])
def orientation_add(request: AuthedRequest) -> HttpResponse:
    form = ProgrammeForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            programme = services.create_programme(by=request.user, **form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Orientasi dibuat. Periksa jadwalnya, lalu tambahkan pesertanya."), extra_tags="toast")
            return redirect(programme)
    return render(request, "participants/orientation_form.html", {"form": form}, status=422 if form.errors else 200)


@allow(*policies.READERS)
@require_GET
def orientation_detail(request: AuthedRequest, programme_id: int) -> HttpResponse:
    """Timetable, members and what can be done now; a participant finds the own line."""
    programme = visible_programme(request, programme_id)
    sessions = list(programme.sessions.all())
    asked = orientation_roll.requirement_of(programme, sessions)
    totals = orientation_roll.totals_of(programme, request.user, asked)
    runs = policies.can_run(request.user, programme)
    context = {
        "programme": programme,
        "face": orientation_tables.state_face(programme, timezone.localdate()),
        "days": orientation_tables.by_day(sessions),
        "asked": asked,
        "totals": totals,
        "figures": _figures(programme, totals, asked) if policies.sees_totals(request.user) else [],
        "can_run": runs,
        "can_edit": runs and programme.is_open,
        "is_over": timezone.localdate() >= programme.ends_on,
        "may_revoke": can_issue_documents(request.user),
        "today": timezone.localdate(),
        "zone": zone_of(programme),
        **_members(request, programme, asked),
    }
    return render(request, "participants/orientation_detail.html", context)


def _members(request: AuthedRequest, programme: OrientationProgramme, asked: orientation_roll.Requirement) -> dict[str, Any]:
    rows = OrientationMember.objects.visible_to(request.user).filter(programme=programme)
    query = request.GET.get("q", "").strip()
    if query:
        digits = query.replace(" ", "")
        rows = (
            rows.filter(participant__nip__startswith=digits)
            if only_digits(digits)
            else rows.filter(participant__full_name__icontains=query)
        )
    rows = rows.with_hours().select_related("participant__satker").order_by("participant__full_name", "pk")
    page = Paginator(rows, MEMBERS_PER_PAGE).get_page(request.GET.get(PAGE_PARAM))
    return {"lines": orientation_roll.lines_of(list(page), request.user, asked), "links": page_links(page, _("orang")), "query": query}


def _figures(programme: OrientationProgramme, totals: orientation_roll.Totals, asked: orientation_roll.Requirement) -> list[Figure]:
    issued = _("dari %(n)d yang menyelesaikan") % {"n": totals.passed} if not programme.is_open else _("sesudah orientasi diselesaikan")
    return [
        Figure(_("Peserta"), totals.people),
        Figure(_("Kehadiran lengkap dicatat"), totals.complete, _("%(n)d sesi") % {"n": asked.sessions}),
        Figure(_("Memenuhi syarat"), totals.enough, _("%(needed)d dari %(total)d JP") % {"needed": asked.needed, "total": asked.total}),
        Figure(_("Sertifikat"), totals.issued, issued),
    ]


@allow(*RUNNERS)
@require_http_methods(["GET", "POST"])
def orientation_edit(request: AuthedRequest, programme_id: int) -> HttpResponse:
    programme = visible_programme(request, programme_id)
    require(policies.can_edit(request.user, programme))
    form = ProgrammeEditForm.of(programme, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_programme(programme_id=programme.pk, by=request.user, **form.cleaned_data)
        except StaleVersion:
            raise
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Perubahan tersimpan."), extra_tags="toast")
            return redirect(programme)
    return render(request, "participants/orientation_form.html", {"form": form, "programme": programme}, status=422 if form.errors else 200)


@allow(*RUNNERS)
@require_http_methods(["GET", "POST"])
def orientation_timetable(request: AuthedRequest, programme_id: int) -> HttpResponse:
    programme = visible_programme(request, programme_id)
    require(policies.can_edit(request.user, programme))
    form = TimetableForm(programme, list(programme.sessions.all()), request.POST or None)
    failed = False
    if request.method == "POST":
        failed = not (form.is_valid() and _saved(request, programme, form))
        if not failed:
            messages.success(request, _("Jadwal tersimpan."), extra_tags="toast")
            return redirect(programme)
    return render(request, "participants/orientation_timetable.html", {"programme": programme, "form": form}, status=422 if failed else 200)


def _saved(request: AuthedRequest, programme: OrientationProgramme, form: TimetableForm) -> bool:
    try:
        services.save_sessions(programme_id=programme.pk, version=form.version, sessions=form.facts(), by=request.user)
    except StaleVersion:
        raise
    except ValidationError as refusal:
        form.errors = refusal.messages
        return False
    return True


@allow(*RUNNERS)
@require_POST
def orientation_move(request: AuthedRequest, programme_id: int) -> HttpResponse:
    """Finish the programme, or open it again."""
    programme = visible_programme(request, programme_id)
    require(policies.can_run(request.user, programme))
    opens = request.POST.get("aksi") == "buka"
    try:
        (services.reopen_programme if opens else services.finish_programme)(programme_id=programme.pk, by=request.user)
    except Refused as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        done = _("Orientasi dibuka kembali.") if opens else _("Orientasi diselesaikan. Sertifikatnya sekarang bisa diterbitkan.")
        messages.success(request, done, extra_tags="toast")
    return redirect(programme)


@allow(*policies.READERS)
@require_GET
def orientation_calendar(request: AuthedRequest, programme_id: int) -> HttpResponse:
    """The sessions as a calendar file for a phone."""
    programme = visible_programme(request, programme_id)
    answer = HttpResponse(calendar_of(programme, timezone.now()), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="orientasi-{programme.pk}.ics"'
    return answer
