from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from latsar.training.enums import DayCount, Method, PhaseKind

EXTENSION_MONTHS = 12


class RegulationSchemeQuerySet(models.QuerySet["RegulationScheme"]):
    def in_force(self, day: date) -> RegulationSchemeQuerySet:
        """Schemes in force on a day, the newest first."""
        ended = Q(effective_to__lt=day)
        return self.filter(effective_from__lte=day).exclude(ended).order_by("-effective_from", "-pk")


class RegulationScheme(models.Model):
    """One regulation's rules for Latsar. Ref: PerLAN 12/2018; PerLAN 1/2021 jo 10/2021 with KepLAN 13/K.1/PDP.07/2022."""

    code = models.SlugField(_("kode"), max_length=30, unique=True)
    name = models.CharField(_("nama"), max_length=120)
    regulation = models.CharField(_("peraturan"), max_length=200)
    effective_from = models.DateField(_("berlaku sejak"))
    effective_to = models.DateField(_("berlaku sampai"), null=True, blank=True)
    hours = models.PositiveSmallIntegerField(_("jumlah JP"), help_text=_("1 JP = 45 menit."))
    max_absence_percent = models.DecimalField(_("batas tidak hadir (%)"), max_digits=4, decimal_places=1, null=True, blank=True)
    extension_months = models.PositiveSmallIntegerField(
        _("perpanjangan masa percobaan paling lama (bulan)"),
        default=EXTENSION_MONTHS,
        help_text=_("Dihitung dari akhir tahun percobaan. Belum dicocokkan dengan naskah peraturan, jadi boleh diubah."),
    )
    is_verified = models.BooleanField(_("sudah dicocokkan dengan naskah peraturan"), default=False)
    source_note = models.TextField(_("catatan sumber"), blank=True)

    objects = RegulationSchemeQuerySet.as_manager()

    class Meta:
        ordering = ["-effective_from", "code"]
        verbose_name = _("skema peraturan")
        verbose_name_plural = _("skema peraturan")
        constraints = [
            models.CheckConstraint(condition=Q(effective_to=None) | Q(effective_to__gte=F("effective_from")), name="scheme_dates_in_order")
        ]

    def __str__(self) -> str:
        return self.name


class PhaseTemplate(models.Model):
    """One phase as the scheme lays it out; `length` in working or calendar days.

    A parallel phase starts `offset` days after the phase before it began, and pushes nothing.
    """

    scheme = models.ForeignKey(RegulationScheme, models.CASCADE, related_name="phase_templates", verbose_name=_("skema"))
    method = models.CharField(_("metode"), max_length=16, choices=Method)
    order = models.PositiveSmallIntegerField(_("urutan"))
    kind = models.CharField(_("jenis"), max_length=18, choices=PhaseKind)
    name = models.CharField(_("nama"), max_length=60)
    length = models.PositiveSmallIntegerField(_("lama"))
    day_count = models.CharField(_("hitungan hari"), max_length=8, choices=DayCount, default=DayCount.WORKING)
    offset = models.PositiveSmallIntegerField(
        _("jeda"), default=0, help_text=_("Hari sesudah fase sebelumnya selesai (atau mulai, bila sejajar).")
    )
    is_parallel = models.BooleanField(_("sejajar"), default=False)
    is_mandatory = models.BooleanField(_("wajib"), default=True)

    class Meta:
        ordering = ["scheme", "method", "order"]
        verbose_name = _("templat fase")
        verbose_name_plural = _("templat fase")
        constraints = [
            models.UniqueConstraint(fields=["scheme", "method", "order"], name="phase_template_order_once"),
            models.CheckConstraint(condition=Q(length__gte=1), name="phase_template_lasts_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.name}"


class ScoreComponent(models.Model):
    scheme = models.ForeignKey(RegulationScheme, models.CASCADE, related_name="components", verbose_name=_("skema"))
    order = models.PositiveSmallIntegerField(_("urutan"))
    code = models.SlugField(_("kode"), max_length=30)
    name = models.CharField(_("komponen"), max_length=80)
    weight = models.DecimalField(_("bobot (%)"), max_digits=5, decimal_places=2)
    is_verified = models.BooleanField(_("sudah dicocokkan"), default=False)

    class Meta:
        ordering = ["scheme", "order"]
        verbose_name = _("komponen nilai")
        verbose_name_plural = _("komponen nilai")
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="component_once"),
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=100), name="component_weight_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.weight}%)"


class Band(models.Model):
    """A qualification: results strictly above `above` (0-100) reach it. Unverified, so editable."""

    scheme = models.ForeignKey(RegulationScheme, models.CASCADE, related_name="bands", verbose_name=_("skema"))
    name = models.CharField(_("kualifikasi"), max_length=40)
    above = models.DecimalField(_("di atas"), max_digits=5, decimal_places=2)
    passes = models.BooleanField(_("lulus"), default=True)

    class Meta:
        ordering = ["scheme", "-above"]
        verbose_name = _("kualifikasi")
        verbose_name_plural = _("kualifikasi")
        constraints = [models.UniqueConstraint(fields=["scheme", "name"], name="band_once")]

    def __str__(self) -> str:
        return self.name


class Curriculum(models.Model):
    """Agenda, subjects and values, versioned apart from the regulation (ANEKA, BerAKHLAK)."""

    code = models.SlugField(_("kode"), max_length=30, unique=True)
    name = models.CharField(_("nama"), max_length=120)
    effective_from = models.DateField(_("berlaku sejak"))
    effective_to = models.DateField(_("berlaku sampai"), null=True, blank=True)
    is_verified = models.BooleanField(_("sudah dicocokkan dengan naskah kurikulum"), default=False)
    source_note = models.TextField(_("catatan sumber"), blank=True)

    class Meta:
        ordering = ["-effective_from", "code"]
        verbose_name = _("kurikulum")
        verbose_name_plural = _("kurikulum")

    def __str__(self) -> str:
        return self.name


class CurriculumValue(models.Model):
    curriculum = models.ForeignKey(Curriculum, models.CASCADE, related_name="values", verbose_name=_("kurikulum"))
    order = models.PositiveSmallIntegerField(_("urutan"))
    name = models.CharField(_("nilai dasar"), max_length=60)

    class Meta:
        ordering = ["curriculum", "order"]
        verbose_name = _("nilai dasar")
        verbose_name_plural = _("nilai dasar")
        constraints = [models.UniqueConstraint(fields=["curriculum", "name"], name="value_once")]

    def __str__(self) -> str:
        return self.name


class AgendaSubject(models.Model):
    """A mata pelatihan with its JP (lesson hours of 45 minutes), per method."""

    curriculum = models.ForeignKey(Curriculum, models.CASCADE, related_name="subjects", verbose_name=_("kurikulum"))
    method = models.CharField(_("metode"), max_length=16, choices=Method)
    order = models.PositiveSmallIntegerField(_("urutan"))
    agenda = models.CharField(_("agenda"), max_length=120)
    name = models.CharField(_("mata pelatihan"), max_length=150)
    hours = models.PositiveSmallIntegerField(_("JP"))

    class Meta:
        ordering = ["curriculum", "method", "order"]
        verbose_name = _("mata pelatihan")
        verbose_name_plural = _("mata pelatihan")
        constraints = [models.UniqueConstraint(fields=["curriculum", "method", "order"], name="subject_order_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.hours} JP)"


class DossierRequirement(models.Model):
    """A file that an institute asks for; empty institute or method means all."""

    code = models.SlugField(_("kode"), max_length=30)
    name = models.CharField(_("berkas"), max_length=100)
    institute = models.ForeignKey(
        "training.Institute", models.CASCADE, null=True, blank=True, related_name="dossier_requirements", verbose_name=_("lembaga")
    )
    method = models.CharField(_("metode"), max_length=16, choices=Method, blank=True)
    valid_days = models.PositiveSmallIntegerField(_("masa berlaku (hari)"), null=True, blank=True)
    is_required = models.BooleanField(_("wajib"), default=True)
    blocks_submission = models.BooleanField(
        _("menahan pengajuan"), default=False, help_text=_("CPNS tanpa berkas ini tidak dapat diajukan ke provinsi.")
    )
    order = models.PositiveSmallIntegerField(_("urutan"), default=0)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("syarat berkas")
        verbose_name_plural = _("syarat berkas")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "institute", "method"], condition=Q(institute__isnull=False), name="dossier_requirement_once"
            ),
            models.UniqueConstraint(fields=["code", "method"], condition=Q(institute=None), name="dossier_requirement_general_once"),
            models.CheckConstraint(
                condition=Q(is_required=True) | Q(blocks_submission=False),
                name="dossier_requirement_blocking_is_required",
                violation_error_message=_("Hanya berkas wajib yang dapat menahan pengajuan."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
