"""Who lacks what: the dossiers of a country, a province or a satker, and the people behind each number."""

from __future__ import annotations

import io

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from latsar.accounts.access import allow
from latsar.accounts.models import AuthedRequest
from latsar.ui.listing import PAGE_PARAM
from participants.dossier.overview import PER_PAGE, Filters, Overview, export_overview
from participants.views.people import READERS


@allow(*READERS)
@require_GET
def dossier_overview(request: AuthedRequest) -> HttpResponse:
    overview = Overview(Filters.read(request.GET.dict()), request.user, timezone.localdate())
    page = None
    if overview.level == "people":
        page = Paginator(overview.people, PER_PAGE).get_page(request.GET.get(PAGE_PARAM))
    context = {
        "filters": overview.filters,
        "level": overview.level,
        "unit": overview.unit,
        "figures": overview.figures(),
        "units": overview.unit_lines() if page is None else [],
        "page": page,
        "people": overview.person_lines(list(page)) if page is not None else [],
        "address": overview.filters.address(),
        "up": overview.filters.address(unit="", state="", text="", batch=""),
    }
    return render(request, "participants/dossier_overview.html", context)


@allow(*READERS)
@require_POST
def dossier_export(request: AuthedRequest) -> HttpResponseBase:
    overview = Overview(Filters.read(request.GET.dict()), request.user, timezone.localdate())
    stream = io.BytesIO()
    export_overview(stream, overview=overview, by=request.user)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=_("Berkas_%(day)s.xlsx") % {"day": timezone.localdate().isoformat()})
