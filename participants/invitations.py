"""How far the invitation of each person is: the last mail, and the printed slip whose code opens the account once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import date

    from latsar.accounts.models import AnyUser


class SlipState(models.TextChoices):
    OPEN = "open", _("Berlaku")
    USED = "used", _("Dipakai")
    VOID = "void", _("Mati")
    EXPIRED = "expired", _("Lewat masa")


class VoidReason(models.TextChoices):
    REPLACED = "replaced", _("Diganti slip baru")
    WITHDRAWN = "withdrawn", _("Dimatikan petugas")
    UNPRINTED = "unprinted", _("Berkasnya tidak jadi dibuat")
    ACTIVATED = "activated", _("Akun diaktifkan lewat tautan e-mail")


class ActivationSlipQuerySet(models.QuerySet["ActivationSlip"]):
    def visible_to(self, user: AnyUser) -> ActivationSlipQuerySet:
        """Those of the people one administers or oversees; the participant has the paper, not the row."""
        scope = user.scope
        if scope.nation:
            return self
        return self.filter(scope.units_q("participant__satker", "participant__province"))

    def unused(self) -> ActivationSlipQuerySet:
        """Neither used nor void; it may have run out."""
        return self.filter(used_at=None, voided_at=None)


class ActivationSlip(models.Model):
    """A printed code that opens one account once. Only a keyed hash of the code is kept; rows are never deleted."""

    participant = models.ForeignKey("participants.Participant", models.PROTECT, related_name="slips", verbose_name=_("peserta"))
    code_hash = models.CharField(max_length=64)
    printed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("dicetak oleh"))
    printed_at = models.DateTimeField(_("dicetak"), default=timezone.now)
    valid_until = models.DateField(_("berlaku sampai"))
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("pekerjaan"))
    used_at = models.DateTimeField(_("dipakai"), null=True, blank=True)
    voided_at = models.DateTimeField(_("dimatikan"), null=True, blank=True)
    voided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("dimatikan oleh")
    )
    void_reason = models.CharField(_("sebab"), max_length=9, choices=VoidReason, blank=True)

    objects = ActivationSlipQuerySet.as_manager()

    class Meta:
        ordering = ["-printed_at", "-pk"]
        verbose_name = _("slip aktivasi")
        verbose_name_plural = _("slip aktivasi")
        constraints = [
            models.UniqueConstraint(fields=["participant"], condition=Q(used_at=None, voided_at=None), name="slip_one_unused"),
            models.CheckConstraint(
                condition=Q(voided_at=None, voided_by=None, void_reason="")
                | (Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")),
                name="slip_void_paired",
            ),
            models.CheckConstraint(condition=Q(used_at=None) | Q(voided_at=None), name="slip_used_or_void"),
        ]

    def __str__(self) -> str:
        return f"{self.participant}, {self.printed_at:%d-%m-%Y}"

    def state_on(self, day: date) -> SlipState:
        if self.used_at is not None:
            return SlipState.USED
        if self.voided_at is not None:
            return SlipState.VOID
        return SlipState.OPEN if self.valid_until >= day else SlipState.EXPIRED


class Invitation(models.Model):
    """The newest mail and the newest slip of a person, so that lists read the state by joins alone."""

    participant = models.OneToOneField("participants.Participant", models.PROTECT, related_name="invitation", verbose_name=_("peserta"))
    mail = models.ForeignKey("notices.OutboxMail", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("e-mail"))
    mailed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("diundang oleh"))
    mailed_at = models.DateTimeField(_("diundang"), null=True, blank=True)
    slip = models.OneToOneField(ActivationSlip, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("slip terakhir"))

    class Meta:
        verbose_name = _("undangan")
        verbose_name_plural = _("undangan")
        constraints = [
            models.CheckConstraint(
                condition=Q(mailed_at=None, mailed_by=None) | Q(mailed_at__isnull=False), name="invitation_mailed_paired"
            )
        ]

    def __str__(self) -> str:
        return str(self.participant)
