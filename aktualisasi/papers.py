from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aktualisasi.enums import RancanganStage, ReviewPoint
from aktualisasi.rancangan import Rancangan

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser


class RancanganFileQuerySet(models.QuerySet["RancanganFile"]):
    def visible_to(self, user: AnyUser) -> RancanganFileQuerySet:
        if user.scope.nation:
            return self
        return self.filter(rancangan__in=Rancangan.objects.visible_to(user))


class RancanganFile(models.Model):
    """One uploaded version. The bytes are kept as they came; `sha256` proves it."""

    rancangan = models.ForeignKey(Rancangan, models.PROTECT, related_name="files", verbose_name=_("rancangan"))
    number = models.PositiveSmallIntegerField(_("versi"))
    file = models.FileField(upload_to="rancangan/%Y/%m/")
    name = models.CharField(_("nama berkas"), max_length=200)
    size = models.PositiveIntegerField(_("ukuran (byte)"))
    pages = models.PositiveSmallIntegerField(_("halaman"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    objects = RancanganFileQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name = _("versi rancangan")
        verbose_name_plural = _("versi rancangan")
        constraints = [models.UniqueConstraint(fields=["rancangan", "number"], name="rancangan_file_once")]

    def __str__(self) -> str:
        return f"{self.name} (v{self.number})"


class ReviewNoteQuerySet(models.QuerySet["ReviewNote"]):
    def visible_to(self, user: AnyUser) -> ReviewNoteQuerySet:
        """Sent notes for every reader of the rancangan; notes in preparation only for their writer."""
        sent = Q(sent_at__isnull=False)
        if not user.scope.nation:
            sent &= Q(file__rancangan__in=Rancangan.objects.visible_to(user))
        own = Q(by_id=user.scope.user_id, file__rancangan__in=Rancangan.objects.mentored_by(user))
        return self.filter(sent | own)

    def sent(self) -> ReviewNoteQuerySet:
        return self.filter(sent_at__isnull=False)

    def drafts(self) -> ReviewNoteQuerySet:
        return self.filter(sent_at=None)


class ReviewNote(models.Model):
    """A reviewer's remark on one version, on a page or on the whole; the participant reads it once it is sent."""

    file = models.ForeignKey(RancanganFile, models.PROTECT, related_name="notes", verbose_name=_("versi"))
    page = models.PositiveSmallIntegerField(_("halaman"), null=True, blank=True)
    text = models.CharField(_("catatan"), max_length=1000)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(_("dikirim"), null=True, blank=True)

    objects = ReviewNoteQuerySet.as_manager()

    class Meta:
        ordering = ["page", "pk"]
        verbose_name = _("catatan tinjauan")
        verbose_name_plural = _("catatan tinjauan")

    def __str__(self) -> str:
        return self.text


class ReviewAnswer(models.Model):
    """One point of the mentor's checklist for one version."""

    file = models.ForeignKey(RancanganFile, models.PROTECT, related_name="answers", verbose_name=_("versi"))
    point = models.CharField(_("butir"), max_length=12, choices=ReviewPoint)
    is_ok = models.BooleanField(_("sesuai"))
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["file", "point"]
        verbose_name = _("butir tinjauan")
        verbose_name_plural = _("butir tinjauan")
        constraints = [models.UniqueConstraint(fields=["file", "point"], name="review_answer_once")]

    def __str__(self) -> str:
        return f"{self.get_point_display()}: {self.is_ok}"


class RancanganStageChange(models.Model):
    rancangan = models.ForeignKey(Rancangan, models.CASCADE, related_name="stage_changes")
    action = models.CharField(max_length=24)
    old = models.CharField(max_length=10, choices=RancanganStage)
    new = models.CharField(max_length=10, choices=RancanganStage)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return " → ".join(filter(None, (self.get_old_display(), self.get_new_display())))
