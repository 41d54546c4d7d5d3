"""The library of finished aktualisasi: search, one entry, the consents, the workbook."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aktualisasi import habituasi_policies as policies
from aktualisasi.laporan_forms import ReleaseForm
from aktualisasi.library import LibraryEntry
from aktualisasi.library_page import counts, filter_form, filtered, workbook
from aktualisasi.services import library as services
from aktualisasi.views.author import own_participant
from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.training.forms import add_refusal
from participants.models import Participant
from participants.views.batches import XLSX

PER_PAGE = 20
UNITS = (Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM)
LEADERS = (Role.PKSDM, Role.PIMPINAN)


@allow(*Role)
@require_GET
def library(request: AuthedRequest) -> HttpResponse:
    """What was released; units also find what waits for their consent, a finished author the way to release."""
    form = filter_form(request.GET)
    rows = filtered(LibraryEntry.objects.visible_to(request.user).released(), form).select_related("participant__satker", "theme")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("halaman"))
    waiting = LibraryEntry.objects.visible_to(request.user).filter(author_at__isnull=False, satker_at=None)
    own = own_participant(request)
    context = {
        "form": form,
        "page": page,
        "waiting": list(waiting.select_related("participant__satker", "theme")[:20]) if request.user.has_role(*UNITS) else [],
        "counts": counts() if request.user.has_role(*LEADERS) else [],
        "can_release": own is not None and policies.can_release(request.user, own),
        "is_leader": request.user.has_role(*LEADERS),
        "query": request.GET.urlencode(),
    }
    return render(request, "aktualisasi/library.html", context)


@allow(*Role)
@require_GET
def library_entry(request: AuthedRequest, entry_id: int) -> HttpResponse:
    entry = _entry(request, entry_id)
    can_answer = policies.can_release_for_satker(request.user, entry)
    is_own = policies.is_author(request.user, entry.participant)
    context = {
        "entry": entry,
        "content": entry.content,
        "can_answer": can_answer,
        "is_own": is_own,
        "consents": list(entry.consents.select_related("by")) if can_answer or is_own else [],
    }
    return render(request, "aktualisasi/library_entry.html", context)


@allow(*UNITS)
@require_POST
def library_answer(request: AuthedRequest, entry_id: int) -> HttpResponse:
    """The satker's consent, given or taken back."""
    given = request.POST.get("langkah") == "rilis"
    require(given or request.POST.get("langkah") == "tarik")
    services.answer_for_satker(entry_id=_entry(request, entry_id).pk, given=given, by=request.user)
    messages.success(
        request, _("Aktualisasi ini sekarang ada di pustaka.") if given else _("Persetujuan satker ditarik."), extra_tags="toast"
    )
    return redirect("library_entry", entry_id) if given else redirect("library")


@allow(Role.PESERTA)
@require_http_methods(["GET", "POST"])
def library_own(request: AuthedRequest) -> HttpResponse:
    """The author's consent: release, release anew, or take back."""
    person = own_participant(request)
    require(person is not None)
    assert isinstance(person, Participant)
    entry = LibraryEntry.objects.visible_to(request.user).filter(participant=person).select_related("theme").first()
    if request.method == "POST" and request.POST.get("langkah") == "tarik":
        services.take_back_entry(participant_id=person.pk, by=request.user)
        messages.success(request, _("Rilis ditarik. Aktualisasi Anda tidak lagi tampil di pustaka."), extra_tags="toast")
        return redirect("library_own")
    initial = {"theme": entry.theme_id, "show_name": entry.show_name} if entry else None
    form = ReleaseForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid() and _released(request, person, form):
        return redirect("library_own")
    context = {
        "participant": person,
        "entry": entry,
        "form": form,
        "can_release": policies.can_release(request.user, person),
        "consents": list(entry.consents.select_related("by")) if entry else [],
    }
    return render(
        request, "aktualisasi/library_own.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    )


@allow(*LEADERS)
@require_GET
def library_export(request: AuthedRequest) -> HttpResponse:
    """The library as filtered, as a workbook."""
    rows = filtered(LibraryEntry.objects.visible_to(request.user).released(), filter_form(request.GET))
    found = rows.select_related("participant__satker", "participant__province", "theme")
    response = HttpResponse(workbook(found), content_type=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="pustaka-aktualisasi.xlsx"'
    return response


def _released(request: AuthedRequest, person: Participant, form: ReleaseForm) -> bool:
    data = form.cleaned_data
    try:
        services.release_entry(participant_id=person.pk, theme_id=data["theme"].pk, show_name=data["show_name"], by=request.user)
    except Refused as refused:
        add_refusal(form, refused)
        return False
    messages.success(request, _("Anda merilis aktualisasi ini. Tampil di pustaka setelah satker Anda setuju."), extra_tags="toast")
    return True


def _entry(request: AuthedRequest, entry_id: int) -> LibraryEntry:
    rows = LibraryEntry.objects.visible_to(request.user).select_related("participant__satker", "theme")
    return get_object_or_404(rows, pk=entry_id)
