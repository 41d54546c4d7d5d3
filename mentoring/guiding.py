"""Who guides whom: the mentor of a person with the slot it takes, the handover between two mentors, the coach of a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.accounts.enums import Role
from latsar.training.models import Batch
from mentoring.enums import MENTEE_LIMIT, WAIVED_LIMIT
from mentoring.pool import SLOT_BASE, Mentor
from participants.models import Participant, Placement
from participants.seats import PlacementQuerySet

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser


class MentorAssignmentQuerySet(models.QuerySet["MentorAssignment"]):
    def visible_to(self, user: AnyUser) -> MentorAssignmentQuerySet:
        """Units and institutes: for the participants they see. Mentor: the present mentees, never the former ones."""
        scope = user.scope
        if scope.nation:
            return self
        allowed = Q(participant__in=Participant.objects.visible_to(user))
        if Role.MENTOR in scope.roles:
            allowed |= Q(mentor__user_id=scope.user_id, ended_at=None)
        return self.filter(allowed)

    def mentored_by(self, user: AnyUser) -> MentorAssignmentQuerySet:
        """The present mentees of a person whose mentor role is valid today."""
        if Role.MENTOR not in user.scope.roles:
            return self.none()
        return self.filter(mentor__user_id=user.scope.user_id, ended_at=None)

    def active(self) -> MentorAssignmentQuerySet:
        return self.filter(ended_at=None)


class MentorAssignment(models.Model):
    """A mentor's slot taken by one participant. The slots 1 to 5 are the limit, held by the database.

    A slot from 6 to 10 needs the leave for this very slot of this very mentor: see WaiverPlace and ADR 0025.
    """

    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="assignments", verbose_name=_("mentor"))
    participant = models.ForeignKey(
        "participants.Participant", models.PROTECT, related_name="mentor_assignments", verbose_name=_("peserta")
    )
    slot = models.PositiveSmallIntegerField(_("tempat"))
    place = models.ForeignKey(
        "mentoring.WaiverPlace", models.PROTECT, null=True, blank=True, related_name="assignments", verbose_name=_("tempat tambahan")
    )
    assigned_at = models.DateTimeField(_("ditetapkan"), default=timezone.now)
    assigned_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("berakhir"), null=True, blank=True)
    ended_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.CharField(_("alasan"), max_length=300, blank=True)

    objects = MentorAssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["mentor", "slot"]
        verbose_name = _("penetapan mentor")
        verbose_name_plural = _("penetapan mentor")
        constraints = [
            models.UniqueConstraint(fields=["mentor", "slot"], condition=Q(ended_at=None), name="mentor_slot_once"),
            models.CheckConstraint(
                condition=Q(slot__gte=1, slot__lte=MENTEE_LIMIT, place=None)
                | Q(
                    slot__gt=MENTEE_LIMIT, slot__lte=WAIVED_LIMIT, place__isnull=False, place=F("mentor") * SLOT_BASE + F("slot")
                ),  # a comparison with NULL alone would let a row pass
                name="mentor_slot_within_limit",
                violation_error_message=_("Satu mentor paling banyak membimbing 5 peserta."),
            ),
            models.UniqueConstraint(fields=["participant"], condition=Q(ended_at=None), name="participant_one_mentor"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False), name="mentor_ended_paired"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentor} / {self.participant}"


class HandoverQuerySet(models.QuerySet["Handover"]):
    def visible_to(self, user: AnyUser) -> HandoverQuerySet:
        """Who administers the person, the mentor who hands over, and the mentor who takes over while guiding."""
        scope = user.scope
        if scope.nation:
            return self
        allowed = models.Q(pk__in=())
        if scope.satker_ids or scope.province_ids:
            allowed |= Q(before__participant__in=Participant.objects.visible_to(user))
        if Role.MENTOR in scope.roles:
            allowed |= Q(before__mentor__user_id=scope.user_id) | Q(after__mentor__user_id=scope.user_id, after__ended_at=None)
        return self.filter(allowed)

    def waiting(self) -> HandoverQuerySet:
        """Not received yet, and still to somebody who guides."""
        return self.filter(received_at=None, after__ended_at=None)


class Handover(models.Model):
    """What a mentor leaves to the next one. `open_points` is what was open on the day of the change, listed by the portal."""

    before = models.OneToOneField(MentorAssignment, models.PROTECT, related_name="handed_over", verbose_name=_("mentor lama"))
    after = models.OneToOneField(MentorAssignment, models.PROTECT, related_name="taken_over", verbose_name=_("mentor baru"))
    notes = models.TextField(_("yang sudah disepakati"), blank=True)
    notes_at = models.DateTimeField(_("ditulis"), null=True, blank=True)
    open_points = models.JSONField(_("yang masih terbuka"), default=list)
    created_at = models.DateTimeField(_("dibuat"), default=timezone.now)
    received_at = models.DateTimeField(_("diterima"), null=True, blank=True)
    received_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("serah terima bimbingan")
        verbose_name_plural = _("serah terima bimbingan")
        constraints = [
            models.CheckConstraint(condition=~Q(before=F("after")), name="handover_between_two"),
            models.CheckConstraint(
                condition=Q(received_at=None, received_by=None) | Q(received_at__isnull=False, received_by__isnull=False),
                name="handover_received_paired",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before.participant}: {self.before.mentor}, {self.after.mentor}"

    def get_absolute_url(self) -> str:
        return reverse("handover", args=[self.pk])


def _seated_in_group() -> PlacementQuerySet:
    return Placement.objects.active().filter(seat__batch_id=models.OuterRef("batch_id"), group=models.OuterRef("group"))


class GroupCoachQuerySet(models.QuerySet["GroupCoach"]):
    def visible_to(self, user: AnyUser) -> GroupCoachQuerySet:
        """Who sees the batch, the coach's own groups, and the participant's own group."""
        scope = user.scope
        if scope.nation:
            return self
        allowed = Q(batch__in=Batch.objects.visible_to(user))
        if Role.COACH in scope.roles:
            allowed |= Q(coach_id=scope.user_id)
        if Role.PESERTA in scope.roles:
            allowed |= Q(models.Exists(_seated_in_group().filter(participant__user_id=scope.user_id)))
        return self.filter(allowed)

    def of_participant(self, participant_id: int) -> GroupCoachQuerySet:
        """The group that the participant sits in now."""
        return self.filter(models.Exists(_seated_in_group().filter(participant_id=participant_id)))

    def coached_by(self, user: AnyUser) -> GroupCoachQuerySet:
        """The groups of a person whose coach role is valid today."""
        if Role.COACH not in user.scope.roles:
            return self.none()
        return self.filter(coach_id=user.scope.user_id)


class GroupCoach(models.Model):
    """The coach of one kelompok (about ten participants) of a batch."""

    batch = models.ForeignKey("training.Batch", models.CASCADE, related_name="group_coaches", verbose_name=_("angkatan"))
    group = models.PositiveSmallIntegerField(_("kelompok"))
    coach = models.ForeignKey("accounts.User", models.PROTECT, related_name="coached_groups", verbose_name=_("coach"))

    objects = GroupCoachQuerySet.as_manager()

    class Meta:
        ordering = ["batch", "group"]
        verbose_name = _("coach kelompok")
        verbose_name_plural = _("coach kelompok")
        constraints = [models.UniqueConstraint(fields=["batch", "group"], name="group_one_coach")]

    def __str__(self) -> str:
        return f"{self.batch} {self.group}: {self.coach}"
