"""The timetable of an angkatan: sessions with their JP, lecturer, place and the time in which one may report present."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from latsar.accounts.enums import Role
from latsar.accounts.zones import ZONES
from latsar.satker.models import Zone
from latsar.training.batches import Batch
from latsar.training.enums import SessionMode

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser

MOST_GROUPS = 20


class LecturerQuerySet(models.QuerySet["Lecturer"]):
    def visible_to(self, user: AnyUser) -> LecturerQuerySet:
        """Those of the institutes whose batches the person sees."""
        if user.scope.nation:
            return self
        return self.filter(institute_id__in=Batch.objects.visible_to(user).order_by().values("institute_id"))


class Lecturer(models.Model):
    """Who teaches at an institute; needs no account."""

    institute = models.ForeignKey("training.Institute", models.PROTECT, related_name="lecturers", verbose_name=_("lembaga"))
    name = models.CharField(_("nama"), max_length=150)
    email = models.EmailField(_("e-mail"), blank=True)
    nip = models.CharField(_("NIP"), max_length=18, blank=True)
    is_active = models.BooleanField(_("aktif"), default=True)
    version = models.PositiveIntegerField(default=1)

    objects = LecturerQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("pengajar")
        verbose_name_plural = _("pengajar")
        constraints = [
            models.UniqueConstraint(
                fields=["institute", "name"], name="lecturer_once", violation_error_message=_("Pengajar dengan nama ini sudah ada.")
            ),
            models.CheckConstraint(condition=Q(nip="") | Q(nip__regex=r"^[0-9]{18}$"), name="lecturer_nip_18_digits"),
        ]

    def __str__(self) -> str:
        return self.name


def new_secret() -> str:
    return get_random_string(32)


class TrainingSessionQuerySet(models.QuerySet["TrainingSession"]):
    def visible_to(self, user: AnyUser) -> TrainingSessionQuerySet:
        """Who sees the batch sees its sessions; a participant those of the own batch and group, a coach those of the coached groups."""
        scope = user.scope
        if scope.nation:
            return self
        allowed = Q(batch__in=Batch.objects.visible_to(user).order_by().values("pk"))
        if Role.PESERTA in scope.roles:
            allowed |= Q(pk__in=self.model.objects.attended_by(scope.user_id).order_by().values("pk"))
        if Role.COACH in scope.roles:
            allowed |= Q(pk__in=self.model.objects.coached_by(scope.user_id).order_by().values("pk"))
        return self.filter(allowed)

    def attended_by(self, user_id: int) -> TrainingSessionQuerySet:
        """Sessions of the batch and the group that the person of this account sits in now."""
        mine = Q(batch__seats__placements__participant__user_id=user_id, batch__seats__placements__released_at=None)
        return self.filter(mine & (Q(group=None) | Q(group=F("batch__seats__placements__group"))))

    def coached_by(self, user_id: int) -> TrainingSessionQuerySet:
        """Sessions of the groups that this account coaches, those of the whole batch included."""
        mine = Q(batch__group_coaches__coach_id=user_id)
        return self.filter(mine & (Q(group=None) | Q(group=F("batch__group_coaches__group")))).distinct()

    def with_attendance(self) -> TrainingSessionQuerySet:
        """Sessions that people come to; what each does in the own time has progress instead."""
        return self.exclude(mode=SessionMode.ASYNC)


class TrainingSession(models.Model):
    """One session; `jp` are lesson hours of 45 minutes, `group` None is everybody.

    Times are moments; `zone` is the clock on the wall of the place. `secret` feeds the code of the self check-in.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="sessions", verbose_name=_("angkatan"))
    phase = models.ForeignKey(
        "training.BatchPhase", models.SET_NULL, null=True, blank=True, related_name="sessions", verbose_name=_("fase")
    )
    number = models.PositiveSmallIntegerField(_("nomor sesi"))
    title = models.CharField(_("acara"), max_length=150)
    subject = models.ForeignKey(
        "training.AgendaSubject", models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("mata pelatihan")
    )
    mode = models.CharField(_("cara"), max_length=8, choices=SessionMode, default=SessionMode.SYNC)
    jp = models.PositiveSmallIntegerField(_("JP"), validators=[MinValueValidator(1), MaxValueValidator(24)])
    starts_at = models.DateTimeField(_("mulai"))
    ends_at = models.DateTimeField(_("selesai"))
    zone = models.CharField(_("zona waktu"), max_length=4, choices=Zone, default=Zone.WIB)
    group = models.PositiveSmallIntegerField(
        _("kelompok"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_GROUPS)]
    )
    lecturer = models.ForeignKey(Lecturer, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("pengajar"))
    room = models.CharField(_("ruang"), max_length=120, blank=True)
    link = models.URLField(_("tautan ruang daring"), max_length=300, blank=True)
    check_in_opens_at = models.DateTimeField(_("lapor hadir dibuka"), null=True, blank=True)
    check_in_closes_at = models.DateTimeField(_("lapor hadir ditutup"), null=True, blank=True)
    late_after_minutes = models.PositiveSmallIntegerField(_("terlambat sesudah (menit)"), default=15)
    needs_code = models.BooleanField(_("dengan kode dari pengajar"), default=False)
    secret = models.CharField(max_length=32, default=new_secret, editable=False)
    closes_at = models.DateTimeField(_("kehadiran ditutup paling lambat"), null=True, blank=True)
    closed_at = models.DateTimeField(_("ditutup"), null=True, blank=True)
    closed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(_("diubah"), default=timezone.now)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = TrainingSessionQuerySet.as_manager()

    class Meta:
        ordering = ["batch", "starts_at", "number", "pk"]
        verbose_name = _("sesi pelatihan")
        verbose_name_plural = _("sesi pelatihan")
        indexes = [
            models.Index(fields=["batch", "starts_at"], name="session_batch"),
            models.Index(fields=["starts_at", "closed_at"], name="session_day"),
            models.Index(fields=["lecturer", "starts_at"], name="session_lecturer"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "number", "group"], condition=Q(group__isnull=False), name="session_group_number_once"
            ),
            models.UniqueConstraint(fields=["batch", "number"], condition=Q(group=None), name="session_number_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_times_in_order",
                violation_error_message=_("Selesai harus sesudah mulai."),
            ),
            models.CheckConstraint(condition=Q(jp__gte=1, jp__lte=24), name="session_jp_in_range"),
            models.CheckConstraint(condition=Q(group=None) | Q(group__gte=1, group__lte=MOST_GROUPS), name="session_group_in_range"),
            models.CheckConstraint(
                condition=Q(check_in_opens_at=None, check_in_closes_at=None)
                | Q(check_in_opens_at__isnull=False, check_in_closes_at__isnull=False, check_in_closes_at__gt=F("check_in_opens_at")),
                name="session_check_in_in_order",
                violation_error_message=_("Jendela lapor hadir ditutup sesudah dibuka."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="session_closed_paired",
            ),
        ]

    def __str__(self) -> str:
        return _("Sesi %(number)d, %(title)s") % {"number": self.number, "title": self.title}

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def takes_attendance(self) -> bool:
        return self.mode != SessionMode.ASYNC

    @property
    def clock(self) -> ZoneInfo:
        """The clock on the wall of the place."""
        return ZONES[self.zone]

    @property
    def local_start(self) -> datetime:
        """The beginning by the clock of the place."""
        return self.starts_at.astimezone(ZONES[self.zone])

    @property
    def local_end(self) -> datetime:
        return self.ends_at.astimezone(ZONES[self.zone])

    @property
    def hours_text(self) -> str:
        """Write "08.00 sampai 10.15 WITA"."""
        return _("%(start)s sampai %(end)s %(zone)s") % {
            "start": f"{self.local_start:%H.%M}",
            "end": f"{self.local_end:%H.%M}",
            "zone": self.zone,
        }

    @property
    def group_text(self) -> str:
        return _("Kelompok %(number)d") % {"number": self.group} if self.group else ""

    def is_checking_in(self, now: datetime) -> bool:
        """Whether people may report present right now."""
        if self.is_closed or self.check_in_opens_at is None or self.check_in_closes_at is None:
            return False
        return self.check_in_opens_at <= now < self.check_in_closes_at

    def is_late(self, now: datetime) -> bool:
        return now > self.starts_at + timedelta(minutes=self.late_after_minutes)
