"""What happens at work: how far each tahapan is, its evidence, the weekly reports, and changes of the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aktualisasi.enums import LONG, SENTENCE
from aktualisasi.habituasi_enums import REASON, ChangeKind, ChangeStage, ReportStage, WorkState
from aktualisasi.plan import Kegiatan, Tahapan
from aktualisasi.rancangan import Rancangan
from latsar.documents.intake.kinds import CONTENT_TYPES, FileKind

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser

DECIDED = (ChangeStage.APPROVED, ChangeStage.REFUSED)


class TahapanWorkQuerySet(models.QuerySet["TahapanWork"]):
    def visible_to(self, user: AnyUser) -> TahapanWorkQuerySet:
        if user.scope.nation:
            return self
        return self.filter(tahapan__kegiatan__rancangan__in=Rancangan.objects.visible_to(user))


class TahapanWork(models.Model):
    """How far a tahapan is. `weeks` are its own once a change of plan moved it, else those of its kegiatan count.

    `due_week` is the last of them, kept so that the database can tell who is behind; `planned_on` is the exact day that
    the participant set within those weeks.
    """

    tahapan = models.OneToOneField(Tahapan, models.CASCADE, related_name="work", verbose_name=_("tahapan"))
    state = models.CharField(_("keadaan"), max_length=7, choices=WorkState, default=WorkState.NOT_BEGUN)
    weeks = models.JSONField(_("minggu"), default=list, blank=True)
    due_week = models.PositiveSmallIntegerField(_("minggu terakhir"), null=True, blank=True)
    planned_on = models.DateField(_("rencana"), null=True, blank=True)
    started_on = models.DateField(_("mulai dikerjakan"), null=True, blank=True)
    finished_on = models.DateField(_("selesai dikerjakan"), null=True, blank=True)
    note = models.CharField(_("catatan"), max_length=REASON, blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)

    objects = TahapanWorkQuerySet.as_manager()

    class Meta:
        ordering = ["tahapan"]
        verbose_name = _("pelaksanaan tahapan")
        verbose_name_plural = _("pelaksanaan tahapan")
        indexes = [models.Index(fields=["due_week"], name="work_open", condition=~Q(state=WorkState.DONE))]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state=WorkState.DONE) & Q(finished_on__isnull=False)) | (~Q(state=WorkState.DONE) & Q(finished_on=None)),
                name="work_done_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(started_on=None) | Q(finished_on=None) | Q(finished_on__gte=models.F("started_on")), name="work_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tahapan}: {self.get_state_display()}"


class WeeklyReportQuerySet(models.QuerySet["WeeklyReport"]):
    def visible_to(self, user: AnyUser) -> WeeklyReportQuerySet:
        """The reader of a rancangan reads the reports that were sent; a draft stays with its writer."""
        own = Q(participant__user_id=user.scope.user_id)
        beyond = ~Q(stage=ReportStage.DRAFT)
        if user.scope.nation:
            return self.filter(own | beyond)
        return self.filter(own | (beyond & Q(participant__rancangan__in=Rancangan.objects.visible_to(user))))

    def mentored_by(self, user: AnyUser) -> WeeklyReportQuerySet:
        return self.filter(participant__rancangan__in=Rancangan.objects.mentored_by(user))

    def handed_in(self) -> WeeklyReportQuerySet:
        return self.filter(stage__in=(ReportStage.SENT, ReportStage.APPROVED))


class WeeklyReport(models.Model):
    """One calendar week of the habituasi in the participant's words, answered by the mentor."""

    participant = models.ForeignKey("participants.Participant", models.PROTECT, related_name="weekly_reports", verbose_name=_("peserta"))
    week = models.PositiveSmallIntegerField(_("minggu"))
    done = models.TextField(_("yang dikerjakan"), max_length=LONG, blank=True)
    obstacles = models.TextField(_("hambatan dan cara mengatasinya"), max_length=LONG, blank=True)
    value = models.ForeignKey(
        "training.CurriculumValue", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("nilai yang paling terasa")
    )
    stage = models.CharField(_("keadaan"), max_length=8, choices=ReportStage, default=ReportStage.DRAFT)
    stage_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField(_("batas"), null=True, blank=True)
    sent_late = models.BooleanField(_("terlambat"), default=False)
    note = models.CharField(_("catatan mentor"), max_length=REASON, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    objects = WeeklyReportQuerySet.as_manager()

    class Meta:
        ordering = ["participant", "week"]
        verbose_name = _("laporan mingguan")
        verbose_name_plural = _("laporan mingguan")
        indexes = [models.Index(fields=["stage", "stage_at"], name="weekly_queue")]
        constraints = [
            models.UniqueConstraint(fields=["participant", "week"], name="weekly_report_once"),
            models.CheckConstraint(condition=Q(week__gte=1), name="weekly_report_week_counts"),
            models.CheckConstraint(condition=~Q(stage=ReportStage.RETURNED) | ~Q(note=""), name="weekly_returned_has_note"),
        ]

    def __str__(self) -> str:
        return str(_("Laporan minggu %(n)s") % {"n": self.week})

    def get_absolute_url(self) -> str:
        return reverse("weekly_report", args=[self.pk])

    @property
    def is_editable(self) -> bool:
        return self.stage in (ReportStage.DRAFT, ReportStage.RETURNED)


class WeeklyReportChange(models.Model):
    report = models.ForeignKey(WeeklyReport, models.CASCADE, related_name="stage_changes")
    action = models.CharField(max_length=12)
    old = models.CharField(max_length=8, choices=ReportStage)
    new = models.CharField(max_length=8, choices=ReportStage)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=REASON, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_old_display()} → {self.get_new_display()}"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: AnyUser) -> EvidenceQuerySet:
        if user.scope.nation:
            return self
        return self.filter(participant__rancangan__in=Rancangan.objects.visible_to(user))

    def current(self) -> EvidenceQuerySet:
        return self.filter(removed_at=None)


class Evidence(models.Model):
    """A photo or PDF that shows a tahapan was done. A photo is kept as it was written anew, without EXIF and place.

    `report` is the weekly report that it was sent with; once that is approved the evidence stays.
    """

    participant = models.ForeignKey("participants.Participant", models.PROTECT, related_name="evidence", verbose_name=_("peserta"))
    tahapan = models.ForeignKey(
        Tahapan, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name=_("tahapan")
    )  # None only for a removed one whose tahapan was dropped
    file = models.FileField(_("berkas"), upload_to="bukti/%Y/%m/")
    name = models.CharField(_("nama berkas"), max_length=200)
    kind = models.CharField(_("jenis"), max_length=5, choices=[(kind.value, kind.value.upper()) for kind in FileKind])
    size = models.PositiveIntegerField(_("ukuran (byte)"))
    pages = models.PositiveSmallIntegerField(_("halaman"))
    sha256 = models.CharField(max_length=64)
    source_sha256 = models.CharField(max_length=64)
    caption = models.CharField(_("keterangan"), max_length=300)
    shown_on = models.DateField(_("tanggal kegiatan"))
    proves = models.CharField(_("output yang dibuktikan"), max_length=SENTENCE, blank=True)
    in_laporan = models.BooleanField(_("masuk laporan"), default=True)
    report = models.ForeignKey(WeeklyReport, models.SET_NULL, null=True, blank=True, related_name="evidence", verbose_name=_("laporan"))
    uploaded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("diunggah oleh"))
    uploaded_at = models.DateTimeField(_("diunggah"), default=timezone.now)
    removed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField(_("dihapus"), null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["participant", "shown_on", "pk"]
        verbose_name = _("bukti")
        verbose_name_plural = _("bukti")
        indexes = [models.Index(fields=["participant", "shown_on"], name="evidence_current", condition=Q(removed_at=None))]
        constraints = [
            models.UniqueConstraint(fields=["participant", "source_sha256"], condition=Q(removed_at=None), name="evidence_file_once"),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None) | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="evidence_removed_paired",
            ),
            models.CheckConstraint(condition=Q(tahapan__isnull=False) | Q(removed_at__isnull=False), name="evidence_shows_a_tahapan"),
            models.CheckConstraint(condition=Q(size__gte=1, pages__gte=1) & ~Q(caption=""), name="evidence_not_empty"),
        ]

    def __str__(self) -> str:
        return self.caption

    def get_absolute_url(self) -> str:
        return reverse("evidence_detail", args=[self.pk])

    @property
    def is_photo(self) -> bool:
        return self.kind != FileKind.PDF.value

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[FileKind(self.kind)]


class PlanChangeQuerySet(models.QuerySet["PlanChange"]):
    def visible_to(self, user: AnyUser) -> PlanChangeQuerySet:
        if user.scope.nation:
            return self
        return self.filter(rancangan__in=Rancangan.objects.visible_to(user))

    def mentored_by(self, user: AnyUser) -> PlanChangeQuerySet:
        return self.filter(rancangan__in=Rancangan.objects.mentored_by(user))

    def waiting(self) -> PlanChangeQuerySet:
        return self.filter(stage=ChangeStage.OPEN)


class PlanChange(models.Model):
    """A tahapan that is to be changed, added or dropped, as it was and as it shall be; applied when the mentor approves.

    `old` and `new` hold text, output and weeks, and `number` as it is printed, so that both stay readable when the rows are gone.
    """

    rancangan = models.ForeignKey(Rancangan, models.PROTECT, related_name="plan_changes", verbose_name=_("rancangan"))
    kind = models.CharField(_("jenis"), max_length=6, choices=ChangeKind)
    kegiatan = models.ForeignKey(Kegiatan, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("kegiatan"))
    tahapan = models.ForeignKey(Tahapan, models.SET_NULL, null=True, blank=True, related_name="plan_changes", verbose_name=_("tahapan"))
    old = models.JSONField(_("semula"), default=dict)
    new = models.JSONField(_("menjadi"), default=dict)
    reason = models.CharField(_("alasan"), max_length=REASON)
    stage = models.CharField(_("keadaan"), max_length=9, choices=ChangeStage, default=ChangeStage.OPEN)
    note = models.CharField(_("catatan mentor"), max_length=REASON, blank=True)
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("diajukan oleh"))
    asked_at = models.DateTimeField(_("diajukan"), default=timezone.now)
    closed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("dijawab oleh"))
    closed_at = models.DateTimeField(pgettext_lazy("plan change", "dijawab"), null=True, blank=True)

    objects = PlanChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("perubahan rencana")
        verbose_name_plural = _("perubahan rencana")
        indexes = [models.Index(fields=["stage", "asked_at"], name="plan_change_queue")]
        constraints = [
            models.UniqueConstraint(fields=["tahapan"], condition=Q(stage=ChangeStage.OPEN), name="plan_change_one_open"),
            models.CheckConstraint(
                condition=Q(stage=ChangeStage.OPEN, closed_at=None, closed_by=None)
                | (~Q(stage=ChangeStage.OPEN) & Q(closed_at__isnull=False, closed_by__isnull=False)),
                name="plan_change_closed_paired",
            ),
            models.CheckConstraint(condition=~Q(stage=ChangeStage.REFUSED) | ~Q(note=""), name="plan_change_refused_has_note"),
            models.CheckConstraint(condition=~Q(reason=""), name="plan_change_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("plan_change", args=[self.pk])

    @property
    def number(self) -> str:
        """The tahapan's number as printed when this was asked: "3.5"."""
        return str(self.old.get("number") or self.new.get("number") or "")
