"""What the scores of a person amount to, kept with every number that led there, and what changes it afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.scoring.enums import CorrectionKind, CorrectionState, ObjectionState, Outcome

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser


class ResultQuerySet(models.QuerySet["Result"]):
    def visible_to(self, user: AnyUser) -> ResultQuerySet:
        from participants.people import Participant

        return self if user.scope.nation else self.filter(participant__in=Participant.objects.visible_to(user))


class Result(models.Model):
    """The outcome of one person in one angkatan; `breakdown` explains it and is compared when it is computed again."""

    batch = models.ForeignKey("training.Batch", models.PROTECT, related_name="results", db_index=False, verbose_name=_("angkatan"))
    participant = models.ForeignKey("participants.Participant", models.PROTECT, related_name="results", verbose_name=_("peserta"))
    total = models.DecimalField(_("nilai akhir"), max_digits=5, decimal_places=2)
    qualification = models.CharField(_("kualifikasi"), max_length=40)
    outcome = models.CharField(_("hasil"), max_length=8, choices=Outcome)
    rank = models.PositiveSmallIntegerField(_("peringkat"), null=True, blank=True)
    breakdown = models.JSONField(_("rincian"))
    computed_at = models.DateTimeField(_("dihitung"), default=timezone.now)
    computed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = ResultQuerySet.as_manager()

    class Meta:
        ordering = ["rank", "participant__full_name", "pk"]
        verbose_name = _("hasil")
        verbose_name_plural = _("hasil")
        constraints = [
            models.UniqueConstraint(fields=["batch", "participant"], name="result_once"),
            models.CheckConstraint(condition=Q(total__gte=0, total__lte=100), name="result_0_to_100"),
            models.CheckConstraint(condition=Q(rank=None) | Q(outcome=Outcome.PASSED, rank__gte=1), name="result_rank_is_for_who_passed"),
        ]

    def __str__(self) -> str:
        return f"{self.participant}: {self.total}"


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def visible_to(self, user: AnyUser) -> ObjectionQuerySet:
        from participants.people import Participant

        return self if user.scope.nation else self.filter(participant__in=Participant.objects.visible_to(user))


class Objection(models.Model):
    """What a participant says against a published score, and the answer."""

    batch = models.ForeignKey("training.Batch", models.PROTECT, related_name="objections", verbose_name=_("angkatan"))
    participant = models.ForeignKey("participants.Participant", models.PROTECT, related_name="objections", verbose_name=_("peserta"))
    component = models.ForeignKey("training.ScoreComponent", models.PROTECT, related_name="+", verbose_name=_("komponen"))
    text = models.TextField(_("alasan"), max_length=2000)
    filed_at = models.DateTimeField(_("diajukan"), default=timezone.now)
    state = models.CharField(_("keadaan"), max_length=8, choices=ObjectionState, default=ObjectionState.FILED)
    answer = models.TextField(_("jawaban"), max_length=2000, blank=True)
    answered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("dijawab"), null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering = ["-filed_at", "-pk"]
        verbose_name = _("sanggahan nilai")
        verbose_name_plural = _("sanggahan nilai")
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "participant", "component"],
                condition=Q(state__in=[ObjectionState.FILED, ObjectionState.PROPOSED]),
                name="objection_one_open",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None) | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="objection_answered_paired",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant} {self.component}"


class ScoreCorrectionQuerySet(models.QuerySet["ScoreCorrection"]):
    def visible_to(self, user: AnyUser) -> ScoreCorrectionQuerySet:
        from participants.people import Participant

        return self if user.scope.nation else self.filter(participant__in=Participant.objects.visible_to(user))

    def waiting(self) -> ScoreCorrectionQuerySet:
        return self.filter(state=CorrectionState.PROPOSED)


class ScoreCorrection(models.Model):
    """A score that changes after it was finalised: one person proposes it with a reason, another decides."""

    batch = models.ForeignKey("training.Batch", models.PROTECT, related_name="score_corrections", verbose_name=_("angkatan"))
    participant = models.ForeignKey("participants.Participant", models.PROTECT, related_name="score_corrections", verbose_name=_("peserta"))
    component = models.ForeignKey("training.ScoreComponent", models.PROTECT, related_name="+", verbose_name=_("komponen"))
    rater = models.PositiveSmallIntegerField(_("penilai ke"), default=1)
    kind = models.CharField(_("jenis"), max_length=9, choices=CorrectionKind)
    objection = models.OneToOneField(Objection, models.PROTECT, null=True, blank=True, related_name="correction")
    old = models.DecimalField(_("nilai lama"), max_digits=5, decimal_places=2, null=True)
    new = models.DecimalField(_("nilai baru"), max_digits=5, decimal_places=2)
    reason = models.CharField(_("alasan"), max_length=500)
    state = models.CharField(_("keadaan"), max_length=8, choices=CorrectionState, default=CorrectionState.PROPOSED)
    proposed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.CharField(max_length=500, blank=True)

    objects = ScoreCorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        verbose_name = _("perubahan nilai")
        verbose_name_plural = _("perubahan nilai")
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "participant", "component", "rater"],
                condition=Q(state=CorrectionState.PROPOSED),
                name="correction_one_open",
            ),
            models.CheckConstraint(condition=Q(new__gte=0, new__lte=100), name="correction_0_to_100"),
            models.CheckConstraint(
                condition=Q(state=CorrectionState.PROPOSED, decided_at=None, decided_by=None)
                | (~Q(state=CorrectionState.PROPOSED) & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="correction_decided_paired",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("proposed_by")),
                name="correction_four_eyes",
                violation_error_message=_("Yang mengusulkan tidak memutuskan."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant} {self.component}: {self.old} → {self.new}"


class GraduationRecord(models.Model):
    """The facts of the berita acara of an angkatan: number, day, place and who signs."""

    batch = models.OneToOneField("training.Batch", models.PROTECT, related_name="graduation_record", verbose_name=_("angkatan"))
    number = models.CharField(_("nomor"), max_length=100)
    held_on = models.DateField(_("tanggal rapat"))
    place = models.CharField(_("tempat"), max_length=150)
    chair_name = models.CharField(_("ketua rapat"), max_length=150)
    chair_title = models.CharField(_("jabatan ketua"), max_length=150)
    witness_name = models.CharField(_("saksi"), max_length=150, blank=True)
    witness_title = models.CharField(_("jabatan saksi"), max_length=150, blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("berita acara kelulusan")
        verbose_name_plural = _("berita acara kelulusan")

    def __str__(self) -> str:
        return self.number


class SttpQuerySet(models.QuerySet["Sttp"]):
    def visible_to(self, user: AnyUser) -> SttpQuerySet:
        from participants.people import Participant

        return self if user.scope.nation else self.filter(participant__in=Participant.objects.visible_to(user))


class Sttp(models.Model):
    """The Surat Tanda Tamat Pelatihan of the institute, recorded: number, kode registrasi of LAN, date and scan."""

    batch = models.ForeignKey("training.Batch", models.PROTECT, related_name="sttp", db_index=False, verbose_name=_("angkatan"))
    participant = models.ForeignKey("participants.Participant", models.PROTECT, related_name="sttp", verbose_name=_("peserta"))
    number = models.CharField(_("nomor STTP"), max_length=100)
    registration_code = models.CharField(_("kode registrasi LAN"), max_length=60, blank=True)
    issued_on = models.DateField(_("tanggal STTP"))
    scan = models.FileField(_("pindaian"), upload_to="sttp/%Y/%m/", blank=True)
    scan_name = models.CharField(max_length=200, blank=True)
    scan_sha256 = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = SttpQuerySet.as_manager()

    class Meta:
        ordering = ["participant__full_name", "pk"]
        verbose_name = _("STTP")
        verbose_name_plural = _("STTP")
        constraints = [
            models.UniqueConstraint(fields=["batch", "participant"], name="sttp_once"),
            models.UniqueConstraint(fields=["number"], name="sttp_number_once", violation_error_message=_("Nomor STTP ini sudah dicatat.")),
            models.UniqueConstraint(
                fields=["registration_code"],
                condition=~Q(registration_code=""),
                name="sttp_code_once",
                violation_error_message=_("Kode registrasi ini sudah dicatat."),
            ),
        ]

    def __str__(self) -> str:
        return self.number
