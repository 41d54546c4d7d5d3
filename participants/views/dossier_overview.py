"""Who lacks what: the dossiers of a country, a province or a satker, and the people behind each number."""

from __future__ import annotations

import io

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from latsar.accounts.access import allow
from latsar.accounts.models import AuthedRequest
from latsar.ui.listing import PAGE_PARAM
from participants.dossier import overview_export, policies
from participants.dossier.overview import PER_PAGE, Filters, Overview
from participants.services import collecting
from participants.views.people import READERS, REGISTRARS


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
        "can_collect": bool(overview.filters.batch) and policies.can_collect(request.user),
        "can_attach": request.user.has_role(*REGISTRARS),
        "address": overview.filters.address(),
        "up": overview.filters.address(unit="", state="", text="", batch=""),
    }
    return render(request, "participants/dossier_overview.html", context)


@allow(*READERS)
@require_POST
def dossier_export(request: AuthedRequest) -> HttpResponseBase:
    overview = Overview(Filters.read(request.GET.dict()), request.user, timezone.localdate())
    if overview.people.order_by()[: overview_export.DIRECT_LIMIT + 1].count() > overview_export.DIRECT_LIMIT:
        return redirect(overview_export.request_export(overview=overview, by=request.user))
    stream = io.BytesIO()
    overview_export.export_overview(stream, overview=overview, by=request.user)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=overview_export.file_name())


@allow(*READERS)
@require_POST
def dossier_collect(request: AuthedRequest, participant_id: int) -> HttpResponse:
    """One person's originals as a ZIP, by a job."""
    return redirect(collecting.collect_of_person(participant_id=participant_id, by=request.user))


@allow(*READERS)
@require_POST
def dossier_collect_batch(request: AuthedRequest, batch_id: int) -> HttpResponse:
    """The originals of everybody in a batch as one ZIP, by a job."""
    back = f"{reverse('dossier_overview')}?angkatan={batch_id}"
    return redirect(collecting.collect_of_batch(batch_id=batch_id, back_url=back, by=request.user))
