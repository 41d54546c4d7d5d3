from django.db import models
from django.utils.translation import gettext_lazy as _


class PaperKind(models.TextChoices):
    """What is handed in, read and approved: before habituasi the rancangan, after it the laporan."""

    RANCANGAN = "rancangan", _("Rancangan")
    LAPORAN = "laporan", _("Laporan")


class PaperStage(models.TextChoices):
    DRAFT = "draft", _("Disusun")
    SUBMITTED = "submitted", _("Menunggu mentor")
    RETURNED = "returned", _("Dikembalikan")
    AT_COACH = "at_coach", _("Menunggu coach")
    APPROVED = "approved", _("Disetujui")


OPEN_STAGES = (PaperStage.DRAFT, PaperStage.RETURNED)
"""The stages in which the participant may change text and document."""

WAITING_STAGES = (PaperStage.SUBMITTED, PaperStage.AT_COACH)


class Reviewer(models.TextChoices):
    """Who reads a paper, one after the other."""

    MENTOR = "mentor", _("Mentor")
    COACH = "coach", _("Coach")


class VersionSource(models.TextChoices):
    UPLOADED = "uploaded", _("Diunggah")
    COMPOSED = "composed", _("Disusun portal")


class Bone(models.TextChoices):
    """The five causes of a fishbone."""

    MAN = "manusia", _("Manusia")
    METHOD = "metode", _("Metode")
    MACHINE = "mesin", _("Mesin")
    MATERIAL = "material", _("Material")
    ENVIRONMENT = "lingkungan", _("Lingkungan")


class ReviewPoint(models.TextChoices):
    """What a reviewer looks at before a paper may be approved."""

    OWN_TASK = "own_task", _("Isu berasal dari tugas di satker sendiri")
    REASONS = "reasons", _("APKL dan USG diisi dengan alasan")
    ROOT_CAUSE = "root_cause", _("Setiap kegiatan menjawab satu akar masalah")
    VALUES = "values", _("Kaitan dengan nilai dasar jelas")
    SCHEDULE = "schedule", _("Jadwal muat dalam masa habituasi")
    LAYOUT = "layout", _("Sistematika dan lembar-lembarnya sesuai templat lembaga")
    THREAD = "thread", _("Isu, penyebab, gagasan, dan kegiatan sejalan")
    AGENDA = "agenda", _("Kaitan nilai dasar dan agenda III tepat")
    OUTPUTS = "outputs", _("Output setiap tahapan terukur dan ada buktinya")
    ALL_DONE = "all_done", _("Semua kegiatan dan perubahan rencana dilaporkan")
    PROOF = "proof", _("Bukti cocok dengan yang dilaporkan")
    BENEFIT = "benefit", _("Manfaat bagi satker nyata dan terukur")
    FOLLOW_UP = "follow_up", _("Tindak lanjut dapat dijalankan satker")
    ORIGINAL = "original", _("Pernyataan orisinalitas ada")
    ANALYSIS = "analysis", _("Uraian 5W1H setiap kegiatan lengkap")


CHECKLISTS: dict[tuple[str, str], tuple[ReviewPoint, ...]] = {
    (PaperKind.RANCANGAN, Reviewer.MENTOR): (
        ReviewPoint.OWN_TASK, ReviewPoint.REASONS, ReviewPoint.ROOT_CAUSE, ReviewPoint.VALUES, ReviewPoint.SCHEDULE,
    ),
    (PaperKind.RANCANGAN, Reviewer.COACH): (ReviewPoint.LAYOUT, ReviewPoint.THREAD, ReviewPoint.AGENDA, ReviewPoint.OUTPUTS),
    (PaperKind.LAPORAN, Reviewer.MENTOR): (ReviewPoint.ALL_DONE, ReviewPoint.PROOF, ReviewPoint.BENEFIT, ReviewPoint.FOLLOW_UP),
    (PaperKind.LAPORAN, Reviewer.COACH): (ReviewPoint.LAYOUT, ReviewPoint.ANALYSIS, ReviewPoint.AGENDA, ReviewPoint.ORIGINAL),
}  # fmt: skip
"""The points of each paper for each reader, in the order of the page."""


MAX_VERSIONS = 30
"""Versions of one paper: far above what anybody needs, low enough that nobody fills the disk."""

MIN_ISSUES, MAX_ISSUES = 3, 5
"""Issues that are weighed against each other. Ref: domain, aktualisasi."""

MAX_KEGIATAN = 8
MAX_TAHAPAN = 10
MAX_CAUSES = 8
"""Rows of one rancangan (tahapan of one kegiatan, causes of one bone): about five are usual."""

LONG, SENTENCE = 4000, 500
"""Letters of a text field, and of one sentence of the matrix."""
