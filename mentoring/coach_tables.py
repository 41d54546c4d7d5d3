"""Groups of an angkatan with their coaches: rows of their page, lines of their cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts.models import User
from latsar.dashboard.registry import GroupLine
from latsar.training.models import Batch
from mentoring import independence, policies
from mentoring.models import GroupCoach, MentorAssignment
from mentoring.services.coaches import coaches_for
from participants.services.placement import group_count

OFFERED = 50


@dataclass(frozen=True, slots=True)
class CoachGroup:
    """One group, its size, its coach and what is unusual about it."""

    number: int
    size: int
    coach: User | None
    warnings: Sequence[str]


def coach_groups(batch: Batch) -> list[CoachGroup]:
    """The groups of an angkatan; three queries."""
    rows = {row.group: row.coach for row in GroupCoach.objects.filter(batch=batch).select_related("coach")}
    sizes = {group: len(people) for group, people in independence.group_members(batch).items()}
    warned = independence.warnings_of(batch, {group: coach.pk for group, coach in rows.items()}, sizes)
    highest = max([group_count(batch.capacity), *sizes])
    return [CoachGroup(n, sizes.get(n, 0), rows.get(n), warned.get(n, [])) for n in range(1, highest + 1)]


def offers(batch: Batch, groups: Sequence[CoachGroup], query: str) -> list[tuple[str, str]]:
    """Accounts to choose from, with how many groups they have; who is chosen now is always among them."""
    found = {user.pk: _offer(user) for user in coaches_for(batch, query)[:OFFERED]}
    for group in groups:
        if group.coach is not None:
            found.setdefault(group.coach.pk, str(group.coach))
    return [(str(pk), label) for pk, label in found.items()]


def _offer(user: User) -> str:
    n = user.running  # type: ignore[attr-defined]  # annotated
    if not n:
        return str(user)
    said = ngettext("%(n)d kelompok", "%(n)d kelompok", n) % {"n": n}
    return f"{user} ({said})"


def group_lines(user: User, batch: Batch, members: Mapping[int, Sequence[int]]) -> dict[int, GroupLine]:
    """Who coaches each group, and who in it still lacks a mentor; two queries."""
    coaches = {row.group: row.coach for row in GroupCoach.objects.visible_to(user).filter(batch=batch).select_related("coach")}
    ids = [pk for group in members.values() for pk in group]
    guided = set(MentorAssignment.objects.visible_to(user).active().filter(participant_id__in=ids).values_list("participant_id", flat=True))
    url = reverse("batch_coaches", args=[batch.pk]) if policies.can_assign_coach(user, batch) else ""
    return {
        number: GroupLine(str(coaches[number]) if number in coaches else "", _notes(people, guided, number in coaches), url)
        for number, people in members.items()
    }


def _notes(people: Sequence[int], guided: set[int], has_coach: bool) -> list[tuple[str, str]]:  # noqa: FBT001 - read beside its name
    notes = [] if has_coach else [("warn", _("belum ada coach"))]
    without = sum(pk not in guided for pk in people)
    if without:
        notes.append(("warn", ngettext("%(n)d belum punya mentor", "%(n)d belum punya mentor", without) % {"n": without}))
    elif people:
        notes.append(("", _("semua punya mentor")))
    return notes
