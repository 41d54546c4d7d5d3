"""With whom a person may have a session: a guide with the people of today, a participant with the own guides."""

from __future__ import annotations

from typing import Any

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from mentoring.enums import GuideKind
from mentoring.models import GroupCoach, MentorAssignment
from participants.enums import ENDED
from participants.models import Participant, Placement


def own_participant_id(user: User) -> int | None:
    """Return whose own sessions the account has as participant."""
    if not user.has_role(Role.PESERTA):
        return None
    return Participant.objects.visible_to(user).filter(user=user).values_list("pk", flat=True).first()


def partners(user: User) -> tuple[list[tuple[str, str]], list[tuple[str, Any]]]:
    """Return the people to choose from, none for a participant, and the kinds of guide; no kinds means nobody to meet.

    Who is mentor and coach at once chooses the kind; the service looks at each pair.
    """
    people: dict[int, str] = {}
    kinds: list[tuple[str, Any]] = []
    if mentees := _mentees(user):
        people |= mentees
        kinds.append((GuideKind.MENTOR.value, GuideKind.MENTOR.label))
    if members := _members(user):
        people |= members
        kinds.append((GuideKind.COACH.value, GuideKind.COACH.label))
    if people:
        return [(str(pk), name) for pk, name in sorted(people.items(), key=lambda item: item[1])], kinds
    own = own_participant_id(user)
    if own is None:
        return [], []
    if MentorAssignment.objects.active().filter(participant_id=own).exists():
        kinds.append((GuideKind.MENTOR.value, GuideKind.MENTOR.label))
    if GroupCoach.objects.of_participant(own).exists():
        kinds.append((GuideKind.COACH.value, GuideKind.COACH.label))
    return [], kinds


def _mentees(user: User) -> dict[int, str]:
    rows = MentorAssignment.objects.mentored_by(user).exclude(participant__stage__in=ENDED)
    return dict(rows.values_list("participant_id", "participant__full_name"))


def _members(user: User) -> dict[int, str]:
    if not user.has_role(Role.COACH):
        return {}
    groups = list(GroupCoach.objects.coached_by(user).values_list("batch_id", "group"))
    rows = Placement.objects.active().filter(seat__batch_id__in={batch for batch, _group in groups})
    people = rows.exclude(participant__stage__in=ENDED).values_list("seat__batch_id", "group", "participant_id", "participant__full_name")
    return {pk: name for batch, group, pk, name in people if (batch, group) in groups}
