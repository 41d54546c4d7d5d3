from __future__ import annotations

import io

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role
from latsar.accounts.models import AuthedRequest
from latsar.ui.listing import PAGE_PARAM
from latsar.ui.numbers import whole_number
from participants.enums import ImportState, RowOutcome
from participants.import_list import AREA, WHOSE_PARAM, imports_of, lines_of, sees_area
from participants.import_preview import FILTER_PARAM, WARNED, chosen_outcome, figures_of, headline_of, sections_of, steps_of, warnings_of
from participants.import_undo_page import UndoPlan
from participants.imports import ParticipantImport
from participants.lookups import JABATAN, importable_satker
from participants.services import imports, undoing
from participants.services.rechecking import StalePreview, explain_stale
from participants.upload_form import ImportFilter, WorkbookForm
from participants.workbook.cells import CellError, RawRow
from participants.workbook.error_book import write_error_book
from participants.workbook.refusal import WorkbookRefused
from participants.workbook.template import write_template

PER_PAGE = 10  # imports listed under the upload
IMPORTERS = (Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM)


@allow(*IMPORTERS)
@require_http_methods(["GET", "POST"])
def participant_import(request: AuthedRequest) -> HttpResponse:
    form = WorkbookForm(request.POST, request.FILES) if request.method == "POST" else WorkbookForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            return redirect(imports.preview_import(source=file, filename=file.name, by=request.user))
        except WorkbookRefused as refused:
            form.refuse(refused)
    asked, has_area = ImportFilter(request.GET), sees_area(request.user)
    asked.is_valid()
    text, state = asked.cleaned_data.get("q", ""), asked.cleaned_data.get("keadaan", "")
    whole_area = has_area and request.GET.get(WHOSE_PARAM) == AREA
    rows = imports_of(request.user, whole_area=whole_area, q=text, state=state)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get(PAGE_PARAM))
    context = {
        "form": form,
        "page": page,
        "lines": lines_of(page, request.user),
        "asked": asked,
        "is_filtered": bool(text or state),
        "has_area": has_area,
        "whole_area": whole_area,
    }
    return render(request, "participants/import_upload.html", context)


@allow(*IMPORTERS)
@require_GET
def participant_import_template(request: AuthedRequest) -> HttpResponseBase:
    stream = io.BytesIO()
    units = importable_satker(request.user)
    write_template(stream, satker=[(unit.code, unit.name) for unit in units], jabatan=JABATAN)
    return _workbook(stream, _("Templat_CPNS.xlsx"))


@allow(*IMPORTERS)
@require_GET
def participant_import_preview(request: AuthedRequest, import_id: int) -> HttpResponse:
    visible = ParticipantImport.objects.visible_to(request.user)
    upload = get_object_or_404(visible.select_related("job", "undo_job", "undone_by", "uploaded_by", "satker", "province"), pk=import_id)
    asked, page_number = request.GET.get(FILTER_PARAM, ""), request.GET.get(PAGE_PARAM)
    chosen, is_warned = chosen_outcome(asked), asked == WARNED and upload.state == ImportState.PREVIEW
    heading, sentence = headline_of(upload, timezone.get_current_timezone())
    context = {
        "upload": upload,
        "is_own": upload.uploaded_by_id == request.user.pk,
        "follows_undo": upload.undo_job is not None and upload.undo_job.requested_by_id == request.user.pk,
        "stale": explain_stale(upload, by=request.user) if upload.state == ImportState.PREVIEW else "",
        "heading": heading,
        "sentence": sentence,
        "chosen": chosen,
        "figures": figures_of(upload, chosen),
        "warned": warnings_of(upload, is_alone=is_warned, page_number=page_number),
        "steps": steps_of(upload),
        "sections": [] if is_warned else sections_of(upload, chosen, page_number, request.user),
        "can_undo": upload.state == ImportState.COMMITTED and upload.rows.written().exists(),  # type: ignore[attr-defined]
    }
    return render(request, "participants/import_preview.html", context)


@allow(*IMPORTERS)
@require_POST
def participant_import_commit(request: AuthedRequest, import_id: int) -> HttpResponse:
    sha256, revision = request.POST.get("sha256", ""), request.POST.get("revision", "1")
    try:
        job = imports.commit_import(import_id=import_id, sha256=sha256, revision=whole_number(revision) or 0, by=request.user)
    except StalePreview:
        return redirect("participant_import_preview", import_id)  # which says why and offers to check again
    return redirect(job)


@allow(*IMPORTERS)
@require_POST
def participant_import_recheck(request: AuthedRequest, import_id: int) -> HttpResponse:
    upload = imports.recheck_import(import_id=import_id, by=request.user)
    messages.success(request, _("Berkas diperiksa ulang terhadap isi portal sekarang."), extra_tags="toast")
    return redirect(upload)


@allow(*IMPORTERS)
@require_POST
def participant_import_discard(request: AuthedRequest, import_id: int) -> HttpResponse:
    imports.discard_import(import_id=import_id, by=request.user)
    messages.success(request, _("Impor dibatalkan. Tidak ada yang disimpan."), extra_tags="toast")
    return redirect("participant_import")


@allow(*IMPORTERS)
@require_http_methods(["GET", "POST"])
def participant_import_undo(request: AuthedRequest, import_id: int) -> HttpResponse:
    visible = ParticipantImport.objects.visible_to(request.user)
    upload = get_object_or_404(visible.select_related("undo_job", "uploaded_by", "satker", "province"), pk=import_id)
    if request.method == "POST":
        job = undoing.request_undo(import_id=upload.pk, by=request.user)
        return redirect(job if job.requested_by_id == request.user.pk else upload)  # somebody else asked first
    if upload.undo_job is not None and upload.state != ImportState.COMMITTED:
        return redirect(upload)
    require(upload.state == ImportState.COMMITTED)
    plan, chosen = UndoPlan(undoing.judge_undo(upload, by=request.user)), request.GET.get(FILTER_PARAM, "")
    context = {
        "upload": upload,
        "plan": plan,
        "figures": plan.figures(chosen),
        "sections": plan.sections(chosen, request.GET.get(PAGE_PARAM)),
    }
    return render(request, "participants/import_undo.html", context)


@allow(*IMPORTERS)
@require_GET
def participant_import_errors(request: AuthedRequest, import_id: int) -> HttpResponseBase:
    upload = get_object_or_404(ParticipantImport.objects.visible_to(request.user).own(request.user), pk=import_id)
    wrong = list(upload.rows.filter(outcome=RowOutcome.ERROR).order_by("number"))
    require(bool(wrong))
    stream = io.BytesIO()
    write_error_book(
        stream,
        rows=[RawRow.from_texts(row.number, row.raw) for row in wrong],
        errors=[CellError(**error) for row in wrong for error in row.errors],
    )
    return _workbook(stream, _("Perbaikan_%(file)s") % {"file": upload.filename})


def _workbook(stream: io.BytesIO, filename: str) -> FileResponse:
    stream.seek(0)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(stream, as_attachment=True, filename=filename, content_type=kind)
