from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant, User
from latsar.dashboard.context import initials
from latsar.dashboard.registry import (
    Card,
    Column,
    GroupLine,
    Panel,
    Todo,
    batch_clash,
    batch_group,
    panel,
    person_card,
    roster_column,
    todo,
)
from latsar.training.clash import Finding
from latsar.training.enums import PhaseKind
from latsar.training.layout import PhaseDates
from latsar.training.models import Batch
from latsar.ui import words
from mentoring import calendar, coach_tables, independence, policies, quality, tables
from mentoring.enums import GuideKind
from mentoring.models import GroupCoach, MentorAssignment
from mentoring.todos import handover_todos, session_todos
from participants.enums import ENDED, Stage
from participants.models import Participant, Placement

MOST = 500
__all__ = ["calendar", "quality"]
"""Imported for their registration."""


@todo(Role.ADMIN_SATKER, Role.ADMIN_PROVINSI)
def mentors_missing(user: User, grant: RoleGrant) -> Sequence[Todo]:
    """Who sits in a batch and has no mentor yet, due at the first seminar rancangan that comes."""
    today = timezone.localdate()
    coming = Q(batch__phases__kind=PhaseKind.PROPOSAL_SEMINAR, batch__phases__starts_on__gte=today)
    lacking = tables.without_mentor(tables.assignable(user).filter(stage__in=[Stage.PLACED, Stage.TRAINING])).order_by()
    found = lacking.aggregate(people=Count("pk", distinct=True), seminar=Min("batch__phases__starts_on", filter=coming))
    count = found["people"]
    if not count:
        return []
    title = ngettext("Tetapkan mentor untuk %(n)s peserta", "Tetapkan mentor untuk %(n)s peserta", count) % {"n": words.thousands(count)}
    text = _("Sudah ditempatkan, tetapi tanpa mentor rancangannya tidak bisa diajukan sebelum seminar.")
    return [Todo(title, text, reverse("mentor_assign"), _("Tetapkan"), found["seminar"])]


@todo(Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM)
def mentors_unwilling(user: User, grant: RoleGrant) -> Sequence[Todo]:
    """Whose mentor takes part no longer, so that somebody else must guide; one query."""
    rows = MentorAssignment.objects.visible_to(user).active().filter(mentor__is_active=False).exclude(participant__stage__in=ENDED)
    found = list(rows.order_by("mentor__inactive_at").values_list("mentor_id", "participant_id")[:MOST])
    if not found:
        return []
    count = len(found)
    title = ngettext("Ganti mentor %(n)s peserta", "Ganti mentor %(n)s peserta", count) % {"n": words.thousands(count)}
    text = _("Mentornya tidak bersedia membimbing lagi; peserta tetap dibimbing sampai Anda menggantinya.")
    url = f"{reverse('mentor_assign')}?peserta={found[0][1]}" if count == 1 else reverse("mentor_detail", args=[found[0][0]])
    return [Todo(title, text, url, _("Ganti mentor"))]


@todo(Role.MENTOR)
def sessions_of_mentor(user: User, grant: RoleGrant) -> Sequence[Todo]:
    return [*session_todos(user, GuideKind.MENTOR), *handover_todos(user)]


@todo(Role.COACH)
def sessions_of_coach(user: User, grant: RoleGrant) -> Sequence[Todo]:
    return session_todos(user, GuideKind.COACH)


@todo(Role.PESERTA)
def sessions_of_participant(user: User, grant: RoleGrant) -> Sequence[Todo]:
    return session_todos(user)


@dataclass(frozen=True, slots=True)
class Guide:
    """Somebody who stands by the participant, as the home page shows it."""

    part: str
    name: str
    initials: str
    place: str
    email: str


@panel(Role.PESERTA)
def own_guides(user: User, grant: RoleGrant) -> Panel | None:
    """Mentor and coach of the participant, with the way to reach them."""
    mine = MentorAssignment.objects.visible_to(user).active().filter(participant__user=user)
    assignment = mine.select_related("mentor__user", "mentor__satker").first()
    own_group = Placement.objects.active().filter(participant__user=user, seat__batch_id=OuterRef("batch_id"), group=OuterRef("group"))
    group = GroupCoach.objects.visible_to(user).filter(Exists(own_group)).select_related("coach", "batch__institute").first()
    guides = []
    if assignment is not None:
        mentor = assignment.mentor
        guides.append(Guide(_("Mentor"), str(mentor), initials(str(mentor)), mentor.satker.name, mentor.user.email))
    if group is not None:
        part = _("Coach, kelompok %(n)s") % {"n": group.group}
        guides.append(Guide(part, str(group.coach), initials(str(group.coach)), str(group.batch.institute), group.coach.email))
    context: dict[str, object] = {"guides": guides, "lacks_mentor": assignment is None}
    return Panel("mentoring/_guides_panel.html", context, order=30, aside=True)


@person_card
def mentor_card(user: User, participant: object) -> Card | None:
    """Who guides this person, with the way to change it."""
    assert isinstance(participant, Participant)
    rows = MentorAssignment.objects.visible_to(user).active().filter(participant=participant)
    assignment = rows.select_related("mentor__user", "mentor__satker").first()
    url = f"{reverse('mentor_assign')}?peserta={participant.pk}" if policies.can_assign(user, participant) else ""
    if assignment is None:
        if not policies.may_be_guided(participant):
            return None
        return Card(_("Mentor"), [(_("Mentor"), _("Belum ditetapkan"), url)], order=40)
    detail = reverse("mentee_detail", args=[assignment.pk])
    lines = [(_("Mentor"), str(assignment.mentor), detail), (_("Satker mentor"), assignment.mentor.satker.name, "")]
    former = [
        str(row.mentor)
        for row in MentorAssignment.objects.visible_to(user)
        .filter(participant=participant, ended_at__isnull=False)
        .select_related("mentor__user")
        .order_by("-ended_at")[:3]
    ]
    if former:
        lines.append((_("Mentor sebelumnya"), ", ".join(former), ""))
    if user.has_role(*policies.GUIDANCE_READERS):
        lines.append((_("Bimbingan"), _("Sesi dan kartu bimbingan"), reverse("participant_guidance", args=[participant.pk])))
    return Card(_("Mentor"), [*lines, *([(_("Ubah"), _("Ganti mentor"), url)] if url else [])], order=40)


@roster_column
def mentor_column(user: User, batch: Batch, participant_ids: Sequence[int]) -> Column | None:
    """The mentor of everybody in a batch; one query."""
    rows = MentorAssignment.objects.visible_to(user).active().filter(participant_id__in=participant_ids).select_related("mentor__user")
    return Column(_("Mentor"), {row.participant_id: (str(row.mentor), "") for row in rows}, order=40)


@batch_group
def groups_of(user: User, batch: Batch, members: Mapping[int, Sequence[int]]) -> Mapping[int, GroupLine]:
    return coach_tables.group_lines(user, batch, members)


@batch_clash
def coaches_apart(user: User, batch: Batch, phases: Sequence[PhaseDates]) -> Sequence[Finding]:
    url = reverse("batch_coaches", args=[batch.pk]) if policies.can_assign_coach(user, batch) else ""
    return independence.coach_clashes(batch, phases, url)
