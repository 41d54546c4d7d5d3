"""The end of an angkatan: berita acara, STTP."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from latsar.accounts import seen
from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role, ViewKind
from latsar.accounts.errors import Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.documents.serve import serve_private
from latsar.training.forms import add_refusal
from latsar.ui import words
from latsar.ui.numbers import whole_number
from participants import boards
from participants.enums import Stage
from participants.models import Participant, Sttp
from participants.scoring import policies, reading, result_page
from participants.scoring.enums import SheetState
from participants.scoring.forms import RecordForm, SttpForm
from participants.scoring.record_face import record_face, render_record
from participants.services.sttp import Scan, record_sttp, save_record
from participants.views.batches import visible_batch

RUNNERS = (Role.PKSDM, Role.LEMBAGA)
READERS = (Role.PKSDM, Role.PIMPINAN, Role.ADMIN_PROVINSI, Role.ADMIN_SATKER, Role.LEMBAGA)


@allow(*RUNNERS)
@require_http_methods(["GET", "POST"])
def graduation_record(request: AuthedRequest, batch_id: int) -> HttpResponse:
    """Number, day, place and signers of the berita acara, and the paper itself."""
    batch = visible_batch(request, batch_id)
    require(policies.runs_scores(request.user, batch))
    row = reading.record_of(batch)
    usual = {"chair_name": batch.institute.signer_name, "chair_title": batch.institute.signer_title, "place": batch.institute.city}
    form = RecordForm(request.POST or None, instance=row, initial={} if row else usual)
    if request.method == "POST" and form.is_valid():
        save_record(batch_id=batch.pk, facts=form.cleaned_data, version=whole_number(request.POST.get("version")) or 0, by=request.user)
        messages.success(request, _("Berita acara tersimpan."), extra_tags="toast")
        return redirect("graduation_record", batch.pk)
    sheet = reading.sheet_of(batch)
    context = {"batch": batch, "form": form, "record": row, "version": row.version if row else 0, "has_results": sheet.state in _SETTLED}
    return render(request, "participants/graduation_record.html", context, status=422 if form.errors else 200)


_SETTLED = (SheetState.FINAL, SheetState.PUBLISHED)


@allow(*RUNNERS)
@require_GET
def graduation_record_pdf(request: AuthedRequest, batch_id: int) -> HttpResponse:
    """The paper; before the scores are published it is a draft."""
    batch = visible_batch(request, batch_id)
    sheet = reading.sheet_of(batch)
    require(policies.runs_scores(request.user, batch) and sheet.state in _SETTLED)
    record = reading.record_of(batch)
    if record is None:
        return redirect("graduation_record", batch.pk)
    results = list(result_page.rows_of(request.user, batch))
    pdf = render_record(record_face(batch, record, results, is_draft=sheet.state != SheetState.PUBLISHED))
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="berita-acara-angkatan-{batch.pk}.pdf"'
    return answer


@allow(*READERS)
@require_GET
def sttp_list(request: AuthedRequest, batch_id: int) -> HttpResponse:
    """Who graduated, and whose STTP is recorded."""
    batch = visible_batch(request, batch_id)
    members = [member for member in boards.members(request.user, batch) if member.person.stage == Stage.GRADUATED]
    recorded = {row.participant_id: row for row in Sttp.objects.visible_to(request.user).filter(batch=batch)}
    rows = [(member.person, words.group_nip(member.person.nip), recorded.get(member.person.pk)) for member in members]
    lacking = [row for row in rows if row[2] is None]
    only_lacking = bool(lacking) and request.GET.get("keadaan") == "belum"
    context = {
        "batch": batch,
        "rows": lacking if only_lacking else rows,
        "total": len(rows),
        "left": len(lacking),
        "only_lacking": only_lacking,
        "can_record": policies.can_record_sttp(request.user, batch),
    }
    return render(request, "participants/sttp_list.html", context)


@allow(*RUNNERS)
@require_http_methods(["GET", "POST"])
def sttp_edit(request: AuthedRequest, batch_id: int, participant_id: int) -> HttpResponse:
    batch = visible_batch(request, batch_id)
    person = get_object_or_404(Participant.objects.visible_to(request.user).filter(batch=batch, stage=Stage.GRADUATED), pk=participant_id)
    require(policies.can_correct(request.user, batch, person))
    row = Sttp.objects.visible_to(request.user).filter(batch=batch, participant=person).first()
    version = row.version if row else 0
    form = SttpForm(request.POST or None, request.FILES or None, instance=row)
    if request.method == "POST" and form.is_valid() and _recorded(request, batch.pk, person, form):
        return redirect("sttp_list", batch.pk)
    context: dict[str, Any] = {"batch": batch, "person": person, "form": form, "row": row, "version": version}
    return render(request, "participants/sttp_form.html", context, status=422 if form.errors else 200)


def _recorded(request: AuthedRequest, batch_id: int, person: Participant, form: SttpForm) -> bool:
    upload = form.cleaned_data.pop("scan", None)
    try:
        record_sttp(
            batch_id=batch_id,
            participant_id=person.pk,
            version=whole_number(request.POST.get("version")) or 0,
            by=request.user,
            scan=Scan(upload.read(), upload.name or "") if upload else None,
            **form.cleaned_data,
        )
    except StaleVersion:
        raise
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    messages.success(request, _("STTP %(name)s tercatat.") % {"name": person.full_name}, extra_tags="toast")
    return True


@allow(*READERS, Role.PESERTA)
@require_GET
def sttp_scan(request: AuthedRequest, batch_id: int, participant_id: int) -> HttpResponseBase:
    row = get_object_or_404(
        Sttp.objects.visible_to(request.user).select_related("participant"), batch_id=batch_id, participant_id=participant_id
    )
    require(bool(row.scan))
    seen.note_view(request, row.participant, ViewKind.FILE)
    return serve_private(row.scan, row.scan_name)
