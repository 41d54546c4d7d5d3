"""The timetable of an angkatan: looking, adding, changing, copying, laying out from the curriculum, bringing and taking files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from latsar.accounts.access import allow, require
from latsar.accounts.errors import Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.training import policies, services
from latsar.training.forms import add_refusal
from latsar.training.models import Batch, Lecturer, TrainingSession
from latsar.training.services.sessions import planned_in
from latsar.ui.numbers import whole_number
from participants.attendance_policies import READERS, WRITERS
from participants.boards import current_phase
from participants.timetable_forms import CopyDayForm, GenerateForm, LecturerForm, SessionForm
from participants.timetable_page import sessions_of, timetable_page, timetable_workbook
from participants.views.batches import XLSX, visible_batch


def _editable(request: AuthedRequest, batch_id: int) -> Batch:
    batch = visible_batch(request, batch_id)
    require(policies.can_edit_sessions(request.user, batch))
    return batch


@allow(*READERS)
@require_GET
def timetable(request: AuthedRequest, batch_id: int) -> HttpResponse:
    batch = visible_batch(request, batch_id)
    today = timezone.localdate()
    page = timetable_page(request.user, batch, request.GET, today)
    can_edit = policies.can_edit_sessions(request.user, batch)
    context = {"batch": batch, "page": page, "today": today, "can_edit": can_edit, "copy_form": CopyDayForm() if can_edit else None}
    return render(request, "participants/timetable.html", context)


@allow(*READERS)
@require_GET
def timetable_export(request: AuthedRequest, batch_id: int) -> HttpResponse:
    batch = visible_batch(request, batch_id)
    response = HttpResponse(timetable_workbook(request.user, batch), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="acara-angkatan-{batch.number}-{batch.year}.xlsx"'
    return response


@allow(*WRITERS)
@require_http_methods(["GET", "POST"])
def session_add(request: AuthedRequest, batch_id: int) -> HttpResponse:
    batch = _editable(request, batch_id)
    form = SessionForm(request.POST or None, batch=batch, initial=_suggested(request, batch))
    if request.method == "POST" and form.is_valid() and _added(request, batch, form):
        if "lagi" in request.POST:
            return redirect(f"{request.path}?hari={form.cleaned_data['day'].isoformat()}")
        return redirect("timetable", batch.pk)
    return render(request, "participants/session_form.html", {"batch": batch, "form": form}, status=422 if form.errors else 200)


def _suggested(request: AuthedRequest, batch: Batch) -> dict[str, Any]:
    """Begin on the day that the address names, after its last session."""
    last = next(
        (one for one in reversed(sessions_of(request.user, batch)) if one.local_start.date().isoformat() == request.GET.get("hari")), None
    )
    if last is None:
        return {"day": request.GET.get("hari", "")[:10]}
    names = ("phase", "mode", "group", "room", "link", "zone")
    return {"day": last.local_start.date(), "starts": last.local_end.time(), **{name: getattr(last, name) for name in names}}


def _added(request: AuthedRequest, batch: Batch, form: SessionForm) -> bool:
    try:
        with transaction.atomic():
            services.add_sessions(batch_id=batch.pk, sessions=[form.facts()], by=request.user)
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    messages.success(request, _("Sesi tersimpan."), extra_tags="toast")
    return True


@allow(*WRITERS)
@require_http_methods(["GET", "POST"])
def session_edit(request: AuthedRequest, batch_id: int, session_id: int) -> HttpResponse:
    batch = _editable(request, batch_id)
    rows = TrainingSession.objects.visible_to(request.user).filter(batch=batch).select_related("lecturer")
    session = get_object_or_404(rows, pk=session_id)
    form = SessionForm(request.POST or None, batch=batch, session=session)
    if request.method == "POST" and form.is_valid() and _changed(request, session, form):
        return redirect("timetable", batch.pk)
    context = {"batch": batch, "form": form, "session": session}
    return render(request, "participants/session_form.html", context, status=422 if form.errors else 200)


def _changed(request: AuthedRequest, session: TrainingSession, form: SessionForm) -> bool:
    try:
        with transaction.atomic():
            version = form.cleaned_data["version"] or 0
            services.update_session(session_id=session.pk, version=version, facts=form.facts(), by=request.user)
    except StaleVersion:
        raise
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    messages.success(request, _("Sesi tersimpan."), extra_tags="toast")
    return True


@allow(*WRITERS)
@require_http_methods(["GET", "POST"])
def session_remove(request: AuthedRequest, batch_id: int, session_id: int) -> HttpResponse:
    batch = _editable(request, batch_id)
    session = get_object_or_404(TrainingSession.objects.visible_to(request.user).filter(batch=batch), pk=session_id)
    problem = ""
    if request.method == "POST":
        try:
            services.remove_session(session_id=session.pk, by=request.user)
        except Refused as refusal:
            problem = " ".join(refusal.messages)
        else:
            messages.success(request, _("Sesi dihapus."), extra_tags="toast")
            return redirect("timetable", batch.pk)
    context = {"batch": batch, "session": session, "problem": problem}
    return render(request, "participants/session_remove.html", context, status=422 if problem else 200)


@allow(*WRITERS)
@require_POST
def timetable_copy(request: AuthedRequest, batch_id: int) -> HttpResponse:
    batch = _editable(request, batch_id)
    form = CopyDayForm(request.POST)
    if form.is_valid():
        try:
            made = services.copy_day(batch_id=batch.pk, day=form.cleaned_data["day"], count=form.cleaned_data["count"], by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.messages)
        else:
            text = ngettext("%(n)d sesi disalin.", "%(n)d sesi disalin.", len(made)) % {"n": len(made)}
            messages.success(request, text, extra_tags="toast")
            return redirect("timetable", batch.pk)
    today = timezone.localdate()
    page = timetable_page(request.user, batch, {}, today)
    context = {"batch": batch, "page": page, "today": today, "can_edit": True, "copy_form": form}
    return render(request, "participants/timetable.html", context, status=422)


@allow(*WRITERS)
@require_http_methods(["GET", "POST"])
def timetable_generate(request: AuthedRequest, batch_id: int) -> HttpResponse:
    """Look at a first timetable before it is made."""
    batch = _editable(request, batch_id)
    sessions = sessions_of(request.user, batch)
    subjects = list(batch.curriculum.subjects.filter(method=batch.method).order_by("order"))
    lacking = {subject.pk: subject.hours - planned_in(subject, sessions) for subject in subjects}
    now_on = current_phase(list(batch.phases.order_by("order")), timezone.localdate())
    form = GenerateForm(request.POST or None, batch=batch, lacking=lacking, initial={"phase": now_on})
    context: dict[str, Any] = {"batch": batch, "form": form}
    if request.method == "POST" and form.is_valid():
        if request.POST.get("aksi") == "buat" and _generated(request, batch, form):
            return redirect("timetable", batch.pk)
        if not form.errors:
            context.update(_laid(batch, form))
    return render(request, "participants/timetable_generate.html", context, status=422 if form.errors else 200)


def _generated(request: AuthedRequest, batch: Batch, form: GenerateForm) -> bool:
    data = form.cleaned_data
    try:
        made, left = services.generate_timetable(
            batch_id=batch.pk, phase=data["phase"], subjects=list(data["subjects"]), slots=form.slots(), zone=data["zone"], mode=data["mode"], by=request.user
        )  # fmt: skip
    except Refused as refusal:
        form.add_error(None, refusal.messages)
        return False
    text = ngettext("%(n)d sesi dibuat.", "%(n)d sesi dibuat.", len(made)) % {"n": len(made)}
    if left:
        messages.warning(request, f"{text} {_('%(jp)d JP tidak muat di fase ini.') % {'jp': sum(left.values())}}")
    else:
        messages.success(request, text, extra_tags="toast")
    return True


def _laid(batch: Batch, form: GenerateForm) -> dict[str, Any]:
    data = form.cleaned_data
    chosen = list(data["subjects"])
    laid = services.plan_timetable(batch=batch, phase=data["phase"], subjects=chosen, slots=form.slots(), zone=data["zone"])
    names = {subject.pk: subject.name for subject in chosen}
    return {"plan": laid.sessions, "has_plan": True, "left": [(names[pk], jp) for pk, jp in laid.left.items()]}


@allow(*WRITERS)
@require_http_methods(["GET", "POST"])
def lecturers(request: AuthedRequest, batch_id: int) -> HttpResponse:
    """Who teaches at the institute of the batch: add one, or change the one that the address names."""
    batch = _editable(request, batch_id)
    rows = Lecturer.objects.visible_to(request.user).filter(institute_id=batch.institute_id).order_by("-is_active", "name", "pk")
    chosen = rows.filter(pk=whole_number(request.GET.get("ubah")) or 0).first()
    initial = {name: getattr(chosen, name) for name in ("version", "name", "email", "nip", "is_active")} if chosen else None
    form = LecturerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_lecturer(batch_id=batch.pk, lecturer_id=chosen.pk if chosen else None, by=request.user, **form.cleaned_data)
        except StaleVersion:
            raise
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Pengajar tersimpan."), extra_tags="toast")
            return redirect(reverse("lecturers", args=[batch.pk]))
    context = {"batch": batch, "rows": rows, "form": form, "chosen": chosen}
    return render(request, "participants/lecturers.html", context, status=422 if form.errors else 200)
