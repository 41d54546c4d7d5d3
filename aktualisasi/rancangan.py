from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aktualisasi.enums import LONG, OPEN_STAGES, PaperKind
from aktualisasi.seminars import SeminarTurn
from latsar.accounts.enums import Role
from mentoring.models import GroupCoach, MentorAssignment
from participants.models import Participant, Placement

if TYPE_CHECKING:
    from aktualisasi.papers import Paper
    from latsar.accounts.models import AnyUser


class RancanganQuerySet(models.QuerySet["Rancangan"]):
    def visible_to(self, user: AnyUser) -> RancanganQuerySet:
        """Who sees the participant, the participant's present mentor, and the coach of the group.

        What is being written and the habituasi are for these.
        """
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
        return self.filter(allowed)

    def read_by(self, user: AnyUser) -> RancanganQuerySet:
        """Whose papers this person reads: also who examines the person in a seminar reads what was handed in."""
        if user.scope.nation or Role.PENGUJI not in user.scope.roles:
            return self.visible_to(user)
        examined = SeminarTurn.objects.examined_by(user).order_by().values("participant_id")
        return self.filter(Q(participant_id__in=examined) | Q(pk__in=Rancangan.objects.visible_to(user).values("pk")))

    def mentored_by(self, user: AnyUser) -> RancanganQuerySet:
        return self.filter(participant_id__in=MentorAssignment.objects.mentored_by(user).values("participant_id"))

    def coached_by(self, user: AnyUser) -> RancanganQuerySet:
        own_group = GroupCoach.objects.coached_by(user).filter(batch_id=models.OuterRef("seat__batch_id"), group=models.OuterRef("group"))
        return self.filter(participant_id__in=Placement.objects.active().filter(models.Exists(own_group)).values("participant_id"))


class Rancangan(models.Model):
    """A participant's design of the aktualisasi: what it says. Its documents on their way through review are `papers`."""

    participant = models.OneToOneField("participants.Participant", models.PROTECT, related_name="rancangan", verbose_name=_("peserta"))
    title = models.CharField(_("judul"), max_length=250, blank=True)
    summary = models.TextField(_("ringkasan"), max_length=LONG, blank=True)
    unit_profile = models.TextField(_("profil satker"), max_length=LONG, blank=True)
    job_profile = models.TextField(_("jabatan dan tugas"), max_length=LONG, blank=True)
    agenda_summary = models.TextField(_("yang dipelajari dari agenda I sampai III"), max_length=LONG, blank=True)
    chosen_issue = models.ForeignKey(
        "aktualisasi.Issue", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("isu terpilih")
    )
    tie_reason = models.TextField(_("alasan memilih"), max_length=LONG, blank=True)
    idea = models.TextField(_("gagasan kreatif"), max_length=LONG, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    objects = RancanganQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at"]
        verbose_name = _("rancangan aktualisasi")
        verbose_name_plural = _("rancangan aktualisasi")

    def __str__(self) -> str:
        return self.title or str(_("Rancangan tanpa judul"))

    def get_absolute_url(self) -> str:
        return reverse("rancangan_detail", args=[self.pk])

    def paper(self, kind: str = PaperKind.RANCANGAN) -> Paper | None:
        """Return the paper of this kind; no query when `papers` was prefetched."""
        return next((paper for paper in self.papers.all() if paper.kind == kind), None)

    @property
    def is_editable(self) -> bool:
        """Whether the participant may still change what it says."""
        paper = self.paper()
        return paper is None or paper.stage in OPEN_STAGES
