"""Raw scores per component and examiner, who changed them, and the sheet they stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.training.models import Batch
from participants.scoring.enums import ScoreSource, SheetState

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser


class ScoreSheetQuerySet(models.QuerySet["ScoreSheet"]):
    def visible_to(self, user: AnyUser) -> ScoreSheetQuerySet:
        """Sheets of the batches that the person sees."""
        return self if user.scope.nation else self.filter(batch__in=Batch.objects.visible_to(user))


class ScoreSheet(models.Model):
    """The scores of one angkatan on their way from being filled in to being published."""

    batch = models.OneToOneField("training.Batch", models.PROTECT, related_name="score_sheet", verbose_name=_("angkatan"))
    state = models.CharField(_("keadaan"), max_length=9, choices=SheetState, default=SheetState.FILLING)
    due_on = models.DateField(_("difinalkan paling lambat"), null=True, blank=True)
    objections_until = models.DateField(_("sanggahan diterima sampai"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScoreSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("lembar nilai")
        verbose_name_plural = _("lembar nilai")

    def __str__(self) -> str:
        return f"{self.batch}: {self.get_state_display()}"


class ScoreSheetChange(models.Model):
    """Append-only: who moved the sheet, when and why."""

    sheet = models.ForeignKey(ScoreSheet, models.CASCADE, related_name="changes")
    action = models.CharField(max_length=12)
    old = models.CharField(max_length=9, choices=SheetState)
    new = models.CharField(max_length=9, choices=SheetState)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_old_display()} → {self.get_new_display()}"


class ScoreQuerySet(models.QuerySet["Score"]):
    def visible_to(self, user: AnyUser) -> ScoreQuerySet:
        from participants.people import Participant

        return self if user.scope.nation else self.filter(participant__in=Participant.objects.visible_to(user))


class Score(models.Model):
    """What one examiner gave one person for one component, 0 to 100. An emptied cell keeps its row, so that versions count on."""

    batch = models.ForeignKey("training.Batch", models.PROTECT, related_name="scores", db_index=False, verbose_name=_("angkatan"))
    participant = models.ForeignKey("participants.Participant", models.PROTECT, related_name="scores", verbose_name=_("peserta"))
    component = models.ForeignKey("training.ScoreComponent", models.PROTECT, related_name="scores", verbose_name=_("komponen"))
    rater = models.PositiveSmallIntegerField(_("penilai ke"), default=1)
    is_remedial = models.BooleanField(_("remedial"), default=False)
    value = models.DecimalField(_("nilai"), max_digits=5, decimal_places=2, null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("diisi oleh"))
    entered_at = models.DateTimeField(_("diisi"), default=timezone.now)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("nilai")
        verbose_name_plural = _("nilai")
        constraints = [
            models.UniqueConstraint(fields=["batch", "participant", "component", "rater", "is_remedial"], name="score_once"),
            models.CheckConstraint(condition=Q(value=None) | Q(value__gte=0, value__lte=100), name="score_0_to_100"),
            models.CheckConstraint(condition=Q(rater__gte=1, rater__lte=5), name="score_rater_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.participant} {self.component}: {self.value}"


class ScoreChangeQuerySet(models.QuerySet["ScoreChange"]):
    def visible_to(self, user: AnyUser) -> ScoreChangeQuerySet:
        from participants.people import Participant

        return self if user.scope.nation else self.filter(participant__in=Participant.objects.visible_to(user))


class ScoreChange(models.Model):
    """Append-only: one change of one raw score, and every value that lost against somebody else's."""

    batch = models.ForeignKey("training.Batch", models.PROTECT, related_name="score_changes", db_index=False)
    participant = models.ForeignKey("participants.Participant", models.PROTECT, related_name="score_changes")
    component = models.ForeignKey("training.ScoreComponent", models.PROTECT, related_name="+")
    rater = models.PositiveSmallIntegerField(default=1)
    is_remedial = models.BooleanField(default=False)
    old = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    new = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    version = models.PositiveIntegerField()
    source = models.CharField(max_length=8, choices=ScoreSource, default=ScoreSource.FORM)
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = ScoreChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["batch", "-at"], name="score_change_batch")]

    def __str__(self) -> str:
        return f"{self.participant} {self.component}: {self.old} → {self.new}"


class ScoreRemark(models.Model):
    """What goes with a component of one person: the note on examiners who differ, and the working days it came late."""

    batch = models.ForeignKey("training.Batch", models.PROTECT, related_name="score_remarks", db_index=False)
    participant = models.ForeignKey("participants.Participant", models.PROTECT, related_name="score_remarks")
    component = models.ForeignKey("training.ScoreComponent", models.PROTECT, related_name="+")
    note = models.CharField(_("catatan toleransi"), max_length=500, blank=True)
    late_days = models.PositiveSmallIntegerField(_("terlambat (hari kerja)"), default=0)
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("catatan nilai")
        verbose_name_plural = _("catatan nilai")
        constraints = [models.UniqueConstraint(fields=["batch", "participant", "component"], name="score_remark_once")]

    def __str__(self) -> str:
        return f"{self.participant} {self.component}"
