from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.notices.enums import NoticeKind

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: AnyUser) -> NoticeQuerySet:
        return self.filter(user_id=user.scope.user_id)

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at=None)

    def for_digest(self) -> NoticeQuerySet:
        """What waits for the next daily mail; reading it in the portal settles it too."""
        return self.filter(waits_for_digest=True, read_at=None)


class Notice(models.Model):
    """Something that happened or falls due and concerns one person, shown in the portal.

    `key` keeps a reminder from being given twice. `waits_for_digest`: the daily mail has still to tell it.
    """

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="notices", verbose_name=_("akun"))
    kind = models.CharField(_("jenis"), max_length=12, choices=NoticeKind, default=NoticeKind.ACCOUNT)
    text = models.CharField(max_length=300)
    url = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=60, blank=True)
    due_on = models.DateField(null=True, blank=True)
    key = models.CharField(max_length=120, blank=True)
    waits_for_digest = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("pemberitahuan")
        verbose_name_plural = _("pemberitahuan")
        indexes = [
            models.Index(fields=["user", "-created_at"], name="notice_user"),
            models.Index(fields=["user"], name="notice_unread", condition=Q(read_at=None)),
            models.Index(fields=["user"], name="notice_digest", condition=Q(waits_for_digest=True)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="notice_key_once"),
            models.CheckConstraint(condition=Q(kind__in=NoticeKind.values), name="notice_kind_known"),
        ]

    def __str__(self) -> str:
        return self.text
