from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.training import policies, services, tables
from latsar.training.calendar import SATURDAY
from latsar.training.enums import BatchStage
from latsar.training.forms import USUAL_CAPACITY, BatchEditForm, BatchForm, PhasesForm, add_refusal
from latsar.training.layout import PhaseDates
from latsar.training.models import Batch
from latsar.ui import words

READERS = (Role.PKSDM, Role.PIMPINAN, Role.ADMIN_PROVINSI, Role.ADMIN_SATKER, Role.LEMBAGA)


@allow(*READERS)
@require_GET
def batch_list(request: AuthedRequest) -> HttpResponse:
    choices = request.GET.dict()
    page = tables.batch_page(request.user, choices, request.GET.get("halaman", "1"))
    filters = tables.batch_filters(request.user, choices)
    context = {
        "page": page,
        "rows": tables.batch_rows(page),
        "filters": filters,
        "is_filtered": any(choices.get(choice.name) for choice in filters),
        "can_add": policies.can_plan_batches(request.user),
    }
    return render(request, "training/batch_list.html", context)


@allow(Role.PKSDM)
@require_http_methods(["GET", "POST"])
def batch_add(request: AuthedRequest) -> HttpResponse:
    asked = {name: request.GET[name] for name in BatchForm.base_fields if name in request.GET}
    form = BatchForm(request.POST or None, by=request.user, initial=asked)
    only_preview = request.POST.get("aksi") == "lihat"
    if request.method == "POST" and form.is_valid() and not only_preview:
        try:
            batch = services.create_batch(by=request.user, **form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            text = _("%(batch)s disiapkan dengan %(seats)d kursi. Periksa jadwalnya, lalu buka untuk penempatan.")
            messages.success(request, text % {"batch": batch.label, "seats": batch.capacity}, extra_tags="toast")
            return redirect(batch)
    context = {"form": form, **(_preview(form) if form.is_bound else {})}
    return render(request, "training/batch_add.html", context)


@allow(Role.PKSDM)
@require_GET
def batch_preview(request: AuthedRequest) -> HttpResponse:
    """The laid-out phases of a form that is still being filled in."""
    form = BatchForm(request.GET, by=request.user)
    form.is_valid()
    return render(request, "training/_batch_preview.html", _preview(form))


@allow(Role.PKSDM)
@require_http_methods(["GET", "POST"])
def batch_edit(request: AuthedRequest, batch_id: int) -> HttpResponse:
    batch = get_object_or_404(
        Batch.objects.visible_to(request.user).select_related("scheme", "curriculum", "wave", "institute"), pk=batch_id
    )
    require(policies.can_edit_batch(request.user, batch))
    form = BatchEditForm(request.POST or None, batch=batch, by=request.user)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data.pop("version")
        try:
            services.update_batch(batch_id=batch.pk, version=version, changes=form.cleaned_data, by=request.user)
        except StaleVersion:
            raise
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Perubahan tersimpan."), extra_tags="toast")
            return redirect(batch)
    return render(request, "training/batch_edit.html", {"batch": batch, "form": form, "is_frozen": batch.stage != BatchStage.DRAFT})


@allow(Role.PKSDM, Role.ADMIN_PROVINSI)
@require_http_methods(["GET", "POST"])
def batch_phases(request: AuthedRequest, batch_id: int) -> HttpResponse:
    batch = get_object_or_404(Batch.objects.visible_to(request.user).select_related("institute"), pk=batch_id)
    require(policies.can_edit_phases(request.user, batch))
    phases = services.dates_of(batch.phases.order_by("order"))
    form = PhasesForm(request.POST or None, phases=phases, initial={"version": batch.version})
    if request.method == "POST" and form.is_valid():
        if "geser" in request.POST:
            form = _shifted(batch, form, request.POST["geser"])
        elif form.is_in_order() and _save_phases(request, batch, form):
            return redirect(batch)
    return render(request, "training/batch_phases.html", _phases_context(batch, form))


def _save_phases(request: AuthedRequest, batch: Batch, form: PhasesForm) -> bool:
    try:
        services.update_batch_phases(batch_id=batch.pk, version=form.cleaned_data["version"], dates=form.dates(), by=request.user)
    except StaleVersion:
        raise
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    messages.success(request, _("Jadwal tersimpan."), extra_tags="toast")
    return True


def _shifted(batch: Batch, form: PhasesForm, number: str) -> PhasesForm:
    """Return a form whose later phases follow the one that was moved; nothing is saved.

    Where only the first day was changed, the phase keeps its length.
    """
    typed = form.dates()
    index = int(number) if number.isdecimal() and len(number) < 4 else -1
    if not 0 <= index < len(typed):
        form.add_error(None, _("Fase itu tidak ada lagi. Muat ulang halaman ini."))
        return form
    starts_on, ends_on = typed[index]
    stored = form.phases[index]
    keeps_length = ends_on == stored.ends_on and starts_on != stored.starts_on
    if ends_on < starts_on and not keeps_length:
        form.refuse_row(index)
        return form
    order = batch.phases.order_by("order")[index].order
    moved = services.move_phase(batch=batch, order=order, starts_on=starts_on, ends_on=None if keeps_length else ends_on)
    kept = [_with_dates(phase, *typed[n]) for n, phase in enumerate(form.phases[:index])]
    return PhasesForm(phases=[*kept, *moved[index:]], is_shifted=True, initial={"version": form.cleaned_data["version"]})


def _with_dates(phase: PhaseDates, starts_on: date, ends_on: date) -> PhaseDates:
    return PhaseDates(phase.kind, phase.name, starts_on, ends_on, phase.day_count, phase.is_parallel)


def _phases_context(batch: Batch, form: PhasesForm) -> dict[str, Any]:
    phases = form.phases
    if form.is_bound and form.is_valid():
        phases = [_with_dates(phase, *days) for phase, days in zip(form.phases, form.dates(), strict=True)]
    ordered = [phase for phase in phases if phase.starts_on <= phase.ends_on]
    last = max((phase.ends_on for phase in phases), default=batch.ends_on)
    late = batch.participants.filter(deadline__lt=last).count()  # type: ignore[attr-defined]
    return {"batch": batch, "form": form, "late": late, "last": last, **_schedule(ordered), "off_days": _off_days(phases)}


def _off_days(phases: Sequence[PhaseDates]) -> list[str]:
    """Say which phases begin on a free day: unusual, and allowed."""
    free = {holiday.date: holiday.name for holiday in tables.holidays_within(phases)}
    found = []
    for phase in phases:
        why = free.get(phase.starts_on) or (_("akhir pekan") if phase.starts_on.weekday() >= SATURDAY else "")
        if why:
            found.append(f"{phase.name}: {words.short_date(phase.starts_on)} ({why})")
    return found


def _preview(form: BatchForm) -> dict[str, Any]:
    data = form.cleaned_data if hasattr(form, "cleaned_data") else {}
    scheme, method, starts_on = data.get("scheme"), data.get("method"), data.get("starts_on")
    if not (scheme and method and starts_on):
        return {}
    phases = services.preview_phases(scheme=scheme, method=method, starts_on=starts_on)
    institute, number = data.get("institute"), data.get("number")
    if institute and not number:
        number = services.next_number(institute_id=institute.pk, year=starts_on.year)
    return {
        "has_preview": True,
        "number": number,
        "needs_approval": services.needs_approval(method, starts_on) and not data.get("approval_basis"),
        "is_crowded": (data.get("capacity") or 0) > USUAL_CAPACITY,
        **_schedule(phases),
    }


def _schedule(phases: list[PhaseDates]) -> dict[str, Any]:
    holidays = tables.holidays_within(phases)
    days = [holiday.date for holiday in holidays]
    return {
        "bars": tables.strip_phases(phases, days),
        "holidays": days,
        "holiday_legend": tables.holiday_legend(holidays),
        "today": timezone.localdate(),
        "starts_on": min((phase.starts_on for phase in phases), default=None),
        "ends_on": max((phase.ends_on for phase in phases), default=None),
    }
