from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlanState(models.TextChoices):
    DRAFT = "draft", _("Konsep")
    SOLVING = "solving", _("Sedang dihitung")
    COMMITTING = "committing", _("Sedang diterapkan")
    COMMITTED = "committed", _("Sudah diterapkan")
    DISCARDED = "discarded", _("Dibuang")


class PlanScope(models.TextChoices):
    NATION = "nation", _("Seluruh Indonesia")
    PROVINCES = "provinces", _("Provinsi tertentu")
    WAVE = "wave", _("Satu gelombang")


class PlanReason(models.TextChoices):
    """Why somebody has no seat, or a late one; empty for who is in time."""

    NOT_APPROVED = "not_approved", _("Berkas belum disetujui")
    DEFERRED = "deferred", _("Ditunda")
    BARRED = "barred", _("Sudah pernah mulai Latsar")
    PROPOSAL = "proposal", _("Usulan menunggu putusan")
    OUT = "out", _("Dikeluarkan dengan tangan")
    PASSED = "passed", _("Batas sudah lewat")
    GOLONGAN = "golongan", _("Tidak ada kursi golongannya")
    PROVINCE = "province", _("Tidak ada kursi di provinsinya")
    NOTICE = "notice", _("Mulai terlalu dekat")
    PREGNANT = "pregnant", _("Hamil saat tatap muka")
    TOO_LATE = "too_late", _("Semua kursi selesai sesudah batas")
    FULL = "full", _("Kursi tepat waktu habis")
    LATE = "late", _("Selesai sesudah batas")


NOT_READY = (PlanReason.NOT_APPROVED, PlanReason.DEFERRED, PlanReason.BARRED, PlanReason.PROPOSAL)
"""Who cannot be given a seat whatever is offered: the file or a decision comes first."""
