"""PKTBT at the home agency: what the satker plans and reports of it for each of its people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.enums import PktbtForm

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser


class PktbtActivityQuerySet(models.QuerySet["PktbtActivity"]):
    def visible_to(self, user: AnyUser) -> PktbtActivityQuerySet:
        from participants.people import Participant

        if user.scope.nation:
            return self
        return self.filter(participant__in=Participant.objects.visible_to(user).order_by())


class PktbtActivity(models.Model):
    """One activity of penguatan kompetensi teknis bidang tugas, planned until it is reported as done. Ref: PerLAN 1/2021."""

    participant = models.ForeignKey("participants.Participant", models.PROTECT, related_name="pktbt", verbose_name=_("peserta"))
    phase = models.ForeignKey("training.BatchPhase", models.CASCADE, related_name="pktbt", verbose_name=_("fase"))
    topic = models.CharField(_("topik"), max_length=150)
    form = models.CharField(_("bentuk"), max_length=12, choices=PktbtForm, default=PktbtForm.COACHING)
    starts_on = models.DateField(_("mulai"))
    ends_on = models.DateField(_("selesai"))
    hours = models.PositiveSmallIntegerField(_("JP"), validators=[MinValueValidator(1), MaxValueValidator(200)])
    done_on = models.DateField(_("dilaksanakan"), null=True, blank=True)
    evidence = models.FileField(_("bukti"), upload_to="pktbt/%Y/%m/", blank=True)
    evidence_name = models.CharField(_("nama berkas"), max_length=150, blank=True)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = PktbtActivityQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        verbose_name = _("kegiatan PKTBT")
        verbose_name_plural = _("kegiatan PKTBT")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="pktbt_dates_in_order",
                violation_error_message=_("Selesai harus sesudah mulai."),
            ),
            models.CheckConstraint(condition=Q(hours__gte=1, hours__lte=200), name="pktbt_hours_in_range"),
        ]

    def __str__(self) -> str:
        return self.topic
