"""The list of participants: filter, download, and moves for several at once."""

from __future__ import annotations

import io

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from latsar.accounts.access import allow
from latsar.accounts.active_role import active_grant
from latsar.accounts.enums import Role
from latsar.accounts.models import AuthedRequest
from latsar.ui.listing import PAGE_PARAM
from participants import bulk, people_export, tables

READERS = (Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM, Role.PIMPINAN, Role.LEMBAGA)
REGISTRARS = (Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM)


@allow(*READERS)
@require_GET
def participant_list(request: AuthedRequest) -> HttpResponse:
    query = tables.ListQuery.read(request.GET)
    choices = tables.filter_choices(query, request.user)
    people = tables.PeopleList(query, request.user, today=timezone.localdate(), place=request.GET.get(PAGE_PARAM, ""))
    grant = active_grant(request)
    context = {
        "query": query,
        "people": people,
        "fields": tables.filter_fields(query, choices),
        "chips": tables.active_filters(query, choices),
        "quick": tables.quick_filters(query),
        "unit": grant.unit_label if grant else "",
        "actions": bulk.actions_for(request.user),
        "can_register": request.user.has_role(*REGISTRARS),
        "export_limit": people_export.DIRECT_LIMIT,
        "address": query.address(),
    }
    return render(request, "participants/participant_list.html", context)


@allow(*READERS)
@require_POST
def participant_export(request: AuthedRequest) -> HttpResponseBase:
    query = tables.ListQuery.read(request.GET)
    if query.rows(request.user, timezone.localdate()).order_by()[: people_export.DIRECT_LIMIT + 1].count() > people_export.DIRECT_LIMIT:
        messages.warning(request, _("Lebih dari 5.000 orang. Persempit saringannya, atau minta lewat Laporan yang dikerjakan di belakang."))
        return redirect(f"{reverse('participant_list')}{query.address()}")
    stream = io.BytesIO()
    people_export.export_people_list(stream, query=query, by=request.user)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=_("Peserta_%(day)s.xlsx") % {"day": timezone.localdate().isoformat()})


@allow(*REGISTRARS)
@require_POST
def participant_bulk(request: AuthedRequest) -> HttpResponse:
    """Show who would move and who not; with "pasti" do it and tell what happened."""
    order = bulk.BulkOrder.read(request.POST, request.user)
    if order is None:
        messages.warning(request, _("Belum ada yang dipilih. Centang orangnya dulu, lalu pilih tindakannya."))
        return redirect("verification_queue" if request.POST.get("dari") == bulk.QUEUE else "participant_list")
    if "pasti" in request.POST:
        done, left = bulk.split(order.run())
        return render(request, "participants/bulk_done.html", {"order": order, "done": done, "left": left})
    ready, left = bulk.split(order.preview())
    return render(request, "participants/bulk_preview.html", {"order": order, "ready": ready, "left": left})
