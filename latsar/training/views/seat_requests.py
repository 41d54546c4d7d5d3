"""Requests for seats: the list with what is due, one request with its steps and papers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.documents.serve import serve_private
from latsar.training import policies, seat_pages
from latsar.training.forms import add_refusal
from latsar.training.models import SeatRequest
from latsar.training.month_fields import month_range
from latsar.training.seat_forms import DONE_WORDS, SeatRequestFilter, SeatRequestForm, StepForm
from latsar.training.services import seat_requests as services
from latsar.training.workflow import SEAT_REQUEST_MOVES
from latsar.ui.listing import PAGE_PARAM, page_links

ASKERS = (Role.PKSDM, Role.ADMIN_PROVINSI)
READERS = (*ASKERS, Role.PIMPINAN, Role.LEMBAGA)
PER_PAGE = 40


def visible_request(request: AuthedRequest, request_id: int) -> SeatRequest:
    rows = SeatRequest.objects.visible_to(request.user).with_use().select_related("institute", "province", "created_by")
    return get_object_or_404(rows, pk=request_id)


@allow(*READERS)
@require_GET
def seat_request_list(request: AuthedRequest) -> HttpResponse:
    form = SeatRequestFilter(request.GET, by=request.user)
    form.is_valid()
    page = Paginator(seat_pages.request_rows(request.user, form.cleaned_data), PER_PAGE).get_page(request.GET.get(PAGE_PARAM))
    context = {
        "form": form,
        "links": page_links(page, _("permohonan")),
        "rows": seat_pages.rows_of(page, timezone.localdate()),
        "is_filtered": any(form.cleaned_data.values()),
        "can_ask": policies.can_ask_seats(request.user),
    }
    return render(request, "training/seat_request_list.html", context)


@allow(*READERS)
@require_GET
def seat_request(request: AuthedRequest, request_id: int) -> HttpResponse:
    return _page(request, visible_request(request, request_id))


@allow(*ASKERS)
@require_http_methods(["GET", "POST"])
def seat_request_add(request: AuthedRequest) -> HttpResponse:
    """A new draft; an address with an institute and a method fills them in."""
    form = SeatRequestForm(request.POST or None, by=request.user, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_request(facts=form.facts(), by=request.user)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Konsep permohonan tersimpan. Kirim suratnya, lalu catat nomornya."), extra_tags="toast")
            return redirect(made)
    return render(request, "training/seat_request_form.html", {"form": form}, status=422 if form.errors else 200)


@allow(*ASKERS)
@require_http_methods(["GET", "POST"])
def seat_request_edit(request: AuthedRequest, request_id: int) -> HttpResponse:
    row = visible_request(request, request_id)
    require(policies.can_edit_request(request.user, row))
    form = SeatRequestForm.of(row, request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            services.update_request(request_id=row.pk, version=version, facts=form.facts(), by=request.user)
        except StaleVersion:
            raise
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Perubahan tersimpan."), extra_tags="toast")
            return redirect(row)
    return render(request, "training/seat_request_form.html", {"form": form, "row": row}, status=422 if form.errors else 200)


@allow(*ASKERS, Role.LEMBAGA)
@require_POST
def seat_request_step(request: AuthedRequest, request_id: int) -> HttpResponse:
    """Make one step; what is refused stands beside its field."""
    row = visible_request(request, request_id)
    action = request.POST.get("langkah", "")
    if action not in SEAT_REQUEST_MOVES:
        raise Http404
    form = StepForm(request.POST, request.FILES, action=action)
    if form.is_valid():
        try:
            services.move_request(
                request_id=row.pk, version=form.cleaned_data["version"], action=action, facts=form.facts(), by=request.user
            )
        except StaleVersion:
            raise
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, str(DONE_WORDS[action]), extra_tags="toast")
            return redirect(row)
    return _page(request, row, form, status=422)


@allow(*ASKERS)
@require_POST
def seat_request_discard(request: AuthedRequest, request_id: int) -> HttpResponse:
    services.discard_request(request_id=visible_request(request, request_id).pk, by=request.user)
    messages.success(request, _("Konsep permohonan dihapus."), extra_tags="toast")
    return redirect("seat_request_list")


@allow(*READERS)
@require_GET
def seat_request_file(request: AuthedRequest, request_id: int, file_id: int) -> HttpResponseBase:
    paper = get_object_or_404(visible_request(request, request_id).files, pk=file_id)
    return serve_private(paper.file, paper.name, content_type="application/pdf")


def _page(request: AuthedRequest, row: SeatRequest, refused: StepForm | None = None, status: int = 200) -> HttpResponse:
    user = request.user
    due, is_late = seat_pages.AnswerClock(timezone.localdate()).words_of(row)
    plans = policies.can_plan_request(user, row) and row.left > 0  # type: ignore[attr-defined]  # annotated
    context: dict[str, Any] = {
        "row": row,
        "form": refused,
        "asker": seat_pages.asker_of(row),
        "period": month_range(row.starts_on, row.ends_on),
        "face": seat_pages.state_face(row),
        "due": due,
        "is_late": is_late,
        "steps": seat_pages.steps_of(row),
        "entries": seat_pages.timeline_of(row),
        "papers": list(row.files.select_related("uploaded_by")),
        "batches": row.batches.visible_to(user).order_by("starts_on"),
        "forms": seat_pages.step_forms(user, row, refused),
        "asks": policies.is_request_actor(user, row, "asker"),
        "sees_note": user.scope.nation or policies.is_request_actor(user, row, "asker"),
        "can_edit": policies.can_edit_request(user, row),
        "batch_url": seat_pages.batch_url(row) if plans else "",
        "plan_url": f"{reverse('plan_add')}?kursi={row.pk}" if plans else "",
    }
    return render(request, "training/seat_request.html", context, status=status)
