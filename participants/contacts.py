"""What participants ask to change about how they are reached; the satker confirms it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser


class ContactState(models.TextChoices):
    PROVING = "proving", _("Menunggu kode e-mail")
    WAITING = "waiting", _("Menunggu satker")
    ACCEPTED = "accepted", _("Diterima")
    REFUSED = "refused", _("Ditolak")
    CANCELLED = "cancelled", _("Dibatalkan")


OPEN_STATES = (ContactState.PROVING, ContactState.WAITING)
DECIDED_STATES = (ContactState.ACCEPTED, ContactState.REFUSED)


class ContactRequestQuerySet(models.QuerySet["ContactRequest"]):
    def visible_to(self, user: AnyUser) -> ContactRequestQuerySet:
        """Those of the people one administers or oversees, and one's own."""
        scope = user.scope
        if scope.nation:
            return self
        return self.filter(scope.units_q("participant__satker", "participant__province") | Q(participant__user_id=scope.user_id))

    def open(self) -> ContactRequestQuerySet:
        return self.filter(state__in=OPEN_STATES)

    def waiting(self) -> ContactRequestQuerySet:
        return self.filter(state=ContactState.WAITING)


class ContactRequest(models.Model):
    """A new e-mail or phone number, empty where nothing changes. A new e-mail is proved by a code before the satker sees it."""

    participant = models.ForeignKey("participants.Participant", models.PROTECT, related_name="contact_requests", verbose_name=_("peserta"))
    email = models.EmailField(_("e-mail baru"), blank=True)
    phone = models.CharField(_("No. HP baru"), max_length=20, blank=True)
    old_email = models.EmailField(_("e-mail semula"), blank=True)
    old_phone = models.CharField(_("No. HP semula"), max_length=20, blank=True)
    state = models.CharField(_("keadaan"), max_length=9, choices=ContactState, default=ContactState.WAITING)
    code_hash = models.CharField(max_length=64, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    requested_at = models.DateTimeField(_("diusulkan"), default=timezone.now)
    proved_at = models.DateTimeField(_("e-mail terbukti"), null=True, blank=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("diputus oleh"))
    decided_at = models.DateTimeField(_("diputus"), null=True, blank=True)
    decision_note = models.CharField(_("catatan"), max_length=500, blank=True)

    objects = ContactRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        verbose_name = _("usulan kontak")
        verbose_name_plural = _("usulan kontak")
        indexes = [models.Index(fields=["requested_at"], name="contact_waiting", condition=Q(state="waiting"))]
        constraints = [
            models.UniqueConstraint(fields=["participant"], condition=Q(state__in=["proving", "waiting"]), name="contact_one_open"),
            models.CheckConstraint(condition=~Q(email="", phone=""), name="contact_changes_something"),
            models.CheckConstraint(
                condition=Q(email="") | ~Q(state__in=["waiting", "accepted"]) | Q(proved_at__isnull=False), name="contact_email_is_proved"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["accepted", "refused"], decided_at__isnull=False, decided_by__isnull=False)
                | (~Q(state__in=["accepted", "refused"]) & Q(decided_at=None, decided_by=None)),
                name="contact_decided_paired",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(decision_note=""), name="contact_refusal_says_why"),
        ]

    def __str__(self) -> str:
        return str(self.participant)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES
