"""The usual programme of an orientasi tugas: days, sessions and the least attendance, kept as data."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class OrientationTemplate(models.Model):
    """What a new orientasi tugas starts from. A programme copies it, so a later change touches none that exists."""

    code = models.SlugField(_("kode"), max_length=30, unique=True)
    name = models.CharField(_("nama"), max_length=120)
    min_attendance_percent = models.PositiveSmallIntegerField(
        _("kehadiran paling sedikit (%)"),
        default=90,
        validators=[MaxValueValidator(100)],
        help_text=_("Bagian JP yang harus diikuti untuk mendapat surat keterangan."),
    )
    is_active = models.BooleanField(_("ditawarkan"), default=True)
    source_note = models.TextField(_("catatan sumber"), blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("templat orientasi tugas")
        verbose_name_plural = _("templat orientasi tugas")
        constraints = [models.CheckConstraint(condition=Q(min_attendance_percent__lte=100), name="orientation_template_percent")]

    def __str__(self) -> str:
        return self.name


class OrientationTemplateSession(models.Model):
    """One session of the template; `day` counts working days from 1, `hours` are JP of 45 minutes."""

    template = models.ForeignKey(OrientationTemplate, models.CASCADE, related_name="sessions", verbose_name=_("templat"))
    day = models.PositiveSmallIntegerField(_("hari ke"), validators=[MinValueValidator(1)])
    starts_at = models.TimeField(_("mulai"))
    ends_at = models.TimeField(_("selesai"))
    hours = models.PositiveSmallIntegerField(_("JP"), validators=[MinValueValidator(1)])
    title = models.CharField(_("materi"), max_length=150)

    class Meta:
        ordering = ["template", "day", "starts_at"]
        verbose_name = _("sesi orientasi tugas")
        verbose_name_plural = _("sesi orientasi tugas")
        constraints = [
            models.UniqueConstraint(fields=["template", "day", "starts_at"], name="orientation_template_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"), hours__gte=1, day__gte=1),
                name="orientation_template_in_order",
                violation_error_message=_("Sesi selesai sesudah mulai, dengan JP dan hari paling sedikit 1."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}. {self.title}"
