from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.accounts.enums import Role
from latsar.notices.enums import Failure, MailState, NoticeKind

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser


LEASE = timedelta(minutes=5)
"""How long an attempt may take before another worker may try the same mail."""


class OutboxMailQuerySet(models.QuerySet["OutboxMail"]):
    def visible_to(self, user: AnyUser) -> OutboxMailQuerySet:
        """PKSDM: all. Units: mail to their own CPNS, so that they see whether an invitation arrived."""
        scope = user.scope
        if Role.PKSDM in scope.roles:
            return self
        return self.filter(scope.units_q("user__participant__satker", "user__participant__province"))

    def due(self, now: datetime) -> OutboxMailQuerySet:
        return self.filter(state=MailState.QUEUED, send_after__lte=now)

    def held(self, now: datetime) -> OutboxMailQuerySet:
        """Not tried yet and not to be sent before its recipient's quiet hours end."""
        return self.filter(state=MailState.QUEUED, attempts=0, send_after__gt=now)

    def waiting(self, now: datetime) -> OutboxMailQuerySet:
        return self.filter(state=MailState.QUEUED, attempts=0, send_after__lte=now)

    def retrying(self) -> OutboxMailQuerySet:
        return self.filter(state=MailState.QUEUED, attempts__gt=0)

    def failed(self) -> OutboxMailQuerySet:
        return self.filter(state=MailState.FAILED)

    def sent(self) -> OutboxMailQuerySet:
        return self.filter(state=MailState.SENT)

    def search(self, text: str) -> OutboxMailQuerySet:
        """Match part of an address or of the recipient's name."""
        text = text.strip()
        return self.filter(Q(to__icontains=text) | Q(user__full_name__icontains=text)) if text else self


class OutboxMail(models.Model):
    """A mail written in the transaction of its cause; `key` keeps a cause from being mailed twice.

    Once sent, `body` and `html` are emptied: they may hold a link that signs its reader in. `send_after` is when it may
    leave at the earliest: the end of quiet hours, or the next attempt. After `expires_at` its text is of no use any more.
    """

    key = models.CharField(max_length=120, unique=True)
    user = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="outbox_mails", verbose_name=_("penerima")
    )
    to = models.EmailField()
    kind = models.CharField(_("jenis"), max_length=12, choices=NoticeKind, default=NoticeKind.ACCOUNT)
    is_security = models.BooleanField(_("e-mail keamanan"), default=False)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    html = models.TextField(blank=True)
    state = models.CharField(max_length=6, choices=MailState, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(_("sebab"), max_length=12, choices=Failure, blank=True)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    send_after = models.DateTimeField(_("dikirim paling cepat"), default=timezone.now)
    expires_at = models.DateTimeField(_("berlaku sampai"), null=True, blank=True)
    tried_at = models.DateTimeField(_("terakhir dicoba"), null=True, blank=True)
    sent_at = models.DateTimeField(null=True)

    objects = OutboxMailQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("e-mail keluar")
        verbose_name_plural = _("e-mail keluar")
        indexes = [
            models.Index(fields=["send_after"], name="mail_due", condition=Q(state="queued")),
            models.Index(fields=["created_at"], name="mail_failed", condition=Q(state="failed")),
            models.Index(fields=["-created_at", "-id"], name="mail_newest"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(state="sent") | Q(sent_at__isnull=False, body="", html=""), name="mail_sent_keeps_no_text"),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(failure=""), name="mail_failed_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} -> {self.to}"

    @property
    def is_under_way(self) -> bool:
        """Whether a worker holds it: claiming puts `send_after` one lease behind `tried_at`, and settling moves it on."""
        if self.state != MailState.QUEUED or self.tried_at is None:
            return False
        return self.send_after == self.tried_at + LEASE and self.send_after > timezone.now()

    @property
    def is_held(self) -> bool:
        return self.state == MailState.QUEUED and self.attempts == 0 and self.send_after > timezone.now()


class EmailBounceQuerySet(models.QuerySet["EmailBounce"]):
    def bouncing(self) -> EmailBounceQuerySet:
        """Addresses that the last mail could not reach; `address` is in small letters."""
        return self.filter(cleared_at=None)


class EmailBounce(models.Model):
    """An address whose server said that it takes no mail, until a later mail gets through or somebody clears it."""

    address = models.EmailField(_("alamat"), unique=True)
    reason = models.CharField(_("jawaban server"), max_length=300, blank=True)
    count = models.PositiveIntegerField(_("berapa kali"), default=1)
    first_at = models.DateTimeField(_("pertama"), default=timezone.now)
    last_at = models.DateTimeField(_("terakhir"), default=timezone.now)
    cleared_at = models.DateTimeField(_("dinyatakan benar"), null=True, blank=True)

    objects = EmailBounceQuerySet.as_manager()

    class Meta:
        ordering = ["-last_at"]
        verbose_name = _("alamat yang menolak")
        verbose_name_plural = _("alamat yang menolak")

    def __str__(self) -> str:
        return self.address
