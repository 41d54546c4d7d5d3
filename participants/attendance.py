"""Who was in which session of an angkatan: one mark per person and session, every change kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.enums import AbsenceState, AttendanceMark, MarkSource

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def visible_to(self, user: AnyUser) -> AttendanceQuerySet:
        from participants.people import Participant

        if user.scope.nation:
            return self
        return self.filter(participant__in=Participant.objects.visible_to(user).order_by())


class Attendance(models.Model):
    """The mark of one person in one session; no row means not yet marked."""

    participant = models.ForeignKey("participants.Participant", models.PROTECT, related_name="attendances", verbose_name=_("peserta"))
    session = models.ForeignKey("training.TrainingSession", models.PROTECT, related_name="attendances", verbose_name=_("sesi"))
    mark = models.CharField(_("kehadiran"), max_length=1, choices=AttendanceMark)
    note = models.CharField(_("catatan"), max_length=200, blank=True)
    source = models.CharField(_("lewat"), max_length=5, choices=MarkSource, default=MarkSource.CLICK)
    marked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("dicatat oleh"))
    marked_at = models.DateTimeField(_("dicatat"), default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["session", "participant"]
        verbose_name = _("kehadiran")
        verbose_name_plural = _("kehadiran")
        constraints = [
            models.UniqueConstraint(fields=["participant", "session"], name="attendance_once"),
            models.CheckConstraint(condition=Q(mark__in=AttendanceMark.values), name="attendance_mark_known"),
        ]

    def __str__(self) -> str:
        return f"{self.participant}, {self.session}: {self.mark}"


class AttendanceChangeQuerySet(models.QuerySet["AttendanceChange"]):
    def visible_to(self, user: AnyUser) -> AttendanceChangeQuerySet:
        if user.scope.nation:
            return self
        return self.filter(attendance__in=Attendance.objects.visible_to(user).order_by())


class AttendanceChange(models.Model):
    """What a mark was and became; never changed and never deleted. `old` is empty for the first."""

    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="changes")
    old = models.CharField(max_length=1, blank=True)
    new = models.CharField(max_length=1, choices=AttendanceMark)
    source = models.CharField(max_length=5, choices=MarkSource)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=300, blank=True)

    objects = AttendanceChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("perubahan kehadiran")
        verbose_name_plural = _("perubahan kehadiran")

    def __str__(self) -> str:
        return f"{self.old or '–'} → {self.new}"


class AbsenceWarningQuerySet(models.QuerySet["AbsenceWarning"]):
    def visible_to(self, user: AnyUser) -> AbsenceWarningQuerySet:
        from participants.people import Participant

        if user.scope.nation:
            return self
        return self.filter(participant__in=Participant.objects.visible_to(user).order_by())

    def open(self) -> AbsenceWarningQuerySet:
        """Of running batches, for people who are still in them."""
        from latsar.training.enums import BatchStage

        near = [AbsenceState.WARN, AbsenceState.OVER]
        return self.filter(state__in=near, batch__stage=BatchStage.RUNNING, participant__batch_id=models.F("batch_id"))


class AbsenceWarning(models.Model):
    """Who is close to the scheme's limit of absence, or over it; kept as of the last mark, so that home pages count in one query."""

    participant = models.ForeignKey("participants.Participant", models.CASCADE, related_name="absence_warnings")
    batch = models.ForeignKey("training.Batch", models.CASCADE, related_name="absence_warnings")
    state = models.CharField(max_length=4, choices=AbsenceState)
    label = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField(default=timezone.now)

    objects = AbsenceWarningQuerySet.as_manager()

    class Meta:
        ordering = ["-since"]
        verbose_name = _("peringatan kehadiran")
        verbose_name_plural = _("peringatan kehadiran")
        constraints = [models.UniqueConstraint(fields=["participant", "batch"], name="absence_warning_once")]
        indexes = [models.Index(fields=["state", "batch"], name="absence_warning_state")]

    def __str__(self) -> str:
        return f"{self.participant}: {self.state}"
