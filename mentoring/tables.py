"""Rows of the mentor pages, with their words ready: templates only loop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import Exists, F, OuterRef
from django.utils.safestring import SafeString

from latsar.accounts.models import User
from mentoring.capacity import capacity_bar
from mentoring.forms import PREFIX, PlanForm
from mentoring.models import Mentor, MentorAssignment
from mentoring.pool import MentorQuerySet
from participants.enums import ENDED
from participants.models import Participant
from participants.people import ParticipantQuerySet


@dataclass(frozen=True)
class PoolRow:
    mentor: Mentor
    load: int
    places: int
    bar: SafeString

    @property
    def is_full(self) -> bool:
        return self.load >= self.places


def pool_rows(mentors: Iterable[Mentor]) -> list[PoolRow]:
    """Show mentors with their load; they carry `load` and `places`."""
    return [_pool_row(mentor, mentor.load, mentor.places) for mentor in mentors]  # type: ignore[attr-defined]


def _pool_row(mentor: Mentor, load: int, places: int) -> PoolRow:
    return PoolRow(mentor, load, places, capacity_bar(load, places, big=False))


def pool_of(user: User, chosen: Mapping[str, Any]) -> MentorQuerySet:
    """The pool as the filters narrow it, whoever has room first; what could not be read narrows nothing."""
    mentors = Mentor.objects.visible_to(user).search(chosen.get("q") or "").available_first()
    if chosen.get("bidang"):
        mentors = mentors.filter(bidang=chosen["bidang"])
    if chosen.get("tanpa_bekal"):
        mentors = mentors.filter(trained_on=None)
    return mentors.with_room() if chosen.get("tersedia") else mentors


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
    places: int
    field_name: str

    @property
    def is_too_many(self) -> bool:
        return self.load_after > self.places


def planned_rows(pairs: Sequence[tuple[int, int]], people: Iterable[Participant], user: User) -> list[PlannedRow]:
    """Show what a plan would make of each mentor's load; two queries."""
    persons = {person.pk: person for person in people}
    chosen = (
        Mentor.objects.visible_to(user).with_load().select_related("user", "satker").filter(pk__in={mentor for _person, mentor in pairs})
    )
    mentors = {mentor.pk: mentor for mentor in chosen}
    more = Counter(mentor for _person, mentor in pairs)
    return [
        PlannedRow(persons[person], mentors[mentor], mentors[mentor].load + more[mentor], mentors[mentor].places, f"{PREFIX}{person}")  # type: ignore[attr-defined]
        for person, mentor in pairs
    ]
