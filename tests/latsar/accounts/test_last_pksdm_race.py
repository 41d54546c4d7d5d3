"""Two PKSDM take each other's role at the same instant, on every path. The twin shows what happens without the lock."""

from __future__ import annotations

from threading import Barrier

import pytest
from django.db import connection, transaction

from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import RoleGrant, User
from latsar.accounts.security import keep_one_pksdm
from tests import factories
from tests.latsar.accounts.test_security import ENDINGS, end_pksdm
from tests.mentoring.test_race import run_at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two() -> list[User]:
    return [factories.RoleGrantFactory(role=Role.PKSDM).user for _ in range(2)]


def left() -> int:
    return RoleGrant.objects.valid().filter(role=Role.PKSDM, user__is_active=True).count()


PAIRS = [*zip(ENDINGS, ENDINGS, strict=True), *zip(ENDINGS, (*ENDINGS[1:], ENDINGS[0]), strict=True)]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_two_pksdm_who_end_each_other_at_once_leave_one(two, sign_in, one, other):
    first, second = two
    ends = [(sign_in(first), second, one), (sign_in(second), first, other)]
    run_at_once([lambda end=end: end_pksdm(*end) is None for end in ends])
    assert left() == 1


def end_with_both_changed_before_either_is_judged(user: User, changed: Barrier) -> bool:
    try:
        with transaction.atomic():
            user.grants.all().delete()
            changed.wait(timeout=30)
            keep_one_pksdm()
            changed.wait(timeout=30)  # neither has committed when the other is judged
    except Refused:
        return False
    return True


if connection.vendor == "postgresql":  # SQLite lets one writer begin at a time: two cannot both have changed something

    def test_two_pksdm_who_end_each_other_control_without_the_lock_leaves_none(two):
        changed = Barrier(2)
        results = run_at_once([lambda user=user: end_with_both_changed_before_either_is_judged(user, changed) for user in two])
        assert (results, left()) == ([True, True], 0)
