from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.enums import ProgressSource, ProgressState

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser


class PlacementQuerySet(models.QuerySet["Placement"]):
    def visible_to(self, user: AnyUser) -> PlacementQuerySet:
        from participants.people import Participant

        if user.scope.nation:
            return self
        return self.filter(participant__in=Participant.objects.visible_to(user))

    def active(self) -> PlacementQuerySet:
        return self.filter(released_at=None)


class Placement(models.Model):
    """A person on a seat. The database holds both promises: a seat has one person, a person one seat."""

    participant = models.ForeignKey("participants.Participant", models.PROTECT, related_name="placements", verbose_name=_("peserta"))
    seat = models.ForeignKey("training.Seat", models.PROTECT, related_name="placements", verbose_name=_("kursi"))
    group = models.PositiveSmallIntegerField(_("kelompok"), null=True, blank=True)
    placed_at = models.DateTimeField(_("ditempatkan"), default=timezone.now)
    placed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    released_at = models.DateTimeField(_("dilepas"), null=True, blank=True)
    released_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    release_reason = models.CharField(_("alasan"), max_length=300, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        ordering = ["seat"]
        verbose_name = _("penempatan")
        verbose_name_plural = _("penempatan")
        constraints = [
            models.UniqueConstraint(fields=["seat"], condition=Q(released_at=None), name="placement_seat_once"),
            models.UniqueConstraint(fields=["participant"], condition=Q(released_at=None), name="placement_person_once"),
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None) | Q(released_at__isnull=False, released_by__isnull=False),
                name="placement_released_paired",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant} / {self.seat}"


class PhaseProgress(models.Model):
    """How far one person is in one phase; no row means not started."""

    participant = models.ForeignKey("participants.Participant", models.CASCADE, related_name="progress", verbose_name=_("peserta"))
    phase = models.ForeignKey("training.BatchPhase", models.CASCADE, related_name="progress", verbose_name=_("fase"))
    state = models.CharField(_("keadaan"), max_length=8, choices=ProgressState)
    percent = models.PositiveSmallIntegerField(_("kemajuan (%)"), null=True, blank=True, validators=[MaxValueValidator(100)])
    detail = models.CharField(_("rincian"), max_length=80, blank=True)
    """What the source counts, such as "7 dari 10"."""
    source = models.CharField(_("sumber"), max_length=6, choices=ProgressSource, default=ProgressSource.FORM)
    marked_at = models.DateTimeField(default=timezone.now)
    marked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("kemajuan fase")
        verbose_name_plural = _("kemajuan fase")
        constraints = [
            models.UniqueConstraint(fields=["participant", "phase"], name="progress_once"),
            models.CheckConstraint(condition=Q(percent=None) | Q(percent__lte=100), name="progress_percent_in_range"),
        ]
        indexes = [models.Index(fields=["phase", "state"], name="progress_phase")]

    def __str__(self) -> str:
        return f"{self.participant} {self.phase}: {self.state}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, user: AnyUser) -> CertificateQuerySet:
        from participants.people import Participant

        if user.scope.nation:
            return self
        return self.filter(participant__in=Participant.objects.visible_to(user))

    def current(self) -> CertificateQuerySet:
        return self.filter(revoked=False)


class Certificate(models.Model):
    """A participant's document for one batch: one that counts, and every one that was revoked."""

    participant = models.ForeignKey("participants.Participant", models.PROTECT, related_name="certificates", verbose_name=_("peserta"))
    batch = models.ForeignKey("training.Batch", models.PROTECT, related_name="certificates", verbose_name=_("angkatan"))
    document = models.OneToOneField("documents.IssuedDocument", models.PROTECT, related_name="certificate", verbose_name=_("dokumen"))
    revoked = models.BooleanField(_("dicabut"), default=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("sertifikat")
        verbose_name_plural = _("sertifikat")
        constraints = [models.UniqueConstraint(fields=["participant", "batch"], condition=Q(revoked=False), name="certificate_once")]

    def __str__(self) -> str:
        return str(self.document)
