from django.db import models
from django.utils.translation import gettext_lazy as _


class RancanganStage(models.TextChoices):
    DRAFT = "draft", _("Disusun")
    SUBMITTED = "submitted", _("Menunggu mentor")
    RETURNED = "returned", _("Dikembalikan mentor")
    APPROVED = "approved", _("Disetujui mentor")


class Bone(models.TextChoices):
    """The five causes of a fishbone."""

    MAN = "manusia", _("Manusia")
    METHOD = "metode", _("Metode")
    MACHINE = "mesin", _("Mesin")
    MATERIAL = "material", _("Material")
    ENVIRONMENT = "lingkungan", _("Lingkungan")


class ReviewPoint(models.TextChoices):
    """What a mentor looks at before the rancangan may be approved."""

    OWN_TASK = "own_task", _("Isu berasal dari tugas di satker sendiri")
    REASONS = "reasons", _("APKL dan USG diisi dengan alasan")
    ROOT_CAUSE = "root_cause", _("Setiap kegiatan menjawab satu akar masalah")
    VALUES = "values", _("Kaitan dengan nilai dasar jelas")
    SCHEDULE = "schedule", _("Jadwal muat dalam masa habituasi")


REVIEW_WORKING_DAYS = 3
"""A mentor answers within three working days; shown as a date, nothing is refused afterwards."""

MAX_VERSIONS = 30
"""Versions of one rancangan: far above what anybody needs, low enough that nobody fills the disk."""

MIN_ISSUES, MAX_ISSUES = 3, 5
"""Issues that are weighed against each other. Ref: domain, aktualisasi."""

MAX_KEGIATAN = 8
MAX_TAHAPAN = 10
MAX_CAUSES = 8
"""Rows of one rancangan (tahapan of one kegiatan, causes of one bone): about five are usual."""

LONG, SENTENCE = 4000, 500
"""Letters of a text field, and of one sentence of the matrix."""
