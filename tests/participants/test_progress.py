import pytest
from django.utils import timezone

from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import AuditEntry
from participants.enums import ProgressState, Stage
from participants.models import PhaseProgress
from participants.services.placement import place_many, start_batch
from participants.services.progress import mark_progress
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(cast):
    """A running angkatan at institute A with two people of Kupang and one of Denpasar."""
    batch = factories.BatchFactory(institute=cast.institute_a, province=cast.province_a, starts_on=timezone.localdate(), capacity=4)
    people = [factories.ParticipantFactory(satker=unit, stage=Stage.APPROVED) for unit in (cast.kupang, cast.kupang, cast.denpasar)]
    place_many(batch_id=batch.pk, participant_ids=[person.pk for person in people], by=cast.pksdm)
    return start_batch(batch_id=batch.pk, by=cast.pksdm), people


def test_mark_progress_by_institute_marks_everybody_once(cast, running):
    batch, people = running
    phase, ids = batch.phases.first(), [person.pk for person in people]
    assert mark_progress(batch_id=batch.pk, phase_id=phase.pk, participant_ids=ids, state="done", by=cast.lembaga_a) == 3
    assert mark_progress(batch_id=batch.pk, phase_id=phase.pk, participant_ids=ids, state="done", by=cast.lembaga_a) == 0
    assert set(PhaseProgress.objects.values_list("state", "marked_by")) == {(ProgressState.DONE, cast.lembaga_a.pk)}
    assert AuditEntry.objects.filter(verb="mark_progress").count() == 3


def test_mark_progress_by_satker_touches_its_own_people_only(cast, running):
    batch, people = running
    phase = batch.phases.first()
    own = {"batch_id": batch.pk, "phase_id": phase.pk, "state": "running", "by": cast.admin_kupang}
    assert mark_progress(participant_ids=[people[0].pk], **own) == 1
    with pytest.raises(Refused):
        mark_progress(participant_ids=[people[0].pk, people[2].pk], **own)
    assert PhaseProgress.objects.count() == 1


def test_mark_progress_by_readers_and_strangers_is_not_allowed(cast, running):
    batch, people = running
    phase = batch.phases.first()
    for user in (cast.pimpinan, cast.lembaga_b, cast.admin_badung, cast.stranger, cast.mentor_a):
        with pytest.raises(NotAllowed):
            mark_progress(batch_id=batch.pk, phase_id=phase.pk, participant_ids=[people[0].pk], state="done", by=user)


def test_mark_progress_phase_of_another_batch_is_not_allowed(cast, running):
    batch, people = running
    other = factories.BatchFactory(institute=cast.institute_a).phases.first()
    with pytest.raises(NotAllowed):
        mark_progress(batch_id=batch.pk, phase_id=other.pk, participant_ids=[people[0].pk], state="done", by=cast.pksdm)


def test_mark_progress_before_the_batch_runs_is_refused(cast):
    batch = factories.BatchFactory(institute=cast.institute_a)
    person = factories.ParticipantFactory(satker=cast.kupang, stage=Stage.APPROVED)
    place_many(batch_id=batch.pk, participant_ids=[person.pk], by=cast.pksdm)
    with pytest.raises(Refused):
        mark_progress(batch_id=batch.pk, phase_id=batch.phases.first().pk, participant_ids=[person.pk], state="done", by=cast.pksdm)


def test_progress_page_ticks_counts_and_narrows_the_roster(cast, running, sign_in):
    batch, people = running
    phase = batch.phases.first()
    client = sign_in(cast.lembaga_a)
    answer = client.post(f"/angkatan/{batch.pk}/kemajuan/", {"orang": [people[0].pk], "fase": phase.pk, "keadaan": "done"})
    assert answer.status_code == 302
    page = client.get(f"/angkatan/{batch.pk}/", {"fase": phase.order, "keadaan": "waiting"})
    assert [number for _css, _icon, number, _word, _href in page.context["cards"][0].counts] == [1, 0, 2]
    assert {row["member"].person for row in page.context["table"]["rows"]} == set(people[1:])


def test_progress_page_nobody_ticked_says_so(cast, running, sign_in):
    batch, _people = running
    answer = sign_in(cast.lembaga_a).post(f"/angkatan/{batch.pk}/kemajuan/", {"fase": batch.phases.first().pk, "keadaan": "done"})
    assert answer.status_code == 422
    assert "Pilih paling sedikit satu orang" in answer.content.decode()
