"""Gelombang: what starts together, moved together, copied from last year."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from latsar.accounts.access import allow
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.training import policies
from latsar.training import services as training
from latsar.training.forms import WaveCopyForm, WaveShiftForm, add_refusal
from latsar.training.models import Batch, Wave
from latsar.ui import words
from latsar.ui.numbers import whole_number
from participants import wave_tables
from participants.services import schedule

READERS = (Role.PKSDM, Role.PIMPINAN, Role.ADMIN_PROVINSI)


def visible_wave(request: AuthedRequest, wave_id: int) -> Wave:
    """Fetch a wave in which the person sees an angkatan; who plans sees every one."""
    if policies.can_plan_batches(request.user):
        return get_object_or_404(Wave, pk=wave_id)
    seen = Batch.objects.visible_to(request.user).filter(wave=wave_id)
    return get_object_or_404(Wave, pk__in=seen.values("wave_id"), pk=wave_id)


@allow(*READERS)
@require_GET
def wave_list(request: AuthedRequest) -> HttpResponse:
    years = wave_tables.years_of(request.user)
    asked = whole_number(request.GET.get("tahun"))
    this = timezone.localdate().year
    year = asked if asked in years else this if this in years or not years else years[0]
    context = {
        "years": years,
        "year": year,
        "rows": wave_tables.wave_rows(request.user, year),
        "can_plan": policies.can_plan_batches(request.user),
    }
    return render(request, "participants/wave_list.html", context)


@allow(*READERS)
@require_GET
def wave_detail(request: AuthedRequest, wave_id: int) -> HttpResponse:
    wave = visible_wave(request, wave_id)
    can_plan = policies.can_plan_batches(request.user)
    context = {
        "wave": wave,
        "rows": wave_tables.wave_batches(request.user, wave),
        "shifts": wave.shifts.select_related("by", "undone_by")[:5] if can_plan else [],
        "can_plan": can_plan,
        "next_day": timezone.localdate(),
    }
    return render(request, "participants/wave_detail.html", context)


@allow(Role.PKSDM)
@require_http_methods(["GET", "POST"])
def wave_shift(request: AuthedRequest, wave_id: int) -> HttpResponse:
    """Type the days, look at what would move, move it."""
    wave = visible_wave(request, wave_id)
    form = WaveShiftForm(request.POST or None)
    rows: list[tuple[Any, str, str]] = []
    if request.method == "POST" and form.is_valid():
        days = form.cleaned_data["days"]
        if request.POST.get("aksi") == "geser" and _shifted(request, wave, days, form):
            return redirect(wave)
        planned = training.plan_shift(wave=wave, days=days, by=request.user)
        rows = [(plan, _range(plan.batch.starts_on, plan.batch.ends_on), _range(plan.starts_on, plan.ends_on)) for plan in planned]
    moving = sum(not plan.reason for plan, _old, _new in rows)
    context = {"wave": wave, "form": form, "rows": rows, "moving": moving}
    return render(request, "participants/wave_shift.html", context, status=422 if form.errors else 200)


@allow(Role.PKSDM)
@require_POST
def wave_shift_undo(request: AuthedRequest, shift_id: int) -> HttpResponse:
    try:
        row = schedule.undo_shift(shift_id=shift_id, by=request.user)
    except Refused as no:
        messages.error(request, " ".join(no.messages))
        return redirect("wave_list")
    messages.success(request, _("Geseran diurungkan. Tanggalnya kembali seperti semula."), extra_tags="toast")
    return redirect(row.wave)


@allow(Role.PKSDM)
@require_http_methods(["GET", "POST"])
def wave_copy(request: AuthedRequest, wave_id: int) -> HttpResponse:
    """Last year's wave again: the same institutes, methods and sizes, with the rules that are in force."""
    wave = visible_wave(request, wave_id)
    form = WaveCopyForm(request.POST or None, initial={"number": wave.number, "starts_on": _year_later(wave, request)})
    planned: list[tuple[Any, str]] = []
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        if request.POST.get("aksi") == "salin" and (made := _copied(request, wave, form)):
            return redirect("wave_detail", made)
        plans = training.plan_copy(wave=wave, year=facts["starts_on"].year, starts_on=facts["starts_on"], by=request.user)
        planned = [(plan, _range(plan.phases[0].starts_on, max(p.ends_on for p in plan.phases)) if plan.phases else "") for plan in plans]
    making = sum(not plan.reason for plan, _days in planned)
    context = {"wave": wave, "form": form, "planned": planned, "making": making}
    return render(request, "participants/wave_copy.html", context, status=422 if form.errors else 200)


def _shifted(request: AuthedRequest, wave: Wave, days: int, form: WaveShiftForm) -> bool:
    try:
        _row, moved = schedule.shift_wave(wave_id=wave.pk, days=days, by=request.user)
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    text = ngettext(
        "%(n)d angkatan digeser. Peserta dan lembaganya diberi tahu.", "%(n)d angkatan digeser. Peserta dan lembaganya diberi tahu.", moved
    )
    messages.success(request, text % {"n": moved}, extra_tags="toast")
    return True


def _copied(request: AuthedRequest, wave: Wave, form: WaveCopyForm) -> int | None:
    try:
        made = training.copy_wave(wave_id=wave.pk, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        add_refusal(form, refusal)
        return None
    text = ngettext("%(n)d angkatan disiapkan.", "%(n)d angkatan disiapkan.", len(made)) % {"n": len(made)}
    messages.success(request, text, extra_tags="toast")
    return made[0].wave_id


def _year_later(wave: Wave, request: AuthedRequest) -> date | None:
    first = Batch.objects.visible_to(request.user).filter(wave=wave).order_by("starts_on").values_list("starts_on", flat=True).first()
    return first.replace(year=first.year + 1, day=min(first.day, 28)) if first else None


def _range(first: date, last: date) -> str:
    return words.date_range(first, last)
