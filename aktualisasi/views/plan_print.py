"""The rancangan as others read it, and on paper: content page, corrections, page images, PDF."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from aktualisasi import policies, prints, services
from aktualisasi.completeness import completeness_of
from aktualisasi.content import read_plan
from aktualisasi.forms_plan import CorrectionForm
from aktualisasi.models import Rancangan
from aktualisasi.plan_pages import answers, matrix_rows
from aktualisasi.views.reading import FOLLOWERS
from latsar.accounts import seen
from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role, ViewKind
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.documents.intake.preview import PreviewFailed
from latsar.ui.numbers import whole_number

log = logging.getLogger(__name__)


@allow(*FOLLOWERS)
@require_GET
def rancangan_content(request: AuthedRequest, rancangan_id: int) -> HttpResponse:
    """What the fields say, for who may see the participant: issues, fishbone, matrix, schedule, corrections."""
    rancangan = _rancangan(request, rancangan_id)
    plan = read_plan(rancangan.participant, rancangan)
    context = {
        "plan": plan,
        "rancangan": rancangan,
        "fish": plan.bones,
        "answers": answers(plan),
        "matrix": matrix_rows(plan),
        "complete": completeness_of(plan),
        "schedule": [(row, [(week, week.number in row.weeks) for week in plan.weeks]) for row in plan.kegiatan],
        "can_correct": policies.can_record_correction(request.user, rancangan),
    }
    return render(request, "aktualisasi/plan_content.html", context)


@allow(Role.PESERTA, Role.MENTOR)
@require_http_methods(["GET", "POST"])
def correction_add(request: AuthedRequest, rancangan_id: int) -> HttpResponse:
    """Write down what the participant's superior corrected."""
    rancangan = _rancangan(request, rancangan_id)
    require(policies.can_record_correction(request.user, rancangan))
    form = CorrectionForm(request.POST or None, rancangan=rancangan)
    if request.method == "POST" and form.is_valid():
        try:
            services.record_correction(rancangan_id=rancangan.pk, by=request.user, **form.values())
        except Refused as refused:
            form.add_error(refused.code if refused.code in form.fields else None, refused)
        else:
            messages.success(request, _("Koreksi atasan tercatat."))
            is_author = policies.is_author(request.user, rancangan.participant)
            return redirect("plan_issues") if is_author else redirect("rancangan_content", rancangan.pk)
    context = {"form": form, "rancangan": rancangan, "is_author": policies.is_author(request.user, rancangan.participant)}
    return render(request, "aktualisasi/correction_add.html", context, status=422 if form.is_bound else 200)


@allow(*FOLLOWERS)
@require_GET
def rancangan_print(request: AuthedRequest, rancangan_id: int) -> HttpResponse:
    """Pictures of the pages as they would be printed now."""
    rancangan = _rancangan(request, rancangan_id)
    key, pdf = prints.print_now(rancangan)
    if policies.is_author(request.user, rancangan.participant):
        back = (reverse("plan_home"), _("Rancangan"))
    else:
        back = (rancangan.get_absolute_url(), rancangan.participant.full_name)
    pdf_url = reverse("rancangan_print_pdf", args=[rancangan.pk])
    return printed_page(request, key, pdf, Printed(_("Cetakan rancangan"), pdf_url, "rancangan_print_page", rancangan.pk, *back))


@allow(*FOLLOWERS)
@require_GET
def rancangan_print_pdf(request: AuthedRequest, rancangan_id: int) -> HttpResponse:
    """The PDF made of the fields as they stand now."""
    rancangan = _rancangan(request, rancangan_id)
    _key, pdf = prints.print_now(rancangan)
    name = f"rancangan-{slugify(rancangan.participant.full_name)[:60] or rancangan.pk}.pdf"
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'})


@allow(*FOLLOWERS)
@require_GET
def rancangan_print_page(request: AuthedRequest, rancangan_id: int, page: int) -> HttpResponse:
    """One page of that PDF as a picture."""
    rancangan = _rancangan(request, rancangan_id)
    return picture_of(*prints.print_now(rancangan), page)


@dataclass(frozen=True, slots=True)
class Printed:
    """What stands around the pictures of a print: its name, the PDF, whose pages they are, and the way back."""

    title: str
    pdf_url: str
    page_view: str
    pk: int
    back_url: str
    back: str


def printed_page(request: AuthedRequest, key: str, pdf: bytes, printed: Printed) -> HttpResponse:
    """Show one page of a print as a picture, with tabs to the others."""
    pages = prints.page_count(pdf)
    page = min(max(whole_number(request.GET.get("halaman")) or 1, 1), pages)
    picture = f"{reverse(printed.page_view, args=[printed.pk, page])}?{key[:16]}"
    context = {"printed": printed, "page": page, "pages": pages, "picture": picture, "numbers": range(1, pages + 1)}
    return render(request, "aktualisasi/plan_print.html", context)


def picture_of(key: str, pdf: bytes, page: int) -> HttpResponse:
    """Return one page of a print as a picture; a page that is not there or cannot be drawn is 404."""
    if not 1 <= page <= prints.page_count(pdf):
        raise Http404
    try:
        picture = prints.page_picture(key, pdf, page)
    except PreviewFailed as failed:
        log.warning("page %s of the print %s cannot be drawn", page, key, exc_info=True)
        raise Http404 from failed
    return HttpResponse(picture, content_type="image/webp", headers={"Cache-Control": "private, max-age=60"})


def _rancangan(request: AuthedRequest, rancangan_id: int) -> Rancangan:
    rows = Rancangan.objects.visible_to(request.user)
    people = ("participant__satker", "participant__province", "participant__batch__institute", "participant__batch__curriculum")
    rancangan = get_object_or_404(rows.select_related(*people), pk=rancangan_id)
    seen.note_view(request, rancangan.participant, ViewKind.WORK)
    return rancangan
