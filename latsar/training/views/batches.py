from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.training import policies, services, tables
from latsar.training.enums import BatchStage
from latsar.training.forms import USUAL_CAPACITY, BatchEditForm, BatchForm, add_refusal
from latsar.training.models import Batch
from latsar.training.presets import presets
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
        "query": choices.get("q", ""),
        "order": tables.sort_of(choices),
        "export": "?" + request.GET.urlencode(),
        "is_filtered": bool(choices.get("q")) or any(choices.get(choice.name) for choice in filters),
        "can_add": policies.can_plan_batches(request.user),
    }
    return render(request, "training/batch_list.html", context)


@allow(Role.PKSDM)
@require_http_methods(["GET", "POST"])
def batch_add(request: AuthedRequest) -> HttpResponse:
    form = BatchForm(request.POST or None, by=request.user, initial=presets(request.user, request.GET.dict()))
    only_preview = request.POST.get("aksi") == "lihat"
    if request.method == "POST" and form.is_valid() and not only_preview:
        facts = {**form.cleaned_data, "count": form.cleaned_data["count"] or 1}
        try:
            made = services.create_batches(by=request.user, **facts)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _prepared(made), extra_tags="toast")
            return redirect(made[0] if len(made) == 1 else made[0].wave or "batch_list")
    context = {
        "form": form,
        "granted": form.granted,
        "is_preset": not form.is_bound and "institute" in form.initial,
        **(_preview(form) if form.is_bound else {}),
    }
    return render(request, "training/batch_add.html", context)


def _prepared(made: Sequence[Batch]) -> str:
    text = ngettext(
        "%(batch)s disiapkan dengan %(seats)d kursi. Periksa jadwalnya, lalu buka untuk penempatan.",
        "%(batch)s sampai %(last)s disiapkan dengan %(seats)d kursi. Periksa jadwalnya, lalu buka untuk penempatan.",
        len(made),
    )
    return text % {"batch": made[0].label, "last": words.roman(made[-1].number), "seats": sum(batch.capacity for batch in made)}


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
        **tables.schedule_of(phases),
    }
