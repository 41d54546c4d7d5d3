"""Sessions of guidance: agreed by two sides, held, written down, and confirmed by both."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.accounts.enums import Role
from latsar.accounts.zones import ZONES
from latsar.documents.intake.kinds import CONTENT_TYPES, FileKind
from latsar.satker.models import Zone
from latsar.ui import words
from mentoring.enums import GuideKind, MeetingMode, SessionStage, Side
from participants.models import Participant, Placement

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser

NOTE_LIMIT = 2000


def still_guides() -> Q:
    """A session whose guide guides the person today: the mentor by the assignment, the coach by the group."""
    group = Placement.objects.active().filter(
        participant=OuterRef("participant"),
        seat__batch__group_coaches__coach=OuterRef("guide"),
        seat__batch__group_coaches__group=F("group"),
    )
    return Q(kind=GuideKind.MENTOR, assignment__ended_at=None) | (Q(kind=GuideKind.COACH) & Q(Exists(group)))


class MentoringSessionQuerySet(models.QuerySet["MentoringSession"]):
    def visible_to(self, user: AnyUser) -> MentoringSessionQuerySet:
        """Who sees the person as office or as the person; a mentor those of the present mentees, a coach those of the own groups.

        A former mentor sees none; the new one reads the card of the one before.
        """
        scope = user.scope
        if scope.nation:
            return self
        allowed = Q(participant__in=Participant.objects.visible_to(user))
        if Role.MENTOR in scope.roles:
            mine = Q(participant__mentor_assignments__mentor__user_id=scope.user_id, participant__mentor_assignments__ended_at=None)
            allowed |= Q(kind=GuideKind.MENTOR, pk__in=self.model.objects.filter(mine).order_by().values("pk"))
        if Role.COACH in scope.roles:
            seated = Placement.objects.active().filter(
                participant=OuterRef("participant"),
                seat__batch__group_coaches__coach_id=scope.user_id,
                seat__batch__group_coaches__group=F("group"),
            )
            allowed |= Q(kind=GuideKind.COACH) & Q(Exists(seated))
        return self.filter(allowed)

    def guided_by(self, user: AnyUser) -> MentoringSessionQuerySet:
        """A guide's own sessions with the people of today."""
        kinds = [kind for kind, role in ((GuideKind.MENTOR, Role.MENTOR), (GuideKind.COACH, Role.COACH)) if role in user.scope.roles]
        return self.filter(still_guides(), guide_id=user.scope.user_id, kind__in=kinds)

    def of_person(self, user: AnyUser) -> MentoringSessionQuerySet:
        """A participant's own sessions."""
        return self.filter(participant__user_id=user.scope.user_id)

    def live(self) -> MentoringSessionQuerySet:
        """With a guide who still guides: only these can go on."""
        return self.filter(still_guides())

    def confirmed(self) -> MentoringSessionQuerySet:
        """Those that count."""
        return self.filter(stage=SessionStage.CONFIRMED)

    def waiting_for(self, side: str) -> MentoringSessionQuerySet:
        """Proposals and notes that this side answers next."""
        return self.filter(stage__in=(SessionStage.PROPOSED, SessionStage.NOTED)).exclude(last_side=side)

    def unwritten(self, now: datetime) -> MentoringSessionQuerySet:
        """Agreed and over, without notes."""
        return self.filter(stage=SessionStage.AGREED, ends_at__lt=now)


class MentoringSession(models.Model):
    """One session of a guide with one person. Several people at once are several rows with the same `bundle`.

    Times are moments; `zone` is the clock by which they were agreed. `last_side` spoke last: the other side answers.
    Only a session that both have confirmed counts for the consultation card.
    """

    participant = models.ForeignKey("participants.Participant", models.PROTECT, related_name="guidance", verbose_name=_("peserta"))
    kind = models.CharField(_("pembimbing sebagai"), max_length=6, choices=GuideKind)
    guide = models.ForeignKey("accounts.User", models.PROTECT, related_name="guided_sessions", verbose_name=_("pembimbing"))
    assignment = models.ForeignKey(
        "mentoring.MentorAssignment", models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("penetapan")
    )
    bundle = models.UUIDField(default=uuid.uuid4, db_index=True, editable=False)
    mode = models.CharField(_("cara"), max_length=7, choices=MeetingMode, default=MeetingMode.OFFLINE)
    starts_at = models.DateTimeField(_("mulai"))
    ends_at = models.DateTimeField(_("selesai"))
    zone = models.CharField(_("zona waktu"), max_length=4, choices=Zone, default=Zone.WIB)
    place = models.CharField(_("tempat"), max_length=150, blank=True)
    link = models.URLField(_("tautan ruang daring"), max_length=300, blank=True)
    agenda = models.CharField(_("acara"), max_length=300)
    stage = models.CharField(_("keadaan"), max_length=9, choices=SessionStage, default=SessionStage.PROPOSED)
    stage_at = models.DateTimeField(_("sejak"), default=timezone.now)
    last_side = models.CharField(_("terakhir diisi"), max_length=11, choices=Side)
    notes = models.TextField(_("uraian konsultasi"), blank=True)
    next_steps = models.TextField(_("tindak lanjut"), blank=True)
    guide_confirmed_at = models.DateTimeField(_("paraf pembimbing"), null=True, blank=True)
    participant_confirmed_at = models.DateTimeField(_("paraf peserta"), null=True, blank=True)
    cancel_reason = models.CharField(_("alasan batal"), max_length=300, blank=True)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("diusulkan oleh"))
    created_at = models.DateTimeField(_("dibuat"), default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = MentoringSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        verbose_name = _("sesi bimbingan")
        verbose_name_plural = _("sesi bimbingan")
        indexes = [
            models.Index(fields=["participant", "kind", "starts_at"], name="guidance_person"),
            models.Index(fields=["guide", "stage", "starts_at"], name="guidance_guide"),
            models.Index(fields=["stage", "starts_at"], name="guidance_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="guidance_times_in_order",
                violation_error_message=_("Selesai harus sesudah mulai."),
            ),
            models.CheckConstraint(condition=Q(link="") | Q(link__startswith="https://"), name="guidance_link_is_https"),
            models.CheckConstraint(
                condition=Q(kind=GuideKind.MENTOR, assignment__isnull=False) | Q(kind=GuideKind.COACH, assignment=None),
                name="guidance_mentor_has_assignment",
            ),
            models.CheckConstraint(
                condition=Q(stage=SessionStage.CONFIRMED, guide_confirmed_at__isnull=False, participant_confirmed_at__isnull=False)
                | Q(stage=SessionStage.NOTED, last_side=Side.GUIDE, guide_confirmed_at__isnull=False, participant_confirmed_at=None)
                | Q(stage=SessionStage.NOTED, last_side=Side.PARTICIPANT, guide_confirmed_at=None, participant_confirmed_at__isnull=False)
                | Q(
                    stage__in=[SessionStage.PROPOSED, SessionStage.AGREED, SessionStage.CANCELLED],
                    guide_confirmed_at=None,
                    participant_confirmed_at=None,
                ),
                name="guidance_counts_when_both_confirmed",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=[SessionStage.NOTED, SessionStage.CONFIRMED]) | ~Q(notes=""), name="guidance_noted_has_notes"
            ),
            models.CheckConstraint(
                condition=(Q(stage=SessionStage.CANCELLED) & ~Q(cancel_reason=""))
                | (~Q(stage=SessionStage.CANCELLED) & Q(cancel_reason="")),
                name="guidance_cancelled_has_reason",
            ),
            models.UniqueConstraint(fields=["bundle", "participant"], name="guidance_once_in_bundle"),
        ]

    def __str__(self) -> str:
        return f"{self.participant}, {self.local_start:%d-%m-%Y}"

    def get_absolute_url(self) -> str:
        return reverse("guidance_session", args=[self.pk])

    @property
    def clock(self) -> ZoneInfo:
        return ZONES[self.zone]

    @property
    def local_start(self) -> datetime:
        return self.starts_at.astimezone(self.clock)

    @property
    def local_end(self) -> datetime:
        return self.ends_at.astimezone(self.clock)

    @property
    def hours_text(self) -> str:
        """Write "14.00 sampai 15.00 WITA"."""
        start = words.clock_time(self.starts_at, self.clock).removesuffix(f" {self.zone}")
        return str(_("%(start)s sampai %(end)s") % {"start": start, "end": words.clock_time(self.ends_at, self.clock)})

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def is_over(self) -> bool:
        return self.ends_at < timezone.now()


class SessionPartQuerySet(models.QuerySet[Any]):
    """What hangs on a session is for who sees the session."""

    def visible_to(self, user: AnyUser) -> SessionPartQuerySet:
        if user.scope.nation:
            return self
        return self.filter(session__in=MentoringSession.objects.visible_to(user))


class SessionChange(models.Model):
    """One step of a session; never changed."""

    session = models.ForeignKey(MentoringSession, models.CASCADE, related_name="changes")
    action = models.CharField(_("langkah"), max_length=10)
    old = models.CharField(max_length=9, choices=SessionStage, blank=True)
    new = models.CharField(max_length=9, choices=SessionStage)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(_("catatan"), max_length=300, blank=True)

    objects = SessionPartQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("langkah sesi")
        verbose_name_plural = _("langkah sesi")

    def __str__(self) -> str:
        return f"{self.session}: {self.action}"


class SessionFile(models.Model):
    """Evidence of a session: a photo written anew or a PDF kept as it came."""

    session = models.ForeignKey(MentoringSession, models.CASCADE, related_name="files")
    file = models.FileField(_("berkas"), upload_to="bimbingan/%Y/%m/")
    name = models.CharField(_("nama berkas"), max_length=200)
    kind = models.CharField(_("jenis"), max_length=5, choices=[(kind.value, kind.value.upper()) for kind in FileKind])
    size = models.PositiveIntegerField(_("ukuran (byte)"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("diunggah oleh"))
    uploaded_at = models.DateTimeField(_("diunggah"), default=timezone.now)

    objects = SessionPartQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("bukti sesi")
        verbose_name_plural = _("bukti sesi")
        constraints = [models.UniqueConstraint(fields=["session", "sha256"], name="guidance_file_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[FileKind(self.kind)]
