"""Templates of the printed rancangan and laporan, per institute, with pictures of the pages while one edits."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aktualisasi import policies, prints, services
from aktualisasi.enums import PaperKind
from aktualisasi.forms_plan import PaperTemplateForm
from aktualisasi.laporan_documents import render_laporan
from aktualisasi.models import PaperTemplate
from aktualisasi.paper_layout import PaperLayout, usual_layout
from aktualisasi.sample_laporan import sample_laporan, sample_pictures
from aktualisasi.sample_plan import sample_content
from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.documents.intake.preview import PreviewFailed
from latsar.training.models import Institute

EDITORS = (Role.PKSDM, Role.LEMBAGA)
MAX_SHOWN = 20
"""Pages of a preview; the samples have up to eighteen."""


@allow(*EDITORS)
@require_GET
def paper_template_list(request: AuthedRequest) -> HttpResponse:
    """Which institutes have a template of their own."""
    kept = {(row.institute_id, row.kind): row for row in PaperTemplate.objects.visible_to(request.user).select_related("updated_by")}
    query = request.GET.get("q", "").strip()
    institutes = Institute.objects.visible_to(request.user).order_by("name")
    if query:
        institutes = institutes.filter(name__icontains=query)
    places: list[Institute | None] = list(institutes)
    if request.user.has_role(Role.PKSDM) and not query:
        places.insert(0, None)
    rows = [
        (place, kind, kept.get((place.pk if place else None, kind.value)), place.pk if place else 0)
        for place in places
        for kind in PaperKind
    ]
    return render(request, "aktualisasi/paper_template_list.html", {"rows": rows, "query": query})


@allow(*EDITORS)
@require_http_methods(["GET", "POST"])
def paper_template_edit(request: AuthedRequest, kind: str, institute_id: int) -> HttpResponse:
    """Edit one template; "lihat" draws the pages with what is typed, "usual" goes back to the common one."""
    institute, row, layout = _place(request, kind, institute_id)
    form = PaperTemplateForm(request.POST, layout=layout) if request.method == "POST" else PaperTemplateForm.of(layout, row)
    preview: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        if not form.is_valid():
            status = 422
        elif request.POST.get("aksi") == "lihat":
            preview = _preview(form.made(), institute)
        else:
            try:
                services.save_template(
                    institute_id=institute_id or None, layout=form.made(), version=form.cleaned_data["version"], by=request.user
                )
            except Refused as refused:
                form.add_error(None, refused)
                status = 409
            else:
                messages.success(request, _("Templat tersimpan. Cetakan berikutnya memakainya."))
                return redirect("paper_template_edit", kind, institute_id)
    else:
        preview = _preview(layout, institute)
    context = {"form": form, "institute": institute, "institute_id": institute_id, "row": row, "kind": PaperKind(kind), **preview}
    return render(request, "aktualisasi/paper_template_edit.html", context, status=status)


@allow(*EDITORS)
@require_POST
def paper_template_preview(request: AuthedRequest, kind: str, institute_id: int) -> HttpResponse:
    """The pages with what is typed so far, while one types."""
    institute, _row, layout = _place(request, kind, institute_id)
    form = PaperTemplateForm(request.POST, layout=layout)
    preview = _preview(form.made(), institute) if form.is_valid() else {}
    return render(request, "aktualisasi/_paper_pages.html", {**preview, "institute_id": institute_id, "kind": PaperKind(kind)})


@allow(*EDITORS)
@require_POST
def paper_template_reset(request: AuthedRequest, kind: str, institute_id: int) -> HttpResponse:
    """Go back to the common template, or with 0 to the usual one of the portal."""
    _place(request, kind, institute_id)
    services.reset_template(institute_id=institute_id or None, kind=kind, by=request.user)
    messages.success(request, _("Templat kembali ke bentuk semula."), extra_tags="toast")
    return redirect("paper_template_edit", kind, institute_id)


@allow(*EDITORS)
@require_GET
def paper_template_page(request: AuthedRequest, key: str, page: int) -> HttpResponse:
    """One page of a preview that was drawn a moment ago. Sample data only; the key is the digest of what is printed."""
    pdf = prints.kept_sample(key)
    if pdf is None or not 1 <= page <= prints.page_count(pdf):
        raise Http404
    try:
        picture = prints.page_picture(key, pdf, page, width=420)
    except PreviewFailed as failed:
        raise Http404 from failed
    return HttpResponse(picture, content_type="image/webp", headers={"Cache-Control": "private, max-age=600"})


def _place(request: AuthedRequest, kind: str, institute_id: int) -> tuple[Institute | None, PaperTemplate | None, PaperLayout]:
    if kind not in PaperKind.values:
        raise Http404
    institute = get_object_or_404(Institute.objects.visible_to(request.user), pk=institute_id) if institute_id else None
    require(policies.can_edit_template(request.user, institute_id or None))
    row = PaperTemplate.objects.visible_to(request.user).filter(institute=institute, kind=kind).first()
    return institute, row, row.layout if row else (prints.layout_for(None, kind) if institute else usual_layout(kind))


def _preview(layout: PaperLayout, institute: Institute | None) -> dict[str, Any]:
    if not layout.printed:
        return {}
    if layout.kind == PaperKind.LAPORAN:
        draw = partial(render_laporan, pictures=sample_pictures())
        key, pdf = prints.print_content(sample_laporan(institute), layout, draw, shelf=prints.SAMPLES)
    else:
        key, pdf = prints.print_content(sample_content(institute), layout, shelf=prints.SAMPLES)
    return {"key": key, "numbers": range(1, min(prints.page_count(pdf), MAX_SHOWN) + 1)}
