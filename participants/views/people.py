"""The list of participants: filter, download, and moves for several at once."""

from __future__ import annotations

import io

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from latsar.accounts import seen
from latsar.accounts.access import allow
from latsar.accounts.active_role import active_grant
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest, User
from latsar.ui.listing import PAGE_PARAM
from latsar.ui.numbers import whole_number
from participants import bulk, bulk_result, list_filters, people_export, tables
from participants.export_columns import EVERYTHING
from participants.list_columns import CONTACT, columns_for
from participants.list_query import ListQuery
from participants.people_export import LIST_READERS as READERS
from participants.saved_lists import SavedFilter
from participants.services import lists

REGISTRARS = (Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM)


@allow(*READERS)
@require_GET
def participant_list(request: AuthedRequest) -> HttpResponse:
    query = ListQuery.read(request.GET)
    choices = list_filters.filter_choices(query, request.user)
    shown = _shown(query, request.user)
    people = tables.PeopleList(query, request.user, today=timezone.localdate(), place=request.GET.get(PAGE_PARAM, ""), columns=shown)
    if CONTACT in shown:  # ADR 0016
        seen.note_list(request, people.people)
    grant = active_grant(request)
    context = {
        "query": query,
        "people": people,
        "fields": list_filters.filter_fields(query, choices),
        "chips": list_filters.active_filters(query, choices),
        "orders": list_filters.orders(),
        "quick": list_filters.quick_filters(query),
        "unit": grant.unit_label if grant else "",
        "actions": bulk.actions_for(request.user),
        "can_register": request.user.has_role(*REGISTRARS),
        "address": query.address(),
        "saved": [(one, one.address == query.address()) for one in SavedFilter.objects.visible_to(request.user)],
        "columns": [(name, column.label, name in shown) for name, column in columns_for(request.user).items()],
    }
    return render(request, "participants/participant_list.html", context)


@allow(*READERS)
@require_POST
def participant_export(request: AuthedRequest) -> HttpResponseBase:
    query = ListQuery.read(request.GET)
    names = [EVERYTHING] if request.POST.get("isian") == EVERYTHING else _shown(query, request.user)
    if people_export.count_people(query, request.user, most=people_export.DIRECT_LIMIT) > people_export.DIRECT_LIMIT:
        return redirect(people_export.request_export(query=query, by=request.user, names=names))
    stream = io.BytesIO()
    people_export.export_people_list(stream, query=query, by=request.user, names=names)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=_("Peserta_%(day)s.xlsx") % {"day": timezone.localdate().isoformat()})


@allow(*REGISTRARS)
@require_http_methods(["GET", "POST"])
def participant_bulk(request: AuthedRequest) -> HttpResponse:
    """Show who would move and who not, at an address that can be opened again; posted with "pasti" do it."""
    data = request.POST if request.method == "POST" else request.GET
    try:
        order = bulk.BulkOrder.read(data, request.user)
    except bulk.OutsideScope:
        raise Http404 from None
    if order is None:
        messages.warning(request, _("Belum ada yang dipilih. Centang orangnya dulu, lalu pilih tindakannya."))
        return redirect("verification_queue" if data.get("dari") == bulk.QUEUE else "participant_list")
    if "pasti" in request.POST and not order.lacks_note:
        if job := order.enqueue():
            return redirect(job)
        bulk_result.keep_result(request.session, order, order.run())
        return redirect("participant_bulk_done")
    ready, left = bulk.split(order.preview())
    return render(
        request, "participants/bulk_preview.html", {"order": order, "ready": ready, "left": left, "asks": "pasti" in request.POST}
    )


@allow(*REGISTRARS)
@require_GET
def participant_bulk_done(request: AuthedRequest) -> HttpResponse:
    """Tell who moved and who did not, and why not."""
    result = bulk_result.kept_result(request.session, request.user)
    if result is None:
        return redirect("participant_list")
    done, left = bulk.split(result.outcomes)
    return render(request, "participants/bulk_done.html", {"order": result, "done": done, "left": left})


@allow(*READERS)
@require_POST
def filter_save(request: AuthedRequest) -> HttpResponse:
    """Keep the present filters under a name, or forget one of them."""
    query = _asked(request)
    back = redirect(f"{reverse('participant_list')}{query.address()}")
    if chosen := request.POST.get("hapus", ""):
        gone = lists.delete_filter(filter_id=whole_number(chosen) or 0, by=request.user)
        messages.success(request, _("Saringan “%(name)s” dihapus.") % {"name": gone.name}, extra_tags="toast")
        return back
    try:
        saved = lists.save_filter(name=request.POST.get("nama", ""), query=query, by=request.user)
    except Refused as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Saringan “%(name)s” tersimpan.") % {"name": saved.name}, extra_tags="toast")
    return back


@allow(*READERS)
@require_POST
def columns_choose(request: AuthedRequest) -> HttpResponse:
    lists.choose_columns(names=request.POST.getlist("kolom"), by=request.user)
    return redirect(f"{reverse('participant_list')}{_asked(request).address()}")


def _shown(query: ListQuery, user: User) -> list[str]:
    """Name the columns of this person's list; who filters by account sees the account."""
    shown = lists.columns_of(user)
    return [*shown, "akun"] if query.akun and "akun" not in shown else shown


def _asked(request: AuthedRequest) -> ListQuery:
    return ListQuery.read(QueryDict(request.POST.get("saringan", "").removeprefix("?")))
