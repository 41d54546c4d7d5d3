"""What each scorer gave in a turn, what is to be repaired, who was there, and the signed paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aktualisasi.seminar_enums import Attendee, MarkState, Presence
from aktualisasi.seminars import SeminarTurn
from latsar.accounts.enums import Role
from latsar.training.enums import Rater

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser


class SeminarMarkQuerySet(models.QuerySet["SeminarMark"]):
    def visible_to(self, user: AnyUser) -> SeminarMarkQuerySet:
        """One's own; what was sent also for PKSDM and the institute. Others who score the turn see it once their own is sent: `beside`."""
        mine = Q(scorer_id=user.scope.user_id)
        if Role.PKSDM in user.scope.roles:
            return self.filter(mine | Q(state=MarkState.SENT) | Q(by_deputy=True))
        run = Q(turn__seminar__batch__institute_id__in=user.scope.institute_ids)
        return self.filter(mine | (run & (Q(state=MarkState.SENT) | Q(by_deputy=True))))

    def sent(self) -> SeminarMarkQuerySet:
        return self.filter(state=MarkState.SENT)


class SeminarMark(models.Model):
    """The scores of one scorer for one turn: `rated_by` and `rater` name the column of the score sheet.

    With `by_deputy` the institute copied it from a paper form; `typed_by` says who did.
    """

    turn = models.ForeignKey(SeminarTurn, models.PROTECT, related_name="marks", verbose_name=_("giliran"))
    rated_by = models.CharField(_("dinilai oleh"), max_length=8, choices=Rater)
    rater = models.PositiveSmallIntegerField(_("penilai ke"), default=1)
    scorer = models.ForeignKey("accounts.User", models.PROTECT, related_name="seminar_marks", verbose_name=_("penilai"))
    state = models.CharField(_("keadaan"), max_length=5, choices=MarkState, default=MarkState.DRAFT)
    note = models.CharField(_("catatan"), max_length=500, blank=True)
    note_version = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(_("dikirim"), null=True, blank=True)
    typed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("diketik oleh"))
    by_deputy = models.BooleanField(_("disalin dari kertas"), default=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = SeminarMarkQuerySet.as_manager()

    class Meta:
        ordering = ["turn", "rated_by", "rater"]
        verbose_name = _("nilai seminar")
        verbose_name_plural = _("nilai seminar")
        constraints = [
            models.UniqueConstraint(fields=["turn", "rated_by", "rater"], name="seminar_mark_once"),
            models.CheckConstraint(condition=Q(rater__gte=1, rater__lte=5), name="seminar_mark_rater_in_range"),
            models.CheckConstraint(
                condition=Q(state="draft", sent_at=None) | Q(state="sent", sent_at__isnull=False), name="seminar_mark_sent_paired"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.turn}: {self.scorer}"


class SeminarMarkScore(models.Model):
    """One component of a mark as it stands in the form; `version` counts its saves, `cell_version` is the cell it was written into."""

    mark = models.ForeignKey(SeminarMark, models.CASCADE, related_name="scores", verbose_name=_("nilai seminar"))
    component = models.ForeignKey("training.ScoreComponent", models.PROTECT, related_name="+", verbose_name=_("komponen"))
    value = models.DecimalField(_("nilai"), max_digits=5, decimal_places=2, null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    cell_version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["mark", "component__order"]
        verbose_name = _("nilai komponen")
        verbose_name_plural = _("nilai komponen")
        constraints = [
            models.UniqueConstraint(fields=["mark", "component"], name="seminar_mark_score_once"),
            models.CheckConstraint(condition=Q(value=None) | Q(value__gte=0, value__lte=100), name="seminar_mark_0_to_100"),
        ]

    def __str__(self) -> str:
        return f"{self.component}: {self.value}"


class SeminarMarkChange(models.Model):
    """Append-only: what was sent or corrected, from what to what, by whom and why. Values by the id of their component."""

    mark = models.ForeignKey(SeminarMark, models.CASCADE, related_name="changes")
    action = models.CharField(max_length=8)
    values = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.mark}: {self.action}"


class SeminarRevisionQuerySet(models.QuerySet["SeminarRevision"]):
    def visible_to(self, user: AnyUser) -> SeminarRevisionQuerySet:
        return self if user.scope.nation else self.filter(turn__in=SeminarTurn.objects.visible_to(user))


class SeminarRevision(models.Model):
    """One thing to repair after a turn: done by the participant, confirmed by the coach."""

    turn = models.ForeignKey(SeminarTurn, models.CASCADE, related_name="revisions", verbose_name=_("giliran"))
    number = models.PositiveSmallIntegerField(_("nomor"))
    text = models.CharField(_("catatan perbaikan"), max_length=500)
    part = models.CharField(_("bagian"), max_length=60, blank=True)
    done_at = models.DateTimeField(_("diperbaiki"), null=True, blank=True)
    done_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(_("diperiksa"), null=True, blank=True)
    confirmed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = SeminarRevisionQuerySet.as_manager()

    class Meta:
        ordering = ["turn", "number"]
        verbose_name = _("perbaikan seminar")
        verbose_name_plural = _("perbaikan seminar")
        constraints = [
            models.UniqueConstraint(fields=["turn", "number"], name="seminar_revision_once"),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="seminar_revision_done_paired",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False, done_at__isnull=False),
                name="seminar_revision_confirmed_after_done",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class SeminarPresence(models.Model):
    """Who was at a turn as what, with name and NIP as they were then."""

    turn = models.ForeignKey(SeminarTurn, models.CASCADE, related_name="presences", verbose_name=_("giliran"))
    role = models.CharField(_("sebagai"), max_length=8, choices=Attendee)
    number = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(_("nama"), max_length=150)
    nip = models.CharField(_("NIP"), max_length=18, blank=True)
    presence = models.CharField(_("kehadiran"), max_length=7, choices=Presence)

    class Meta:
        ordering = ["turn", "pk"]
        verbose_name = _("kehadiran seminar")
        verbose_name_plural = _("kehadiran seminar")
        constraints = [models.UniqueConstraint(fields=["turn", "role", "number"], name="seminar_presence_once")]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.name}"


class SeminarPaperQuerySet(models.QuerySet["SeminarPaper"]):
    def visible_to(self, user: AnyUser) -> SeminarPaperQuerySet:
        return self if user.scope.nation else self.filter(turn__in=SeminarTurn.objects.visible_to(user))


class SeminarPaper(models.Model):
    """The signed berita acara of a turn; the newest counts, earlier ones stay."""

    turn = models.ForeignKey(SeminarTurn, models.PROTECT, related_name="papers", verbose_name=_("giliran"))
    file = models.FileField(upload_to="berita-acara/%Y/%m/")
    name = models.CharField(_("nama berkas"), max_length=200)
    size = models.PositiveIntegerField(_("ukuran (byte)"))
    pages = models.PositiveSmallIntegerField(_("halaman"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    objects = SeminarPaperQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        verbose_name = _("berita acara bertanda tangan")
        verbose_name_plural = _("berita acara bertanda tangan")
        constraints = [models.UniqueConstraint(fields=["turn", "sha256"], name="seminar_paper_once")]

    def __str__(self) -> str:
        return self.name
