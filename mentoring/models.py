from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from latsar.accounts.enums import Role
from latsar.training.models import Batch
from latsar.ui.numbers import only_digits
from mentoring.enums import MENTEE_LIMIT
from participants.enums import ENDED
from participants.models import Participant, Placement
from participants.seats import PlacementQuerySet

if TYPE_CHECKING:
    from latsar.accounts.models import AnyUser


class MentorQuerySet(models.QuerySet["Mentor"]):
    def visible_to(self, user: AnyUser) -> MentorQuerySet:
        """The pool is shared: any ASN of any satker may guide, so unit admins see every active mentor."""
        scope = user.scope
        if scope.nation or scope.satker_ids or scope.province_ids:
            return self
        return self.filter(user_id=scope.user_id)

    def active(self) -> MentorQuerySet:
        return self.filter(is_active=True)

    def search(self, text: str) -> MentorQuerySet:
        """Match part of a name, of the satker's name, or of a NIP typed with or without its spaces."""
        text = text.strip()
        digits = text.replace(" ", "").replace(".", "")
        if only_digits(digits):
            return self.filter(nip__contains=digits)
        return self.filter(Q(user__full_name__icontains=text) | Q(satker__name__icontains=text)) if text else self

    def with_load(self) -> MentorQuerySet:
        """Annotate `load`, the mentees of today; who has graduated or left no longer counts."""
        counted = Q(assignments__ended_at=None) & ~Q(assignments__participant__stage__in=ENDED)
        return self.annotate(load=models.Count("assignments", filter=counted))

    def with_room(self) -> MentorQuerySet:
        """Keep who is willing and has a slot left."""
        return self.active().with_load().filter(load__lt=MENTEE_LIMIT)  # type: ignore[misc]  # load is annotated

    def available_first(self) -> MentorQuerySet:
        """Order by willingness, then by the lighter load, then by name."""
        return self.with_load().order_by("-is_active", "load", "user__full_name", "pk")  # type: ignore[misc]  # load is annotated


class Mentor(models.Model):
    """Any PNS/ASN who guides; need not be the direct superior and may sit at another satker."""

    user = models.OneToOneField("accounts.User", models.PROTECT, related_name="mentor", verbose_name=_("akun"))
    nip = models.CharField(_("NIP"), max_length=18, unique=True)
    satker = models.ForeignKey("satker.Satker", models.PROTECT, related_name="mentors", verbose_name=_("satker"))
    jabatan = models.CharField(_("jabatan"), max_length=150)
    trained_on = models.DateField(_("tanggal pembekalan mentor"), null=True, blank=True)
    is_active = models.BooleanField(_("bersedia"), default=True)

    objects = MentorQuerySet.as_manager()

    class Meta:
        ordering = ["user__full_name"]
        verbose_name = _("mentor")
        verbose_name_plural = _("mentor")
        indexes = [models.Index(fields=["satker"], name="mentor_satker")]

    def __str__(self) -> str:
        return self.user.full_name


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
    """A mentor's slot taken by one participant. The slots 1 to 5 are the limit, held by the database."""

    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="assignments", verbose_name=_("mentor"))
    participant = models.ForeignKey(
        "participants.Participant", models.PROTECT, related_name="mentor_assignments", verbose_name=_("peserta")
    )
    slot = models.PositiveSmallIntegerField(_("tempat"))
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
                condition=Q(slot__gte=1, slot__lte=MENTEE_LIMIT),
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
