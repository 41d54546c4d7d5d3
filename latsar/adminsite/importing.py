"""Import into the admin: upload, see what it would do, confirm. The file waits on the server, bound to the person's sign-in."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.accounts.enums import Role
from latsar.adminsite.exporting import ExportingAdmin
from latsar.adminsite.scoped import user_of
from latsar.adminsite.tables import MAX_BYTES, Table, TableRefused, read_csv
from latsar.ui import words

FOLDER = "admin-imports"
KEPT = timedelta(hours=12)
SHOWN_ROWS = 200


@dataclass(frozen=True)
class PlannedRow:
    """What one line of the file would do."""

    line: int
    kind: str
    label: str
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """What a file would do; `problems` concern the file as a whole."""

    rows: list[PlannedRow]
    problems: list[str]

    @property
    def wrong(self) -> list[PlannedRow]:
        return [row for row in self.rows if row.errors]

    @property
    def is_ready(self) -> bool:
        return not self.problems and not self.wrong and any(row.kind != "skip" for row in self.rows)

    @property
    def shown(self) -> list[PlannedRow]:
        return [row for row in self.rows if not row.errors and row.kind != "skip"][:SHOWN_ROWS]

    @property
    def counts(self) -> dict[str, int]:
        return {kind: sum(row.kind == kind for row in self.rows) for kind in ("new", "update", "skip")}

    def fingerprint(self) -> str:
        told = [(row.line, row.kind, row.label, row.changes, row.errors) for row in self.rows]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Berkas"),
        max_length=200,
        error_messages={"required": _("Pilih berkasnya."), "empty": _("Berkas kosong. Isi datanya, lalu unggah lagi.")},
    )

    def __init__(self, *args: Any, accept: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = accept

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                _("Berkas lebih besar dari %(limit)d MB. Pisahkan menjadi beberapa berkas."), params={"limit": MAX_BYTES // 1024**2}
            )
        return file


class ImportingAdmin(ExportingAdmin):
    """Adds `import/`. One wrong line and nothing is saved; the confirmation saves exactly what was shown."""

    importers: ClassVar[frozenset[str]] = frozenset({Role.PKSDM})
    import_accept: ClassVar[str] = ".csv"

    def has_import_permission(self, request: HttpRequest) -> bool:
        return user_of(request).has_role(*self.importers)

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_import"
        return [path("import/", self.admin_site.admin_view(self.import_view), name=name), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        address = self._import_url() if self.has_import_permission(request) else ""
        return super().changelist_view(request, {**(extra_context or {}), "import_url": address})

    def read_table(self, data: bytes, filename: str) -> Table:
        """Turn the upload into rows, or raise TableRefused; override where other kinds of files come in."""
        return read_csv(data, filename=filename)

    def import_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_import_permission(request):
            raise Http404
        if request.method == "POST" and "confirm" in request.POST:
            return self._confirm(request)
        form = UploadForm(request.POST or None, request.FILES or None, accept=self.import_accept)
        if request.method == "POST" and form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                return self._preview(request, upload.read(), upload.name)
            except TableRefused as refused:
                form.add_error("file", refused)
        return self._page(request, form=form)

    def _preview(self, request: HttpRequest, data: bytes, filename: str) -> HttpResponse:
        self._forget(request)
        plan = self._run(request, self.read_table(data, filename), filename, dry_run=True)
        if not plan.is_ready:
            return self._page(request, form=UploadForm(accept=self.import_accept), plan=plan, filename=filename)
        _sweep()
        stored = default_storage.save(f"{FOLDER}/{uuid4().hex}", ContentFile(data))
        digest = hashlib.sha256(data).hexdigest()
        request.session[self._key] = {"stored": stored, "sha256": digest, "filename": filename, "plan": plan.fingerprint()}
        return self._page(request, plan=plan, filename=filename, sha256=digest)

    def _confirm(self, request: HttpRequest) -> HttpResponse:
        waiting = request.session.get(self._key)
        if not waiting or waiting["sha256"] != request.POST.get("sha256") or not default_storage.exists(waiting["stored"]):
            messages.error(request, _("Pratinjau ini sudah disimpan atau diganti. Unggah lagi berkasnya."))
            return redirect(self._import_url())
        with default_storage.open(waiting["stored"], "rb") as stored:
            data = stored.read()
        self._forget(request)
        table = self.read_table(data, waiting["filename"])
        with transaction.atomic():
            plan = self._run(request, table, waiting["filename"], dry_run=False)
            stale = not plan.is_ready or plan.fingerprint() != waiting["plan"]
            if stale:
                transaction.set_rollback(True)
        if stale:
            messages.error(request, _("Data berubah sejak pratinjau dibuat, jadi belum ada yang disimpan. Periksa lagi hasilnya."))
            return self._preview(request, data, waiting["filename"])
        saved = words.thousands(plan.counts["new"] + plan.counts["update"])
        messages.success(request, _("%(count)s baris tersimpan.") % {"count": saved})
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def _run(self, request: HttpRequest, table: Table, filename: str, *, dry_run: bool) -> Plan:
        resource = self.resource_class()
        result = resource.import_data(
            table.as_dataset(),
            dry_run=dry_run,
            use_transactions=True,
            rollback_on_validation_errors=True,
            retain_instance_in_row_result=True,
            user=user_of(request),
            file_name=filename,
            lines=table.lines,
        )
        problems = [_said(error.error) for error in result.base_errors]
        if problems:
            return Plan([], problems)
        return Plan([_planned(resource, row, line) for row, line in zip(result.rows, table.lines, strict=True)], [])

    def _page(self, request: HttpRequest, **context: Any) -> HttpResponse:
        everything = {
            **self.admin_site.each_context(request),
            "title": _("Impor %(name)s") % {"name": self.opts.verbose_name_plural},
            "opts": self.opts,
            "headings": self.resource_class().import_headings(),
            "accept": self.import_accept,
            **context,
        }
        return TemplateResponse(request, "admin/import.html", everything)

    def _forget(self, request: HttpRequest) -> None:
        waiting = request.session.pop(self._key, None)
        if waiting:
            default_storage.delete(waiting["stored"])

    @property
    def _key(self) -> str:
        return f"import:{self.opts.label_lower}"

    def _import_url(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_import")


def _planned(resource: Any, row: Any, line: int) -> PlannedRow:
    if row.errors:
        return PlannedRow(line, "error", "", errors=[_said(error.error) for error in row.errors])
    if row.validation_error is not None:
        return PlannedRow(line, "error", "", errors=_field_errors(resource, row.validation_error))
    label = str(row.instance) if row.instance is not None else ""
    changes = [(title, _shown(old), _shown(new)) for title, (old, new) in resource.changes_of(row)]
    return PlannedRow(line, row.import_type, label, changes)


def _field_errors(resource: Any, error: Any) -> list[str]:
    if not hasattr(error, "error_dict"):
        return [str(message) for message in error.messages]
    titles = {field.attribute: field.column_name for field in resource.fields.values()}
    return [
        f"{titles.get(name, name)}: {message}" if name != "__all__" else str(message)
        for name, said in error.message_dict.items()
        for message in said
    ]


def _said(error: Exception) -> str:
    """Show what was meant for people; anything else is our fault and told without its inside."""
    if hasattr(error, "messages"):
        return " ".join(error.messages)
    return str(_("Baris ini tidak dapat disimpan. Periksa isinya, lalu unggah lagi."))


def _shown(value: Any) -> str:
    return value.strftime("%d-%m-%Y") if hasattr(value, "strftime") else str(value if value is not None else "")


def _sweep() -> None:
    """Drop files whose preview nobody confirmed."""
    if not default_storage.exists(FOLDER):
        return
    oldest = timezone.now() - KEPT
    for name in default_storage.listdir(FOLDER)[1]:
        stored = f"{FOLDER}/{name}"
        if default_storage.get_modified_time(stored) < oldest:
            default_storage.delete(stored)
