"""Changes of the plan: ask, read old beside new, answer, withdraw."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from aktualisasi import deadlines, tables
from aktualisasi import habituasi_policies as policies
from aktualisasi.habituasi import PlanChange
from aktualisasi.habituasi_forms import AnswerForm, PlanChangeForm
from aktualisasi.habituasi_page import change_pill, tahapan_of
from aktualisasi.models import Rancangan
from aktualisasi.report_weeks import habituasi_of, weeks_of
from aktualisasi.services.plan_changes import ask_change, move_change
from aktualisasi.views.author import own_participant
from aktualisasi.views.habituasi import own_page
from aktualisasi.views.reading import FOLLOWERS
from latsar.accounts import seen
from latsar.accounts.access import allow
from latsar.accounts.enums import Role, ViewKind
from latsar.accounts.errors import Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.training.forms import add_refusal


@allow(Role.PESERTA)
@require_POST
def plan_change_ask(request: AuthedRequest) -> HttpResponse:
    participant = own_participant(request)
    rancangan = Rancangan.objects.visible_to(request.user).filter(participant=participant).first() if participant else None
    if participant is None or rancangan is None or not policies.can_record(request.user, rancangan):
        raise Http404
    form = PlanChangeForm(
        request.POST,
        tahapan=tahapan_of(rancangan),
        kegiatan=list(rancangan.kegiatan.all()),
        weeks=weeks_of(habituasi_of(participant)),
    )
    if form.is_valid():
        try:
            ask_change(participant_id=participant.pk, by=request.user, **form.facts())
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("Perubahan rencana diajukan ke mentor."), extra_tags="toast")
            return redirect("habituasi_home")
    return own_page(request, participant, change=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@allow(*FOLLOWERS)
@require_GET
def plan_change(request: AuthedRequest, change_id: int) -> HttpResponse:
    return _page(request, _change(request, change_id))


@allow(Role.PESERTA, Role.MENTOR)
@require_POST
def plan_change_move(request: AuthedRequest, change_id: int) -> HttpResponse:
    """Approve, refuse or withdraw; a refused step comes back with the note that was typed."""
    change = _change(request, change_id)
    form, action = AnswerForm(request.POST), request.POST.get("action", "")
    form.is_valid()
    try:
        move_change(change_id=change.pk, action=action, by=request.user, note=form.cleaned_data.get("note", ""))
    except Refused as refused:
        add_refusal(form, refused)
        status = HTTPStatus.CONFLICT if isinstance(refused, StaleVersion) else HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(request, _change(request, change_id), form=form, status=status)
    said = {
        "approve": _("Perubahan disetujui dan rencananya sudah berubah."),
        "refuse": _("Perubahan ditolak dengan catatan."),
        "withdraw": _("Pengajuan ditarik kembali."),
    }
    messages.success(request, said[action], extra_tags="toast")
    return redirect("habituasi_home" if action == "withdraw" else change)


def _page(request: AuthedRequest, change: PlanChange, *, form: AnswerForm | None = None, status: int = HTTPStatus.OK) -> HttpResponse:
    names = (("text", _("Tahapan")), ("output", _("Output")), ("weeks", _("Minggu")))
    rows = [(label, _shown(change.old.get(name)), _shown(change.new.get(name))) for name, label in names]
    context = {
        "change": change,
        "participant": change.rancangan.participant,
        "pill": change_pill(change),
        "rows": [(label, old, new, old != new) for label, old, new in rows],
        "form": form or AnswerForm(),
        "can_answer": policies.can_move_change(request.user, change, "approve"),
        "can_withdraw": policies.can_move_change(request.user, change, "withdraw"),
        "answer_due": tables.due_on(deadlines.mentor_due(change.asked_at)) if change.stage == "open" else None,
        "is_own": policies.is_author(request.user, change.rancangan.participant),
    }
    return render(request, "aktualisasi/plan_change.html", context, status=status)


def _shown(value: object) -> str:
    return ", ".join(str(n) for n in value) if isinstance(value, list) else str(value or "")


def _change(request: AuthedRequest, change_id: int) -> PlanChange:
    rows = PlanChange.objects.visible_to(request.user).select_related(
        "rancangan__participant__satker", "asked_by", "closed_by", "tahapan", "kegiatan"
    )
    change = get_object_or_404(rows, pk=change_id)
    seen.note_view(request, change.rancangan.participant, ViewKind.WORK)
    return change
