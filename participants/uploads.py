"""Tables that institutes bring: progress from a learning system, attendance, a timetable. Kept until decided on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.training.enums import PhaseKind
from participants.enums import TableKind

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser

UPLOAD_KEPT = timedelta(days=7)


class TableUploadQuerySet(models.QuerySet["TableUpload"]):
    def visible_to(self, user: AnyUser) -> TableUploadQuerySet:
        """One's own: the rows hold what only the uploader has seen yet."""
        return self.filter(uploaded_by_id=user.scope.user_id)


class TableUpload(models.Model):
    """A file as read: headings and rows of text. The rows go once it is saved or dropped."""

    kind = models.CharField(_("isi"), max_length=10, choices=TableKind)
    batch = models.ForeignKey("training.Batch", models.CASCADE, related_name="+", verbose_name=_("angkatan"))
    phase = models.ForeignKey("training.BatchPhase", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("fase"))
    session = models.ForeignKey("training.TrainingSession", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("sesi"))
    filename = models.CharField(_("berkas"), max_length=150)
    sha256 = models.CharField(max_length=64)
    headings = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    """Lists of [row number as a spreadsheet counts, texts in the order of the headings]."""
    mapping = models.JSONField(default=dict)
    """Field -> heading."""
    uploaded_by = models.ForeignKey("accounts.User", models.CASCADE, related_name="+", verbose_name=_("diunggah oleh"))
    uploaded_at = models.DateTimeField(_("diunggah"), default=timezone.now)
    saved_at = models.DateTimeField(_("disimpan"), null=True, blank=True)
    saved_rows = models.PositiveIntegerField(default=0)

    objects = TableUploadQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        verbose_name = _("unggahan tabel")
        verbose_name_plural = _("unggahan tabel")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="progress", phase__isnull=False, session=None)
                | Q(kind="attendance", phase=None, session__isnull=False)
                | Q(kind__in=["timetable", "scores", "sttp"], phase=None, session=None),
                name="table_upload_has_its_place",
            )
        ]

    def __str__(self) -> str:
        return self.filename

    def get_absolute_url(self) -> str:
        return reverse("table_upload", args=[self.batch_id, self.pk])


class ColumnMapping(models.Model):
    """Which heading an institute's files use for what, as chosen last: nobody chooses twice."""

    institute = models.ForeignKey("training.Institute", models.CASCADE, related_name="+", verbose_name=_("lembaga"))
    kind = models.CharField(_("isi"), max_length=10, choices=TableKind)
    phase_kind = models.CharField(_("jenis fase"), max_length=18, choices=PhaseKind, blank=True)
    mapping = models.JSONField(default=dict)
    updated_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("pilihan kolom")
        verbose_name_plural = _("pilihan kolom")
        constraints = [models.UniqueConstraint(fields=["institute", "kind", "phase_kind"], name="column_mapping_once")]

    def __str__(self) -> str:
        return f"{self.institute}: {self.kind} {self.phase_kind}"
