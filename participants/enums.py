from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """Where a CPNS stands, from registration to graduation."""

    REGISTERED = "registered", _("Terdaftar")
    SUBMITTED = "submitted", _("Diajukan ke provinsi")
    RETURNED = "returned", _("Dikembalikan")
    VERIFIED = "verified", _("Terverifikasi")
    APPROVED = "approved", _("Disetujui PKSDM")
    PLACED = "placed", _("Ditempatkan")
    TRAINING = "training", _("Sedang Latsar")
    GRADUATED = "graduated", _("Lulus")


REACHED = (Stage.REGISTERED, Stage.SUBMITTED, Stage.VERIFIED, Stage.APPROVED, Stage.PLACED, Stage.TRAINING, Stage.GRADUATED)
"""The stages in the order of the funnel; a returned file counts as registered."""

UNSEATED = (Stage.REGISTERED, Stage.SUBMITTED, Stage.RETURNED, Stage.VERIFIED, Stage.APPROVED)


class Sex(models.TextChoices):
    MALE = "L", _("Laki-laki")
    FEMALE = "P", _("Perempuan")


class Golongan(models.TextChoices):
    """Golongan ruang of a CPNS."""

    II_A = "II/a", "II/a"
    II_B = "II/b", "II/b"
    II_C = "II/c", "II/c"
    III_A = "III/a", "III/a"
    III_B = "III/b", "III/b"


PANGKAT = {
    Golongan.II_A: "Pengatur Muda",
    Golongan.II_B: "Pengatur Muda Tingkat I",
    Golongan.II_C: "Pengatur",
    Golongan.III_A: "Penata Muda",
    Golongan.III_B: "Penata Muda Tingkat I",
}


class Religion(models.TextChoices):
    ISLAM = "Islam", _("Islam")
    PROTESTANT = "Kristen", _("Kristen")
    CATHOLIC = "Katolik", _("Katolik")
    HINDU = "Hindu", _("Hindu")
    BUDDHA = "Buddha", _("Buddha")
    KHONGHUCU = "Khonghucu", _("Khonghucu")
    BELIEF = "Kepercayaan", _("Kepercayaan terhadap Tuhan YME")


class ImportState(models.TextChoices):
    PREVIEW = "preview", _("Menunggu keputusan")
    COMMITTING = "committing", _("Sedang disimpan")
    COMMITTED = "committed", _("Tersimpan")
    DISCARDED = "discarded", _("Dibatalkan")


class RowOutcome(models.TextChoices):
    NEW = "new", _("Baru")
    CHANGED = "changed", _("Berubah")
    SAME = "same", _("Sama")
    ERROR = "error", _("Salah")


class ProgressState(models.TextChoices):
    WAITING = "waiting", _("Belum mulai")
    RUNNING = "running", _("Berjalan")
    DONE = "done", _("Selesai")


ANSWER_WITHIN_WORKING_DAYS = 4
"""How soon a province, and then PKSDM, answers a submitted file."""


class DossierState(models.TextChoices):
    """What the verifier said about one document of a dossier."""

    WAITING = "waiting", _("Menunggu diperiksa")
    ACCEPTED = "accepted", _("Diterima")
    RETURNED = "returned", _("Dikembalikan")


class ClosedWhy(models.TextChoices):
    """Why a document is no longer the current one."""

    REPLACED = "replaced", _("Diganti")
    REMOVED = "removed", _("Dihapus")


MAX_DOCUMENT_VERSIONS = 30
"""Files kept of one person for one requirement."""
EXPIRING_WITHIN_DAYS = 30
"""From how many days before its last day a document may be replaced and is shown as running out."""


class ZipOutcome(models.TextChoices):
    """What would happen to one file of a ZIP of documents."""

    ATTACH = "attach", _("Ditambahkan")
    REPLACE = "replace", _("Mengganti")
    SAME = "same", _("Sudah ada")
    UNKNOWN_NIP = "nip", _("NIP tidak dikenal")
    UNKNOWN_CODE = "code", _("Kode tidak dikenal")
    LOCKED = "locked", _("Terkunci")
    UNSAFE = "unsafe", _("Tidak diterima")


READY_OUTCOMES = (ZipOutcome.ATTACH, ZipOutcome.REPLACE)
