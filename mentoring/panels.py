from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery, Value
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
def mentors_of_units(user: User, grant: RoleGrant) -> Sequence[Todo]:
    """Who has no mentor yet and whose mentor takes part no longer; one query for both."""
    today = timezone.localdate()
    coming = Q(batch__phases__kind=PhaseKind.PROPOSAL_SEMINAR, batch__phases__starts_on__gte=today)
    lacking = tables.without_mentor(tables.assignable(user).filter(stage__in=[Stage.PLACED, Stage.TRAINING]))
    lacking = _as_one(lacking).annotate(n=Count("pk", distinct=True), seminar=Min("batch__phases__starts_on", filter=coming))
    unwilling = _unwilling(user)
    found = User.objects.filter(pk=user.pk).values(
        people=Subquery(lacking.values("n")),
        seminar=Subquery(lacking.values("seminar")),
        left=Subquery(_as_one(unwilling).annotate(n=Count("pk")).values("n")),
        mentor_pk=Subquery(unwilling.values("mentor_id")[:1]),
        participant_pk=Subquery(unwilling.values("participant_id")[:1]),
    )[0]
    return [
        *_missing_todo(found["people"] or 0, found["seminar"]),
        *_unwilling_todo(found["left"] or 0, found["mentor_pk"], found["participant_pk"]),
    ]


def _as_one(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Put all rows into one group, to be counted inside another query."""
    return rows.order_by().annotate(together=Value(1)).values("together")


def _missing_todo(count: int, seminar: date | None) -> list[Todo]:
    """Who sits in a batch and has no mentor yet, due at the first seminar rancangan that comes."""
    if not count:
        return []
    title = ngettext("Tetapkan mentor untuk %(n)s peserta", "Tetapkan mentor untuk %(n)s peserta", count) % {"n": words.thousands(count)}
    text = _("Sudah ditempatkan, tetapi tanpa mentor rancangannya tidak bisa diajukan sebelum seminar.")
    return [Todo(title, text, reverse("mentor_assign"), _("Tetapkan"), seminar)]


@todo(Role.PKSDM)
def mentors_unwilling(user: User, grant: RoleGrant) -> Sequence[Todo]:
    """Whose mentor takes part no longer, anywhere; one query."""
    found = list(_unwilling(user).values_list("mentor_id", "participant_id")[:MOST])
    return _unwilling_todo(len(found), *found[0]) if found else []


def _unwilling(user: User) -> QuerySet[MentorAssignment]:
    rows = MentorAssignment.objects.visible_to(user).active().filter(mentor__is_active=False).exclude(participant__stage__in=ENDED)
    return rows.order_by("mentor__inactive_at", "pk")


def _unwilling_todo(count: int, mentor_id: int | None, participant_id: int | None) -> list[Todo]:
    """Whose mentor takes part no longer, so that somebody else must guide."""
    if not count:
        return []
    title = ngettext("Ganti mentor %(n)s peserta", "Ganti mentor %(n)s peserta", count) % {"n": words.thousands(count)}
    text = _("Mentornya tidak bersedia membimbing lagi; peserta tetap dibimbing sampai Anda menggantinya.")
    url = f"{reverse('mentor_assign')}?peserta={participant_id}" if count == 1 else reverse("mentor_detail", args=[mentor_id])
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


def _guide(user: User, part: str, place: str) -> Guide:
    return Guide(part, str(user), initials(str(user)), place, user.email)


@panel(Role.PESERTA)
def own_guides(user: User, grant: RoleGrant) -> Panel | None:
    """Mentor and coach of the participant, with the way to reach them; one query."""
    mine = MentorAssignment.objects.visible_to(user).active().filter(participant__user=user)
    own_group = Placement.objects.active().filter(participant__user=user, seat__batch_id=OuterRef("batch_id"), group=OuterRef("group"))
    groups = GroupCoach.objects.visible_to(user).filter(Exists(own_group))
    coached = groups.filter(coach=OuterRef("pk"))
    people = User.objects.filter(Q(pk__in=mine.values("mentor__user_id")) | Q(pk__in=groups.values("coach_id"))).annotate(
        unit=Subquery(mine.filter(mentor__user=OuterRef("pk")).values("mentor__satker__name")[:1]),
        group=Subquery(coached.values("group")[:1]),
        institute=Subquery(coached.values("batch__institute__name")[:1]),
    )
    found = list(people.order_by("pk"))
    guides = [_guide(one, _("Mentor"), one.unit) for one in found if one.unit is not None]
    lacks_mentor = not guides
    guides += [_guide(one, _("Coach, kelompok %(n)s") % {"n": one.group}, one.institute) for one in found if one.group is not None]
    context: dict[str, object] = {"guides": guides, "lacks_mentor": lacks_mentor}
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
