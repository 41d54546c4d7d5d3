"""The list of institutes as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from latsar.reports.writers import Column, write_xlsx


def institutes_workbook(rows: Iterable[Any]) -> bytes:
    """Write the given institutes with their seats; the rows carry `offered`, `seats`, `taken` and `free`."""
    columns = [
        Column(_("Kode"), 16),
        Column(_("Nama"), 40),
        Column(_("Kota"), 18),
        Column(_("Provinsi"), 26),
        Column(_("Akreditasi"), 14),
        Column(_("Nomor akreditasi"), 26),
        Column(_("Berlaku sampai"), 14, "date"),
        Column(_("Kursi ditawarkan"), 12, "int"),
        Column(_("Kursi di angkatan"), 12, "int"),
        Column(_("Ditempati"), 12, "int"),
        Column(_("Masih bebas"), 12, "int"),
        Column(_("Telepon"), 18),
        Column(_("E-mail"), 28),
        Column(_("Alamat"), 40),
        Column(_("Keadaan"), 12),
    ]
    stream = BytesIO()
    write_xlsx(stream, sheet=_("Lembaga pelatihan"), columns=columns, rows=_rows(rows), titles=[_("Lembaga pelatihan Latsar CPNS")])
    return stream.getvalue()


def _rows(rows: Iterable[Any]) -> Iterator[list[object]]:
    for row in rows:
        province = row.province.province_name if row.province else ""
        yield [
            row.code, row.name, row.city, province, row.accreditation, row.accreditation_number, row.accredited_until,
            row.offered, row.seats, row.taken, row.free, row.phone, row.email, row.address, _("Aktif") if row.is_active else _("Tidak aktif"),
        ]  # fmt: skip
