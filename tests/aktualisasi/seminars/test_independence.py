"""Who examines does not guide: on every path, in both directions, each with the twin that goes through."""

import pytest

from aktualisasi import examiners
from aktualisasi.services import seminars as services
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.training.enums import SeminarKind
from latsar.training.models import RegulationScheme
from mentoring import independence
from mentoring import services as mentoring
from mentoring.models import GroupCoach, MentorAssignment
from participants import group_checks
from participants.models import Placement
from participants.services.placement import assign_groups
from tests import factories
from tests.aktualisasi.seminars.conftest import make_penguji

pytestmark = pytest.mark.django_db


def examiner(scene, user):
    factories.RoleGrantFactory(user=user, role=Role.PENGUJI)
    return user


def own_examiners(scene):
    """Let the scheme ask for it; published rules are held by the database, so another scheme takes their place."""
    scheme = scene.batch.scheme
    other = factories.SchemeFactory(published_at=None, has_own_examiners=True)
    for row in scheme.components.all():
        row.pk, row.scheme = None, other
        row.save()
    RegulationScheme.objects.filter(pk=other.pk).update(published_at=scheme.published_at)
    return RegulationScheme.objects.get(pk=other.pk)


# --- an examiner is named


@pytest.mark.parametrize("who", ["mentor", "coach"])
def test_plan_with_a_guide_as_examiner_is_refused(scene, who):
    guide = examiner(scene, getattr(scene, who))
    with pytest.raises(Refused, match=f"adalah {who} "):
        scene.plan(examiners=(guide, scene.second))
    assert scene.plan(examiners=(scene.examiner, scene.second)).pk


def test_plan_with_oneself_as_examiner_is_refused(scene):
    own = examiner(scene, scene.author)
    with pytest.raises(Refused, match="tidak dapat menguji dirinya sendiri"):
        scene.plan(examiners=(own, scene.second))
    same_nip = examiner(scene, factories.UserFactory(username=scene.people[1].nip))
    with pytest.raises(Refused, match="tidak dapat menguji dirinya sendiri"):
        scene.plan(examiners=(same_nip, scene.second))


def test_save_with_a_guide_as_examiner_is_refused(scene):
    seminar, guide = scene.plan(), examiner(scene, scene.mentor)
    with pytest.raises(Refused, match="adalah mentor Agnes Contoh"):
        services.save_seminar(seminar_id=seminar.pk, version=1, facts=scene.facts(examiners=(guide, scene.second)), by=scene.planner)
    other = make_penguji("Lain")
    services.save_seminar(seminar_id=seminar.pk, version=1, facts=scene.facts(examiners=(other, scene.second)), by=scene.planner)


def test_add_turn_of_a_mentee_is_refused(scene):
    seminar, guide = scene.plan(), examiner(scene, scene.mentor)
    turn = scene.turn(seminar)
    services.drop_turn(turn_id=turn.pk, version=1, by=scene.planner)
    services.save_seminar(seminar_id=seminar.pk, version=2, facts=scene.facts(examiners=(guide, scene.second)), by=scene.planner)
    with pytest.raises(Refused, match="adalah mentor Agnes Contoh"):
        services.add_turns(seminar_id=seminar.pk, version=3, participant_ids=[scene.people[0].pk], by=scene.planner)


def test_announce_looks_again(scene):
    """The guard at naming may have been passed before somebody became a guide by another hand."""
    seminar = scene.plan()
    GroupCoach.objects.filter(batch=scene.batch).update(coach=scene.examiner)
    with pytest.raises(Refused, match="adalah coach"):
        scene.move(seminar, "announce")


def test_same_examiner_in_both_seminars_is_the_schemes_choice(scene):
    scene.announce()
    people = scene.people
    assert examiners.problems([scene.examiner], people, kind=SeminarKind.RESULT, scheme=scene.batch.scheme) == []
    found = examiners.problems([scene.examiner], people, kind=SeminarKind.RESULT, scheme=own_examiners(scene))
    assert len(found) == 3
    assert "sudah menguji Agnes Contoh di seminar lainnya" in found[0]
    assert examiners.problems([make_penguji("Lain")], people, kind=SeminarKind.RESULT, scheme=own_examiners(scene)) == []


# --- a mentor is named


def mentor_of(user, scene):
    return factories.MentorFactory(user=user, satker=scene.cast.ende)


def test_assign_mentor_who_examines_is_refused(scene):
    scene.plan()
    mentor = mentor_of(scene.examiner, scene)
    with pytest.raises(Refused, match="adalah penguji Bria Contoh di seminar rancangan"):
        mentoring.assign_mentor(mentor_id=mentor.pk, participant_id=scene.people[1].pk, by=scene.cast.pksdm)
    assert not MentorAssignment.objects.filter(mentor=mentor).exists()


def test_assign_mentor_goes_through_without_the_check(scene, monkeypatch):
    """The twin: with the register empty the fault of the test above is made."""
    scene.plan()
    mentor = mentor_of(scene.examiner, scene)
    monkeypatch.setattr(independence, "_checks", [])
    assert mentoring.assign_mentor(mentor_id=mentor.pk, participant_id=scene.people[1].pk, by=scene.cast.pksdm).pk


def test_change_mentor_and_bulk_to_who_examines_are_refused(scene):
    scene.plan()
    mentor = mentor_of(scene.examiner, scene)
    with pytest.raises(Refused, match="adalah penguji Agnes Contoh"):
        mentoring.change_mentor(participant_id=scene.people[0].pk, mentor_id=mentor.pk, reason="Pindah tugas.", by=scene.cast.pksdm)
    free = mentor_of(scene.cast.stranger, scene)
    outcomes = mentoring.assign_many(pairs=[(scene.people[1].pk, mentor.pk), (scene.people[2].pk, free.pk)], by=scene.cast.pksdm)
    assert ["adalah penguji" in one.refusal for one in outcomes] == [True, False]


def test_assign_mentor_after_the_seminar_is_over_or_cancelled(scene):
    seminar = scene.announce()
    scene.move(seminar, "cancel", note="Batal.")
    mentor = mentor_of(scene.examiner, scene)
    assert mentoring.assign_mentor(mentor_id=mentor.pk, participant_id=scene.people[1].pk, by=scene.cast.pksdm).pk


def test_assign_mentor_in_the_admin_is_refused(scene, sign_in):
    scene.plan()
    mentor = mentor_of(scene.examiner, scene)
    page = sign_in(scene.cast.pksdm).post(
        "/admin/mentoring/mentorassignment/add/", {"mentor": mentor.pk, "participant": scene.people[1].pk}
    )
    assert "adalah penguji Bria Contoh" in page.content.decode()
    assert not MentorAssignment.objects.filter(mentor=mentor).exists()


# --- a coach is named


def as_coach(user):
    factories.RoleGrantFactory(user=user, role=Role.COACH)
    return user


def test_assign_coach_who_examines_is_refused(scene):
    scene.plan()
    coach = as_coach(scene.examiner)
    with pytest.raises(Refused, match="adalah penguji"):
        mentoring.assign_coaches(batch_id=scene.batch.pk, chosen={1: coach.pk}, seen={1: scene.coach.pk}, by=scene.planner)
    other = as_coach(make_penguji("Coach Lain"))
    assert mentoring.assign_coaches(batch_id=scene.batch.pk, chosen={1: other.pk}, seen={1: scene.coach.pk}, by=scene.planner) == 1


def test_assign_coach_in_the_admin_is_refused_and_its_twin_saved(scene, sign_in):
    scene.plan()
    coach, other = as_coach(scene.examiner), as_coach(make_penguji("Coach Lain"))
    row = GroupCoach.objects.get(batch=scene.batch, group=1)
    client = sign_in(scene.cast.pksdm)
    page = client.post(f"/admin/mentoring/groupcoach/{row.pk}/change/", {"coach": coach.pk})
    assert "adalah penguji" in page.content.decode()
    row.refresh_from_db()
    assert row.coach == scene.coach
    saved = client.post(f"/admin/mentoring/groupcoach/{row.pk}/change/", {"coach": other.pk})
    row.refresh_from_db()
    assert (saved.status_code, row.coach) == (302, other)


# --- somebody moves into another group


def test_moving_into_the_group_of_ones_examiner_is_refused(scene, monkeypatch):
    scene.batch.capacity = 20
    scene.batch.save()
    scene.plan()
    GroupCoach.objects.create(batch=scene.batch, group=2, coach=scene.examiner)
    person = scene.people[1]
    with pytest.raises(Refused, match=r"diuji .*, coach kelompok 2"):
        assign_groups(batch_id=scene.batch.pk, groups={person.pk: 2}, by=scene.planner)
    assert Placement.objects.get(participant=person).group == 1
    monkeypatch.setattr(group_checks, "_checks", [])
    assert assign_groups(batch_id=scene.batch.pk, groups={person.pk: 2}, by=scene.planner) == 1


def test_moving_into_another_group_goes_through(scene):
    scene.batch.capacity = 20
    scene.batch.save()
    scene.plan()
    GroupCoach.objects.create(batch=scene.batch, group=2, coach=scene.cast.coach_b)
    assert assign_groups(batch_id=scene.batch.pk, groups={scene.people[1].pk: 2}, by=scene.planner) == 1


def test_invariants_name_an_examiner_who_guides(scene):
    from aktualisasi.seminar_invariants import broken

    scene.plan()
    assert list(broken()) == []
    GroupCoach.objects.filter(batch=scene.batch).update(coach=scene.examiner)
    assert len(list(broken())) == 3
