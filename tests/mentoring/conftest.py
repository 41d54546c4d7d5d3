from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from latsar.accounts.enums import Role
from mentoring.models import Mentor, MentorAssignment
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
