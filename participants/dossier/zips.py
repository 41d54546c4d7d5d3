from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.jobs.models import JobState
from participants.enums import READY_OUTCOMES, ImportState, ZipOutcome
from participants.imports import PREVIEW_KEPT
from participants.people import Participant

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser

STOPPED = (JobState.CANCELLED, JobState.FAILED)


class DossierZipQuerySet(models.QuerySet["DossierZip"]):
    def visible_to(self, user: AnyUser) -> DossierZipQuerySet:
        """A ZIP belongs to who uploaded it."""
        return self.filter(uploaded_by_id=user.scope.user_id)

    def stale(self, now: datetime) -> DossierZipQuerySet:
        """Archives whose bytes nobody needs any more: decided or not, a week is over."""
        return self.filter(uploaded_at__lt=now - PREVIEW_KEPT).exclude(file="")


class DossierZip(models.Model):
    """An uploaded archive of documents named by NIP, and the preview of what it would do; bound to its bytes by the hash."""

    filename = models.CharField(_("berkas"), max_length=200)
    file = models.FileField(upload_to="berkas-zip/%Y/%m/", blank=True)
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="dossier_zips", verbose_name=_("diunggah oleh"))
    uploaded_at = models.DateTimeField(_("diunggah"), default=timezone.now)
    state = models.CharField(_("keadaan"), max_length=10, choices=ImportState, default=ImportState.PREVIEW)
    job = models.OneToOneField("jobs.Job", models.SET_NULL, null=True, related_name="dossier_zip")

    objects = DossierZipQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at"]
        verbose_name = _("ZIP berkas")
        verbose_name_plural = _("ZIP berkas")

    def __str__(self) -> str:
        return self.filename

    def get_absolute_url(self) -> str:
        return reverse("dossier_zip_preview", args=[self.pk])

    @property
    def kept_until(self) -> datetime:
        return self.uploaded_at + PREVIEW_KEPT

    @property
    def is_stopped(self) -> bool:
        """Whether saving ended before its time: what is done stays, the rest can go on or be dropped."""
        return self.state == ImportState.COMMITTING and self.job is not None and self.job.state in STOPPED


class DossierZipRowQuerySet(models.QuerySet["DossierZipRow"]):
    def visible_to(self, user: AnyUser) -> DossierZipRowQuerySet:
        return self.filter(archive__uploaded_by_id=user.scope.user_id)

    def ready(self) -> DossierZipRowQuerySet:
        return self.filter(outcome__in=READY_OUTCOMES)


class DossierZipRow(models.Model):
    """One file of the archive: whose it is, what for, and what would happen to it."""

    archive = models.ForeignKey(DossierZip, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    entry = models.CharField(max_length=300, help_text="The name inside the archive.")
    participant = models.ForeignKey(Participant, models.CASCADE, null=True, related_name="+")
    code = models.CharField(max_length=30, blank=True)
    issued_on = models.DateField(null=True)
    size = models.PositiveIntegerField(default=0)
    source_sha256 = models.CharField(max_length=64, blank=True)
    base = models.ForeignKey(
        "participants.DossierDocument",
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The current file when the archive was looked at.",
    )
    outcome = models.CharField(max_length=8, choices=ZipOutcome)
    reason = models.CharField(max_length=300, blank=True)

    objects = DossierZipRowQuerySet.as_manager()

    class Meta:
        ordering = ["archive", "number"]
        verbose_name = _("baris ZIP berkas")
        verbose_name_plural = _("baris ZIP berkas")
        constraints = [
            models.UniqueConstraint(fields=["archive", "number"], name="dossier_zip_row_once"),
            models.UniqueConstraint(
                fields=["archive", "participant", "code"],
                condition=models.Q(outcome__in=READY_OUTCOMES),
                name="dossier_zip_target_once",
            ),
        ]
        indexes = [models.Index(fields=["archive", "outcome"], name="dossier_zip_outcome")]

    def __str__(self) -> str:
        return self.entry
