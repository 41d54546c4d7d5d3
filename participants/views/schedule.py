"""The schedule of an angkatan: days of its phases, and phases that come, go and change their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

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
from latsar.training import policies, tables
from latsar.training import services as training
from latsar.training.calendar import SATURDAY
from latsar.training.clash import stops
from latsar.training.forms import NewPhaseForm, PhaseNamesForm, PhasesForm, add_refusal
from latsar.training.layout import PhaseDates
from latsar.training.models import Batch
from latsar.ui import words
from latsar.ui.numbers import whole_number
from participants.clashes import find_clashes, in_timetable
from participants.models import Participant
from participants.services.schedule import add_phase, change_schedule, remove_phase


@allow(Role.PKSDM, Role.ADMIN_PROVINSI)
@require_http_methods(["GET", "POST"])
def batch_phases(request: AuthedRequest, batch_id: int) -> HttpResponse:
    batch = get_object_or_404(Batch.objects.visible_to(request.user).select_related("institute"), pk=batch_id)
    require(policies.can_edit_phases(request.user, batch))
    phases = training.dates_of(batch.phases.order_by("order"))
    form = PhasesForm(request.POST or None, phases=phases, initial={"version": batch.version})
    if request.method == "POST" and form.is_valid():
        if "geser" in request.POST:
            form = _shifted(batch, form, request.POST["geser"])
        elif form.is_in_order():
            fresh = _new_clashes(request, batch, form) if "tetap" not in request.POST else []
            if not fresh and _save_phases(request, batch, form):
                return redirect(batch)
            return render(request, "training/batch_phases.html", {**_phases_context(request, batch, form), "fresh": fresh})
    return render(request, "training/batch_phases.html", _phases_context(request, batch, form))


def _new_clashes(request: AuthedRequest, batch: Batch, form: PhasesForm) -> list[str]:
    """What weighs much and collides only with the days that were typed: it is shown once before they are saved."""
    known = set(stops(find_clashes(request.user, batch)))
    return [text for text in stops(find_clashes(request.user, batch, _typed(form))) if text not in known]


def _typed(form: PhasesForm) -> list[PhaseDates]:
    return [_with_dates(phase, *days) for phase, days in zip(form.phases, form.dates(), strict=True)]


def _save_phases(request: AuthedRequest, batch: Batch, form: PhasesForm) -> bool:
    try:
        change_schedule(batch_id=batch.pk, version=form.cleaned_data["version"], dates=form.dates(), by=request.user)
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
    moved = training.move_phase(batch=batch, order=order, starts_on=starts_on, ends_on=None if keeps_length else ends_on)
    kept = [_with_dates(phase, *typed[n]) for n, phase in enumerate(form.phases[:index])]
    return PhasesForm(phases=[*kept, *moved[index:]], is_shifted=True, initial={"version": form.cleaned_data["version"]})


def _with_dates(phase: PhaseDates, starts_on: date, ends_on: date) -> PhaseDates:
    return replace(phase, starts_on=starts_on, ends_on=ends_on)


def _phases_context(request: AuthedRequest, batch: Batch, form: PhasesForm) -> dict[str, Any]:
    phases = form.phases
    if form.is_bound and form.is_valid():
        phases = _typed(form)
    ordered = [phase for phase in phases if phase.starts_on <= phase.ends_on]
    last = max((phase.ends_on for phase in phases), default=batch.ends_on)
    late = Participant.objects.visible_to(request.user).filter(batch=batch, deadline__lt=last).count()
    return {
        "batch": batch,
        "form": form,
        "late": late,
        "last": last,
        **tables.schedule_of(ordered),
        "off_days": _off_days(phases),
        "clashes": [*find_clashes(request.user, batch, phases), *in_timetable(batch)],
        "can_reshape": policies.can_reshape(request.user, batch),
    }


def _off_days(phases: Sequence[PhaseDates]) -> list[str]:
    """Say which phases begin on a free day: unusual, and allowed."""
    free = {holiday.date: holiday.name for holiday in tables.holidays_within(phases)}
    found = []
    for phase in phases:
        why = free.get(phase.starts_on) or (_("akhir pekan") if phase.starts_on.weekday() >= SATURDAY else "")
        if why:
            found.append(f"{phase.name}: {words.short_date(phase.starts_on)} ({why})")
    return found


@allow(Role.PKSDM, Role.ADMIN_PROVINSI)
@require_http_methods(["GET", "POST"])
def batch_phase_list(request: AuthedRequest, batch_id: int) -> HttpResponse:
    """Names of the phases; one more, or one less while nobody is in training."""
    batch = get_object_or_404(Batch.objects.visible_to(request.user).select_related("institute"), pk=batch_id)
    require(policies.can_reshape(request.user, batch))
    rows = list(batch.phases.order_by("order"))
    action, data = request.POST.get("aksi", ""), request.POST if request.method == "POST" else None
    names = PhaseNamesForm(data if action == "simpan" else None, phases=rows)
    new = NewPhaseForm(data if action == "tambah" else None, phases=rows)
    if request.method == "POST":
        form = new if action == "tambah" else names
        if _reshaped(request, batch, names, new):
            return redirect("batch_phase_list", batch.pk)
        context = {"batch": batch, "names": names, "new": new, "form": form}
        return render(request, "training/batch_phase_list.html", context, status=422)
    return render(request, "training/batch_phase_list.html", {"batch": batch, "names": names, "new": new, "form": names})


def _reshaped(request: AuthedRequest, batch: Batch, names: PhaseNamesForm, new: NewPhaseForm) -> bool:
    """Do what was asked; a refusal stands in the form it concerns."""
    action = request.POST.get("aksi", "")
    facts = {"batch_id": batch.pk, "version": whole_number(request.POST.get("version")) or 0, "by": request.user}
    form = new if action == "tambah" else names
    try:
        if action == "simpan" and names.is_valid():
            changed = training.rename_phases(names=names.names(), **facts)  # type: ignore[arg-type]
            text = ngettext("%(n)d nama fase diubah.", "%(n)d nama fase diubah.", changed) % {"n": changed}
        elif action == "tambah" and new.is_valid():
            made = add_phase(after=new.cleaned_data["after"], plan=new.plan(), **facts)  # type: ignore[arg-type]
            text = _("%(name)s ditambahkan, %(days)s.") % {"name": made.name, "days": words.date_range(made.starts_on, made.ends_on)}
        elif action == "hapus":
            remove_phase(phase_id=whole_number(request.POST.get("fase")) or 0, **facts)  # type: ignore[arg-type]
            text = _("Fase dihapus. Fase lain tetap pada tanggalnya.")
        else:
            return False
    except StaleVersion:
        raise
    except Refused as refusal:
        add_refusal(form, refusal) if form.is_bound else messages.error(request, " ".join(refusal.messages))
        return False
    messages.success(request, text, extra_tags="toast")
    return True
