"""Surat tugas with bebas tugas, and what people are nevertheless called to."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.training.clash import AT_WORK
from latsar.training.models import BatchPhase
from participants.enums import DutySource

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser


class DutyLetterQuerySet(models.QuerySet["DutyLetter"]):
    def visible_to(self, user: AnyUser) -> DutyLetterQuerySet:
        """Letters of the people whom the person sees: units, the institute, the participant."""
        from participants.people import Participant

        return self if user.scope.nation else self.filter(participant__in=Participant.objects.visible_to(user))

    def in_force(self) -> DutyLetterQuerySet:
        return self.filter(voided_at=None)


class DutyLetter(models.Model):
    """The numbered letter that sends a person to Latsar and releases them from office work, with its facts as they were on that day."""

    participant = models.ForeignKey("participants.Participant", models.PROTECT, related_name="duty_letters", verbose_name=_("peserta"))
    batch = models.ForeignKey("training.Batch", models.PROTECT, related_name="duty_letters", verbose_name=_("angkatan"))
    satker = models.ForeignKey("satker.Satker", models.PROTECT, related_name="+", verbose_name=_("penerbit"))
    number = models.CharField(_("nomor"), max_length=80)
    letter_date = models.DateField(_("tanggal surat"))
    city = models.CharField(_("kota"), max_length=60)
    basis = models.CharField(_("dasar"), max_length=500)
    signer_name = models.CharField(_("nama penanda tangan"), max_length=150)
    signer_title = models.CharField(_("jabatan penanda tangan"), max_length=150)
    signer_nip = models.CharField(_("NIP penanda tangan"), max_length=18, blank=True)
    phases = models.JSONField(_("fase"), help_text=_("Nama, tanggal, dan bebas tugasnya, seperti tercetak."))
    issued_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("dibuat"), default=timezone.now)
    voided_at = models.DateTimeField(_("dibatalkan"), null=True, blank=True)
    voided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    void_reason = models.CharField(_("alasan"), max_length=300, blank=True)
    replaced_by = models.OneToOneField("self", models.SET_NULL, null=True, blank=True, related_name="replaces")
    scan = models.FileField(_("pindaian bertanda tangan"), upload_to="surat-tugas/%Y/%m/", blank=True)
    scan_name = models.CharField(max_length=200, blank=True)
    scan_sha256 = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = DutyLetterQuerySet.as_manager()

    class Meta:
        ordering = ["-letter_date", "-pk"]
        verbose_name = _("surat tugas")
        verbose_name_plural = _("surat tugas")
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "batch"],
                condition=Q(voided_at=None),
                name="duty_letter_one_in_force",
                violation_error_message=_("Orang ini sudah punya surat tugas yang berlaku untuk angkatan ini."),
            ),
            models.UniqueConstraint(
                fields=["satker", "number"], name="duty_letter_number_once", violation_error_message=_("Nomor ini sudah dipakai.")
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None, voided_by=None, void_reason="")
                | (Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")),
                name="duty_letter_voided_paired",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("duty_letter", args=[self.pk])


class DutyQuerySet(models.QuerySet["Duty"]):
    def visible_to(self, user: AnyUser) -> DutyQuerySet:
        from participants.people import Participant

        return self if user.scope.nation else self.filter(participant__in=Participant.objects.visible_to(user))

    def standing(self) -> DutyQuerySet:
        return self.filter(withdrawn_at=None)

    def clashing(self, today: date) -> DutyQuerySet:
        """Keep what is not over and falls into a phase of the person's present angkatan in which they are released."""
        released = BatchPhase.objects.filter(
            batch_id=OuterRef("participant__batch_id"), starts_on__lte=OuterRef("ends_on"), ends_on__gte=OuterRef("starts_on")
        ).exclude(kind__in=AT_WORK)
        return self.standing().filter(Exists(released), ends_on__gte=today)


class Duty(models.Model):
    """Days on which a person is called to office work, whoever says so."""

    participant = models.ForeignKey("participants.Participant", models.PROTECT, related_name="duties", verbose_name=_("peserta"))
    what = models.CharField(_("tugas"), max_length=200, help_text=_("Misalnya Rekapitulasi suara di kecamatan."))
    starts_on = models.DateField(_("mulai"))
    ends_on = models.DateField(_("sampai"))
    source = models.CharField(_("dilaporkan oleh"), max_length=8, choices=DutySource)
    reported_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(_("ditarik"), null=True, blank=True)
    withdrawn_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    withdraw_note = models.CharField(_("catatan"), max_length=300, blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        verbose_name = _("tugas kedinasan")
        verbose_name_plural = _("tugas kedinasan")
        indexes = [models.Index(fields=["ends_on"], name="duty_standing", condition=Q(withdrawn_at=None))]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="duty_dates_in_order",
                violation_error_message=_("Hari selesai mendahului hari mulai."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None) | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="duty_withdrawn_paired",
            ),
        ]

    def __str__(self) -> str:
        return self.what
