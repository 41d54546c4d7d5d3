"""The calendar of tahapan pemilu: kept by PKSDM for the nation, by provinces and satker for themselves."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from latsar.accounts.access import allow, require
from latsar.accounts.errors import Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.training import policies, services, stage_tables
from latsar.training.enums import StageScope
from latsar.training.forms import StageForm, add_refusal
from latsar.training.models import ElectionStage
from latsar.ui.listing import PAGE_PARAM, page_links
from latsar.ui.numbers import whole_number

PER_PAGE = 50


@allow(*policies.STAGE_READERS)
@require_GET
def stage_list(request: AuthedRequest) -> HttpResponse:
    choices = request.GET.dict()
    rows = stage_tables.stages(request.user, choices, timezone.localdate())
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get(PAGE_PARAM))
    context = {
        "rows": [stage_tables.stage_row(request.user, row, timezone.localdate()) for row in page],
        "links": page_links(page, _("tahapan")),
        "choices": choices,
        "scopes": StageScope.choices,
        "is_filtered": any(choices.get(name) for name in ("q", "untuk", "tampil")),
        "can_keep": policies.can_keep_stages(request.user),
        "query": "?" + request.GET.urlencode(),
    }
    return render(request, "training/stage_list.html", context)


@allow(*policies.STAGE_KEEPERS)
@require_http_methods(["GET", "POST"])
def stage_add(request: AuthedRequest) -> HttpResponse:
    form = StageForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid() and _saved(request, form):
        return redirect("stage_list")
    return render(request, "training/stage_form.html", {"form": form}, status=422 if form.errors else 200)


@allow(*policies.STAGE_KEEPERS)
@require_http_methods(["GET", "POST"])
def stage_edit(request: AuthedRequest, stage_id: int) -> HttpResponse:
    stage = get_object_or_404(ElectionStage.objects.visible_to(request.user).select_related("satker"), pk=stage_id)
    require(policies.can_edit_stage(request.user, scope=stage.scope, satker_id=stage.satker_id, province_id=stage.province_id))
    form = StageForm(request.POST or None, by=request.user, initial=_facts(stage))
    if request.method == "POST" and form.is_valid():
        version = whole_number(request.POST.get("version")) or 0
        if _saved(request, form, stage_id=stage.pk, version=version):
            return redirect("stage_list")
    return render(request, "training/stage_form.html", {"form": form, "stage": stage}, status=422 if form.errors else 200)


@allow(*policies.STAGE_KEEPERS)
@require_POST
def stage_withdraw(request: AuthedRequest, stage_id: int) -> HttpResponse:
    """Take a stage off the calendar, or with `kembalikan` put it on again."""
    stage = get_object_or_404(ElectionStage.objects.visible_to(request.user), pk=stage_id)
    require(policies.can_edit_stage(request.user, scope=stage.scope, satker_id=stage.satker_id, province_id=stage.province_id))
    is_back = "kembalikan" in request.POST
    services.withdraw_stage(stage_id=stage.pk, by=request.user, is_back=is_back)
    said = _("%(name)s berlaku lagi.") if is_back else _("%(name)s ditarik dari kalender.")
    messages.success(request, said % {"name": stage.name}, extra_tags="toast")
    return redirect("stage_list")


def _saved(request: AuthedRequest, form: StageForm, *, stage_id: int | None = None, version: int = 0) -> bool:
    try:
        services.save_stage(by=request.user, stage_id=stage_id, version=version, **form.cleaned_data)
    except StaleVersion:
        raise
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    messages.success(request, _("Tahapan tersimpan."), extra_tags="toast")
    return True


def _facts(stage: ElectionStage) -> dict[str, Any]:
    names = ("name", "scope", "satker", "starts_on", "ends_on", "is_blocking", "source", "is_verified")
    return {name: getattr(stage, name) for name in names}
