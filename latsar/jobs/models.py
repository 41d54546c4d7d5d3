from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser


class JobState(models.TextChoices):
    QUEUED = "queued", _("Antre")
    RUNNING = "running", _("Berjalan")
    DONE = "done", _("Selesai")
    PARTIAL = "partial", _("Selesai sebagian")
    FAILED = "failed", _("Gagal")
    CANCELLED = "cancelled", _("Dibatalkan")


OPEN_STATES = frozenset({JobState.QUEUED, JobState.RUNNING})


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: AnyUser) -> JobQuerySet:
        """A job belongs to who asked for it; nobody else sees its progress or its file."""
        return self.filter(requested_by_id=user.scope.user_id)

    def untold(self) -> JobQuerySet:
        """Ended, and the requester has not been told yet."""
        return self.filter(told_at=None, finished_at__isnull=False).exclude(state__in=OPEN_STATES)

    def claimable(self) -> JobQuerySet:
        """Queued, or running on a worker that stopped giving signs of life."""
        stale = timezone.now() - timedelta(seconds=settings.JOB_LEASE_SECONDS)
        return self.filter(Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, heartbeat_at__lt=stale))


class Job(models.Model):
    """Durable background work. The database holds it; Celery only carries its id (decision 3)."""

    task = models.CharField(max_length=80)
    title = models.CharField(_("pekerjaan"), max_length=200)
    params = models.JSONField(default=dict)
    requested_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="jobs", verbose_name=_("diminta oleh"))
    state = models.CharField(_("keadaan"), max_length=10, choices=JobState, default=JobState.QUEUED)
    done = models.PositiveIntegerField(_("selesai"), default=0)
    failed = models.PositiveIntegerField(_("gagal"), default=0)
    total = models.PositiveIntegerField(_("jumlah"), default=0)
    done_before = models.PositiveIntegerField(default=0, help_text=_("Yang sudah beres sebelum putaran ini; untuk menghitung laju."))
    message = models.CharField(_("pesan"), max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    runner = models.CharField(max_length=32, blank=True)
    heartbeat_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    cancel_requested = models.BooleanField(default=False)
    scope = models.JSONField(default=dict, help_text=_("Wewenang peminta saat meminta; hasil hanya dibuka selama masih dimiliki."))
    result_file = models.FileField(upload_to="jobs/%Y/%m/", blank=True)
    result_name = models.CharField(max_length=150, blank=True)
    result_until = models.DateTimeField(
        _("bisa diunduh sampai"), null=True, blank=True, help_text=_("Kosong: berkas hasil disimpan seterusnya.")
    )
    back_url = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("pekerjaan")
        verbose_name_plural = _("pekerjaan")
        indexes = [
            models.Index(fields=["requested_by", "-created_at"], name="job_owner"),
            models.Index(fields=["state", "heartbeat_at"], name="job_open", condition=Q(state__in=["queued", "running"])),
            models.Index(fields=["result_until"], name="job_result_until", condition=Q(result_until__isnull=False)),
            models.Index(fields=["finished_at"], name="job_untold", condition=Q(told_at=None, finished_at__isnull=False)),
        ]
        constraints = [models.CheckConstraint(condition=Q(done__lte=F("total")) | Q(total=0), name="job_done_within_total")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("job_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class ItemState(models.TextChoices):
    QUEUED = "queued", _("Antre")
    DONE = "done", _("Selesai")
    FAILED = "failed", _("Gagal")
    SKIPPED = "skipped", _("Dilewati")


class JobItem(models.Model):
    """One unit of work with its own state, so that a killed worker loses and doubles nothing."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    ref = models.CharField(max_length=60)
    label = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=ItemState, default=ItemState.QUEUED)
    message = models.CharField(max_length=500, blank=True)
    fix_url = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["job", "ref"], name="job_item_once")]
        indexes = [models.Index(fields=["job", "state"], name="job_item_state")]

    def __str__(self) -> str:
        return self.label
