"""Bringing a table: a file for a phase, a session or the timetable, its columns, the preview, and the decision."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from latsar.accounts.access import allow, require
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.reports.writers import Column, write_xlsx
from latsar.training.models import Batch, BatchPhase, TrainingSession
from latsar.ui import words
from latsar.ui.components import Figure
from latsar.ui.listing import PAGE_PARAM
from participants import table_reading
from participants.attendance_policies import WRITERS
from participants.enums import RowOutcome, TableKind
from participants.models import TableUpload
from participants.services import table_uploads as services
from participants.timetable_forms import TableForm
from participants.views.batches import visible_batch
from participants.workbook.refusal import WorkbookRefused

PER_PAGE = 100
SHOWN_FIRST = (RowOutcome.ERROR, RowOutcome.CHANGED, RowOutcome.NEW, RowOutcome.SAME)
FACES = {
    RowOutcome.NEW: ("ok", "plus-lg"),
    RowOutcome.CHANGED: ("info", "arrow-repeat"),
    RowOutcome.SAME: ("", "dash-lg"),
    RowOutcome.ERROR: ("bad", "exclamation-triangle-fill"),
}


@allow(*WRITERS)
@require_http_methods(["GET", "POST"])
def phase_import(request: AuthedRequest, batch_id: int, phase_id: int) -> HttpResponse:
    batch = visible_batch(request, batch_id)
    phase = get_object_or_404(batch.phases, pk=phase_id)
    title = _("Impor kemajuan %(phase)s") % {"phase": phase.name}
    return _bring(request, batch, TableKind.PROGRESS, title, reverse("phase_board", args=[batch.pk, phase.pk]), phase=phase)


@allow(*WRITERS)
@require_http_methods(["GET", "POST"])
def attendance_import(request: AuthedRequest, batch_id: int, session_id: int) -> HttpResponse:
    batch = visible_batch(request, batch_id)
    rows = TrainingSession.objects.visible_to(request.user).filter(batch=batch).with_attendance()
    session = get_object_or_404(rows, pk=session_id)
    title = _("Impor kehadiran sesi %(n)d") % {"n": session.number}
    return _bring(request, batch, TableKind.ATTENDANCE, title, reverse("attendance_sheet", args=[batch.pk, session.pk]), session=session)


@allow(*WRITERS)
@require_http_methods(["GET", "POST"])
def timetable_import(request: AuthedRequest, batch_id: int) -> HttpResponse:
    batch = visible_batch(request, batch_id)
    return _bring(request, batch, TableKind.TIMETABLE, _("Impor acara"), reverse("timetable", args=[batch.pk]))


@allow(*WRITERS)
@require_http_methods(["GET", "POST"])
def score_import(request: AuthedRequest, batch_id: int) -> HttpResponse:
    batch = visible_batch(request, batch_id)
    return _bring(request, batch, TableKind.SCORES, _("Impor nilai"), reverse("score_sheet", args=[batch.pk]))


@allow(*WRITERS)
@require_http_methods(["GET", "POST"])
def sttp_import(request: AuthedRequest, batch_id: int) -> HttpResponse:
    batch = visible_batch(request, batch_id)
    return _bring(request, batch, TableKind.STTP, _("Impor STTP"), reverse("sttp_list", args=[batch.pk]))


def _bring(
    request: AuthedRequest,
    batch: Batch,
    kind: TableKind,
    title: str,
    back: str,
    *,
    phase: BatchPhase | None = None,
    session: TrainingSession | None = None,
) -> HttpResponse:
    require(services.can_upload(request.user, batch, kind))
    form = TableForm(request.POST, request.FILES) if request.method == "POST" else TableForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            return redirect(
                services.upload_table(
                    kind=kind, batch=batch, phase=phase, session=session, source=file, filename=file.name, by=request.user
                )
            )
        except WorkbookRefused as refused:
            form.add_error("file", refused.message)
    needed = [" / ".join(str(one.label) for one in table_reading.FIELDS[kind] if one.key in group) for group in table_reading.NEEDED[kind]]
    if kind == TableKind.SCORES:
        needed.append(_("paling sedikit satu kolom nilai, misalnya dari templat"))
    context = {"batch": batch, "form": form, "title": title, "back": back, "needed": needed}
    return render(request, "participants/table_bring.html", context, status=422 if form.errors else 200)


@allow(*WRITERS)
@require_http_methods(["GET", "POST"])
def table_upload(request: AuthedRequest, batch_id: int, upload_id: int) -> HttpResponse:
    batch = visible_batch(request, batch_id)
    upload = _own(request, batch, upload_id)
    problems: list[str] = []
    if request.method == "POST":
        try:
            return redirect(_decided(request, upload))
        except Refused as refusal:
            problems = list(refusal.messages)
    return render(request, "participants/table_upload.html", _context(request, batch, upload, problems), status=422 if problems else 200)


def _own(request: AuthedRequest, batch: Batch, upload_id: int) -> TableUpload:
    rows = TableUpload.objects.visible_to(request.user).filter(batch=batch, saved_at=None)
    upload = get_object_or_404(rows.select_related("phase", "session", "uploaded_by"), pk=upload_id)
    upload.batch = batch
    require(services.can_upload(request.user, batch, upload.kind))
    return upload


def _decided(request: AuthedRequest, upload: TableUpload) -> str:
    """Do what the pressed button says; return where to go."""
    action = request.POST.get("aksi")
    if action == "kolom":
        mapping = {one.key: request.POST.get(one.key, "") for one in services.fields_of(upload.batch, upload.kind)}
        services.choose_columns(upload_id=upload.pk, mapping=mapping, by=request.user)
        return upload.get_absolute_url()
    if action == "buang":
        services.drop_upload(upload_id=upload.pk, by=request.user)
        messages.success(request, _("Unggahan dibuang. Tidak ada yang disimpan."), extra_tags="toast")
        return back_of(upload)
    saved = services.save_upload(
        upload_id=upload.pk, by=request.user, reason=request.POST.get("alasan", "")[:300], digest=request.POST.get("lihat")
    )
    text = ngettext("%(n)s baris tersimpan.", "%(n)s baris tersimpan.", saved) % {"n": words.thousands(saved)}
    messages.success(request, text, extra_tags="toast")
    return back_of(upload)


def back_of(upload: TableUpload) -> str:
    """Return the page that the table is for."""
    if upload.phase_id:
        return reverse("phase_board", args=[upload.batch_id, upload.phase_id])
    if upload.session_id:
        return reverse("attendance_sheet", args=[upload.batch_id, upload.session_id])
    if upload.kind == TableKind.SCORES:
        return f"{reverse('score_sheet', args=[upload.batch_id])}?kelompok=semua"
    return reverse("sttp_list" if upload.kind == TableKind.STTP else "timetable", args=[upload.batch_id])


def _context(request: AuthedRequest, batch: Batch, upload: TableUpload, problems: list[str]) -> dict[str, Any]:
    lines = services.plan_upload(upload)
    counts = services.counts_of(lines)
    asked = request.GET.get("baris", "")
    chosen = asked if asked in RowOutcome.values else ""
    ordered = [line for outcome in SHOWN_FIRST for line in lines if line.outcome == outcome and chosen in ("", outcome)]
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get(PAGE_PARAM))
    picked = request.POST if request.POST.get("aksi") == "kolom" else upload.mapping
    fields = [
        (one, [(heading, picked.get(one.key) == heading) for heading in upload.headings]) for one in services.fields_of(batch, upload.kind)
    ]
    figures = [
        Figure(str(RowOutcome(name).label), count, "", f"?baris={name}", "bad" if name == "error" and count else "", "", name == chosen)
        for name, count in counts.items()
    ]
    return {
        "batch": batch,
        "upload": upload,
        "back": back_of(upload),
        "fields": fields,
        "missing": table_reading.missing(upload.kind, upload.mapping),
        "figures": figures,
        "counts": counts,
        "digest": services.digest_of(lines),
        "ready": counts[RowOutcome.NEW] + counts[RowOutcome.CHANGED],
        "rows": [(line, *FACES[RowOutcome(line.outcome)], str(RowOutcome(line.outcome).label)) for line in page],
        "page": page,
        "problems": problems,
        "needs_reason": upload.session is not None and upload.session.is_closed,
        "reason": request.POST.get("alasan", ""),
    }


@allow(*WRITERS)
@require_GET
def table_upload_errors(request: AuthedRequest, batch_id: int, upload_id: int) -> HttpResponseBase:
    """The wrong rows as they came, with what is wrong in each."""
    upload = _own(request, visible_batch(request, batch_id), upload_id)
    wrong = {line.number: " ".join(line.problems) for line in services.plan_upload(upload) if line.problems}
    columns = [Column(_("Baris"), 8, "int"), Column(_("Masalah"), 60), *(Column(heading, 22) for heading in upload.headings)]
    rows = ([number, wrong[number], *texts] for number, texts in upload.rows if number in wrong)
    stream = io.BytesIO()
    write_xlsx(stream, sheet=_("Baris salah"), columns=columns, rows=rows)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=_("Baris_salah.xlsx"))
