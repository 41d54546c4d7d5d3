from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from latsar.training.enums import StageScope

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser


class ElectionStageQuerySet(models.QuerySet["ElectionStage"]):
    def visible_to(self, user: AnyUser) -> ElectionStageQuerySet:
        """National stages are everybody's; the others are seen by the units they bind."""
        scope = user.scope
        if scope.nation:
            return self
        from latsar.satker.models import Satker

        above = Satker.objects.filter(pk__in=scope.satker_ids).values("province_id")
        own = Q(satker_id__in=scope.satker_ids) | Q(province_id__in=scope.province_ids) | Q(scope=StageScope.PROVINCE, satker_id__in=above)
        return self.filter(Q(scope=StageScope.NATION) | own)

    def valid(self) -> ElectionStageQuerySet:
        return self.filter(withdrawn_at=None)

    def touching(self, first: date, last: date) -> ElectionStageQuerySet:
        """Keep what shares at least a day with this span."""
        return self.filter(starts_on__lte=last, ends_on__gte=first)

    def search(self, text: str) -> ElectionStageQuerySet:
        text = text.strip()
        return self.filter(Q(name__icontains=text) | Q(satker__name__icontains=text)) if text else self


class ElectionStage(models.Model):
    """A tahapan pemilu: days on which the units it binds need their people."""

    name = models.CharField(_("tahapan"), max_length=150)
    scope = models.CharField(_("berlaku untuk"), max_length=8, choices=StageScope)
    satker = models.ForeignKey(
        "satker.Satker", models.PROTECT, null=True, blank=True, related_name="election_stages", verbose_name=_("satker")
    )
    province = models.ForeignKey("satker.Satker", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("provinsi"))
    starts_on = models.DateField(_("mulai"))
    ends_on = models.DateField(pgettext_lazy("date", "selesai"))
    is_blocking = models.BooleanField(
        _("tidak bisa ditinggal"), default=False, help_text=_("Pegawainya tidak bisa dilepas pada hari-hari ini.")
    )
    source = models.CharField(_("dasar"), max_length=200, blank=True, help_text=_("Nomor peraturan atau keputusan."))
    is_verified = models.BooleanField(_("sudah dicocokkan"), default=False)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(_("ditarik"), null=True, blank=True)
    withdrawn_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = ElectionStageQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "name", "pk"]
        verbose_name = _("tahapan pemilu")
        verbose_name_plural = _("tahapan pemilu")
        indexes = [models.Index(fields=["starts_on", "ends_on"], name="election_stage_days")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="election_stage_dates_in_order",
                violation_error_message=_("Hari selesai mendahului hari mulai."),
            ),
            models.CheckConstraint(
                condition=Q(scope=StageScope.NATION, satker=None, province=None)
                | (~Q(scope=StageScope.NATION) & Q(satker__isnull=False, province__isnull=False)),
                name="election_stage_scope_has_unit",
                violation_error_message=_("Tahapan provinsi dan satker menyebut satkernya; tahapan nasional tidak."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None) | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="election_stage_withdrawn_paired",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("stage_edit", args=[self.pk])

    def binds(self, *, satker_id: int, province_id: int) -> bool:
        """Whether the people of this unit are bound: nation all, a province every unit in it, a satker itself."""
        if self.scope == StageScope.NATION:
            return True
        return self.satker_id == (province_id if self.scope == StageScope.PROVINCE else satker_id)
