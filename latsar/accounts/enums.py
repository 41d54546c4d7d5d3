from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    ADMIN_SATKER = "admin_satker", _("Admin Satker")
    ADMIN_PROVINSI = "admin_provinsi", _("Admin Provinsi")
    PKSDM = "pksdm", _("PKSDM")
    LEMBAGA = "lembaga", _("Lembaga Pelatihan")
    PESERTA = "peserta", pgettext_lazy("role", "Peserta")
    MENTOR = "mentor", _("Mentor")
    COACH = "coach", _("Coach")
    PENGUJI = "penguji", _("Penguji")
    PIMPINAN = "pimpinan", _("Pimpinan / Auditor")


UNIT_ROLES = frozenset({Role.ADMIN_SATKER, Role.ADMIN_PROVINSI})
NATION_ROLES = frozenset({Role.PKSDM, Role.PIMPINAN})
STAFF_ROLES = frozenset(
    {Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM, Role.LEMBAGA, Role.PIMPINAN, Role.COACH, Role.PENGUJI, Role.MENTOR}
)
"""Roles that see other people's data: MFA is required of them (ASVS 6.3.3)."""
ADMIN_SITE_ROLES = frozenset({Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM, Role.PIMPINAN})


class ViewKind(models.TextChoices):
    """How somebody saw a person's data."""

    PAGE = "page", _("Halaman data")
    STORY = "story", _("Riwayat")
    FILE = "file", _("Berkas")
    WORK = "work", _("Rancangan aktualisasi")
    LIST = "list", _("Daftar dengan isian")
    EXPORT = "export", _("Unduhan daftar")
