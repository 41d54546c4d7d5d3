"""The lists of angkatan and of tahapan pemilu as workbooks."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from latsar.reports.writers import Column, write_xlsx
from latsar.training.models import Batch, ElectionStage
from latsar.training.resources import ElectionStageResource
from latsar.training.tables import taken_seats


def batch_workbook(batches: Iterable[Batch]) -> bytes:
    """Write the angkatan of a list as a workbook; numbers in Roman, as everywhere."""
    rows = list(batches)
    taken, stream = taken_seats(rows), BytesIO()
    lines = (
        [
            batch.label, batch.year, str(batch.wave or ""), batch.institute.name, str(batch.get_method_display()), str(batch.get_golongan_display()),
            batch.starts_on, batch.ends_on, batch.capacity, taken[batch.pk], batch.place, str(batch.get_stage_display()),
        ]
        for batch in rows
    )  # fmt: skip
    write_xlsx(stream, sheet=_("Angkatan"), columns=_columns(), rows=lines)
    return stream.getvalue()


def _columns() -> list[Column]:
    return [
        Column(_("Angkatan"), 16),
        Column(_("Tahun"), 8, "int"),
        Column(_("Gelombang"), 20),
        Column(_("Lembaga"), 32),
        Column(_("Metode"), 16),
        Column(_("Golongan"), 16),
        Column(_("Mulai"), 12, "date"),
        Column(pgettext("date", "Selesai"), 12, "date"),
        Column(pgettext("capacity", "Kursi"), 8, "int"),
        Column(_("Terisi"), 8, "int"),
        Column(_("Tempat"), 20),
        Column(_("Keadaan"), 12),
    ]


def stage_workbook(stages: Iterable[ElectionStage]) -> bytes:
    """Write tahapan with the headings that the admin reads in again."""
    resource, stream = ElectionStageResource(), BytesIO()
    names = list(resource.get_export_order())
    write_xlsx(stream, sheet="Tahapan", columns=resource.columns(names), rows=(resource.cells(row, names) for row in stages))
    return stream.getvalue()
