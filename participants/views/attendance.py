"""Attendance: sessions to fill, the sheet of one, its closing and correction, the own check-in, the recap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from latsar.accounts import seen
from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role, ViewKind
from latsar.accounts.errors import NoReason, Refused
from latsar.accounts.middleware import client_ip
from latsar.accounts.models import AuthedRequest
from latsar.documents.throttle import admits
from latsar.training.models import Batch, TrainingSession
from latsar.training.policies import can_edit_sessions
from latsar.ui.listing import PAGE_PARAM
from latsar.ui.typed import seen_text
from participants import attendance_page as pages
from participants import attendance_policies as policies
from participants import check_in
from participants.attendance_warnings import sentence
from participants.enums import AttendanceMark
from participants.models import AttendanceChange, Participant
from participants.own_attendance import own_page
from participants.services import attendance as services
from participants.services.attendance import Crossed
from participants.views.batches import XLSX, visible_batch

PER_PAGE = 50
CHANGES_SHOWN = 200
TRIES_PER_MINUTE = 10
"""Codes that one person may type; a code has a million values and lives for two minutes."""


def visible_session(request: AuthedRequest, batch: Batch, session_id: int) -> TrainingSession:
    """Fetch a session with attendance of a batch that the person sees, or answer 404."""
    rows = TrainingSession.objects.visible_to(request.user).filter(batch=batch).with_attendance().select_related("lecturer", "closed_by")
    session = get_object_or_404(rows, pk=session_id)
    session.batch = batch
    return session


@allow(*policies.READERS)
@require_GET
def attendance_home(request: AuthedRequest) -> HttpResponse:
    """Today's sessions and those that wait to be filled or closed, over all running batches."""
    now = timezone.now()
    rows = pages.due_sessions(request.user, now, timezone.localdate()).order_by("-starts_at", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get(PAGE_PARAM))
    shown = TrainingSession.objects.visible_to(request.user).filter(pk__in=[one.pk for one in page])
    lines = pages.in_order(pages.session_rows(request.user, shown, now), now)
    return render(request, "participants/attendance_home.html", {"rows": lines, "page": page})


@allow(*policies.READERS)
@require_GET
def batch_attendance(request: AuthedRequest, batch_id: int) -> HttpResponse:
    batch = visible_batch(request, batch_id)
    now = timezone.now()
    rows = TrainingSession.objects.visible_to(request.user).filter(batch=batch).with_attendance()
    lines = pages.in_order(pages.session_rows(request.user, rows, now), now)
    context = {
        "batch": batch,
        "rows": lines,
        "can_edit": can_edit_sessions(request.user, batch),
        "can_mark": policies.can_mark(request.user, batch),
    }
    return render(request, "participants/batch_attendance.html", context)


@allow(*policies.READERS)
@require_GET
def attendance_export(request: AuthedRequest, batch_id: int) -> HttpResponse:
    batch = visible_batch(request, batch_id)
    people = Participant.objects.visible_to(request.user).filter(batch=batch).values_list("pk", flat=True)
    seen.note_views(request, Participant, list(people), ViewKind.EXPORT, str(batch))
    response = HttpResponse(pages.recap_workbook(request.user, batch), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="kehadiran-angkatan-{batch.number}-{batch.year}.xlsx"'
    return response


@allow(*policies.READERS)
@require_http_methods(["GET", "POST"])
def attendance_sheet(request: AuthedRequest, batch_id: int, session_id: int) -> HttpResponse:
    """The sheet of one session beside the letters of the earlier ones."""
    batch = visible_batch(request, batch_id)
    session = visible_session(request, batch, session_id)
    can_mark = policies.can_mark(request.user, batch)
    require(can_mark or request.method == "GET")
    if request.method == "GET":
        return _sheet(request, session)
    typed, shown = _typed(request, session)
    reason = seen_text(request.POST.get("alasan", ""))[:300]
    try:
        done = services.mark_attendance(session_id=session.pk, marks=typed, seen=shown, by=request.user, reason=reason)
        if request.POST.get("aksi") == "tutup" and not done.crossed:
            services.close_session(session_id=session.pk, by=request.user)
    except Refused as refusal:
        return _sheet(request, session, typed=typed, problem=" ".join(refusal.messages), status=422)
    if done.crossed:
        return _sheet(request, session, typed=typed, crossed=done.crossed, status=409)
    _say_saved(request, done.changed)
    return redirect(request.path)


def _say_saved(request: AuthedRequest, changed: int) -> None:
    if request.POST.get("aksi") == "tutup":
        text = _("Sesi ditutup. Perbaikan sesudahnya memerlukan alasan.")
    else:
        text = ngettext("%(count)d kehadiran tersimpan.", "%(count)d kehadiran tersimpan.", changed) % {"count": changed}
    messages.success(request, text, extra_tags="toast")


def _typed(request: AuthedRequest, session: TrainingSession) -> tuple[dict[int, str], dict[int, str]]:
    """Read the marks of a sheet, and those it showed when it was opened; "sisa" fills the empty ones with present."""
    fill = request.POST.get("aksi") == "sisa"
    ids = pages.people_of(session, request.user).exclude(user_id=request.user.pk).values_list("pk", flat=True)
    marks = {pk: request.POST.get(f"m{pk}", "") or (AttendanceMark.PRESENT.value if fill else "") for pk in ids}
    return {pk: mark for pk, mark in marks.items() if mark}, {pk: request.POST.get(f"w{pk}", "") for pk in marks}


def _sheet(
    request: AuthedRequest,
    session: TrainingSession,
    *,
    typed: dict[int, str] | None = None,
    crossed: Sequence[Crossed] = (),
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    user, batch, now = request.user, session.batch, timezone.now()
    can_mark = policies.can_mark(user, batch)
    is_early = session.local_start.date() > now.astimezone(session.local_start.tzinfo).date()
    corrects = can_mark and session.is_closed and ("perbaiki" in request.GET or bool(problem) or request.method == "POST")
    sheet = pages.sheet_of(session, pages.attended_sessions(user, batch), pages.people_of(session, user), typed, crossed, user)
    near = [(row, sentence(row.standing, batch.scheme.over_absence)) for row in sheet.near]
    context: dict[str, Any] = {
        "batch": batch,
        "session": session,
        "sheet": sheet,
        "choices": pages.mark_choices(),
        "can_mark": can_mark,
        "can_fill": can_mark and not is_early and (not session.is_closed or corrects),
        "corrects": corrects,
        "is_early": is_early,
        "is_today": session.local_start.date() == now.astimezone(session.local_start.tzinfo).date(),
        "is_checking_in": session.is_checking_in(now),
        "near": near,
        "crossed": [(one, AttendanceMark(one.stored).label if one.stored else "–", AttendanceMark(one.wanted).label) for one in crossed],
        "problem": problem,
        "reason": request.POST.get("alasan", ""),
    }
    return render(request, "participants/attendance_sheet.html", context, status=status)


@allow(*policies.WRITERS)
@require_POST
def attendance_move(request: AuthedRequest, batch_id: int, session_id: int) -> HttpResponse:
    """Open a closed sheet again, with the reason."""
    batch = visible_batch(request, batch_id)
    session = visible_session(request, batch, session_id)
    require(policies.can_mark(request.user, batch))
    reason = seen_text(request.POST.get("alasan", ""))[:300]
    try:
        services.reopen_session(session_id=session.pk, reason=reason, by=request.user)
    except NoReason:
        return _sheet(request, session, problem=_("Tulis alasan membuka kembali sesi ini."), status=422)
    messages.success(request, _("Sesi dibuka kembali."), extra_tags="toast")
    return redirect("attendance_sheet", batch.pk, session.pk)


@allow(*policies.WRITERS)
@require_GET
def attendance_code(request: AuthedRequest, batch_id: int, session_id: int) -> HttpResponse:
    """The code of the self check-in, big enough for a wall; it renews itself."""
    batch = visible_batch(request, batch_id)
    session = visible_session(request, batch, session_id)
    require(policies.can_mark(request.user, batch) and session.needs_code)
    now = timezone.now()
    code = check_in.code_of(session, now)
    context = {
        "batch": batch,
        "session": session,
        "code": f"{code[:3]} {code[3:]}",
        "seconds": check_in.seconds_left(now),
        "is_open": session.is_checking_in(now),
    }
    piece = "participants/_attendance_code.html" if request.headers.get("HX-Request") == "true" else "participants/attendance_code.html"
    return render(request, piece, context)


@allow(*policies.READERS)
@require_GET
def attendance_history(request: AuthedRequest, batch_id: int, session_id: int) -> HttpResponse:
    batch = visible_batch(request, batch_id)
    session = visible_session(request, batch, session_id)
    rows = AttendanceChange.objects.visible_to(request.user).filter(attendance__session=session)
    rows = rows.select_related("attendance__participant", "by").order_by("-at", "-pk")
    page = Paginator(rows, CHANGES_SHOWN).get_page(request.GET.get(PAGE_PARAM))
    return render(request, "participants/attendance_history.html", {"batch": batch, "session": session, "page": page})


@allow(*policies.READERS)
@require_GET
def attendance_print(request: AuthedRequest, batch_id: int, session_id: int) -> HttpResponse:
    """The list to be signed on paper."""
    batch = visible_batch(request, batch_id)
    session = visible_session(request, batch, session_id)
    people = pages.people_of(session, request.user)
    seen.note_views(request, Participant, [person.pk for person in people], ViewKind.EXPORT, f"{session}, {batch}")
    return render(request, "participants/attendance_print.html", {"batch": batch, "session": session, "people": people})


@allow(Role.PESERTA)
@require_GET
def own_attendance(request: AuthedRequest) -> HttpResponse:
    """The participant's own sessions: the one that takes a report right now, those to come, the marks so far."""
    return render(request, "participants/own_attendance.html", own_page(request.user, timezone.now()))


@allow(Role.PESERTA)
@require_POST
def check_in_own(request: AuthedRequest, session_id: int) -> HttpResponse:
    now = timezone.now()
    session = get_object_or_404(TrainingSession.objects.visible_to(request.user), pk=session_id)
    problem = ""
    if not admits(f"check-in-{request.user.pk}", client_ip(request) or "", TRIES_PER_MINUTE):
        problem = _("Terlalu banyak percobaan. Tunggu satu menit, lalu coba lagi.")
    else:
        try:
            row = services.check_in_self(session_id=session.pk, by=request.user, code=request.POST.get("kode", "")[:20], now=now)
        except Refused as refusal:
            problem = " ".join(refusal.messages)
        else:
            messages.success(request, _("Kehadiran Anda tercatat: %(mark)s.") % {"mark": row.get_mark_display()}, extra_tags="toast")
            return redirect("own_attendance")
    context = {**own_page(request.user, now), "problem": problem, "problem_at": session.pk}
    return render(request, "participants/own_attendance.html", context, status=422)
