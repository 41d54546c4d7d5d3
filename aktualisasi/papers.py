"""Documents of an aktualisasi on their way: handed in by the participant, read by the mentor, then by the coach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aktualisasi.enums import OPEN_STAGES, PaperKind, PaperStage, Reviewer, ReviewPoint, VersionSource
from aktualisasi.rancangan import Rancangan
from latsar.training.answer_times import answer_days_row
from latsar.training.enums import PhaseKind
from latsar.training.models import BatchPhase

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser

ANSWER_CODES = {Reviewer.MENTOR: "review_mentor", Reviewer.COACH: "review_coach"}
READER_AT = {PaperStage.SUBMITTED: Reviewer.MENTOR, PaperStage.AT_COACH: Reviewer.COACH}
"""Who has to answer a paper at which stage."""

SEMINAR_OF = {PaperKind.RANCANGAN: PhaseKind.PROPOSAL_SEMINAR, PaperKind.LAPORAN: PhaseKind.RESULT_SEMINAR}
"""The seminar in which a paper is defended, by whose first day it is due."""


class PaperQuerySet(models.QuerySet["Paper"]):
    def visible_to(self, user: AnyUser) -> PaperQuerySet:
        """Who sees the aktualisasi."""
        if user.scope.nation:
            return self
        return self.filter(rancangan__in=Rancangan.objects.read_by(user))

    def waiting_for(self, user: AnyUser) -> PaperQuerySet:
        """What this person has to answer now, as mentor or as coach."""
        mine = Q(stage=PaperStage.SUBMITTED, rancangan__in=Rancangan.objects.mentored_by(user))
        return self.filter(mine | Q(stage=PaperStage.AT_COACH, rancangan__in=Rancangan.objects.coached_by(user)))

    def with_seminar(self) -> PaperQuerySet:
        """Annotate `seminar_on`, the first day of the paper's seminar as the batch has it now."""
        phases = BatchPhase.objects.filter(batch_id=models.OuterRef("rancangan__participant__batch_id")).order_by("order")
        whens = [
            models.When(kind=kind, then=models.Subquery(phases.filter(kind=phase).values("starts_on")[:1]))
            for kind, phase in SEMINAR_OF.items()
        ]
        return self.annotate(seminar_on=models.Case(*whens, output_field=models.DateField()))

    def with_reader_days(self) -> PaperQuerySet:
        """Annotate `reader_days`, the working days within which the present reader answers; None where nobody has to."""
        whens = [models.When(stage=stage, then=answer_days_row(ANSWER_CODES[role])) for stage, role in READER_AT.items()]
        return self.annotate(reader_days=models.Case(*whens, output_field=models.PositiveSmallIntegerField()))

    def with_version_count(self) -> PaperQuerySet:
        """Annotate `last_number`, the number of the newest version, None before the first."""
        newest = PaperVersion.objects.filter(paper_id=models.OuterRef("pk")).order_by("-number")
        return self.annotate(last_number=models.Subquery(newest.values("number")[:1]))


class Paper(models.Model):
    """The rancangan or the laporan of one aktualisasi in review. `late_days` are working days after `due_on`, when it was first handed in."""

    rancangan = models.ForeignKey(Rancangan, models.PROTECT, related_name="papers", verbose_name=_("rancangan"))
    kind = models.CharField(_("naskah"), max_length=10, choices=PaperKind)
    stage = models.CharField(_("keadaan"), max_length=10, choices=PaperStage, default=PaperStage.DRAFT)
    stage_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField(_("batas"), null=True, blank=True)
    first_submitted_at = models.DateTimeField(_("pertama diajukan"), null=True, blank=True)
    submitted_late = models.BooleanField(_("terlambat"), default=False)
    late_days = models.PositiveSmallIntegerField(_("terlambat (hari kerja)"), default=0)

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["-stage_at", "-pk"]
        verbose_name = _("naskah aktualisasi")
        verbose_name_plural = _("naskah aktualisasi")
        indexes = [models.Index(fields=["stage", "stage_at"], name="paper_queue")]
        constraints = [
            models.UniqueConstraint(fields=["rancangan", "kind"], name="paper_once"),
            models.CheckConstraint(
                condition=Q(stage=PaperStage.DRAFT) | Q(first_submitted_at__isnull=False), name="paper_moved_was_submitted"
            ),
            models.CheckConstraint(condition=Q(submitted_late=True) | Q(late_days=0), name="paper_late_days_are_late"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.rancangan}"

    def get_absolute_url(self) -> str:
        return reverse("paper_detail", args=[self.pk])

    @property
    def participant_id(self) -> int:
        return self.rancangan.participant_id

    @property
    def is_editable(self) -> bool:
        """Whether the participant may still change text and document."""
        return self.stage in OPEN_STAGES

    @property
    def latest_version(self) -> PaperVersion | None:
        return self.versions.order_by("-number").first()


class PaperVersionQuerySet(models.QuerySet["PaperVersion"]):
    def visible_to(self, user: AnyUser) -> PaperVersionQuerySet:
        if user.scope.nation:
            return self
        return self.filter(paper__rancangan__in=Rancangan.objects.read_by(user))

    def unprinted(self) -> PaperVersionQuerySet:
        """Versions that the portal composes and whose PDF is not there yet."""
        return self.filter(source=VersionSource.COMPOSED, sha256="")


class PaperVersion(models.Model):
    """One version. An upload keeps its bytes, `sha256` proves them; a composed one keeps the data it was printed from in `content`."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="versions", verbose_name=_("naskah"))
    number = models.PositiveSmallIntegerField(_("versi"))
    source = models.CharField(_("asal"), max_length=8, choices=VersionSource, default=VersionSource.UPLOADED)
    content = models.JSONField(_("isi"), null=True, blank=True, help_text=_("Isian pada saat versi ini dibuat."))
    file = models.FileField(upload_to="rancangan/%Y/%m/", blank=True)
    name = models.CharField(_("nama berkas"), max_length=200)
    size = models.PositiveIntegerField(_("ukuran (byte)"), default=0)
    pages = models.PositiveSmallIntegerField(_("halaman"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    failure = models.CharField(_("kegagalan"), max_length=200, blank=True)
    uploaded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(_("diajukan"), null=True, blank=True)

    objects = PaperVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name = _("versi naskah")
        verbose_name_plural = _("versi naskah")
        indexes = [models.Index(fields=["source", "sha256"], condition=Q(sha256=""), name="paper_version_unprinted")]
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="paper_version_once"),
            models.CheckConstraint(
                condition=Q(source=VersionSource.UPLOADED) & ~Q(sha256="") | Q(source=VersionSource.COMPOSED, content__isnull=False),
                name="paper_version_has_substance",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (v{self.number})"

    @property
    def is_printed(self) -> bool:
        return bool(self.sha256)


class ReviewNoteQuerySet(models.QuerySet["ReviewNote"]):
    def visible_to(self, user: AnyUser) -> ReviewNoteQuerySet:
        """Sent notes for every reader of the paper; notes in preparation only for their writer."""
        sent = Q(sent_at__isnull=False)
        if not user.scope.nation:
            sent &= Q(version__paper__rancangan__in=Rancangan.objects.read_by(user))
        own = Q(by_id=user.scope.user_id, version__paper__in=Paper.objects.waiting_for(user))
        return self.filter(sent | own)

    def sent(self) -> ReviewNoteQuerySet:
        return self.filter(sent_at__isnull=False)

    def drafts(self) -> ReviewNoteQuerySet:
        return self.filter(sent_at=None)


class ReviewNote(models.Model):
    """A reviewer's remark on one version: on the whole, on a page, or on a point of it (`x`, `y` in thousandths of the page, from top left).

    The participant reads it once it is sent, and says what was done about it.
    """

    version = models.ForeignKey(PaperVersion, models.PROTECT, related_name="notes", verbose_name=_("versi"))
    page = models.PositiveSmallIntegerField(_("halaman"), null=True, blank=True)
    x = models.PositiveSmallIntegerField(null=True, blank=True)
    y = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.CharField(_("catatan"), max_length=1000)
    role = models.CharField(_("sebagai"), max_length=6, choices=Reviewer, default=Reviewer.MENTOR)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(_("dikirim"), null=True, blank=True)
    reply = models.CharField(_("tanggapan"), max_length=500, blank=True)
    replied_at = models.DateTimeField(_("ditanggapi"), null=True, blank=True)

    objects = ReviewNoteQuerySet.as_manager()

    class Meta:
        ordering = ["page", "pk"]
        verbose_name = _("catatan tinjauan")
        verbose_name_plural = _("catatan tinjauan")
        constraints = [
            models.CheckConstraint(
                condition=Q(x=None, y=None) | Q(page__isnull=False, x__lte=1000, y__lte=1000), name="review_note_point_on_a_page"
            ),
            models.CheckConstraint(condition=Q(reply="") | Q(replied_at__isnull=False), name="review_note_reply_has_a_time"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def has_point(self) -> bool:
        return self.x is not None


class ReviewAnswer(models.Model):
    """One point of a reviewer's checklist for one version."""

    version = models.ForeignKey(PaperVersion, models.PROTECT, related_name="answers", verbose_name=_("versi"))
    role = models.CharField(_("sebagai"), max_length=6, choices=Reviewer, default=Reviewer.MENTOR)
    point = models.CharField(_("butir"), max_length=12, choices=ReviewPoint)
    is_ok = models.BooleanField(_("sesuai"))
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["version", "point"]
        verbose_name = _("butir tinjauan")
        verbose_name_plural = _("butir tinjauan")
        constraints = [models.UniqueConstraint(fields=["version", "role", "point"], name="review_answer_once")]

    def __str__(self) -> str:
        return f"{self.get_point_display()}: {self.is_ok}"


class PaperStageChange(models.Model):
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="stage_changes")
    action = models.CharField(max_length=24)
    old = models.CharField(max_length=10, choices=PaperStage)
    new = models.CharField(max_length=10, choices=PaperStage)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return " → ".join(filter(None, (self.get_old_display(), self.get_new_display())))
