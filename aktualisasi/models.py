from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aktualisasi.enums import RancanganStage, ReviewPoint
from aktualisasi.seminar_marks import (
    SeminarMark,
    SeminarMarkChange,
    SeminarMarkScore,
    SeminarPaper,
    SeminarPresence,
    SeminarRevision,
)
from aktualisasi.seminars import Seminar, SeminarExaminer, SeminarStageChange, SeminarTurn
from latsar.accounts.enums import Role
from latsar.training.enums import PhaseKind
from latsar.training.models import BatchPhase
from mentoring.models import GroupCoach, MentorAssignment
from participants.models import Participant, Placement

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser

__all__ = [
    "Rancangan",
    "RancanganFile",
    "RancanganFileQuerySet",
    "RancanganQuerySet",
    "RancanganStageChange",
    "ReviewAnswer",
    "ReviewNote",
    "ReviewNoteQuerySet",
    "Seminar",
    "SeminarExaminer",
    "SeminarMark",
    "SeminarMarkChange",
    "SeminarMarkScore",
    "SeminarPaper",
    "SeminarPresence",
    "SeminarRevision",
    "SeminarStageChange",
    "SeminarTurn",
]


class RancanganQuerySet(models.QuerySet["Rancangan"]):
    def visible_to(self, user: AnyUser) -> RancanganQuerySet:
        """Who sees the participant, the participant's present mentor, the coach of the group, and who examines the person in a seminar."""
        scope = user.scope
        if scope.nation:
            return self
        allowed = Q(participant__in=Participant.objects.visible_to(user))
        if Role.MENTOR in scope.roles:
            allowed |= Q(participant_id__in=MentorAssignment.objects.mentored_by(user).values("participant_id"))
        if Role.COACH in scope.roles:
            own_group = GroupCoach.objects.coached_by(user).filter(
                batch_id=models.OuterRef("seat__batch_id"), group=models.OuterRef("group")
            )
            allowed |= Q(participant_id__in=Placement.objects.active().filter(models.Exists(own_group)).values("participant_id"))
        if Role.PENGUJI in scope.roles:
            allowed |= Q(participant_id__in=SeminarTurn.objects.examined_by(user).order_by().values("participant_id"))
        return self.filter(allowed)

    def mentored_by(self, user: AnyUser) -> RancanganQuerySet:
        return self.filter(participant_id__in=MentorAssignment.objects.mentored_by(user).values("participant_id"))

    def with_seminar(self) -> RancanganQuerySet:
        """Annotate `seminar_on`, the first day of the seminar rancangan as the batch has it now."""
        seminar = BatchPhase.objects.filter(batch_id=models.OuterRef("participant__batch_id"), kind=PhaseKind.PROPOSAL_SEMINAR)
        return self.annotate(seminar_on=models.Subquery(seminar.order_by("order").values("starts_on")[:1]))

    def with_version_count(self) -> RancanganQuerySet:
        """Annotate `last_number`, the number of the newest version, None before the first."""
        newest = RancanganFile.objects.filter(rancangan_id=models.OuterRef("pk")).order_by("-number")
        return self.annotate(last_number=models.Subquery(newest.values("number")[:1]))


class Rancangan(models.Model):
    """A participant's design of the aktualisasi: title, summary, and the PDF in versions."""

    participant = models.OneToOneField("participants.Participant", models.PROTECT, related_name="rancangan", verbose_name=_("peserta"))
    title = models.CharField(_("judul"), max_length=250, blank=True)
    summary = models.TextField(_("ringkasan"), max_length=4000, blank=True)
    stage = models.CharField(_("keadaan"), max_length=10, choices=RancanganStage, default=RancanganStage.DRAFT)
    stage_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField(_("batas"), null=True, blank=True)
    submitted_late = models.BooleanField(_("terlambat"), default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    objects = RancanganQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at"]
        verbose_name = _("rancangan aktualisasi")
        verbose_name_plural = _("rancangan aktualisasi")
        indexes = [models.Index(fields=["stage", "stage_at"], name="rancangan_queue")]

    def __str__(self) -> str:
        return self.title or str(_("Rancangan tanpa judul"))

    def get_absolute_url(self) -> str:
        return reverse("rancangan_detail", args=[self.pk])

    @property
    def is_editable(self) -> bool:
        """Whether the participant may still change text and document."""
        return self.stage in (RancanganStage.DRAFT, RancanganStage.RETURNED)

    @property
    def latest_file(self) -> RancanganFile | None:
        return self.files.order_by("-number").first()


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
