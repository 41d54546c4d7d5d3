"""What the rows of an import may point to, as far as the importer administers it."""

from __future__ import annotations

from latsar.accounts.models import User
from latsar.satker.models import Satker
from participants import policies
from participants.workbook.lookups import SatkerIndex

JABATAN = (
    "Arsiparis",
    "Penata Kelola Pemilu Ahli Pertama",
    "Penata Kelola Sistem dan Teknologi Informasi",
    "Pengelola Layanan Kesehatan",
    "Penyusun Materi Hukum dan Perundang-undangan",
    "Pranata Komputer Ahli Pertama",
)
"""Offered, never required: the jabatan of the 2024 intake as far as they are known."""


def importable_satker(user: User) -> list[Satker]:
    """List the open satker whose people `user` may register."""
    return [unit for unit in Satker.objects.visible_to(user).active() if policies.can_register(user, unit)]


def satker_index(user: User) -> SatkerIndex:
    """Index what `user` may import into by region and DIPA code; a foreign satker is not in it, so it answers like an unknown one."""
    open_units = [((unit.code, unit.dipa_code or ""), unit.name, unit) for unit in importable_satker(user)]
    return SatkerIndex(open_units, _closed(user))


def _closed(user: User) -> list[tuple[str, str]]:
    units = Satker.objects.visible_to(user).filter(closed_on__isnull=False)
    return [(code, unit.name) for unit in units for code in (unit.code, unit.dipa_code) if code]
