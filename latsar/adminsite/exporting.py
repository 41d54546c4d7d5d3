"""Export from the admin: our own page and our own writer, over the rows that the list shows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.accounts import audit, seen
from latsar.adminsite.resources import TableResource
from latsar.adminsite.scoped import ScopedAdmin, user_of
from latsar.reports.writers import write_csv, write_xlsx
from latsar.ui import words

MAX_ROWS = 50_000
IN_MEMORY = 2 * 1024 * 1024
CHUNK = 1000
KINDS = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}


class ExportForm(forms.Form):
    format = forms.ChoiceField(
        label=_("Jenis berkas"),
        choices=[("xlsx", "Excel (.xlsx)"), ("csv", "CSV (.csv)")],
        initial="xlsx",
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih jenis berkasnya."), "invalid_choice": _("Pilih Excel atau CSV.")},
    )


class ExportingAdmin(ScopedAdmin):
    """Adds `export/` beside the list, and the same for chosen rows as an action."""

    resource_class: ClassVar[type[TableResource]]
    actions = ["export_chosen"]

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export/", self.admin_site.admin_view(self.export_view), name=name), *super().get_urls()]

    def export_names(self, request: HttpRequest) -> list[str]:
        """Name the resource's fields that this reader may take along; override where a field is hidden from some."""
        return list(self.resource_class().get_export_order())

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "export_url": self._export_url() + _query(request)})

    @admin.action(description=_("Ekspor yang dipilih"))
    def export_chosen(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        if request.POST.get("select_across") == "1":
            return redirect(self._export_url() + _query(request))
        return redirect(self._export_url() + "?" + urlencode({"id__in": ",".join(request.POST.getlist(ACTION_CHECKBOX_NAME))}))

    def export_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise Http404
        rows = self._rows(request)
        form = ExportForm(request.POST or None)
        count = rows.values("pk").distinct().count()
        if request.method == "POST" and form.is_valid() and count <= MAX_ROWS:
            return self._download(request, rows, form.cleaned_data["format"], count)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Ekspor %(name)s") % {"name": self.opts.verbose_name_plural},
            "opts": self.opts,
            "form": form,
            "count": count,
            "limit": MAX_ROWS if count > MAX_ROWS else 0,
            "headings": [column.title for column in self.resource_class().columns(self.export_names(request))],
        }
        return TemplateResponse(request, "admin/export.html", context)

    def _rows(self, request: HttpRequest) -> QuerySet[Any]:
        """Return what the list would show for this query string, all pages."""
        try:
            return self.get_changelist_instance(request).get_queryset(request)
        except (ValidationError, admin.views.main.IncorrectLookupParameters):
            raise Http404 from None

    def _download(self, request: HttpRequest, rows: QuerySet[Any], kind: str, count: int) -> FileResponse:
        resource, names = self.resource_class(), self.export_names(request)
        file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - FileResponse closes it
        lines = _lines(resource, rows, names)
        if kind == "xlsx":
            write_xlsx(file, sheet=str(self.opts.verbose_name_plural)[:31], columns=resource.columns(names), rows=lines)  # type: ignore[arg-type]
        else:
            write_csv(file, columns=resource.columns(names), rows=lines)  # type: ignore[arg-type]
        file.seek(0)
        note = _("%(model)s, %(count)s baris, %(kind)s") % {"model": self.opts.label_lower, "count": words.thousands(count), "kind": kind}
        with transaction.atomic():
            audit.record(verb="export", obj=user_of(request), by=user_of(request), note=note)
            if self.holds_people and count <= seen.EXPORT_LIMIT:
                ids = rows.order_by().values_list("pk", flat=True).distinct()
                seen.record_export(people=ids, model=self.model, by=user_of(request), note=str(_("Ekspor admin")))
        name = f"{self.opts.model_name}-{timezone.localdate():%Y%m%d}.{kind}"
        return FileResponse(file, as_attachment=True, filename=name, content_type=KINDS[kind])

    def _export_url(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_export")


def _lines(resource: TableResource, rows: QuerySet[Any], names: list[str]) -> Iterator[list[Any]]:
    for obj in rows.iterator(chunk_size=CHUNK):
        yield resource.cells(obj, names)


def _query(request: HttpRequest) -> str:
    text = request.GET.urlencode()
    return f"?{text}" if text else ""
