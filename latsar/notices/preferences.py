"""How each person wants to be told by mail; who chose nothing has no rows, only the defaults of the roles."""

from __future__ import annotations

from datetime import time

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from latsar.notices.enums import Delivery, Language, NoticeKind

QUIET_FROM, QUIET_TO, DIGEST_AT = time(21), time(6), time(7)


class MailSettings(models.Model):
    """When mail may reach a person, by the clock of their own time zone; equal ends mean no quiet hours."""

    user = models.OneToOneField("accounts.User", models.CASCADE, related_name="mail_settings")
    quiet_from = models.TimeField(_("jam tenang mulai"), default=QUIET_FROM)
    quiet_to = models.TimeField(_("jam tenang berakhir"), default=QUIET_TO)
    is_open_on_weekends = models.BooleanField(_("juga Sabtu dan Minggu"), default=False)
    digest_at = models.TimeField(_("jam ringkasan"), default=DIGEST_AT)
    lists_todos = models.BooleanField(_("dengan daftar tugas"), default=True)
    language = models.CharField(_("bahasa e-mail"), max_length=2, choices=Language, default=Language.INDONESIAN)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("pengaturan pemberitahuan")
        verbose_name_plural = _("pengaturan pemberitahuan")

    def __str__(self) -> str:
        return f"{self.user}"


class MailChoice(models.Model):
    """One person's delivery for one kind, where it differs from the default or was chosen on purpose."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="mail_choices")
    kind = models.CharField(max_length=12, choices=NoticeKind)
    delivery = models.CharField(max_length=5, choices=Delivery)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="mail_choice_once"),
            models.CheckConstraint(condition=Q(delivery__in=Delivery.values), name="mail_choice_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind} {self.delivery}"


class DailyDigest(models.Model):
    """That the day's mail of one person has been decided: at most one a day, also when nothing was to be said."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="daily_digests")
    day = models.DateField()
    is_sent = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="digest_once_a_day")]

    def __str__(self) -> str:
        return f"{self.user}, {self.day}"
