"""Who takes part in an orientasi tugas: choosing, taking out, and the attendance sheet."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from latsar.accounts.access import allow, require
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.satker.models import Satker
from latsar.ui.listing import PAGE_PARAM
from participants import orientation_policies as policies
from participants import orientation_roll, orientation_tables
from participants.models import OrientationMember, OrientationProgramme, OrientationSession, Participant
from participants.orientation_calendar import zone_of
from participants.orientation_forms import MemberFilter, typed_marks
from participants.seating_forms import ChosenForm, ReasonForm
from participants.services import orientation_members as services
from participants.views.orientation import RUNNERS, visible_programme

SHOWN = 200
SHEET = 50


@allow(*RUNNERS)
@require_http_methods(["GET", "POST"])
def orientation_members(request: AuthedRequest, programme_id: int) -> HttpResponse:
    """Choose, look at the choice, confirm: only the last step writes."""
    programme = visible_programme(request, programme_id)
    require(policies.can_edit(request.user, programme))
    form = ChosenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("aksi") == "tambahkan" and _added(request, programme, form):
            return redirect(programme)
        if not form.errors:
            return render(
                request, "participants/orientation_members_preview.html", _preview(request, programme, form.cleaned_data["orang"])
            )
    return render(request, "participants/orientation_members.html", {**_choices(request, programme), "form": form})


def _added(request: AuthedRequest, programme: OrientationProgramme, form: ChosenForm) -> bool:
    try:
        added = services.add_members(programme_id=programme.pk, participant_ids=form.cleaned_data["orang"], by=request.user)
    except Refused as refusal:
        form.add_error(None, refusal.messages)
        return False
    text = ngettext("%(count)d orang ditambahkan.", "%(count)d orang ditambahkan.", len(added)) % {"count": len(added)}
    messages.success(request, text, extra_tags="toast")
    return True


def _choices(request: AuthedRequest, programme: OrientationProgramme) -> dict[str, Any]:
    rows = services.candidates(programme, request.user)
    heads = Satker.objects.visible_to(request.user).filter(pk__in=rows.order_by().values("province_id")).order_by("code")
    provinces = [(head.code, head.province_name or head.name) for head in heads] if programme.province_id is None else []
    search = MemberFilter(request.GET, provinces=provinces)
    search.is_valid()
    chosen = search.cleaned_data
    rows = rows.search(chosen.get("q", ""))
    if satker := chosen.get("satker", "").strip():
        rows = rows.filter(Q(satker__name__icontains=satker) | Q(satker__code=satker))
    if province := chosen.get("provinsi", ""):
        rows = rows.filter(province__code=province)
    people = list(rows.select_related("satker")[: SHOWN + 1])
    ticked = {value for value in request.POST.getlist("orang") if value.isdecimal()}
    everybody = "semua" in request.GET
    return {
        "programme": programme,
        "search": search,
        "has_provinces": bool(provinces),
        "rows": [(person, everybody or str(person.pk) in ticked) for person in people[:SHOWN]],
        "has_more": len(people) > SHOWN,
        "shown_limit": SHOWN,
        "is_filtered": any(chosen.values()),
    }


def _preview(request: AuthedRequest, programme: OrientationProgramme, ids: list[int]) -> dict[str, Any]:
    people = list(Participant.objects.visible_to(request.user).filter(pk__in=ids).select_related("satker").order_by("full_name", "pk"))
    fitting = set(services.candidates(programme, request.user).filter(pk__in=ids).values_list("pk", flat=True))
    ready = [person for person in people if person.pk in fitting]
    problems = [services.why_not(programme, person) for person in people if person.pk not in fitting]
    return {"programme": programme, "rows": ready, "problems": problems}


@allow(*RUNNERS)
@require_http_methods(["GET", "POST"])
def orientation_remove(request: AuthedRequest, programme_id: int, member_id: int) -> HttpResponse:
    programme = visible_programme(request, programme_id)
    require(policies.can_edit(request.user, programme))
    rows = OrientationMember.objects.visible_to(request.user).filter(programme=programme).present().select_related("participant")
    member = get_object_or_404(rows, pk=member_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.remove_member(member_id=member.pk, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            form.add_error("reason", refusal.messages)
        else:
            messages.success(request, _("%(name)s dikeluarkan.") % {"name": member.participant.full_name}, extra_tags="toast")
            return redirect(programme)
    context = {"programme": programme, "member": member, "form": form}
    return render(request, "participants/orientation_remove.html", context, status=422 if form.errors else 200)


@allow(*policies.READERS)
@require_http_methods(["GET", "POST"])
def orientation_attendance(request: AuthedRequest, programme_id: int, session_id: int) -> HttpResponse:
    """The sheet of one session beside the letters of the others; saved a page of people at a time."""
    programme = visible_programme(request, programme_id)
    sessions = list(programme.sessions.all())
    session = next((one for one in sessions if one.pk == session_id), None)
    can_edit = policies.can_edit(request.user, programme)
    require(session is not None and (can_edit or request.method == "GET"))
    assert session is not None
    page = _sheet_page(request, programme)
    members, problem = list(page), ""
    typed: dict[int, str] = {}
    if request.method == "POST":
        typed, seen = typed_marks(request.POST, members, fill="sisa" in request.POST)
        try:
            count = services.mark_attendance(session_id=session.pk, marks=typed, seen=seen, by=request.user)
        except Refused as refusal:
            problem = " ".join(refusal.messages)
        else:
            text = ngettext("%(count)d kehadiran tersimpan.", "%(count)d kehadiran tersimpan.", count) % {"count": count}
            messages.success(request, text, extra_tags="toast")
            return redirect(request.get_full_path())
    context = {"programme": programme, "session": session, "can_edit": can_edit, "problem": problem, "page": page}
    return render(
        request,
        "participants/orientation_sheet.html",
        {**context, **_sheet(programme, sessions, session, members, typed)},
        status=422 if problem else 200,
    )


def _sheet_page(request: AuthedRequest, programme: OrientationProgramme) -> Page[OrientationMember]:
    rows = OrientationMember.objects.visible_to(request.user).filter(programme=programme).present().select_related("participant__satker")
    return Paginator(rows.order_by("participant__full_name", "pk"), SHEET).get_page(request.GET.get(PAGE_PARAM))


def _sheet(
    programme: OrientationProgramme,
    sessions: list[OrientationSession],
    session: OrientationSession,
    members: list[OrientationMember],
    typed: dict[int, str],
) -> dict[str, Any]:
    asked = orientation_roll.requirement_of(programme, sessions)
    rows = orientation_tables.sheet_rows(members, sessions, session, asked, typed)
    at = sessions.index(session)
    return {
        "before": sessions[at - 1] if at else None,
        "after": sessions[at + 1] if at + 1 < len(sessions) else None,
        "rows": rows,
        "numbered": list(enumerate(sessions, 1)),
        "number": at + 1,
        "asked": asked,
        "choices": orientation_tables.mark_choices(),
        "filled": sum(bool(row.stored) for row in rows),
        "near": [row for row in rows if row.level],
        "is_early": session.day > timezone.localdate(),
        "zone": zone_of(programme),
    }
