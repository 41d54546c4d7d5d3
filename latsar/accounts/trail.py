"""What is remembered of people's deeds: changes, the seals over them, and who looked at whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.accounts.enums import Role, ViewKind

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser

DIGEST_LETTERS = 64
"""A SHA-256 in hexadecimal letters."""


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def visible_to(self, user: AnyUser) -> AuditEntryQuerySet:
        scope = user.scope
        if scope.nation:
            return self
        return self.filter(Q(actor_id=scope.user_id) | scope.units_q())

    def about(self, obj: models.Model) -> AuditEntryQuerySet:
        return self.filter(model=obj._meta.label_lower, object_id=str(obj.pk))


class AuditEntry(models.Model):
    """Who did what to which row, old -> new. Append-only: nothing in the portal updates or deletes it."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=40)
    model = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    object_label = models.CharField(max_length=200)
    changes = models.JSONField(default=dict)
    note = models.CharField(max_length=500, blank=True)
    satker = models.ForeignKey("satker.Satker", models.PROTECT, null=True, related_name="+")
    province = models.ForeignKey("satker.Satker", models.PROTECT, null=True, related_name="+")
    request_id = models.CharField(max_length=32, blank=True)
    client_ip = models.GenericIPAddressField(null=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("jejak audit")
        verbose_name_plural = _("jejak audit")
        indexes = [models.Index(fields=["model", "object_id", "-at"], name="audit_object")]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_label}"


class AuditSealQuerySet(models.QuerySet["AuditSeal"]):
    def visible_to(self, user: AnyUser) -> AuditSealQuerySet:
        """Digests say nothing about anybody, but they belong to those who answer for the trail."""
        return self if user.scope.nation else self.none()

    def head(self) -> AuditSeal | None:
        """Return the newest block."""
        return self.order_by("-number").first()


class AuditSeal(models.Model):
    """One block of the chain over the audit trail (ADR 0014). Append-only.

    `runs` are the sealed ids as [first, last] pairs, `leaves` one SHA-256 a row in that order, each over the leaf before it
    and the row. `digest` covers number, previous digest, moment, runs and leaves.
    """

    number = models.PositiveIntegerField(_("nomor blok"), unique=True)
    previous = models.CharField(_("sidik sebelumnya"), max_length=DIGEST_LETTERS, unique=True)
    digest = models.CharField(_("sidik"), max_length=DIGEST_LETTERS, unique=True)
    first_id = models.BigIntegerField(_("baris pertama"))
    last_id = models.BigIntegerField(_("baris terakhir"))
    rows = models.PositiveIntegerField(_("jumlah baris"))
    runs = models.JSONField()
    leaves = models.BinaryField()
    at = models.DateTimeField(_("disegel"), default=timezone.now)

    objects = AuditSealQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name = _("segel audit")
        verbose_name_plural = _("segel audit")
        indexes = [models.Index(fields=["at", "last_id"], name="seal_settled"), models.Index(fields=["last_id"], name="seal_last")]
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1), name="seal_number_from_one"),
            models.CheckConstraint(condition=Q(last_id__gte=F("first_id"), rows__gte=1), name="seal_covers_rows"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.digest[:12]}"


class DataViewQuerySet(models.QuerySet["DataView"]):
    def visible_to(self, user: AnyUser) -> DataViewQuerySet:
        """What one looked at oneself, and all of it for the nation; a person's own page asks `about` after its policy."""
        scope = user.scope
        return self if scope.nation else self.filter(viewer_id=scope.user_id)

    def about(self, obj: models.Model) -> DataViewQuerySet:
        return self.filter(model=obj._meta.label_lower, object_id=str(obj.pk))


class DataView(models.Model):
    """One person looked at another one's data: the first time a day, for each kind of look (ADR 0016)."""

    viewer = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("yang melihat"))
    model = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    kind = models.CharField(_("yang dibuka"), max_length=8, choices=ViewKind)
    day = models.DateField(_("hari"))
    at = models.DateTimeField(_("waktu"), default=timezone.now)
    role = models.CharField(_("peran"), max_length=16, choices=Role, blank=True)
    unit = models.CharField(_("satker atau lembaga"), max_length=150, blank=True)
    note = models.CharField(_("keterangan"), max_length=200, blank=True)
    request_id = models.CharField(max_length=32, blank=True)

    objects = DataViewQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("pembacaan data")
        verbose_name_plural = _("pembacaan data")
        constraints = [models.UniqueConstraint(fields=["model", "object_id", "day", "viewer", "kind"], name="data_view_once_a_day")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.day:%d-%m-%Y}"
