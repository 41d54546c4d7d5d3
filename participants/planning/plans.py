"""Stored plans: what was asked, what was offered, who would sit where and why somebody would not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from latsar.accounts.enums import Role
from latsar.training.enums import GolonganGroup, Method
from participants.planning.enums import PlanReason, PlanScope, PlanState

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser

NAME_LIMIT = 120


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, user: AnyUser) -> PlanQuerySet:
        """Plans are the work of PKSDM; nobody is told of one before it is applied."""
        return self if Role.PKSDM in user.scope.roles else self.none()

    def kept(self) -> PlanQuerySet:
        """Leave out trials that nobody kept and what was thrown away."""
        return self.filter(is_trial=False).exclude(state=PlanState.DISCARDED)


class Plan(models.Model):
    """One proposal over a scope. `figures`, `greedy` and `bounds` are what the solver measured when it last ran."""

    name = models.CharField(_("nama"), max_length=NAME_LIMIT)
    scope = models.CharField(_("cakupan"), max_length=9, choices=PlanScope, default=PlanScope.NATION)
    provinces = models.ManyToManyField("satker.Satker", blank=True, related_name="+", verbose_name=_("provinsi"))
    wave = models.ForeignKey("training.Wave", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("gelombang"))
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="alternatives", verbose_name=_("dari rencana"))
    is_trial = models.BooleanField(_("percobaan"), default=False)
    state = models.CharField(_("keadaan"), max_length=10, choices=PlanState, default=PlanState.DRAFT)
    settings = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    greedy = models.JSONField(default=dict)
    bounds = models.JSONField(default=dict)
    is_proven = models.BooleanField(default=False)
    seconds = models.FloatField(null=True)
    solved_at = models.DateTimeField(null=True)
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("dibuat oleh"))
    created_at = models.DateTimeField(_("dibuat"), default=timezone.now)
    committed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    committed_at = models.DateTimeField(null=True, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("rencana penempatan")
        verbose_name_plural = _("rencana penempatan")
        indexes = [models.Index(fields=["state", "-created_at"], name="plan_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=PlanState.COMMITTED, committed_at__isnull=False, committed_by__isnull=False)
                | (~Q(state=PlanState.COMMITTED) & Q(committed_at=None, committed_by=None)),
                name="plan_committed_paired",
            ),
            models.CheckConstraint(
                condition=Q(scope=PlanScope.WAVE, wave__isnull=False) | (~Q(scope=PlanScope.WAVE) & Q(wave=None)), name="plan_wave_paired"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("plan_detail", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.state == PlanState.DRAFT

    def setting(self, name: str) -> Any:
        return self.settings.get(name)


class PlanOffer(models.Model):
    """Free seats that a plan may use: of an open angkatan, or thought up to see what they would change.

    `seats` are those free when the plan was last computed; `face_days` and `cost` are None where nobody knows.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="offers")
    batch = models.ForeignKey("training.Batch", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("angkatan"))
    institute = models.ForeignKey("training.Institute", models.PROTECT, related_name="+", verbose_name=_("lembaga"))
    province = models.ForeignKey("satker.Satker", models.PROTECT, null=True, related_name="+", db_index=False)
    method = models.CharField(_("metode"), max_length=16, choices=Method)
    golongan = models.CharField(_("golongan"), max_length=6, choices=GolonganGroup)
    starts_on = models.DateField(_("mulai"))
    ends_on = models.DateField(pgettext_lazy("date", "selesai"))
    face_on = models.DateField(_("mulai tatap muka"), null=True, blank=True)
    face_days = models.PositiveSmallIntegerField(_("hari tatap muka"), null=True, blank=True)
    seats = models.PositiveSmallIntegerField(_("kursi kosong"))
    cost = models.PositiveIntegerField(_("biaya per orang (Rp)"), null=True, blank=True)

    class Meta:
        ordering = ["ends_on", "pk"]
        verbose_name = _("kursi dalam rencana")
        verbose_name_plural = _("kursi dalam rencana")
        constraints = [
            models.UniqueConstraint(fields=["plan", "batch"], condition=Q(batch__isnull=False), name="plan_offer_batch_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="plan_offer_dates_in_order"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_thought_up(self) -> bool:
        return self.batch_id is None

    @property
    def label(self) -> str:
        """The angkatan, or that these seats do not exist yet."""
        if self.batch is not None:
            return f"{self.batch.label} {self.batch.year}"
        return str(_("Kursi andaian"))


class PlanAssignment(models.Model):
    """One person of a plan, once: on an offer, or without one and why. `before` is where a move by hand took them from."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="assignments", db_index=False)
    participant = models.ForeignKey("participants.Participant", models.CASCADE, related_name="+")
    offer = models.ForeignKey(PlanOffer, models.CASCADE, null=True, blank=True, related_name="assignments")
    reason = models.CharField(max_length=12, choices=PlanReason, blank=True)
    facts = models.JSONField(default=dict)
    is_manual = models.BooleanField(default=False)
    before = models.ForeignKey(PlanOffer, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    was_manual = models.BooleanField(default=False)

    class Meta:
        ordering = ["plan", "pk"]
        verbose_name = _("orang dalam rencana")
        verbose_name_plural = _("orang dalam rencana")
        indexes = [
            models.Index(fields=["plan", "offer"], name="plan_person_offer"),
            models.Index(fields=["plan", "reason"], name="plan_person_reason"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["plan", "participant"], name="plan_person_once"),
            models.CheckConstraint(condition=Q(offer__isnull=False, reason__in=["", PlanReason.LATE]) | (Q(offer=None) & ~Q(reason__in=["", PlanReason.LATE])), name="plan_person_has_seat_or_reason"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.participant}"


class PlanningRule(models.Model):
    """A number that plans begin with. No regulation was found that says it, hence a row that PKSDM changes."""

    code = models.SlugField(_("kode"), max_length=30, unique=True)
    name = models.CharField(_("nama"), max_length=120)
    value = models.PositiveSmallIntegerField(_("nilai"), validators=[MaxValueValidator(200)])
    source = models.CharField(_("sumber"), max_length=200, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("angka perencanaan")
        verbose_name_plural = _("angka perencanaan")
        constraints = [models.CheckConstraint(condition=Q(value__lte=200), name="planning_rule_within_reason")]

    def __str__(self) -> str:
        return self.name


DEFAULTS = {"margin_days": 14, "notice_days": 7, "pregnancy_weeks": 32}
"""Where the rows are not there."""


def planning_numbers() -> dict[str, int]:
    """The numbers that a new plan begins with."""
    return {**DEFAULTS, **dict(PlanningRule.objects.filter(code__in=DEFAULTS).values_list("code", "value"))}


class ProvincePoint(models.Model):
    """Where a province is for the planner, in place of the point that comes with the portal (unverified)."""

    province = models.OneToOneField("satker.Satker", models.CASCADE, related_name="+", verbose_name=_("provinsi"))
    latitude = models.DecimalField(_("lintang"), max_digits=7, decimal_places=4, validators=[MinValueValidator(-90), MaxValueValidator(90)])
    longitude = models.DecimalField(
        _("bujur"), max_digits=7, decimal_places=4, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )

    class Meta:
        ordering = ["province"]
        verbose_name = _("titik provinsi")
        verbose_name_plural = _("titik provinsi")
        constraints = [
            models.CheckConstraint(condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)), name="province_point_on_earth")
        ]

    def __str__(self) -> str:
        return f"{self.province}"
