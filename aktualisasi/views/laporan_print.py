"""The laporan as it would be printed now: pictures of its pages, and the PDF."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from aktualisasi import paper_content, policies
from aktualisasi.models import Laporan
from aktualisasi.views.plan_print import Printed, picture_of, printed_page
from aktualisasi.views.reading import FOLLOWERS
from latsar.accounts import seen
from latsar.accounts.access import allow
from latsar.accounts.enums import ViewKind
from latsar.accounts.models import AuthedRequest

PARTS = ("rancangan__participant__satker", "rancangan__participant__batch__institute", "rancangan__participant__batch__curriculum")


@allow(*FOLLOWERS)
@require_GET
def laporan_print(request: AuthedRequest, laporan_id: int) -> HttpResponse:
    """Pictures of the pages as they would be printed now."""
    laporan = _laporan(request, laporan_id)
    person = laporan.rancangan.participant
    if policies.is_author(request.user, person):
        back = (reverse("laporan_home"), _("Laporan"))
    else:
        back = (reverse("habituasi_person", args=[person.pk]), person.full_name)
    key, pdf = paper_content.print_report_now(laporan)
    pdf_url = f"{reverse('laporan_pdf', args=[laporan.pk])}?unduh"
    return printed_page(request, key, pdf, Printed(_("Cetakan laporan"), pdf_url, "laporan_print_page", laporan.pk, *back))


@allow(*FOLLOWERS)
@require_GET
def laporan_print_page(request: AuthedRequest, laporan_id: int, page: int) -> HttpResponse:
    """One page of that print as a picture."""
    laporan = _laporan(request, laporan_id)
    return picture_of(*paper_content.print_report_now(laporan), page)


@allow(*FOLLOWERS)
@require_GET
def laporan_pdf(request: AuthedRequest, laporan_id: int) -> HttpResponse:
    """The laporan as a document, from what it says now."""
    laporan = _laporan(request, laporan_id)
    _key, pdf = paper_content.print_report_now(laporan)
    shown = "attachment" if "unduh" in request.GET else "inline"
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'{shown}; filename="laporan-{laporan.rancangan.participant.nip[-3:]}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _laporan(request: AuthedRequest, laporan_id: int) -> Laporan:
    laporan = get_object_or_404(Laporan.objects.visible_to(request.user).select_related(*PARTS), pk=laporan_id)
    seen.note_view(request, laporan.rancangan.participant, ViewKind.WORK)
    return laporan
