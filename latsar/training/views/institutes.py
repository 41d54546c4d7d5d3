"""Institutes: the list, one of them, and the forms for its facts, contacts, seats and tariffs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.training import institute_pages, policies, seat_pages
from latsar.training.forms import add_refusal
from latsar.training.institute_forms import ContactForm, InstituteAddForm, InstituteFilter, InstituteForm, OfferForm, TariffForm
from latsar.training.models import Institute
from latsar.training.row_forms import Rows, wants_row
from latsar.training.services import institutes as services
from latsar.training.views.batches import READERS
from latsar.ui.listing import PAGE_PARAM, page_links
from latsar.ui.numbers import whole_number

EDITORS = (Role.PKSDM, Role.ADMIN_PROVINSI)
PER_PAGE = 50


def visible_institute(request: AuthedRequest, institute_id: int) -> Institute:
    return get_object_or_404(Institute.objects.visible_to(request.user).select_related("province"), pk=institute_id)


@allow(*READERS)
@require_GET
def institute_list(request: AuthedRequest) -> HttpResponse:
    form = InstituteFilter(request.GET, by=request.user)
    form.is_valid()
    today = timezone.localdate()
    page = Paginator(institute_pages.institute_rows(request.user, form.cleaned_data, today), PER_PAGE).get_page(request.GET.get(PAGE_PARAM))
    context = {
        "form": form,
        "links": page_links(page, _("lembaga")),
        "rows": [(row, institute_pages.accreditation_face(row, today)) for row in page],
        "is_filtered": form.is_narrow,
        "query": request.GET.urlencode(),
        "can_add": policies.can_edit_tariffs(request.user),
    }
    return render(request, "training/institute_list.html", context)


@allow(*READERS)
@require_GET
def institute_detail(request: AuthedRequest, institute_id: int) -> HttpResponse:
    institute = visible_institute(request, institute_id)
    user, today = request.user, timezone.localdate()
    kind, warning = institute_pages.accreditation_warning(institute, today)
    requests = seat_pages.request_rows(user, {"lembaga": institute})[:10]
    context = {
        "institute": institute,
        "face": institute_pages.accreditation_face(institute, today),
        "warning_kind": kind,
        "warning": warning,
        "contacts": list(institute.contacts.all()),
        "offers": institute_pages.offer_lines(user, institute),
        "tariffs": institute_pages.tariff_lines(institute),
        "requirements": institute_pages.requirement_lines(institute),
        "documents": institute_pages.document_lines(),
        "requests": seat_pages.rows_of(requests, today),
        "sees_requests": user.has_role(Role.PKSDM, Role.PIMPINAN, Role.ADMIN_PROVINSI, Role.LEMBAGA),
        "can_edit": policies.can_edit_institute(user, institute),
        "can_edit_contacts": policies.can_edit_contacts(user, institute),
        "can_edit_tariffs": policies.can_edit_tariffs(user),
        "can_ask": policies.can_ask_seats(user) and institute.is_active,
    }
    return render(request, "training/institute_detail.html", context)


@allow(Role.PKSDM)
@require_http_methods(["GET", "POST"])
def institute_add(request: AuthedRequest) -> HttpResponse:
    form = InstituteAddForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            institute = services.create_institute(code=form.cleaned_data["code"], facts=form.facts(), by=request.user)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Lembaga ditambahkan. Isi kontak dan kursinya."), extra_tags="toast")
            return redirect(institute)
    return render(request, "training/institute_form.html", {"form": form}, status=422 if form.errors else 200)


@allow(*EDITORS)
@require_http_methods(["GET", "POST"])
def institute_edit(request: AuthedRequest, institute_id: int) -> HttpResponse:
    institute = visible_institute(request, institute_id)
    require(policies.can_edit_institute(request.user, institute))
    form = InstituteForm.of(institute, request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        services.update_institute(institute_id=institute.pk, version=version, facts=form.facts(), by=request.user)
        messages.success(request, _("Perubahan tersimpan."), extra_tags="toast")
        return redirect(institute)
    return render(request, "training/institute_form.html", {"form": form, "institute": institute}, status=422 if form.errors else 200)


@allow(*EDITORS, Role.LEMBAGA)
@require_http_methods(["GET", "POST"])
def institute_contacts(request: AuthedRequest, institute_id: int) -> HttpResponse:
    institute = visible_institute(request, institute_id)
    require(policies.can_edit_contacts(request.user, institute))
    stored = list(institute.contacts.values("name", "duty", "phone", "email"))
    rows = Rows(ContactForm, "k", stored, request.POST or None)
    return _lines_page(
        request,
        institute,
        rows,
        {"title": _("Ubah kontak"), "add": _("Tambah kontak"), "lead": _("Yang pertama ditampilkan paling atas.")},
        lambda version: services.save_contacts(
            institute_id=institute.pk,
            version=version,
            lines=[services.ContactLine(**form.facts()) for form in rows.kept()],
            by=request.user,
        ),
    )


@allow(*EDITORS)
@require_http_methods(["GET", "POST"])
def institute_offers(request: AuthedRequest, institute_id: int) -> HttpResponse:
    institute = visible_institute(request, institute_id)
    require(policies.can_edit_institute(request.user, institute))
    stored = list(institute.offers.order_by("starts_on", "pk").values("starts_on", "ends_on", "method", "golongan", "seats", "note"))
    rows = Rows(OfferForm, "k", stored, request.POST or None)
    return _lines_page(
        request,
        institute,
        rows,
        {"title": _("Ubah kursi"), "add": _("Tambah periode"), "lead": _("Kursi yang disediakan lembaga per rentang bulan, metode, dan golongan.")},
        lambda version: services.save_offers(
            institute_id=institute.pk,
            version=version,
            lines=[services.OfferLine(**form.facts()) for form in rows.kept()],
            by=request.user,
        ),
    )  # fmt: skip


@allow(Role.PKSDM)
@require_http_methods(["GET", "POST"])
def institute_tariffs(request: AuthedRequest, institute_id: int) -> HttpResponse:
    institute = visible_institute(request, institute_id)
    stored = list(institute.tariffs.order_by("-year", "method").values("method", "year", "amount", "source"))
    rows = Rows(TariffForm, "k", stored, request.POST or None)
    return _lines_page(
        request,
        institute,
        rows,
        {"title": _("Ubah tarif"), "add": _("Tambah tarif"), "lead": _("Kosong: tarif nasional yang berlaku.")},
        lambda version: services.save_tariffs(
            institute_id=institute.pk, version=version, lines=[services.TariffLine(**form.facts()) for form in rows.kept()], by=request.user
        ),
    )


def _lines_page(
    request: AuthedRequest, institute: Institute, rows: Rows[Any], said: dict[str, str], save: Callable[[int], Institute]
) -> HttpResponse:
    """Show lines, add one more, or save them all; what is refused keeps what was typed."""
    problems: list[str] = []
    status = 200
    if request.method == "POST" and not wants_row(request.POST):
        status = 422
        if rows.is_valid():
            try:
                save(whole_number(request.POST.get("version", "")) or 0)
            except StaleVersion:
                raise
            except Refused as refusal:
                problems = refusal.messages
            else:
                messages.success(request, _("Perubahan tersimpan."), extra_tags="toast")
                return redirect(institute)
    version = request.POST.get("version") or institute.version
    context = {"institute": institute, "rows": rows, "problems": problems, "version": version, **said}
    return render(request, "training/institute_lines.html", context, status=status)
