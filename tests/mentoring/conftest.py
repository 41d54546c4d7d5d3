from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from latsar.accounts.enums import Role
from mentoring import services
from mentoring.models import GroupCoach, Mentor, MentorAssignment
from participants.models import Participant
from tests import factories
from tests.conftest import Cast


def make_mentor(satker: Any, **fields: Any) -> Mentor:
    mentor = factories.MentorFactory(satker=satker, **fields)
    factories.RoleGrantFactory(user=mentor.user, role=Role.MENTOR)
    return mentor


@pytest.fixture
def mentor(cast: Cast) -> Mentor:
    """The pool's mentor of Ende, whose account is `cast.mentor_a`."""
    return factories.MentorFactory(user=cast.mentor_a, satker=cast.ende)


@pytest.fixture
def person(cast: Cast) -> Participant:
    return factories.ParticipantFactory(satker=cast.kupang)


@pytest.fixture
def fill(cast: Cast) -> Callable[..., list[MentorAssignment]]:
    """Return `fill(mentor, n)`, which puts n people on the lowest slots."""

    def put(mentor: Mentor, count: int, **fields: Any) -> list[MentorAssignment]:
        people = factories.ParticipantFactory.create_batch(count, satker=cast.kupang, **fields)
        return [
            MentorAssignment.objects.create(mentor=mentor, participant=one, slot=slot, assigned_by=cast.pksdm)
            for slot, one in enumerate(people, 1)
        ]

    return put


@pytest.fixture
def pair(cast: Cast, mentor: Mentor) -> MentorAssignment:
    """A mentor and a mentee with an account, in an angkatan whose first group coach A coaches."""
    batch = factories.BatchFactory(institute=cast.institute_a, stage="running")
    user = factories.UserFactory(full_name="Peserta Berakun, S.Kom.")
    factories.RoleGrantFactory(user=user, role=Role.PESERTA)
    person = factories.ParticipantFactory(satker=cast.kupang, user=user, batch=batch, stage="training", full_name=user.full_name)
    factories.PlacementFactory(participant=person, seat=batch.seats.order_by("number").first(), group=1, placed_by=cast.pksdm)
    GroupCoach.objects.create(batch=batch, group=1, coach=cast.coach_a)
    return MentorAssignment.objects.create(mentor=mentor, participant=person, slot=1, assigned_by=cast.pksdm)


def facts(*, hours: float = 48, minutes: int = 60, **more: Any) -> services.SessionFacts:
    """A session so many hours from now."""
    start = timezone.now() + timedelta(hours=hours)
    return services.SessionFacts(
        starts_at=start,
        ends_at=start + timedelta(minutes=minutes),
        **{"agenda": "Membahas isu", "place": "Ruang rapat", "zone": "WITA", **more},
    )
