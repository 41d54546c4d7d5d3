"""How far everybody's habituasi is: the list within scope, the mentor's queue above it, the workbook."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from aktualisasi import habituasi_home as home
from aktualisasi.habituasi_forms import ProgressFilter
from aktualisasi.habituasi_progress import EXPORT_LIMIT, begun_phases, behind_q, plans_under_way, progress_of, workbook
from aktualisasi.models import RancanganQuerySet
from aktualisasi.views.reading import FOLLOWERS, PER_PAGE
from latsar.accounts import seen
from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role, ViewKind
from latsar.accounts.models import AuthedRequest
from latsar.training.models import BatchPhase
from participants.models import Participant
from participants.people import ParticipantQuerySet
from participants.views.batches import XLSX

EXPORTERS = tuple(role for role in FOLLOWERS if role != Role.PESERTA)


def progress_list(request: AuthedRequest) -> HttpResponse:
    """One line a person; whoever answers reports and changes sees those first."""
    today = timezone.localdate()
    phases = begun_phases(today)
    form = ProgressFilter(request.GET, user=request.user)
    everybody = plans_under_way(request.user, phases)
    rows = _filtered(everybody, form, phases)
    page = Paginator(rows.select_related("participant__satker", "participant__batch").order_by("participant__full_name", "pk"), PER_PAGE)
    shown = page.get_page(request.GET.get("halaman"))
    people = [row.participant for row in shown]
    seen.note_list(request, people)
    context = {
        "form": form,
        "page": shown,
        "lines": progress_of(people, phases, today),
        "queue": home.waiting_for(request.user),
        "behind": everybody.filter(behind_q(phases, today)).count(),
        "total": everybody.count(),
        "query": request.GET.urlencode(),
    }
    return render(request, "aktualisasi/habituasi_list.html", context)


@allow(*EXPORTERS)
@require_GET
def progress_export(request: AuthedRequest) -> HttpResponse:
    """The list as filtered, as a workbook."""
    today = timezone.localdate()
    phases = begun_phases(today)
    rows = _filtered(plans_under_way(request.user, phases), ProgressFilter(request.GET, user=request.user), phases)
    found = rows.select_related("participant__satker", "participant__batch__institute").order_by("participant__full_name", "pk")
    people = [row.participant for row in found[: EXPORT_LIMIT + 1]]
    require(len(people) <= EXPORT_LIMIT)
    seen.note_views(request, Participant, [person.pk for person in people], ViewKind.EXPORT, _("Kemajuan habituasi"))
    response = HttpResponse(workbook(progress_of(people, phases, today)), content_type=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="habituasi.xlsx"'
    return response


def _filtered(rows: RancanganQuerySet, form: ProgressFilter, phases: list[BatchPhase]) -> RancanganQuerySet:
    """Apply what could be read of the filters."""
    form.is_valid()
    chosen = form.cleaned_data
    if chosen.get("angkatan"):
        rows = rows.filter(participant__batch=chosen["angkatan"])
    if chosen.get("kelompok"):
        rows = rows.filter(participant__placements__group=chosen["kelompok"], participant__placements__released_at=None)
    if chosen.get("keadaan") == "tertinggal":
        rows = rows.filter(behind_q(phases, timezone.localdate()))
    if chosen.get("q"):
        rows = rows.filter(participant__in=ParticipantQuerySet(Participant).search(chosen["q"]))
    return rows
