from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from latsar.training.enums import BatchStage, DayCount, GolonganGroup, Method, PhaseKind
from latsar.ui.words import roman

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser

ROMAN_NUMBERS = {roman(number): number for number in range(1, 100)}


class Wave(models.Model):
    """A gelombang: batches that start together."""

    number = models.PositiveSmallIntegerField(_("gelombang"))
    year = models.PositiveSmallIntegerField(_("tahun"))

    class Meta:
        ordering = ["-year", "number"]
        verbose_name = _("gelombang")
        verbose_name_plural = _("gelombang")
        constraints = [models.UniqueConstraint(fields=["year", "number"], name="wave_once")]

    def __str__(self) -> str:
        return _("Gelombang %(n)s %(year)s") % {"n": roman(self.number), "year": self.year}

    def get_absolute_url(self) -> str:
        return reverse("wave_detail", args=[self.pk])


class WaveShift(models.Model):
    """One move of a whole wave. `before` and `after` hold the days of every phase, so that the move can be taken back exactly."""

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="shifts", verbose_name=_("gelombang"))
    days = models.SmallIntegerField(_("hari kerja"))
    before = models.JSONField(help_text=_("Tanggal fase sebelum digeser, menurut angkatan."))
    after = models.JSONField(help_text=_("Tanggal fase sesudah digeser, menurut angkatan."))
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("geseran gelombang")
        verbose_name_plural = _("geseran gelombang")
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="wave_shift_undone_paired",
            )
        ]

    def __str__(self) -> str:
        return f"{self.wave}: {self.days:+d}"


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, user: AnyUser) -> BatchQuerySet:
        """Nation: all. Institute: placed there. Units: of their province, or with one of their people in it."""
        scope = user.scope
        if scope.nation:
            return self
        own = Q(institute_id__in=scope.institute_ids) | Q(province_id__in=scope.province_ids)
        if scope.satker_ids or scope.province_ids:
            theirs = scope.units_q("placements__participant__satker", "placements__participant__province")
            own |= Q(pk__in=Seat.objects.filter(theirs, placements__released_at=None).values("batch_id"))
        return self.filter(own)

    def search(self, text: str) -> BatchQuerySet:
        """Match the number typed as "Angkatan II", "Batch II", "II" or "2", a year, or else part of the institute's name.

        What reads as a number is one: "I" is the first angkatan, never every institute with that letter in its name.
        """
        text = text.strip()
        number = text.upper().removeprefix("ANGKATAN").removeprefix("BATCH").strip()
        if number.isdecimal() and len(number) < 5:
            return self.filter(Q(number=int(number)) | Q(year=int(number)))
        if number in ROMAN_NUMBERS:
            return self.filter(number=ROMAN_NUMBERS[number])
        return self.filter(institute__name__icontains=text) if text else self


class Batch(models.Model):
    """An angkatan: up to `capacity` seats at one institute under one scheme and one curriculum."""

    number = models.PositiveSmallIntegerField(_("angkatan"), help_text=_("Angka biasa; dicetak dengan angka Romawi."))
    year = models.PositiveSmallIntegerField(_("tahun"))
    wave = models.ForeignKey(Wave, models.PROTECT, null=True, blank=True, related_name="batches", verbose_name=_("gelombang"))
    institute = models.ForeignKey("training.Institute", models.PROTECT, related_name="batches", verbose_name=_("lembaga"))
    province = models.ForeignKey(
        "satker.Satker", models.PROTECT, null=True, blank=True, related_name="batches", verbose_name=_("provinsi penyelenggara")
    )
    scheme = models.ForeignKey("training.RegulationScheme", models.PROTECT, related_name="batches", verbose_name=_("skema"))
    method = models.CharField(_("metode"), max_length=16, choices=Method)
    curriculum = models.ForeignKey("training.Curriculum", models.PROTECT, related_name="batches", verbose_name=_("kurikulum"))
    golongan = models.CharField(_("golongan"), max_length=6, choices=GolonganGroup, default=GolonganGroup.III)
    capacity = models.PositiveSmallIntegerField(_("kursi"), default=40)
    place = models.CharField(_("tempat klasikal"), max_length=120, blank=True)
    seat_request = models.ForeignKey(
        "training.SeatRequest", models.PROTECT, null=True, blank=True, related_name="batches", verbose_name=_("permohonan kursi")
    )
    approval_basis = models.CharField(
        _("persetujuan Kepala LAN"), max_length=200, blank=True, help_text=_("Nomor dan tanggal; wajib untuk klasikal sejak 2024.")
    )
    stage = models.CharField(_("keadaan"), max_length=8, choices=BatchStage, default=BatchStage.DRAFT)
    starts_on = models.DateField(_("mulai"))
    ends_on = models.DateField(pgettext_lazy("date", "selesai"))
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "institute", "number"]
        verbose_name = _("angkatan")
        verbose_name_plural = _("angkatan")
        indexes = [
            models.Index(fields=["stage", "ends_on"], name="batch_stage"),
            models.Index(fields=["institute", "-starts_on"], name="batch_institute"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["institute", "year", "number"],
                name="batch_once",
                violation_error_message=_("Angkatan dengan nomor dan tahun ini sudah ada di lembaga tersebut."),
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="batch_dates_in_order"),
            models.CheckConstraint(condition=Q(capacity__gte=1, capacity__lte=200), name="batch_capacity_in_range"),
            models.CheckConstraint(
                condition=Q(opened_at=None, opened_by=None) | Q(opened_at__isnull=False, opened_by__isnull=False),
                name="batch_opened_paired",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}, {self.institute}"

    def get_absolute_url(self) -> str:
        return reverse("batch_detail", args=[self.pk])

    @property
    def label(self) -> str:
        """Angkatan with its number in Roman: "Angkatan II"."""
        return _("Angkatan %(n)s") % {"n": roman(self.number)}


class BatchPhase(models.Model):
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="phases", verbose_name=_("angkatan"))
    order = models.PositiveSmallIntegerField(_("urutan"))
    kind = models.CharField(_("jenis"), max_length=18, choices=PhaseKind)
    name = models.CharField(_("nama"), max_length=60)
    starts_on = models.DateField(_("mulai"))
    ends_on = models.DateField(pgettext_lazy("date", "selesai"))
    day_count = models.CharField(_("hitungan hari"), max_length=8, choices=DayCount, default=DayCount.WORKING)
    is_parallel = models.BooleanField(_("sejajar"), default=False)
    is_mandatory = models.BooleanField(_("wajib"), default=True)

    class Meta:
        ordering = ["batch", "order"]
        verbose_name = _("fase")
        verbose_name_plural = _("fase")
        constraints = [
            models.UniqueConstraint(fields=["batch", "order"], name="phase_order_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="phase_dates_in_order"),
        ]

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """One chair of a batch. Placements point at chairs, so a batch cannot hold more people than chairs."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="seats", verbose_name=_("angkatan"))
    number = models.PositiveSmallIntegerField(_("nomor kursi"))

    class Meta:
        ordering = ["batch", "number"]
        verbose_name = _("kursi")
        verbose_name_plural = _("kursi")
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="seat_once")]

    def __str__(self) -> str:
        return f"{self.batch} / {self.number}"


class BatchStageChange(models.Model):
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="stage_changes")
    old = models.CharField(max_length=8, choices=BatchStage)
    new = models.CharField(max_length=8, choices=BatchStage)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return " → ".join(filter(None, (self.get_old_display(), self.get_new_display())))
