from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from latsar.notices.enums import Audience, NoticeKind


class ReminderRule(models.Model):
    """When who is reminded of what. `offset` counts days from the date: -7 is a week before, 3 is three days after."""

    code = models.SlugField(_("kode"), max_length=40, unique=True)
    source = models.CharField(_("tentang"), max_length=40)
    audience = models.CharField(_("untuk"), max_length=12, choices=Audience)
    offset = models.SmallIntegerField(
        _("hari"), help_text=_("Terhitung dari tanggalnya: -7 seminggu sebelum, 0 pada harinya, 3 tiga hari sesudah.")
    )
    kind = models.CharField(_("jenis pemberitahuan"), max_length=12, choices=NoticeKind, default=NoticeKind.DEADLINE)
    is_active = models.BooleanField(_("dipakai"), default=True)
    ran_on = models.DateField(_("terakhir dijalankan"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["source", "audience", "offset"]
        verbose_name = _("aturan pengingat")
        verbose_name_plural = _("aturan pengingat")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "audience", "offset"],
                name="reminder_rule_once",
                violation_error_message=_("Aturan untuk hal, penerima, dan hari ini sudah ada."),
            ),
            models.CheckConstraint(
                condition=Q(offset__gte=-366, offset__lte=366),
                name="reminder_offset_within_a_year",
                violation_error_message=_("Paling jauh 366 hari sebelum atau sesudah."),
            ),
        ]

    def __str__(self) -> str:
        return self.code
