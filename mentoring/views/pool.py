"""One mentor of the pool: data, pembekalan, willingness; and the list as a file."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from latsar.accounts import audit
from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.documents.serve import serve_private
from latsar.training.forms import add_refusal
from mentoring import policies, services, tables
from mentoring.capacity import Capacity
from mentoring.forms import PoolForm
from mentoring.models import Mentor, MentorAssignment, MentorCertificate, MentorTraining, MentorWaiver
from mentoring.pool_book import pool_workbook
from mentoring.pool_forms import MentorEditForm, ReasonForm, TrainingForm
from mentoring.views.mentors import UNITS
from participants.views.batches import XLSX

READERS = (*UNITS, Role.PIMPINAN)


def visible_mentor(request: AuthedRequest, mentor_id: int) -> Mentor:
    rows = Mentor.objects.visible_to(request.user).with_load().select_related("user", "satker__province")
    return get_object_or_404(rows, pk=mentor_id)


@allow(*READERS, Role.MENTOR)
@require_GET
def mentor_detail(request: AuthedRequest, mentor_id: int) -> HttpResponse:
    """A mentor with mentees in sight, pembekalan, the decision on the limit, and charters."""
    user, mentor = request.user, visible_mentor(request, mentor_id)
    present = MentorAssignment.objects.visible_to(user).active().filter(mentor=mentor)
    mentees = list(present.select_related("participant__satker", "participant__batch__institute").order_by("slot"))
    waivers = list(MentorWaiver.objects.visible_to(user).filter(mentor=mentor).select_related("recorded_by"))
    today = timezone.localdate()
    in_force = next((one for one in waivers if one.is_in_force(today)), None)
    context = {
        "mentor": mentor,
        "mentees": mentees,
        "unseen": max(0, mentor.assignments.active().count() - len(mentees)),  # type: ignore[attr-defined]
        "capacity": Capacity(mentor.load, mentor.places, in_force),  # type: ignore[attr-defined]  # annotated
        "waivers": [(one, one.is_in_force(today)) for one in waivers],
        "trainings": MentorTraining.objects.visible_to(user).filter(mentor=mentor).select_related("recorded_by"),
        "charters": MentorCertificate.objects.visible_to(user).filter(mentor=mentor).select_related("document", "batch"),
        "can_edit": policies.can_edit_mentor(user, mentor),
        "can_read": policies.can_read_decision(user, mentor),
        "can_waive": policies.can_waive(user, mentor),
        "can_register": policies.can_register(user),
        "reason_form": ReasonForm(),
    }
    return render(request, "mentoring/mentor_detail.html", context)


@allow(*UNITS)
@require_http_methods(["GET", "POST"])
def mentor_edit(request: AuthedRequest, mentor_id: int) -> HttpResponse:
    mentor = visible_mentor(request, mentor_id)
    require(policies.can_edit_mentor(request.user, mentor))
    initial = {"version": mentor.version, "satker": mentor.satker_id, "jabatan": mentor.jabatan, "bidang": mentor.bidang}
    form = MentorEditForm(request.POST or None, initial=initial, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_mentor(mentor_id=mentor.pk, by=request.user, **form.cleaned_data)
        except StaleVersion:
            raise
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Data mentor tersimpan."), extra_tags="toast")
            return redirect(mentor)
    return render(request, "mentoring/mentor_edit.html", {"mentor": mentor, "form": form}, status=422 if form.errors else 200)


@allow(*UNITS)
@require_POST
def mentor_willing(request: AuthedRequest, mentor_id: int) -> HttpResponse:
    """Note that a mentor takes no new mentees, with the reason, or that the mentor is willing again."""
    mentor = visible_mentor(request, mentor_id)
    require(policies.can_edit_mentor(request.user, mentor))
    if request.POST.get("aksi") == "bersedia":
        services.activate_mentor(mentor_id=mentor.pk, by=request.user)
        messages.success(request, _("Mentor ini bersedia lagi."), extra_tags="toast")
        return redirect(mentor)
    form = ReasonForm(request.POST)
    if form.is_valid():
        services.deactivate_mentor(mentor_id=mentor.pk, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Tercatat. Tidak ada peserta baru untuk mentor ini."), extra_tags="toast")
    else:
        messages.error(request, _("Tulis alasannya, misalnya cuti panjang atau pindah tugas."))
    return redirect(mentor)


@allow(*UNITS)
@require_http_methods(["GET", "POST"])
def mentor_training(request: AuthedRequest, mentor_id: int) -> HttpResponse:
    mentor = visible_mentor(request, mentor_id)
    require(policies.can_edit_mentor(request.user, mentor))
    form = TrainingForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("held_on", "organiser", "note")}
        try:
            services.record_training(mentor_id=mentor.pk, by=request.user, file=form.attachment(), **facts)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Pembekalan tercatat."), extra_tags="toast")
            return redirect(mentor)
    return render(request, "mentoring/mentor_training.html", {"mentor": mentor, "form": form}, status=422 if form.errors else 200)


@allow(*READERS, Role.MENTOR)
@require_GET
def training_file(request: AuthedRequest, training_id: int) -> HttpResponseBase:
    rows = MentorTraining.objects.visible_to(request.user).exclude(file="")
    row = get_object_or_404(rows, pk=training_id)
    return serve_private(row.file, row.file_name, inline=True, content_type=row.content_type)


@allow(*UNITS)
@require_POST
def training_remove(request: AuthedRequest, training_id: int) -> HttpResponse:
    row = get_object_or_404(MentorTraining.objects.visible_to(request.user).select_related("mentor__satker"), pk=training_id)
    require(policies.can_edit_mentor(request.user, row.mentor))
    mentor = services.remove_training(training_id=row.pk, by=request.user)
    messages.success(request, _("Catatan pembekalan dihapus."), extra_tags="toast")
    return redirect(mentor)


@allow(*READERS)
@require_POST
def mentor_export(request: AuthedRequest) -> HttpResponse:
    """The pool as it is filtered, as a workbook."""
    form = PoolForm(request.GET)
    form.is_valid()
    rows = tables.pool_of(request.user, form.cleaned_data).select_related("user", "satker__province")
    content = pool_workbook(rows)
    audit.record(verb="export", obj=request.user, by=request.user, note=_("daftar mentor"))
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="mentor.xlsx"'
    return response
