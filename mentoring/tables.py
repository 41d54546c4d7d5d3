"""Rows of the mentor pages, with their words ready: templates only loop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Exists, F, OuterRef
from django.utils.safestring import SafeString

from latsar.accounts.models import User
from mentoring.capacity import capacity_bar
from mentoring.enums import MENTEE_LIMIT
from mentoring.forms import PREFIX, PlanForm
from mentoring.models import Mentor, MentorAssignment
from participants.enums import ENDED
from participants.models import Participant
from participants.people import ParticipantQuerySet


@dataclass(frozen=True)
class PoolRow:
    mentor: Mentor
    load: int
    bar: SafeString

    @property
    def is_full(self) -> bool:
        return self.load >= MENTEE_LIMIT


def pool_rows(mentors: Iterable[Mentor]) -> list[PoolRow]:
    return [PoolRow(mentor, mentor.load, capacity_bar(mentor.load, big=False)) for mentor in mentors]  # type: ignore[attr-defined]


def assignable(user: User) -> ParticipantQuerySet:
    """Participants whom the person sees and who still need guidance, in the order of the plan page."""
    people = Participant.objects.visible_to(user).exclude(stage__in=ENDED)
    return people.select_related("satker", "batch__institute").order_by(
        F("batch__starts_on").asc(nulls_last=True), "batch_id", "full_name", "pk"
    )


def without_mentor(people: ParticipantQuerySet) -> ParticipantQuerySet:
    return people.filter(~Exists(MentorAssignment.objects.active().filter(participant=OuterRef("pk"))))


@dataclass
class BatchGroup:
    """People of one batch, or of none yet, with the field that picks their mentor."""

    title: str
    lines: list[tuple[Participant, object]] = field(default_factory=list)


def plan_groups(form: PlanForm) -> list[BatchGroup]:
    """Group the people of a plan by batch, each with its field."""
    found = []
    for _batch_id, people in groupby(form.participants, key=lambda person: person.batch_id):
        members = list(people)
        group = BatchGroup(str(members[0].batch) if members[0].batch else "")
        group.lines = [(person, form[f"{PREFIX}{person.pk}"]) for person in members]
        found.append(group)
    return found


@dataclass(frozen=True)
class PlannedRow:
    """One pair before it is confirmed; `load_after` counts every pair of the plan."""

    participant: Participant
    mentor: Mentor
    load_after: int
    field_name: str

    @property
    def is_too_many(self) -> bool:
        return self.load_after > MENTEE_LIMIT


def planned_rows(pairs: Sequence[tuple[int, int]], people: Iterable[Participant], user: User) -> list[PlannedRow]:
    """Show what a plan would make of each mentor's load; two queries."""
    persons = {person.pk: person for person in people}
    chosen = (
        Mentor.objects.visible_to(user).with_load().select_related("user", "satker").filter(pk__in={mentor for _person, mentor in pairs})
    )
    mentors = {mentor.pk: mentor for mentor in chosen}
    more = Counter(mentor for _person, mentor in pairs)
    return [
        PlannedRow(persons[person], mentors[mentor], mentors[mentor].load + more[mentor], f"{PREFIX}{person}")  # type: ignore[attr-defined]
        for person, mentor in pairs
    ]
