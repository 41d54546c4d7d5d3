from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.enums import MovementKind, MovementReason, MovementState, Stage

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser

NEEDS_BASIS = (MovementKind.CHANGE_SATKER, MovementKind.EXTEND, MovementKind.SECOND_ENTRY, MovementKind.DISMISS)
"""Kinds that rest on a numbered letter or decree."""


class MovementQuerySet(models.QuerySet["Movement"]):
    def visible_to(self, user: AnyUser) -> MovementQuerySet:
        """Those of the people one sees; who transferred somebody away keeps the row of that day."""
        from participants.people import Participant

        scope = user.scope
        if scope.nation:
            return self
        return self.filter(Q(participant__in=Participant.objects.visible_to(user)) | Q(proposed_by_id=scope.user_id))

    def waiting(self) -> MovementQuerySet:
        return self.filter(state=MovementState.PROPOSED)


class Movement(models.Model):
    """Something that turns a person off the straight way, with reason and evidence: proposed, then decided.

    `from_*` keep what was true when it was applied. Rows are never deleted.
    """

    participant = models.ForeignKey("participants.Participant", models.PROTECT, related_name="movements", verbose_name=_("peserta"))
    kind = models.CharField(_("jenis"), max_length=14, choices=MovementKind)
    reason = models.CharField(_("alasan"), max_length=12, choices=MovementReason)
    note = models.CharField(_("uraian"), max_length=500)
    effective_on = models.DateField(_("berlaku sejak"))
    until = models.DateField(_("sampai"), null=True, blank=True)
    to_satker = models.ForeignKey("satker.Satker", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("satker tujuan"))
    to_batch = models.ForeignKey(
        "training.Batch", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("angkatan tujuan")
    )
    basis_number = models.CharField(_("nomor surat dasar"), max_length=100, blank=True)
    basis_date = models.DateField(_("tanggal surat"), null=True, blank=True)
    evidence = models.FileField(_("bukti"), upload_to="movements/%Y/%m/", blank=True)
    evidence_name = models.CharField(max_length=200, blank=True)
    evidence_sha256 = models.CharField(max_length=64, blank=True)
    from_stage = models.CharField(max_length=12, choices=Stage, blank=True)
    from_satker = models.ForeignKey("satker.Satker", models.PROTECT, null=True, related_name="+")
    from_batch = models.ForeignKey("training.Batch", models.PROTECT, null=True, related_name="+")
    from_deadline = models.DateField(null=True)
    state = models.CharField(_("keadaan"), max_length=9, choices=MovementState, default=MovementState.PROPOSED)
    proposed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("diusulkan oleh"))
    proposed_at = models.DateTimeField(_("diusulkan"), default=timezone.now)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("diputus oleh"))
    decided_at = models.DateTimeField(_("diputus"), null=True, blank=True)
    decision_note = models.CharField(_("catatan keputusan"), max_length=500, blank=True)

    objects = MovementQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        verbose_name = _("perubahan status")
        verbose_name_plural = _("perubahan status")
        indexes = [models.Index(fields=["state", "proposed_at"], name="movement_queue")]
        constraints = [
            models.UniqueConstraint(fields=["participant"], condition=Q(state=MovementState.PROPOSED), name="movement_one_open_proposal"),
            models.CheckConstraint(
                condition=Q(state=MovementState.PROPOSED, decided_at=None, decided_by=None)
                | (~Q(state=MovementState.PROPOSED) & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="movement_decided_paired",
            ),
            models.CheckConstraint(condition=~Q(state=MovementState.REFUSED) | ~Q(decision_note=""), name="movement_refusal_says_why"),
            models.CheckConstraint(condition=~Q(kind__in=NEEDS_BASIS) | ~Q(basis_number=""), name="movement_rests_on_letter"),
            models.CheckConstraint(condition=~Q(kind=MovementKind.EXTEND) | Q(until__isnull=False), name="movement_extension_has_end"),
            models.CheckConstraint(
                condition=Q(kind=MovementKind.CHANGE_SATKER, to_satker__isnull=False)
                | (~Q(kind=MovementKind.CHANGE_SATKER) & Q(to_satker=None)),
                name="movement_satker_paired",
            ),
            models.CheckConstraint(
                condition=Q(kind=MovementKind.CHANGE_BATCH, to_batch__isnull=False)
                | (~Q(kind=MovementKind.CHANGE_BATCH) & Q(to_batch=None)),
                name="movement_batch_paired",
            ),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=models.F("effective_on")), name="movement_dates_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.participant}"

    def get_absolute_url(self) -> str:
        return reverse("movement_detail", args=[self.pk])

    def get_kind_display(self) -> str:  # type: ignore[no-redef]  # takes the place of the one that the field makes
        """Say the kind; of who died not that they withdrew."""
        return str(MovementReason.DEATH.label if self.is_death else dict(MovementKind.choices).get(self.kind, self.kind))

    @property
    def is_death(self) -> bool:
        return self.kind == MovementKind.WITHDRAW and self.reason == MovementReason.DEATH

    @property
    def action(self) -> str:
        """The move of the file's workflow that this is."""
        return "pass_away" if self.is_death else self.kind

    @property
    def is_open(self) -> bool:
        return self.state == MovementState.PROPOSED
