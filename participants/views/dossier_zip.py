"""Documents of many people from one ZIP: upload, preview, decide."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from latsar.accounts.access import allow
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.documents.upload.services import FinishedUpload, drop_upload, finished_upload, sent_along
from latsar.documents.upload.tickets import write_ticket
from latsar.ui.components import Figure
from latsar.ui.listing import PAGE_PARAM
from participants.dossier.archive import MAX_ZIP_BYTES
from participants.dossier.checklist import Checklists
from participants.dossier.forms import ZipForm
from participants.dossier.zips import DossierZip, DossierZipRow
from participants.enums import READY_OUTCOMES, ZipOutcome
from participants.services import dossier_zip
from participants.views.people import REGISTRARS

TARGET = "dossier-zip"
RECENT = 5
PER_PAGE = 100
OUTCOME = "hasil"
LEVELS = {ZipOutcome.ATTACH: "ok", ZipOutcome.REPLACE: "info", ZipOutcome.SAME: "mute"}


@allow(*REGISTRARS)
@require_http_methods(["GET", "POST"])
def dossier_zip_upload(request: AuthedRequest) -> HttpResponse:
    form = ZipForm(request.POST, request.FILES) if request.method == "POST" else ZipForm()
    if request.method == "POST" and form.is_valid() and (incoming := _incoming(request, form)) is not None:
        try:
            return redirect(dossier_zip.preview_zip(content=incoming.content, filename=incoming.name, by=request.user))
        except Refused as refused:
            form.add_error(None, refused)
        finally:
            if incoming.token:
                drop_upload(token=incoming.token, by=request.user)
    context = {
        "form": form,
        "ticket": write_ticket(user=request.user, target=TARGET, limit=MAX_ZIP_BYTES),
        "limit": MAX_ZIP_BYTES,
        "requirements": Checklists.read().variant(None, ""),
        "recent": DossierZip.objects.visible_to(request.user).annotate(files=Count("rows"))[:RECENT],
    }
    return render(request, "participants/dossier_zip.html", context, status=422 if form.errors else 200)


@allow(*REGISTRARS)
@require_GET
def dossier_zip_preview(request: AuthedRequest, zip_id: int) -> HttpResponse:
    archive = get_object_or_404(DossierZip.objects.visible_to(request.user).select_related("job"), pk=zip_id)
    rows = DossierZipRow.objects.visible_to(request.user).filter(archive=archive)
    counts = dict(rows.order_by().values_list("outcome").annotate(n=Count("pk")))
    chosen = request.GET.get(OUTCOME, "")
    shown = rows.filter(outcome=chosen) if chosen in ZipOutcome.values else rows
    page = Paginator(shown.select_related("participant").order_by("number"), PER_PAGE).get_page(request.GET.get(PAGE_PARAM))
    context = {
        "archive": archive,
        "figures": [_figure(outcome, counts.get(outcome, 0), chosen) for outcome in ZipOutcome if counts.get(outcome)],
        "page": page,
        "ready": sum(counts.get(outcome, 0) for outcome in READY_OUTCOMES),
    }
    return render(request, "participants/dossier_zip_preview.html", context)


@allow(*REGISTRARS)
@require_POST
def dossier_zip_commit(request: AuthedRequest, zip_id: int) -> HttpResponse:
    return redirect(dossier_zip.commit_zip(zip_id=zip_id, sha256=request.POST.get("sha256", ""), by=request.user))


@allow(*REGISTRARS)
@require_POST
def dossier_zip_discard(request: AuthedRequest, zip_id: int) -> HttpResponse:
    archive = dossier_zip.discard_zip(zip_id=zip_id, by=request.user)
    said = _("Sisa ZIP dibuang. Yang sudah tersimpan tetap ada.") if archive.job else _("ZIP dibatalkan. Tidak ada yang disimpan.")
    messages.success(request, said, extra_tags="toast")
    return redirect("dossier_zip_upload")


def _incoming(request: AuthedRequest, form: ZipForm) -> FinishedUpload | None:
    file, token = form.cleaned_data["file"], form.cleaned_data["upload"]
    if file:
        return sent_along(file.name or "", file.read(MAX_ZIP_BYTES + 1))
    found = finished_upload(token=token, target=TARGET, by=request.user)
    if found is None:
        form.add_error("file", _("Berkas yang terkirim sudah tidak ada. Pilih berkasnya sekali lagi, lalu unggah."))
    return found


def _figure(outcome: ZipOutcome, count: int, chosen: str) -> Figure:
    is_current = chosen == outcome.value
    href = "?" if is_current else f"?{OUTCOME}={outcome.value}"
    return Figure(str(outcome.label), count, href=href, level=LEVELS.get(outcome, "bad"), is_current=is_current)
