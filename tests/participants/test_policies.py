from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from latsar.accounts.models import User
from participants import policies
from participants.enums import Stage
from tests import factories

WRITERS = ("admin_kupang", "admin_ende", "provinsi_a", "provinsi_b", "pksdm", "pimpinan", "lembaga_a", "mentor_a", "stranger")


def who(cast, check) -> set[str]:
    return {name for name in WRITERS if check(getattr(cast, name))}


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("kupang", {"admin_kupang", "provinsi_a", "pksdm"}),
        ("province_a", {"provinsi_a", "pksdm"}),
        ("denpasar", {"provinsi_b", "pksdm"}),
        ("setjen", {"pksdm"}),
    ],
)
def test_can_register_is_for_the_unit_its_province_and_pksdm(cast, unit, expected):
    assert who(cast, lambda user: policies.can_register(user, getattr(cast, unit))) == expected


def test_can_register_in_a_closed_unit_is_for_nobody(cast):
    cast.kupang.closed_on = timezone.localdate()
    assert who(cast, lambda user: policies.can_register(user, cast.kupang)) == set()


SATKER, PROVINCE, NATION = "admin_kupang", "provinsi_a", "pksdm"


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        (Stage.REGISTERED, {SATKER, PROVINCE, NATION}),
        (Stage.RETURNED, {SATKER, PROVINCE, NATION}),
        (Stage.SUBMITTED, {PROVINCE, NATION}),
        (Stage.VERIFIED, {NATION}),
        (Stage.APPROVED, {NATION}),
        (Stage.PLACED, {NATION}),
        (Stage.TRAINING, {NATION}),
        (Stage.GRADUATED, {NATION}),
    ],
)
def test_can_edit_narrows_as_the_file_is_handed_on(cast, stage, expected):
    person = factories.ParticipantFactory.build(satker=cast.kupang, province=cast.province_a, stage=stage)
    assert who(cast, lambda user: policies.can_edit(user, person)) == expected


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        (Stage.REGISTERED, set()),
        (Stage.SUBMITTED, set()),
        (Stage.RETURNED, set()),
        (Stage.VERIFIED, {SATKER, PROVINCE, NATION}),
        (Stage.TRAINING, {SATKER, PROVINCE, NATION}),
    ],
)
def test_can_invite_begins_when_the_province_vouched(cast, stage, expected):
    person = factories.ParticipantFactory.build(satker=cast.kupang, province=cast.province_a, stage=stage)
    assert who(cast, lambda user: policies.can_invite(user, person)) == expected


def test_can_invite_ends_when_the_account_is_in_use(cast):
    person = factories.ParticipantFactory(satker=cast.kupang, stage=Stage.VERIFIED, user=factories.UserFactory())
    assert policies.is_active(person)
    assert who(cast, lambda user: policies.can_invite(user, person)) == set()


@pytest.mark.parametrize(
    ("actor", "stage", "role"), [("verifier", Stage.SUBMITTED, "admin_provinsi"), ("approver", Stage.VERIFIED, "pksdm")]
)
def test_is_actor_never_lets_anybody_judge_their_own_file(cast, actor, stage, role):
    grant = {"satker": cast.province_a} if role == "admin_provinsi" else {}
    judge: User = factories.RoleGrantFactory(role=role, **grant).user
    own = factories.ParticipantFactory(satker=cast.kupang, stage=stage, user=judge)
    other = factories.ParticipantFactory(satker=cast.kupang, stage=stage)
    assert policies.is_actor(judge, other, actor)
    assert not policies.is_actor(judge, own, actor)


def test_is_actor_with_an_unknown_relation_is_false(cast):
    assert not policies.is_actor(cast.pksdm, factories.ParticipantFactory(satker=cast.kupang), "anybody")


def test_can_move_with_an_unknown_action_is_false(cast):
    assert not policies.can_move(cast.pksdm, factories.ParticipantFactory(satker=cast.kupang), "erase")


def test_expired_grant_gives_no_right(cast):
    yesterday = timezone.localdate() - timedelta(days=1)
    user = factories.RoleGrantFactory(role="admin_satker", satker=cast.kupang, valid_from=yesterday, valid_to=yesterday).user
    assert not policies.can_register(user, cast.kupang)
