"""The pool of mentors as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO

from django.utils.translation import gettext as _

from latsar.reports.writers import Column, write_xlsx
from mentoring.models import Mentor


def pool_workbook(mentors: Iterable[Mentor]) -> bytes:
    """Write mentors with their load; the rows carry `load` and `places`."""
    columns = [
        Column(_("NIP"), 22),
        Column(_("Nama"), 36),
        Column(_("Jabatan"), 36),
        Column(_("Bidang"), 28),
        Column(_("Satker"), 30),
        Column(_("Provinsi"), 26),
        Column(_("Peserta"), 10, "int"),
        Column(_("Batas"), 10, "int"),
        Column(_("Pembekalan terakhir"), 16, "date"),
        Column(_("Keadaan"), 16),
        Column(_("Alasan tidak bersedia"), 36),
        Column(_("E-mail"), 30),
    ]
    stream = BytesIO()
    write_xlsx(stream, sheet=_("Mentor"), columns=columns, rows=_rows(mentors), titles=[_("Daftar mentor Latsar CPNS")])
    return stream.getvalue()


def _rows(mentors: Iterable[Mentor]) -> Iterator[list[object]]:
    for mentor in mentors:
        province = mentor.satker.province or mentor.satker
        load, places = mentor.load, mentor.places  # type: ignore[attr-defined]  # annotated by with_load
        state = _("Tidak bersedia") if not mentor.is_active else _("Penuh") if load >= places else _("Tersedia")
        yield [
            mentor.nip, mentor.full_name, mentor.jabatan, mentor.get_bidang_display(), mentor.satker.name, province.name, load, places,
            mentor.trained_on, state, mentor.inactive_reason, mentor.user.email,
        ]  # fmt: skip
