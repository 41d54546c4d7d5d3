from datetime import timedelta

import pytest
from django.utils import timezone

from latsar.accounts.errors import IllegalMove, NotAllowed, Refused
from latsar.training.models import Band
from participants.enums import Stage
from participants.models import Participant
from participants.services.graduation import graduate_participants, undo_graduation
from participants.services.placement import close_batch, place_many, start_batch
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(cast):
    """A running angkatan at institute A that began a month ago, with two people."""
    begun = timezone.localdate() - timedelta(days=30)
    scheme = factories.SchemeFactory(published_at=None)
    Band.objects.create(scheme=scheme, name="Memuaskan", above=80, passes=True)
    Band.objects.create(scheme=scheme, name="Tidak memuaskan", above=-1, passes=False)
    scheme.published_at = timezone.now()
    scheme.save()
    batch = factories.BatchFactory(institute=cast.institute_a, starts_on=begun, capacity=4, scheme=scheme)
    people = factories.ParticipantFactory.create_batch(2, satker=cast.kupang, stage=Stage.APPROVED)
    place_many(batch_id=batch.pk, participant_ids=[person.pk for person in people], by=cast.pksdm)
    return start_batch(batch_id=batch.pk, by=cast.pksdm), people


def graduate(batch, people, by, *, in_days=0, **changes):
    facts = {"qualification": "Memuaskan", "graduated_on": timezone.localdate() + timedelta(days=in_days), **changes}
    return graduate_participants(batch_id=batch.pk, participant_ids=[person.pk for person in people], by=by, **facts)


def test_graduate_participants_by_institute_records_qualification_and_date(cast, running):
    batch, people = running
    assert graduate(batch, people, cast.lembaga_a) == 2
    facts = set(Participant.objects.filter(batch=batch).values_list("stage", "qualification", "graduated_on"))
    assert facts == {(Stage.GRADUATED, "Memuaskan", timezone.localdate())}


def test_graduate_participants_twice_is_refused_and_changes_nobody(cast, running):
    batch, people = running
    graduate(batch, people[:1], cast.lembaga_a)
    with pytest.raises(IllegalMove):
        graduate(batch, people, cast.lembaga_a)
    assert Participant.objects.get(pk=people[1].pk).stage == Stage.TRAINING


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"qualification": "Tidak memuaskan"}, "qualification"),
        ({"qualification": "Luar biasa"}, "qualification"),
        ({"in_days": 1}, "graduated_on"),
        ({"in_days": -60}, "graduated_on"),
    ],
)
def test_graduate_participants_impossible_facts_are_refused_beside_the_field(cast, running, changes, field):
    batch, people = running
    with pytest.raises(Refused) as refusal:
        graduate(batch, people, cast.lembaga_a, **changes)
    assert list(refusal.value.message_dict) == [field]
    assert Participant.objects.filter(stage=Stage.GRADUATED).count() == 0


def test_graduate_participants_by_anyone_else_is_not_allowed(cast, running):
    batch, people = running
    for user in (cast.lembaga_b, cast.provinsi_a, cast.admin_kupang, cast.pimpinan, cast.stranger, cast.mentor_a):
        with pytest.raises(NotAllowed):
            graduate(batch, people, user)


def test_undo_graduation_by_pksdm_needs_a_reason_and_goes_back_to_training(cast, running):
    batch, people = running
    graduate(batch, people, cast.lembaga_a)
    with pytest.raises(Refused):
        undo_graduation(participant_id=people[0].pk, reason="", by=cast.pksdm)
    with pytest.raises(NotAllowed):
        undo_graduation(participant_id=people[0].pk, reason="Salah orang", by=cast.lembaga_a)
    person = undo_graduation(participant_id=people[0].pk, reason="Salah orang", by=cast.pksdm)
    assert (person.stage, person.qualification, person.graduated_on, person.batch) == (Stage.TRAINING, "", None, batch)
    assert person.stage_changes.filter(action="undo_graduate", note="Salah orang").count() == 1


def test_graduation_page_records_the_ticked_people(cast, running, sign_in):
    batch, people = running
    client = sign_in(cast.lembaga_a)
    url = f"/angkatan/{batch.pk}/kelulusan/"
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    wrong = client.post(url, {"orang": [people[0].pk], "qualification": "Memuaskan", "graduated_on": tomorrow})
    assert "Tanggal lulus tidak boleh sesudah hari ini." in wrong.content.decode()
    facts = {"orang": [people[0].pk], "qualification": "Memuaskan", "graduated_on": timezone.localdate().isoformat()}
    assert client.post(url, facts).status_code == 302
    assert list(Participant.objects.filter(stage=Stage.GRADUATED)) == [people[0]]
    assert sign_in(cast.provinsi_a).get(url).status_code == 404
    assert sign_in(cast.lembaga_b).get(url).status_code == 404
    assert client.get(f"{url}{people[0].pk}/batal/").status_code == 404


def test_graduation_page_without_a_chosen_qualification_graduates_nobody(cast, running, sign_in):
    batch, people = running
    client = sign_in(cast.lembaga_a)
    url = f"/angkatan/{batch.pk}/kelulusan/"
    page = client.get(url).content.decode()
    assert '<option value="" selected>Pilih</option>' in page
    answer = client.post(url, {"orang": [people[0].pk], "qualification": "", "graduated_on": timezone.localdate().isoformat()})
    assert "Pilih kualifikasinya." in answer.content.decode()
    assert not Participant.objects.filter(stage=Stage.GRADUATED).exists()


def test_batch_detail_of_a_closed_angkatan_counts_graduates_and_no_days_left(cast, running, sign_in):
    batch, people = running
    graduate(batch, people[:1], cast.lembaga_a)
    close_batch(batch_id=batch.pk, by=cast.pksdm, note="Satu orang menunggu remedial.")
    page = sign_in(cast.pksdm).get(f"/angkatan/{batch.pk}/")
    assert [(figure.label, figure.number) for figure in page.context["figures"]][:2] == [("Peserta", 2), ("Lulus", 1)]
