from datetime import timedelta

import pytest
from django.utils import timezone

from latsar.accounts.enums import Role
from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.accounts.models import AuditEntry
from latsar.notices.models import Notice
from latsar.training.enums import PhaseKind
from latsar.training.models import BatchPhase
from mentoring import services
from mentoring.models import GroupCoach, MentorAssignment
from participants.clashes import find_clashes
from participants.enums import Stage
from participants.models import Duty, Placement
from participants.services.placement import balanced, place_many
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(cast):
    """An angkatan of institute A with two groups of two people each."""
    batch = factories.BatchFactory(institute=cast.institute_a, capacity=20)
    people = factories.ParticipantFactory.create_batch(4, satker=cast.kupang, stage=Stage.APPROVED)
    place_many(batch_id=batch.pk, participant_ids=[person.pk for person in people], by=cast.pksdm)
    return batch


def assign(batch, chosen, by, seen=None):
    return services.assign_coaches(batch_id=batch.pk, chosen=chosen, seen=seen or {}, by=by)


def member(batch, group):
    return Placement.objects.active().filter(seat__batch=batch, group=group).first().participant


def test_assign_coaches_tells_the_coach_and_refuses_stale_and_strangers(cast, batch):
    assert assign(batch, {1: cast.coach_a.pk, 2: None}, cast.lembaga_a) == 1
    assert Notice.objects.filter(user=cast.coach_a, text__contains="coach kelompok 1").count() == 1
    assert AuditEntry.objects.filter(verb="assign_coach").get().changes == {"Kelompok 1": [None, str(cast.coach_a)]}
    with pytest.raises(StaleVersion):
        assign(batch, {1: cast.coach_b.pk}, cast.pksdm)
    assert assign(batch, {1: cast.coach_b.pk}, cast.pksdm, seen={1: cast.coach_a.pk}) == 1
    for stranger in (cast.lembaga_b, cast.provinsi_a, cast.coach_a):
        with pytest.raises(NotAllowed):
            assign(batch, {2: cast.coach_a.pk}, stranger)
    with pytest.raises(Refused):
        assign(batch, {2: cast.stranger.pk}, cast.pksdm)  # no coach role
    with pytest.raises(Refused):
        assign(batch, {9: cast.coach_a.pk}, cast.pksdm)
    assert assign(batch, {1: None}, cast.pksdm, seen={1: cast.coach_b.pk}) == 1
    assert not GroupCoach.objects.exists()


def test_coach_of_another_institute_is_not_offered(cast, batch):
    guest = factories.UserFactory(full_name="Coach Tamu")
    factories.RoleGrantFactory(user=guest, role=Role.COACH, institute=cast.institute_b)
    assert set(services.coaches_for(batch)) == {cast.coach_a, cast.coach_b}
    assert list(services.coaches_for(batch, "coach b")) == [cast.coach_b]


def test_coach_is_not_mentor_of_somebody_in_the_group_nor_sits_in_it(cast, batch):
    mentor = factories.MentorFactory(user=cast.coach_a, satker=cast.ende)
    mentee = member(batch, 1)
    MentorAssignment.objects.create(mentor=mentor, participant=mentee, slot=1, assigned_by=cast.pksdm)
    with pytest.raises(Refused) as refusal:
        assign(batch, {1: cast.coach_a.pk}, cast.pksdm)
    assert list(refusal.value.message_dict) == ["coach_1"]
    assert assign(batch, {2: cast.coach_a.pk}, cast.pksdm) == 1
    GroupCoach.objects.create(batch=batch, group=1, coach=cast.coach_a)  # as when the mentor came later
    assert [finding.level for finding in find_clashes(cast.pksdm, batch) if "mentor" in finding.text] == ["bad"]
    own = member(batch, 2)
    own.user = cast.coach_b
    own.save()
    with pytest.raises(Refused):
        assign(batch, {2: cast.coach_b.pk}, cast.pksdm, seen={2: cast.coach_a.pk})


def test_coach_with_two_klasikal_at_once_is_a_clash(cast, batch):
    other = factories.BatchFactory(institute=cast.institute_a, starts_on=batch.starts_on)
    BatchPhase.objects.filter(batch__in=[batch, other], order=1).update(kind=PhaseKind.CLASSICAL)
    GroupCoach.objects.create(batch=batch, group=1, coach=cast.coach_a)
    assert find_clashes(cast.pksdm, batch) == []
    GroupCoach.objects.create(batch=other, group=1, coach=cast.coach_a)
    found = find_clashes(cast.pksdm, batch)
    assert [(finding.level, finding.url) for finding in found] == [("warn", f"/angkatan/{batch.pk}/coach/")]
    assert str(cast.coach_a) in found[0].text


def test_coaches_page_saves_warns_and_stands_on_the_cards(cast, batch, sign_in, django_assert_max_num_queries):
    client, url = sign_in(cast.lembaga_a), f"/angkatan/{batch.pk}/coach/"
    with django_assert_max_num_queries(16):
        client.get(url)
    coach = str(cast.coach_a.pk)
    assert client.post(url, {"coach_1": coach, "lama_1": "", "coach_2": coach, "lama_2": ""}).status_code == 302
    assert client.post(url, {"coach_1": str(cast.coach_b.pk), "lama_1": "", "coach_2": coach, "lama_2": coach}).status_code == 409
    assert client.post(url, {"coach_1": "999999", "lama_1": coach, "coach_2": coach, "lama_2": coach}).status_code == 422
    page = client.get(url).content.decode()
    assert "Juga membimbing kelompok 2." in page
    cards = client.get(batch.get_absolute_url()).content.decode()
    assert cards.count(f">{cast.coach_a}</p>") == 2
    assert "2 belum punya mentor" in cards
    moved = Placement.objects.active().filter(seat__batch=batch).order_by("pk").last()
    Placement.objects.filter(pk=moved.pk).update(group=1 if moved.group == 2 else 2)
    even = client.get(f"/angkatan/{batch.pk}/kelompok/", {"isi": "rata"})
    assert even.context["moving"] == 1
    assert [moves for _member, _field, moves in even.context["form"].rows()].count(True) == 1


def test_balanced_moves_as_few_as_it_can():
    assert balanced({1: 1, 2: 1, 3: 1, 4: 2}, 2) == {1: 1, 2: 1, 3: 2, 4: 2}
    spread = balanced(dict.fromkeys(range(43), 1), 4)
    assert sorted(list(spread.values()).count(group) for group in range(1, 5)) == [10, 11, 11, 11]
    assert balanced({1: None, 2: 7, 3: 2}, 2) == {3: 2, 1: 1, 2: 2} or set(balanced({1: None, 2: 7, 3: 2}, 2).values()) == {1, 2}
    assert balanced({}, 3) == {}


def test_mentor_reports_a_duty_of_the_own_mentee(cast, batch, sign_in):
    mentee = member(batch, 1)
    mentor = factories.MentorFactory(user=cast.mentor_a, satker=cast.ende)
    assignment = MentorAssignment.objects.create(mentor=mentor, participant=mentee, slot=1, assigned_by=cast.pksdm)
    day = (timezone.localdate() + timedelta(days=40)).isoformat()
    typed = {"what": "Piket kantor", "starts_on": day, "ends_on": day}
    assert sign_in(cast.mentor_a).post(f"/bimbingan/{assignment.pk}/tugas/", typed).status_code == 302
    assert Duty.objects.get().source == "mentor"
    assert sign_in(cast.mentor_b).post(f"/bimbingan/{assignment.pk}/tugas/", typed).status_code == 404
    facts = {"what": "x", "starts_on": timezone.localdate(), "ends_on": timezone.localdate()}
    with pytest.raises(NotAllowed):
        services.report_mentee_duty(assignment_id=assignment.pk, by=cast.mentor_b, **facts)
