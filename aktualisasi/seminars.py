"""Seminar rancangan and seminar hasil: when and where, whose turn it is, who examines, what became of each turn."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aktualisasi.seminar_enums import SeminarState, TurnOutcome
from latsar.accounts.enums import Role
from latsar.accounts.zones import ZONES
from latsar.satker.models import Zone
from latsar.training.enums import SeminarKind
from mentoring.models import GroupCoach, MentorAssignment
from participants.models import Participant, Placement

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser

MOST_MINUTES = 240
MOST_EXAMINERS = 5


def own_turns(user: AnyUser) -> Q:
    """Turns that concern a person by what they are to the participant: the person, the mentor, the coach, a unit, an institute."""
    scope = user.scope
    allowed = Q(participant__in=Participant.objects.visible_to(user).order_by().values("pk"))
    if scope.institute_ids:
        allowed |= Q(seminar__batch__institute_id__in=scope.institute_ids)
    if Role.MENTOR in scope.roles:
        allowed |= Q(participant_id__in=MentorAssignment.objects.mentored_by(user).values("participant_id"))
    if Role.COACH in scope.roles:
        allowed |= Q(participant_id__in=coached_people(user))
    return allowed


def coached_people(user: AnyUser) -> models.QuerySet[Placement, int]:
    """The ids of the people who sit now in a group that this person coaches."""
    own_group = GroupCoach.objects.coached_by(user).filter(batch_id=models.OuterRef("seat__batch_id"), group=models.OuterRef("group"))
    return Placement.objects.active().filter(models.Exists(own_group)).values_list("participant_id", flat=True)


class SeminarQuerySet(models.QuerySet["Seminar"]):
    def visible_to(self, user: AnyUser) -> SeminarQuerySet:
        """Who plans it, from the draft on; once announced its examiners and everybody whom one of its turns concerns."""
        scope = user.scope
        if scope.nation:
            return self
        planned = Q(batch__institute_id__in=scope.institute_ids)
        concerned = Q(models.Exists(SeminarTurn.objects.filter(own_turns(user), seminar=models.OuterRef("pk"))))
        if Role.PENGUJI in scope.roles:
            concerned |= Q(models.Exists(SeminarExaminer.objects.filter(user_id=scope.user_id, seminar=models.OuterRef("pk"))))
        return self.filter(planned | (concerned & ~Q(state=SeminarState.DRAFT)))

    def standing(self) -> SeminarQuerySet:
        return self.exclude(state=SeminarState.CANCELLED)

    def known(self) -> SeminarQuerySet:
        """What people were told of and is to be or was held."""
        return self.exclude(state__in=[SeminarState.DRAFT, SeminarState.CANCELLED])

    def search(self, text: str) -> SeminarQuerySet:
        """Match a room, an examiner, a participant, or the institute."""
        text = text.strip()
        if not text:
            return self
        person = SeminarTurn.objects.filter(participant__full_name__icontains=text, seminar=models.OuterRef("pk"))
        examiner = SeminarExaminer.objects.filter(user__full_name__icontains=text, seminar=models.OuterRef("pk"))
        named = Q(room__icontains=text) | Q(batch__institute__name__icontains=text)
        return self.filter(named | models.Exists(person) | models.Exists(examiner))


class Seminar(models.Model):
    """One sitting of one group on one day. Times are moments; `zone` is the clock on the wall of the place."""

    batch = models.ForeignKey("training.Batch", models.PROTECT, related_name="seminars", verbose_name=_("angkatan"))
    kind = models.CharField(_("jenis"), max_length=18, choices=SeminarKind)
    group = models.PositiveSmallIntegerField(_("kelompok"), null=True, blank=True)
    starts_at = models.DateTimeField(_("mulai"))
    ends_at = models.DateTimeField(_("selesai"))
    zone = models.CharField(_("zona waktu"), max_length=4, choices=Zone, default=Zone.WIB)
    minutes = models.PositiveSmallIntegerField(
        _("menit tiap orang"), default=45, validators=[MinValueValidator(5), MaxValueValidator(MOST_MINUTES)]
    )
    room = models.CharField(_("ruang"), max_length=120, blank=True)
    link = models.URLField(_("tautan ruang daring"), max_length=300, blank=True)
    chair = models.CharField(_("pemandu acara"), max_length=150, blank=True)
    notes = models.CharField(_("catatan bagi yang diundang"), max_length=500, blank=True)
    state = models.CharField(_("keadaan"), max_length=9, choices=SeminarState, default=SeminarState.DRAFT)
    state_at = models.DateTimeField(default=timezone.now)
    cancel_reason = models.CharField(_("alasan batal"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(_("diubah"), default=timezone.now)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = SeminarQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "group", "pk"]
        verbose_name = _("seminar")
        verbose_name_plural = _("seminar")
        indexes = [
            models.Index(fields=["batch", "kind", "starts_at"], name="seminar_batch"),
            models.Index(fields=["state", "starts_at"], name="seminar_day"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gte=F("starts_at")), name="seminar_times_in_order"),
            models.CheckConstraint(condition=Q(minutes__gte=5, minutes__lte=MOST_MINUTES), name="seminar_minutes_in_range"),
            models.CheckConstraint(condition=~Q(state="cancelled", cancel_reason=""), name="seminar_cancelled_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.group_text}" if self.group else str(self.get_kind_display())

    def get_absolute_url(self) -> str:
        return reverse("seminar_detail", args=[self.pk])

    @property
    def clock(self) -> ZoneInfo:
        return ZONES[self.zone]

    @property
    def local_start(self) -> datetime:
        return self.starts_at.astimezone(self.clock)

    @property
    def day(self) -> date:
        return self.local_start.date()

    @property
    def hours_text(self) -> str:
        """Write "08.00 sampai 11.45 WITA"."""
        facts = {"start": f"{self.local_start:%H.%M}", "end": f"{self.ends_at.astimezone(self.clock):%H.%M}", "zone": self.zone}
        return _("%(start)s sampai %(end)s %(zone)s") % facts

    @property
    def group_text(self) -> str:
        return _("Kelompok %(number)d") % {"number": self.group} if self.group else ""

    @property
    def place(self) -> str:
        """The room, else that it is held online."""
        return self.room or (str(_("ruang daring")) if self.link else "")


class SeminarExaminerQuerySet(models.QuerySet["SeminarExaminer"]):
    def visible_to(self, user: AnyUser) -> SeminarExaminerQuerySet:
        return self if user.scope.nation else self.filter(seminar__in=Seminar.objects.visible_to(user))


class SeminarExaminer(models.Model):
    """A penguji of a seminar; `number` is the examiner's column in the score sheet."""

    seminar = models.ForeignKey(Seminar, models.CASCADE, related_name="examiners", verbose_name=_("seminar"))
    number = models.PositiveSmallIntegerField(_("penguji ke"))
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="examined_seminars", verbose_name=_("penguji"))

    objects = SeminarExaminerQuerySet.as_manager()

    class Meta:
        ordering = ["seminar", "number"]
        verbose_name = _("penguji seminar")
        verbose_name_plural = _("penguji seminar")
        constraints = [
            models.UniqueConstraint(fields=["seminar", "number"], name="seminar_examiner_number_once"),
            models.UniqueConstraint(fields=["seminar", "user"], name="seminar_examiner_once"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=MOST_EXAMINERS), name="seminar_examiner_in_range"),
        ]

    def __str__(self) -> str:
        return str(self.user)


class SeminarTurnQuerySet(models.QuerySet["SeminarTurn"]):
    def visible_to(self, user: AnyUser) -> SeminarTurnQuerySet:
        """Who plans the seminar all; once announced its examiners all, everybody else those that concern them."""
        scope = user.scope
        if scope.nation:
            return self
        known = ~Q(seminar__state=SeminarState.DRAFT) | Q(seminar__batch__institute_id__in=scope.institute_ids)
        allowed = own_turns(user)
        if Role.PENGUJI in scope.roles:
            allowed |= Q(models.Exists(SeminarExaminer.objects.filter(user_id=scope.user_id, seminar=models.OuterRef("seminar_id"))))
        return self.filter(known & allowed)

    def examined_by(self, user: AnyUser) -> SeminarTurnQuerySet:
        """Turns of the announced seminars that a person with a valid penguji role examines."""
        if Role.PENGUJI not in user.scope.roles:
            return self.none()
        mine = SeminarExaminer.objects.filter(user_id=user.scope.user_id, seminar=models.OuterRef("seminar_id"))
        hidden = [SeminarState.DRAFT, SeminarState.CANCELLED]
        return self.filter(models.Exists(mine)).exclude(seminar__state__in=hidden)

    def standing(self) -> SeminarTurnQuerySet:
        return self.exclude(seminar__state=SeminarState.CANCELLED)


class SeminarTurn(models.Model):
    """One person's turn, and what was decided on it. `break_after` are minutes."""

    seminar = models.ForeignKey(Seminar, models.CASCADE, related_name="turns", verbose_name=_("seminar"))
    participant = models.ForeignKey("participants.Participant", models.PROTECT, related_name="seminar_turns", verbose_name=_("peserta"))
    order = models.PositiveSmallIntegerField(_("giliran"))
    starts_at = models.DateTimeField(_("mulai"))
    ends_at = models.DateTimeField(_("selesai"))
    break_after = models.PositiveSmallIntegerField(_("jeda sesudahnya (menit)"), default=0, validators=[MaxValueValidator(MOST_MINUTES)])
    outcome = models.CharField(_("hasil"), max_length=8, choices=TurnOutcome, blank=True)
    outcome_at = models.DateTimeField(_("dicatat"), null=True, blank=True)
    outcome_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    revision_due_on = models.DateField(_("perbaikan paling lambat"), null=True, blank=True)
    note = models.CharField(_("catatan berita acara"), max_length=1000, blank=True)
    number = models.CharField(_("nomor berita acara"), max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SeminarTurnQuerySet.as_manager()

    class Meta:
        ordering = ["seminar", "order"]
        verbose_name = _("giliran seminar")
        verbose_name_plural = _("giliran seminar")
        indexes = [models.Index(fields=["participant", "starts_at"], name="seminar_turn_person")]
        constraints = [
            models.UniqueConstraint(fields=["seminar", "participant"], name="seminar_turn_once"),
            models.UniqueConstraint(fields=["seminar", "order"], name="seminar_turn_order_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="seminar_turn_times_in_order"),
            models.CheckConstraint(
                condition=Q(outcome="", outcome_at=None, outcome_by=None)
                | (~Q(outcome="") & Q(outcome_at__isnull=False, outcome_by__isnull=False)),
                name="seminar_turn_outcome_paired",
            ),
            models.CheckConstraint(
                condition=Q(revision_due_on=None) | Q(outcome="revise") | Q(outcome="repeat"), name="seminar_turn_due_needs_revision"
            ),
        ]

    def __str__(self) -> str:
        return str(self.participant)

    def get_absolute_url(self) -> str:
        return reverse("seminar_turn", args=[self.pk])

    @property
    def clock_text(self) -> str:
        """Write the beginning by the clock of the place, "09.30"."""
        return f"{self.starts_at.astimezone(self.seminar.clock):%H.%M}"

    @property
    def hours_text(self) -> str:
        start, end = (moment.astimezone(self.seminar.clock) for moment in (self.starts_at, self.ends_at))
        return _("%(start)s sampai %(end)s %(zone)s") % {"start": f"{start:%H.%M}", "end": f"{end:%H.%M}", "zone": self.seminar.zone}


class SeminarStageChange(models.Model):
    """Append-only: who moved the seminar, when and why."""

    seminar = models.ForeignKey(Seminar, models.CASCADE, related_name="stage_changes")
    action = models.CharField(max_length=12)
    old = models.CharField(max_length=9, choices=SeminarState)
    new = models.CharField(max_length=9, choices=SeminarState)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_old_display()} → {self.get_new_display()}"
