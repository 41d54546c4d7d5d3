from django.db import models
from django.utils.translation import gettext_lazy as _


class SheetState(models.TextChoices):
    """How far the scores of an angkatan are."""

    FILLING = "filling", _("Diisi")
    SUBMITTED = "submitted", _("Menunggu diperiksa")
    CHECKED = "checked", _("Sudah diperiksa")
    FINAL = "final", _("Final")
    PUBLISHED = "published", _("Diumumkan")


class ScoreSource(models.TextChoices):
    FORM = "form", _("Lembar nilai")
    FILE = "file", _("Berkas")
    CLASH = "clash", _("Tidak dipakai, bentrok")
    CORRECTION = "correct", _("Perubahan sesudah final")


class Outcome(models.TextChoices):
    PASSED = "passed", _("Lulus")
    REMEDIAL = "remedial", _("Remedial")
    DEFERRED = "deferred", _("Ditunda")
    FAILED = "failed", _("Tidak lulus")


class CorrectionKind(models.TextChoices):
    """Why a score changes after it was finalised."""

    REMEDIAL = "remedial", _("Remedial")
    OBJECTION = "objection", _("Sanggahan")
    MISTAKE = "mistake", _("Salah catat")


class CorrectionState(models.TextChoices):
    PROPOSED = "proposed", _("Menunggu orang kedua")
    APPLIED = "applied", _("Berlaku")
    REFUSED = "refused", _("Ditolak")


class ObjectionState(models.TextChoices):
    FILED = "filed", _("Menunggu jawaban")
    PROPOSED = "proposed", _("Perubahan diusulkan")
    UPHELD = "upheld", _("Diterima")
    REJECTED = "rejected", _("Ditolak")
