from __future__ import annotations

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from latsar.training.enums import DayCount, Method, PhaseKind, Rater, SeminarKind, ShortAttendance

EXTENSION_MONTHS = 12


class RegulationSchemeQuerySet(models.QuerySet["RegulationScheme"]):
    def in_force(self, day: date) -> RegulationSchemeQuerySet:
        """Schemes in force on a day, the newest first."""
        ended = Q(effective_to__lt=day)
        return self.published().filter(effective_from__lte=day).exclude(ended).order_by("-effective_from", "-pk")

    def published(self) -> RegulationSchemeQuerySet:
        """Schemes whose numbers are settled: a batch may open with them."""
        return self.exclude(published_at=None)


class RegulationScheme(models.Model):
    """One regulation's rules for Latsar. Ref: PerLAN 12/2018; PerLAN 1/2021 jo 10/2021 with KepLAN 13/K.1/PDP.07/2022.

    A draft is edited freely; once published nothing in it changes, and a copy becomes the next version. `sources` names
    where each number was read (field name -> text); a number without an entry is unverified.
    """

    code = models.SlugField(_("kode"), max_length=30, unique=True)
    name = models.CharField(_("nama"), max_length=120)
    regulation = models.CharField(_("peraturan"), max_length=200)
    effective_from = models.DateField(_("berlaku sejak"))
    effective_to = models.DateField(_("berlaku sampai"), null=True, blank=True)
    hours = models.PositiveSmallIntegerField(_("jumlah JP"), help_text=_("1 JP = 45 menit."))
    max_absence_percent = models.DecimalField(
        _("batas tidak hadir (% JP)"), max_digits=4, decimal_places=1, null=True, blank=True, help_text=_("Bagian JP yang boleh terlewat.")
    )
    max_absence_sessions = models.PositiveSmallIntegerField(
        _("batas tidak hadir (sesi)"), null=True, blank=True, help_text=_("Sesi yang boleh terlewat. Yang lebih dahulu tercapai berlaku.")
    )
    absence_marks = models.CharField(
        _("yang dihitung tidak hadir"), max_length=3, default="A", help_text=_("Huruf dari daftar hadir: A alpa, I izin, S sakit.")
    )
    late_per_absence = models.PositiveSmallIntegerField(
        _("terlambat yang dihitung satu kali tidak hadir"), null=True, blank=True, help_text=_("Kosong: terlambat tidak dihitung.")
    )
    over_absence = models.CharField(
        _("melewati batas tidak hadir"), max_length=8, choices=ShortAttendance, default=ShortAttendance.DEFERRED
    )
    score_tolerance = models.DecimalField(
        _("toleransi antarpenguji (nilai)"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Selisih yang lebih besar wajib diberi catatan. Kosong: tidak diperiksa."),
    )
    has_own_examiners = models.BooleanField(
        _("penguji seminar hasil harus lain dari penguji seminar rancangan"),
        default=False,
        help_text=_("Bagi peserta yang sama. Belum dicocokkan dengan naskah peraturan, jadi boleh diubah."),
    )
    late_points_per_day = models.DecimalField(
        _("pengurang terlambat per hari kerja (nilai)"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Dari nilai komponen yang terkena. Kosong: terlambat hanya ditandai."),
    )
    late_points_max = models.DecimalField(
        _("pengurang terlambat paling besar (nilai)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    submit_lead_days = models.PositiveSmallIntegerField(
        _("rancangan dan laporan diajukan sebelum seminar (hari kerja)"),
        default=0,
        help_text=_("0: paling lambat hari pertama seminar."),
        validators=[MaxValueValidator(60)],
    )
    late_refused_after = models.PositiveSmallIntegerField(
        _("ditolak sesudah terlambat (hari kerja)"), null=True, blank=True, help_text=_("Kosong: unggahan terlambat selalu diterima.")
    )
    remedial_components = models.PositiveSmallIntegerField(
        _("komponen yang boleh diremedial"), null=True, blank=True, help_text=_("Paling banyak per peserta. Kosong: tidak ada remedial.")
    )
    remedial_from = models.DecimalField(
        _("nilai akhir paling rendah untuk remedial"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Di bawahnya langsung tidak lulus. Kosong: tanpa batas bawah."),
    )
    remedial_cap = models.DecimalField(
        _("nilai akhir paling tinggi sesudah remedial"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    remedial_days = models.PositiveSmallIntegerField(_("waktu remedial (hari kalender)"), null=True, blank=True)
    objection_days = models.PositiveSmallIntegerField(
        _("masa sanggah nilai (hari kerja)"), default=3, help_text=_("Sesudah nilai diumumkan. 0: tanpa sanggahan.")
    )
    extension_months = models.PositiveSmallIntegerField(
        _("perpanjangan masa percobaan paling lama (bulan)"),
        default=EXTENSION_MONTHS,
        help_text=_("Dihitung dari akhir tahun percobaan. Belum dicocokkan dengan naskah peraturan, jadi boleh diubah."),
    )
    is_verified = models.BooleanField(_("sudah dicocokkan dengan naskah peraturan"), default=False)
    source_note = models.TextField(_("catatan sumber"), blank=True)
    sources = models.JSONField(_("sumber tiap angka"), default=dict, blank=True)
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="copies", verbose_name=_("salinan dari"))
    published_at = models.DateTimeField(_("diterbitkan"), null=True, blank=True)
    published_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

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

    def get_absolute_url(self) -> str:
        return reverse("scheme_detail", args=[self.pk])


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
    is_verified = models.BooleanField(_("sudah dicocokkan"), default=False)
    source = models.CharField(_("sumber"), max_length=200, blank=True)

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
    """A part of the final score. `weight` is in percent of the whole, also below a parent, whose parts add up to it.

    `method` narrows a component to one method; empty means every method of the scheme. Only leaves are scored.
    """

    scheme = models.ForeignKey(RegulationScheme, models.CASCADE, related_name="components", verbose_name=_("skema"))
    order = models.PositiveSmallIntegerField(_("urutan"))
    code = models.SlugField(_("kode"), max_length=30)
    name = models.CharField(_("komponen"), max_length=80)
    weight = models.DecimalField(_("bobot (%)"), max_digits=5, decimal_places=2)
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="parts", verbose_name=_("bagian dari"))
    method = models.CharField(_("metode"), max_length=16, choices=Method, blank=True, help_text=_("Kosong: semua metode."))
    rated_by = models.CharField(_("dinilai oleh"), max_length=8, choices=Rater, default=Rater.INSTITUTE)
    raters = models.PositiveSmallIntegerField(
        _("jumlah penilai"), default=1, help_text=_("Nilainya dirata-ratakan."), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    seminar = models.CharField(
        _("dinilai di"), max_length=18, choices=SeminarKind, blank=True, help_text=_("Kosong: tidak dinilai di seminar.")
    )
    question = models.CharField(_("pertanyaan rubrik"), max_length=200, blank=True, help_text=_("Yang dijawab penguji dengan nilainya."))
    minimum = models.DecimalField(
        _("nilai paling rendah"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Di bawahnya belum lulus, berapa pun nilai akhirnya."),
    )
    is_late_sensitive = models.BooleanField(_("terkena pengurang terlambat"), default=False)
    is_verified = models.BooleanField(_("sudah dicocokkan"), default=False)
    source = models.CharField(_("sumber"), max_length=200, blank=True)

    class Meta:
        ordering = ["scheme", "order"]
        verbose_name = _("komponen nilai")
        verbose_name_plural = _("komponen nilai")
        constraints = [
            models.UniqueConstraint(fields=["scheme", "method", "code"], name="component_once"),
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=100), name="component_weight_in_range"),
            models.CheckConstraint(condition=Q(raters__gte=1, raters__lte=5), name="component_raters_in_range"),
            models.CheckConstraint(condition=Q(minimum=None) | Q(minimum__gte=0, minimum__lte=100), name="component_minimum_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.weight}%)"


class Band(models.Model):
    """A qualification: results strictly above `above` (0-100) reach it. Unverified, so editable."""

    scheme = models.ForeignKey(RegulationScheme, models.CASCADE, related_name="bands", verbose_name=_("skema"))
    name = models.CharField(_("kualifikasi"), max_length=40)
    above = models.DecimalField(_("di atas"), max_digits=5, decimal_places=2)
    passes = models.BooleanField(_("lulus"), default=True)
    is_verified = models.BooleanField(_("sudah dicocokkan"), default=False)
    source = models.CharField(_("sumber"), max_length=200, blank=True)

    class Meta:
        ordering = ["scheme", "-above"]
        verbose_name = _("kualifikasi")
        verbose_name_plural = _("kualifikasi")
        constraints = [models.UniqueConstraint(fields=["scheme", "name"], name="band_once")]

    def __str__(self) -> str:
        return self.name


class RubricBand(models.Model):
    """What a score from `lowest` up to the next band means, in words; of the component with this code, in every method. Unverified, so editable."""

    scheme = models.ForeignKey(RegulationScheme, models.CASCADE, related_name="rubric", verbose_name=_("skema"))
    code = models.SlugField(_("kode komponen"), max_length=30)
    lowest = models.DecimalField(_("mulai nilai"), max_digits=5, decimal_places=2)
    words = models.CharField(_("artinya"), max_length=120)
    is_verified = models.BooleanField(_("sudah dicocokkan"), default=False)
    source = models.CharField(_("sumber"), max_length=200, blank=True)

    class Meta:
        ordering = ["scheme", "code", "-lowest"]
        verbose_name = _("rubrik")
        verbose_name_plural = _("rubrik")
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code", "lowest"], name="rubric_once"),
            models.CheckConstraint(condition=Q(lowest__gte=0, lowest__lte=100), name="rubric_lowest_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.lowest}: {self.words}"


class CurriculumQuerySet(models.QuerySet["Curriculum"]):
    def published(self) -> CurriculumQuerySet:
        """Curricula whose content is settled: a batch may open with them."""
        return self.exclude(published_at=None)


class Curriculum(models.Model):
    """Agenda, subjects and values, versioned apart from the regulation (ANEKA, BerAKHLAK)."""

    code = models.SlugField(_("kode"), max_length=30, unique=True)
    name = models.CharField(_("nama"), max_length=120)
    effective_from = models.DateField(_("berlaku sejak"))
    effective_to = models.DateField(_("berlaku sampai"), null=True, blank=True)
    is_verified = models.BooleanField(_("sudah dicocokkan dengan naskah kurikulum"), default=False)
    source_note = models.TextField(_("catatan sumber"), blank=True)
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="copies", verbose_name=_("salinan dari"))
    published_at = models.DateTimeField(_("diterbitkan"), null=True, blank=True)
    published_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = CurriculumQuerySet.as_manager()

    class Meta:
        ordering = ["-effective_from", "code"]
        verbose_name = _("kurikulum")
        verbose_name_plural = _("kurikulum")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("curriculum_detail", args=[self.pk])


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
    is_verified = models.BooleanField(_("sudah dicocokkan"), default=False)
    source = models.CharField(_("sumber"), max_length=200, blank=True)

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
