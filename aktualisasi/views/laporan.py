"""The laporan: its author's page with autosave, the statement, and the document."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from aktualisasi import habituasi_policies as policies
from aktualisasi.habituasi import Evidence, PlanChange
from aktualisasi.laporan_forms import LaporanForm
from aktualisasi.laporan_gaps import meter_of
from aktualisasi.laporan_prefill import done_of
from aktualisasi.models import Laporan, Rancangan
from aktualisasi.report_weeks import habituasi_of, today_at
from aktualisasi.services import laporan as services
from aktualisasi.views.author import own_participant
from latsar.accounts.access import allow
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.training.forms import add_refusal
from latsar.ui.numbers import whole_number
from participants.models import Participant


@allow(Role.PESERTA)
@require_GET
def laporan_home(request: AuthedRequest) -> HttpResponse:
    """The participant's own laporan."""
    participant = own_participant(request)
    if participant is None:
        raise Http404
    return _author_page(request, participant)


@allow(Role.PESERTA)
@require_POST
def laporan_edit(request: AuthedRequest) -> HttpResponse:
    """Save what was typed; the autosave gets a fragment."""
    participant, laporan = _writer(request)
    form = LaporanForm(request.POST, kegiatan=laporan.kegiatan.select_related("kegiatan"), measures=laporan.measures.count())
    refused: Refused | None = None
    if form.is_valid():
        try:
            saved = services.save_laporan(participant_id=participant.pk, by=request.user, **form.facts())
        except Refused as no:
            refused = no
            add_refusal(form, no)
        else:
            if request.headers.get("HX-Request"):
                return render(
                    request, "aktualisasi/_laporan_saved.html", {"laporan": saved, "meter": meter_of(saved, done_of(saved.rancangan))}
                )
            messages.success(request, _("Laporan tersimpan."), extra_tags="toast")
            return redirect("laporan_home")
    if request.headers.get("HX-Request"):
        reasons = refused.messages if refused else [str(error) for errors in form.errors.values() for error in errors]
        # 200, because htmx shows nothing of an error answer, and the writer must see that this was not saved.
        return render(request, "aktualisasi/_laporan_saved.html", {"reasons": reasons})
    is_stale = isinstance(refused, StaleVersion)
    if is_stale:
        form.data = {**request.POST.dict(), "version": str(laporan.version)}
    status = HTTPStatus.CONFLICT if is_stale else HTTPStatus.UNPROCESSABLE_ENTITY
    return _author_page(request, participant, form=form, is_stale=is_stale, status=status)


@allow(Role.PESERTA)
@require_POST
def laporan_step(request: AuthedRequest) -> HttpResponse:
    """Begin, fill what is empty, declare, or take the declaration back."""
    participant = own_participant(request)
    rancangan = Rancangan.objects.visible_to(request.user).filter(participant=participant).first() if participant else None
    if participant is None or rancangan is None or not policies.can_write_laporan(request.user, rancangan):
        raise Http404
    step = request.POST.get("langkah", "")
    who: dict[str, Any] = {"participant_id": participant.pk, "by": request.user}
    try:
        if step == "mulai":
            services.start_laporan(**who)
        elif step == "isi":
            services.refill_laporan(**who)
            messages.success(request, _("Uraian yang kosong sudah diisi dari catatan habituasi."), extra_tags="toast")
        elif step == "nyatakan":
            services.declare_laporan(statement_id=whole_number(request.POST.get("pernyataan")) or 0, **who)
            messages.success(request, _("Pernyataan keaslian tersimpan."), extra_tags="toast")
        elif step == "tarik":
            services.take_back_declaration(**who)
            messages.success(request, _("Pernyataan keaslian ditarik."), extra_tags="toast")
        else:
            raise Http404
    except Refused as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("laporan_home")


def _writer(request: AuthedRequest) -> tuple[Participant, Laporan]:
    participant = own_participant(request)
    rows = Laporan.objects.visible_to(request.user).select_related("rancangan__participant__satker")
    laporan = rows.filter(rancangan__participant=participant).first() if participant else None
    if participant is None or laporan is None or not policies.can_write_laporan(request.user, laporan.rancangan):
        raise Http404
    return participant, laporan


def _author_page(
    request: AuthedRequest,
    participant: Participant,
    *,
    form: LaporanForm | None = None,
    is_stale: bool = False,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    rows = Rancangan.objects.visible_to(request.user).filter(participant=participant)
    rancangan = rows.select_related("participant__satker", "chosen_issue").first()
    laporan = Laporan.objects.visible_to(request.user).filter(rancangan=rancangan).first() if rancangan else None
    phase = habituasi_of(participant)
    can_write = rancangan is not None and policies.may_edit_laporan(request.user, rancangan)
    if rancangan is None or laporan is None:
        begun = phase is not None and phase.starts_on <= today_at(participant)
        return render(request, "aktualisasi/laporan_none.html", {"can_start": can_write and begun, "phase": phase})
    found = done_of(rancangan)
    pictures = Evidence.objects.visible_to(request.user).current().filter(participant=participant).select_related("tahapan__kegiatan")
    changes = PlanChange.objects.visible_to(request.user).filter(rancangan=rancangan, stage="approved").order_by("closed_at", "pk")
    context = {
        "participant": participant,
        "rancangan": rancangan,
        "laporan": laporan,
        "form": form or LaporanForm.of(laporan),
        "is_stale": is_stale,
        "meter": meter_of(laporan, found),
        "can_write": can_write,
        "statement": services.present_statement(),
        "pictures": list(pictures.order_by("tahapan__kegiatan__order", "tahapan__order", "shown_on", "pk")),
        "changes": list(changes),
        "saved_today": timezone.localdate(laporan.updated_at) == timezone.localdate(),
    }
    return render(request, "aktualisasi/laporan.html", context, status=status)
