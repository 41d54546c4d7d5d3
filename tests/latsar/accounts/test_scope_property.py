"""The scope of the tree against its definition in plain Python, for any grants of any person."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from latsar.accounts.enums import NATION_ROLES, Role
from latsar.accounts.models import RoleGrant, User
from latsar.satker.models import Satker
from participants.enums import Stage
from participants.models import Participant
from tests.factories import BatchFactory, ParticipantFactory, UserFactory

UNITS = ("setjen", "province_a", "province_b", "kupang", "ende", "denpasar", "badung")
INSTITUTES = ("institute_a", "institute_b")

grants = st.lists(
    st.tuples(
        st.sampled_from(list(Role)),
        st.sampled_from(UNITS),
        st.sampled_from(INSTITUTES),
        st.integers(-400, 3),  # days from today at which it begins
        st.one_of(st.none(), st.integers(0, 500)),  # days that it lasts
    ),
    max_size=5,
)


@pytest.fixture
def nation(cast):
    """People at every unit, two of them in a batch of each institute, and one who is the person asked about."""
    people = [ParticipantFactory(satker=getattr(cast, unit)) for unit in UNITS for _twice in range(2)]
    for institute, person in zip(INSTITUTES, (people[6], people[10]), strict=True):
        batch = BatchFactory(institute=getattr(cast, institute), opened_by=cast.pksdm)
        Participant.objects.filter(pk=person.pk).update(batch=batch, stage=Stage.PLACED)
    user = UserFactory()
    Participant.objects.filter(pk=people[8].pk).update(user=user)
    return cast, user


def sees_person(person: Participant, user: User, today: date) -> bool:
    """Define who sees a person: grant by grant, walking up the tree from the person's satker."""
    if not user.is_active:
        return False
    for grant in user.grants.all():
        if not grant.valid_from <= today or (grant.valid_to is not None and grant.valid_to < today):
            continue
        if grant.role in NATION_ROLES:
            return True
        if grant.role == Role.ADMIN_SATKER and grant.satker == person.satker:
            return True
        if grant.role == Role.ADMIN_PROVINSI and grant.satker in (person.satker, person.satker.parent):
            return True
        if grant.role == Role.LEMBAGA and person.batch is not None and person.batch.institute == grant.institute:
            return True
        if grant.role == Role.PESERTA and person.user == user:
            return True
    return False


def administers(unit: Satker, user: User, today: date) -> bool:
    """Define who may write for a unit: PKSDM everywhere, an admin in the own unit, a province in what hangs below it."""
    for grant in user.grants.all():
        if not grant.valid_from <= today or (grant.valid_to is not None and grant.valid_to < today):
            continue
        if grant.role == Role.PKSDM:
            return True
        if grant.role == Role.ADMIN_SATKER and grant.satker == unit:
            return True
        if grant.role == Role.ADMIN_PROVINSI and grant.satker in (unit, unit.parent):
            return True
    return False


def give(cast, user, wanted, today):
    RoleGrant.objects.filter(user=user).delete()
    for role, unit, institute, begins, lasts in {(one[0], one[1], one[2]): one for one in wanted}.values():
        start = today + timedelta(days=begins)
        place = {"satker": _place(cast, role, unit)} if role in (Role.ADMIN_SATKER, Role.ADMIN_PROVINSI) else {}
        if role == Role.LEMBAGA:
            place = {"institute": getattr(cast, institute)}
        known = RoleGrant.objects.filter(user=user, role=role, **place)
        if not known.exists():
            RoleGrant.objects.create(
                user=user, role=role, valid_from=start, valid_to=None if lasts is None else start + timedelta(days=lasts), **place
            )


def _place(cast, role, unit):
    """Give a province's role a province: nobody is Admin Provinsi of a regency, nor of the nation."""
    satker = getattr(cast, unit)
    return satker if role == Role.ADMIN_SATKER else (cast.province_a if unit in ("province_a", "kupang", "ende") else cast.province_b)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=grants, active=st.sampled_from([True, True, True, False]))
def test_visible_to_is_what_its_definition_says_for_any_grants(nation, wanted, active):
    cast, user = nation
    today = timezone.localdate()
    give(cast, user, wanted, today)
    User.objects.filter(pk=user.pk).update(is_active=active)
    fresh = User.objects.get(pk=user.pk)
    everybody = Participant.objects.select_related("satker__parent", "batch__institute", "user")
    expected = {person.pk for person in everybody if sees_person(person, fresh, today)}
    assert set(Participant.objects.visible_to(fresh).values_list("pk", flat=True)) == expected


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=grants)
def test_administers_is_what_its_definition_says_for_any_grants(nation, wanted):
    cast, user = nation
    today = timezone.localdate()
    give(cast, user, wanted, today)
    fresh = User.objects.get(pk=user.pk)
    for unit in Satker.objects.select_related("parent"):
        told = fresh.scope.administers(satker_id=unit.pk, province_id=unit.province_id)
        assert told == administers(unit, fresh, today), unit
