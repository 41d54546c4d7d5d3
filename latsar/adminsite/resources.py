"""What master data looks like in a file: one heading per column, the same on the way out and on the way in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from import_export import resources, widgets
from import_export.fields import Field
from tablib import Dataset

from latsar.accounts import audit
from latsar.reports.writers import Column, Kind

YES, NO = "ya", "tidak"
_TRUTHS = {YES: True, "y": True, "1": True, "true": True, NO: False, "t": False, "0": False, "false": False, "": False}


class TextCell(widgets.CharWidget):
    kind: Kind = "text"


class CodeCell(TextCell):
    """A text that is unknown when blank, never empty."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str | None:
        return super().clean(value, row, **kwargs) or None


class NumberCell(widgets.Widget):
    kind: Kind = "int"

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        text = str(value or "").strip()
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= 12):
            raise ValueError(_("Isi dengan angka bulat tanpa titik, misalnya 9500000."))
        return int(text)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value


class DayCell(widgets.Widget):
    kind: Kind = "date"

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date | None:
        text = str(value or "").strip()
        if not text:
            return None
        for pattern in ("%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d"):
            try:
                return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
        raise ValueError(_("Tanggal tidak terbaca. Tulis hari-bulan-tahun, misalnya 17-08-2026."))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value


class YesNoCell(widgets.Widget):
    kind: Kind = "text"

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        truth = _TRUTHS.get(str(value or "").strip().lower())
        if truth is None:
            raise ValueError(_("Isi dengan ya atau tidak."))
        return truth

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return YES if value else NO


class RelatedCell(widgets.ForeignKeyWidget):
    """A row of another table by its code."""

    kind: Kind = "text"

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        found = self.get_queryset(text, row).filter(**{self.field: text}).first()
        if found is None:
            name = self.model._meta.verbose_name
            raise ValueError(_("Tidak ada %(name)s dengan kode %(code)s.") % {"name": name, "code": text[:40]})
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(getattr(value, self.field)) if value is not None else ""


def column(attribute: str, title: str, cell: widgets.Widget | None = None, *, readonly: bool = False) -> Field:
    """Declare one column of a resource by its heading."""
    return Field(attribute=attribute, column_name=title, widget=cell or TextCell(), readonly=readonly)


class TableResource(resources.ModelResource):
    """Rows are found by their natural key; a row without a difference is left alone; each saved row leaves an audit entry."""

    class Meta:
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        skip_html_diff = True

    required: tuple[str, ...] = ()
    """Headings that a file must have."""

    @classmethod
    def import_headings(cls) -> list[str]:
        """Name the columns of a file that are read, as the page shows them."""
        return [field.column_name for field in cls().get_import_fields() if not field.readonly]

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        known = [field.column_name for field in self.fields.values()]
        missing = [heading for heading in self.required if heading not in dataset.headers]
        strange = [heading for heading in dataset.headers if heading not in known]
        if missing:
            raise ValidationError(_("Judul kolom tidak ada: %(names)s. Samakan dengan berkas ekspor.") % {"names": ", ".join(missing)})
        if strange:
            raise ValidationError(_("Judul kolom tidak dikenal: %(names)s. Samakan dengan berkas ekspor.") % {"names": ", ".join(strange)})

    def get_instance(self, instance_loader: Any, row: Any) -> Any:
        """Find the row by its key; a key that cannot be read is an error of that cell."""
        errors: dict[str, list[str]] = {}
        for name in self.get_import_id_fields():
            try:
                self.fields[name].clean(row)
            except ValueError as error:
                errors[name] = [str(error)]
        if errors:
            raise ValidationError(errors)
        return super().get_instance(instance_loader, row)

    def after_import_row(self, row: Any, row_result: Any, **kwargs: Any) -> None:
        if row_result.is_new() or row_result.is_update():
            verb = "add" if row_result.is_new() else "change"
            changes = dict(self.changes_of(row_result))
            audit.record(verb=verb, obj=row_result.instance, by=kwargs["user"], changes=changes, note=f"impor {kwargs['file_name']}")

    def changes_of(self, row_result: Any) -> list[tuple[str, list[Any]]]:
        """Return (heading, [old, new]) of the columns that a row would set; nothing for a row without a difference."""
        if row_result.instance is None or row_result.is_skip():
            return []
        old, new = row_result.original, row_result.instance
        pairs = ((field.column_name, field.export(old) if old else "", field.export(new)) for field in self.get_import_fields())
        return [(title, [before, after]) for title, before, after in pairs if before != after]

    def columns(self, names: list[str]) -> list[Column]:
        """Return the columns of the safe writer for these fields."""
        chosen = [self.fields[name] for name in names]
        return [Column(field.column_name, width=_width(field), kind=getattr(field.widget, "kind", "text")) for field in chosen]

    def cells(self, obj: models.Model, names: list[str]) -> list[Any]:
        return [self.export_field(self.fields[name], obj) for name in names]


def _width(field: Field) -> int:
    return 14 if getattr(field.widget, "kind", "text") != "text" else 28
