"""Nobody guides oneself; a mentor does not coach the same person: on every path, each with its twin that is allowed."""

from __future__ import annotations

import pytest

from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from mentoring import invariants, services
from mentoring.models import GroupCoach, MentorAssignment
from participants.enums import Stage
from participants.independence import nip_problem
from participants.models import Participant, Placement
from participants.services.linking import link_account
from participants.services.placement import assign_groups, place_many
from participants.services.registration import update_participant
from tests import factories
from tests.mentoring.conftest import make_mentor

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(cast):
    return factories.BatchFactory(institute=cast.institute_a, capacity=20)


@pytest.fixture
def seated(cast, batch) -> Participant:
    """Somebody in the first of two groups."""
    people = factories.ParticipantFactory.create_batch(2, satker=cast.kupang, stage=Stage.APPROVED)
    place_many(batch_id=batch.pk, participant_ids=[person.pk for person in people], by=cast.pksdm)
    first = Placement.objects.active().get(seat__batch=batch, group=1).participant
    return Participant.objects.get(pk=first.pk)


def coach_is(batch, group, user) -> GroupCoach:
    return GroupCoach.objects.create(batch=batch, group=group, coach=user)


def mentor_of(cast, user):
    factories.RoleGrantFactory(user=user, role=Role.MENTOR)
    return factories.MentorFactory(user=user, satker=cast.ende)


def test_mentor_who_coaches_the_group_is_refused_and_the_other_groups_coach_is_not(cast, batch, seated):
    mentor = mentor_of(cast, cast.coach_a)
    row = coach_is(batch, 1, cast.coach_a)
    with pytest.raises(Refused, match="adalah coach kelompok 1"):
        services.assign_mentor(mentor_id=mentor.pk, participant_id=seated.pk, by=cast.admin_kupang)
    row.group = 2
    row.save()
    assert services.assign_mentor(mentor_id=mentor.pk, participant_id=seated.pk, by=cast.admin_kupang)


def test_change_to_the_coach_is_refused_and_keeps_the_present_mentor(cast, batch, seated):
    present = services.assign_mentor(mentor_id=make_mentor(cast.badung).pk, participant_id=seated.pk, by=cast.admin_kupang)
    mentor = mentor_of(cast, cast.coach_a)
    coach_is(batch, 1, cast.coach_a)
    with pytest.raises(Refused):
        services.change_mentor(participant_id=seated.pk, mentor_id=mentor.pk, reason="x", by=cast.admin_kupang)
    assert MentorAssignment.objects.active().get(participant=seated) == present
    GroupCoach.objects.all().delete()
    assert services.change_mentor(participant_id=seated.pk, mentor_id=mentor.pk, reason="x", by=cast.admin_kupang)


def test_move_into_the_group_of_the_own_mentor_is_refused_and_into_another_is_not(cast, batch, seated):
    mentor = mentor_of(cast, cast.coach_a)
    services.assign_mentor(mentor_id=mentor.pk, participant_id=seated.pk, by=cast.admin_kupang)
    row = coach_is(batch, 2, cast.coach_a)
    with pytest.raises(Refused, match="tidak dapat masuk kelompok 2"):
        assign_groups(batch_id=batch.pk, groups={seated.pk: 2}, by=cast.pksdm)
    assert Placement.objects.active().get(participant=seated).group == 1
    row.coach = cast.coach_b
    row.save()
    assert assign_groups(batch_id=batch.pk, groups={seated.pk: 2}, by=cast.pksdm) == 1


def test_placement_chooses_a_group_whose_coach_is_not_the_mentor(cast, batch):
    person = factories.ParticipantFactory(satker=cast.kupang, stage=Stage.APPROVED)
    mentor = mentor_of(cast, cast.coach_a)
    services.assign_mentor(mentor_id=mentor.pk, participant_id=person.pk, by=cast.admin_kupang)
    coach_is(batch, 1, cast.coach_a)
    place_many(batch_id=batch.pk, participant_ids=[person.pk], by=cast.pksdm)
    assert Placement.objects.active().get(participant=person).group == 2
    free = factories.ParticipantFactory(satker=cast.kupang, stage=Stage.APPROVED)
    place_many(batch_id=batch.pk, participant_ids=[free.pk], by=cast.pksdm)
    assert Placement.objects.active().get(participant=free).group == 1


def test_placement_leaves_the_group_open_when_every_coach_is_the_mentor(cast, batch):
    person = factories.ParticipantFactory(satker=cast.kupang, stage=Stage.APPROVED)
    mentor = mentor_of(cast, cast.coach_a)
    services.assign_mentor(mentor_id=mentor.pk, participant_id=person.pk, by=cast.admin_kupang)
    for group in (1, 2):
        coach_is(batch, group, cast.coach_a)
    place_many(batch_id=batch.pk, participant_ids=[person.pk], by=cast.pksdm)
    assert Placement.objects.active().get(participant=person).group is None


def test_account_of_the_mentor_or_coach_cannot_become_the_participants(cast, batch, seated):
    account = factories.UserFactory(username=seated.nip)
    factories.RoleGrantFactory(user=account, role=Role.COACH, institute=cast.institute_a)
    row = coach_is(batch, 1, account)
    with pytest.raises(Refused, match="coach kelompok"):
        link_account(participant_id=seated.pk, reason="Sama orangnya", by=cast.pksdm)
    row.group = 2
    row.save()
    assert link_account(participant_id=seated.pk, reason="Sama orangnya", by=cast.pksdm).user == account


def test_nip_of_the_present_mentor_cannot_become_the_participants(cast, seated):
    mentor = make_mentor(cast.badung)
    services.assign_mentor(mentor_id=mentor.pk, participant_id=seated.pk, by=cast.admin_kupang)
    person = factories.ParticipantFactory.build(satker=cast.kupang, birth_date=seated.birth_date)
    type(mentor).objects.filter(pk=mentor.pk).update(nip=person.nip)
    assert nip_problem(seated, person.nip)
    assert nip_problem(seated, seated.nip) == ""
    with pytest.raises(Refused) as refusal:
        update_participant(participant_id=seated.pk, version=seated.version, nip=person.nip, by=cast.pksdm)
    assert list(refusal.value.message_dict) == ["nip"]


def test_admin_names_a_coach_through_the_same_rules(cast, batch, seated, sign_in):
    mentor = mentor_of(cast, cast.coach_a)
    services.assign_mentor(mentor_id=mentor.pk, participant_id=seated.pk, by=cast.admin_kupang)
    client, address = sign_in(cast.pksdm), "/admin/mentoring/groupcoach/add/"
    refused = client.post(address, {"batch": batch.pk, "group": 1, "coach": cast.coach_a.pk})
    assert refused.status_code == 200
    assert "tidak boleh orang yang sama" in refused.content.decode()
    assert client.post(address, {"batch": batch.pk, "group": 2, "coach": cast.coach_a.pk}).status_code == 302
    row = GroupCoach.objects.get()
    assert client.post(f"/admin/mentoring/groupcoach/{row.pk}/change/", {"coach": cast.stranger.pk}).status_code == 200
    assert client.post(f"/admin/mentoring/groupcoach/{row.pk}/change/", {"coach": cast.coach_b.pk}).status_code == 302
    row.refresh_from_db()
    assert row.coach == cast.coach_b


def test_invariants_find_what_no_path_lets_through(cast, batch, seated):
    mentor = mentor_of(cast, cast.coach_a)
    MentorAssignment.objects.create(mentor=mentor, participant=seated, slot=1, assigned_by=cast.pksdm)
    assert list(invariants.broken()) == []
    coach_is(batch, 1, cast.coach_a)
    assert list(invariants.broken()) == [f"group 1 of batch {batch.pk}: coach is a member or mentors one"]
    GroupCoach.objects.all().delete()
    Participant.objects.filter(pk=seated.pk).update(nip=mentor.nip)
    assert list(invariants.broken()) == [f"participant {seated.pk}: mentors self"]
