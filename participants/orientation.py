"""Orientasi tugas, the days before Latsar: programmes with their sessions, members, attendance and certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.enums import ATTENDED, LEFT, AttendanceMark, OrientationMethod, OrientationStanding, OrientationState

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser


class OrientationProgrammeQuerySet(models.QuerySet["OrientationProgramme"]):
    def visible_to(self, user: AnyUser) -> OrientationProgrammeQuerySet:
        """Those of one's province, and every one in which somebody takes part whom one sees."""
        scope = user.scope
        if scope.nation:
            return self
        taken = OrientationMember.objects.visible_to(user).values("programme_id")
        return self.filter(Q(province_id__in=scope.province_ids) | Q(pk__in=taken))


class OrientationProgramme(models.Model):
    """A few working days with sessions; of one province, or of the nation when `province` is empty.

    The first and the last day follow the sessions. Finished, its attendance is fixed and its certificates may be issued.
    """

    title = models.CharField(_("judul"), max_length=150)
    province = models.ForeignKey(
        "satker.Satker", models.PROTECT, null=True, blank=True, related_name="orientations", verbose_name=_("provinsi penyelenggara")
    )
    method = models.CharField(_("cara"), max_length=8, choices=OrientationMethod, default=OrientationMethod.ONLINE)
    place = models.CharField(_("tempat"), max_length=120, blank=True)
    link = models.URLField(_("tautan ruang daring"), max_length=300, blank=True)
    starts_on = models.DateField(_("mulai"))
    ends_on = models.DateField(_("selesai"))
    min_attendance_percent = models.PositiveSmallIntegerField(
        _("kehadiran paling sedikit (%)"), default=90, validators=[MaxValueValidator(100)]
    )
    state = models.CharField(_("keadaan"), max_length=8, choices=OrientationState, default=OrientationState.OPEN)
    finished_at = models.DateTimeField(_("diselesaikan"), null=True, blank=True)
    finished_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = OrientationProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        verbose_name = _("orientasi tugas")
        verbose_name_plural = _("orientasi tugas")
        indexes = [models.Index(fields=["state", "starts_on"], name="orientation_state")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="orientation_dates_in_order"),
            models.CheckConstraint(condition=Q(min_attendance_percent__lte=100), name="orientation_percent"),
            models.CheckConstraint(
                condition=Q(state=OrientationState.OPEN, finished_at=None, finished_by=None)
                | Q(state=OrientationState.FINISHED, finished_at__isnull=False, finished_by__isnull=False),
                name="orientation_finished_paired",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("orientation_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == OrientationState.OPEN


class OrientationSession(models.Model):
    """One session; `hours` are JP of 45 minutes."""

    programme = models.ForeignKey(OrientationProgramme, models.CASCADE, related_name="sessions", verbose_name=_("orientasi tugas"))
    day = models.DateField(_("hari"))
    starts_at = models.TimeField(_("mulai"))
    ends_at = models.TimeField(_("selesai"))
    hours = models.PositiveSmallIntegerField(_("JP"), validators=[MinValueValidator(1)])
    title = models.CharField(_("materi"), max_length=150)
    speaker = models.CharField(_("pemateri"), max_length=150, blank=True)

    class Meta:
        ordering = ["programme", "day", "starts_at", "pk"]
        verbose_name = _("sesi orientasi tugas")
        verbose_name_plural = _("sesi orientasi tugas")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"), hours__gte=1),
                name="orientation_session_in_order",
                violation_error_message=_("Sesi selesai sesudah mulai, dengan paling sedikit 1 JP."),
            )
        ]

    def __str__(self) -> str:
        return self.title


HAS_LEFT = Q(standing__in=[OrientationStanding.TAKING, OrientationStanding.SHORT], participant__stage__in=LEFT)
"""Dismissed, withdrawn or dead before it was completed."""


class OrientationMemberQuerySet(models.QuerySet["OrientationMember"]):
    def visible_to(self, user: AnyUser) -> OrientationMemberQuerySet:
        """One's people; who runs a programme sees everybody in it."""
        from participants.people import Participant

        scope = user.scope
        if scope.nation:
            return self
        return self.filter(
            Q(participant__in=Participant.objects.visible_to(user).order_by()) | Q(programme__province_id__in=scope.province_ids)
        )

    def present(self) -> OrientationMemberQuerySet:
        """Without those who were taken out."""
        return self.exclude(standing=OrientationStanding.REMOVED)

    def with_hours(self) -> OrientationMemberQuerySet:
        """Add the JP each took part in, and how many sessions are marked."""
        return self.annotate(
            attended=Coalesce(Sum("attendances__session__hours", filter=Q(attendances__mark__in=ATTENDED)), 0),
            marked=Count("attendances"),
        )


class OrientationMember(models.Model):
    """A person in a programme: once in each, and in one at a time. Who completed one does not take another."""

    programme = models.ForeignKey(OrientationProgramme, models.PROTECT, related_name="members", verbose_name=_("orientasi tugas"))
    participant = models.ForeignKey("participants.Participant", models.PROTECT, related_name="orientations", verbose_name=_("peserta"))
    standing = models.CharField(_("keadaan"), max_length=8, choices=OrientationStanding, default=OrientationStanding.TAKING)
    added_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("ditambahkan"), default=timezone.now)
    removed_at = models.DateTimeField(_("dikeluarkan"), null=True, blank=True)
    removed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    remove_reason = models.CharField(_("alasan"), max_length=300, blank=True)

    objects = OrientationMemberQuerySet.as_manager()

    class Meta:
        ordering = ["participant__full_name", "pk"]
        verbose_name = _("peserta orientasi tugas")
        verbose_name_plural = _("peserta orientasi tugas")
        constraints = [
            models.UniqueConstraint(fields=["programme", "participant"], name="orientation_member_once"),
            models.UniqueConstraint(
                fields=["participant"],
                condition=Q(standing__in=[OrientationStanding.TAKING, OrientationStanding.PASSED]),
                name="orientation_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=(
                    Q(standing=OrientationStanding.REMOVED, removed_at__isnull=False, removed_by__isnull=False) & ~Q(remove_reason="")
                )
                | (~Q(standing=OrientationStanding.REMOVED) & Q(removed_at=None, removed_by=None, remove_reason="")),
                name="orientation_removed_paired",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant}, {self.programme}"

    @property
    def has_left(self) -> bool:
        """The twin of HAS_LEFT for a loaded row."""
        return self.standing in (OrientationStanding.TAKING, OrientationStanding.SHORT) and self.participant.stage in LEFT


class OrientationAttendance(models.Model):
    """The mark of one member in one session; no row means not yet marked."""

    session = models.ForeignKey(OrientationSession, models.CASCADE, related_name="attendances", verbose_name=_("sesi"))
    member = models.ForeignKey(OrientationMember, models.CASCADE, related_name="attendances", verbose_name=_("peserta"))
    mark = models.CharField(_("kehadiran"), max_length=1, choices=AttendanceMark)
    marked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("dicatat oleh"))
    marked_at = models.DateTimeField(_("dicatat"), default=timezone.now)

    class Meta:
        ordering = ["session", "member"]
        verbose_name = _("kehadiran orientasi tugas")
        verbose_name_plural = _("kehadiran orientasi tugas")
        constraints = [
            models.UniqueConstraint(fields=["session", "member"], name="orientation_attendance_once"),
            models.CheckConstraint(condition=Q(mark__in=AttendanceMark.values), name="orientation_mark_known"),
        ]

    def __str__(self) -> str:
        return f"{self.session}: {self.mark}"


class OrientationCertificateQuerySet(models.QuerySet["OrientationCertificate"]):
    def visible_to(self, user: AnyUser) -> OrientationCertificateQuerySet:
        if user.scope.nation:
            return self
        return self.filter(member__in=OrientationMember.objects.visible_to(user).order_by())

    def current(self) -> OrientationCertificateQuerySet:
        return self.filter(revoked=False)


class OrientationCertificate(models.Model):
    """A member's document: one that counts, and every one that was revoked."""

    member = models.ForeignKey(OrientationMember, models.PROTECT, related_name="certificates", verbose_name=_("peserta"))
    document = models.OneToOneField(
        "documents.IssuedDocument", models.PROTECT, related_name="orientation_certificate", verbose_name=_("dokumen")
    )
    revoked = models.BooleanField(_("dicabut"), default=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = OrientationCertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("sertifikat orientasi tugas")
        verbose_name_plural = _("sertifikat orientasi tugas")
        constraints = [models.UniqueConstraint(fields=["member"], condition=Q(revoked=False), name="orientation_certificate_once")]

    def __str__(self) -> str:
        return str(self.document)
