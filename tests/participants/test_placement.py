from datetime import timedelta

import pytest
from django.utils import timezone

from latsar.accounts.errors import IllegalMove, NotAllowed, Refused
from latsar.accounts.models import AuditEntry
from latsar.training.enums import BatchStage
from latsar.training.models import Batch
from participants.enums import Stage
from participants.models import Participant, Placement
from participants.services.movement import MovementFacts, propose_movement
from participants.services.placement import (
    assign_groups,
    close_batch,
    group_count,
    place_many,
    place_participant,
    release_participant,
    start_batch,
)
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(cast):
    return factories.BatchFactory(institute=cast.institute_a, province=cast.province_a, number=2, capacity=4)


@pytest.fixture
def approved(cast):
    """Return `approved(n, **facts)`: that many approved people of Kupang."""

    def make(count, **facts):
        return factories.ParticipantFactory.create_batch(count, **{"satker": cast.kupang, "stage": Stage.APPROVED, **facts})

    return make


def test_place_participant_approved_takes_a_seat_and_tells_the_story(cast, batch, approved):
    (person,) = approved(1)
    placement = place_participant(batch_id=batch.pk, participant_id=person.pk, by=cast.pksdm)
    person.refresh_from_db()
    assert (person.stage, person.batch, placement.seat.number, placement.group) == (Stage.PLACED, batch, 1, 1)
    assert [(row.action, row.by) for row in person.stage_changes.all()] == [("place", cast.pksdm)]
    assert AuditEntry.objects.filter(verb="place", object_id=str(person.pk)).count() == 1


def test_place_participant_full_batch_is_refused_in_words(cast, batch, approved):
    place_many(batch_id=batch.pk, participant_ids=[p.pk for p in approved(4)], by=cast.pksdm)
    (person,) = approved(1)
    with pytest.raises(Refused) as refusal:
        place_participant(batch_id=batch.pk, participant_id=person.pk, by=cast.pksdm)
    assert refusal.value.messages == ["Kursi penuh. Angkatan II sudah berisi 4 orang. Pilih angkatan lain."]
    person.refresh_from_db()
    assert person.stage == Stage.APPROVED


def test_place_many_more_people_than_seats_places_nobody(cast, batch, approved):
    with pytest.raises(Refused) as refusal:
        place_many(batch_id=batch.pk, participant_ids=[p.pk for p in approved(5)], by=cast.pksdm)
    assert refusal.value.messages == ["Hanya tersisa 4 kursi di Angkatan II, Anda memilih 5 orang. Kurangi pilihan."]
    assert Placement.objects.count() == 0
    assert Participant.objects.filter(stage=Stage.PLACED).count() == 0


def test_place_many_one_wrong_golongan_places_nobody_and_names_who(cast, batch, approved):
    good, other = approved(1)[0], approved(1, golongan="II/c", full_name="Febriani Nalle, A.Md.")[0]
    with pytest.raises(Refused) as refusal:
        place_many(batch_id=batch.pk, participant_ids=[good.pk, other.pk], by=cast.pksdm)
    expected = "Angkatan II untuk Golongan III, sedangkan Febriani Nalle, A.Md. bergolongan II/c. Pilih angkatan lain."
    assert refusal.value.messages == [expected]
    assert Placement.objects.count() == 0


def test_place_many_mixed_batch_takes_both_golongan(cast, approved):
    mixed = factories.BatchFactory(institute=cast.institute_a, golongan="II/III")
    people = [*approved(1), *approved(1, golongan="II/a")]
    assert len(place_many(batch_id=mixed.pk, participant_ids=[p.pk for p in people], by=cast.pksdm)) == 2


@pytest.mark.parametrize("stage", [BatchStage.DRAFT, BatchStage.RUNNING, BatchStage.CLOSED])
def test_place_participant_batch_not_open_is_refused(cast, batch, approved, stage):
    (person,) = approved(1)
    type(batch).objects.filter(pk=batch.pk).update(stage=stage)
    with pytest.raises(Refused):
        place_participant(batch_id=batch.pk, participant_id=person.pk, by=cast.pksdm)


def test_place_participant_twice_is_refused(cast, batch, approved):
    (person,) = approved(1)
    place_participant(batch_id=batch.pk, participant_id=person.pk, by=cast.pksdm)
    with pytest.raises(Refused):
        place_participant(batch_id=batch.pk, participant_id=person.pk, by=cast.pksdm)
    assert Placement.objects.active().count() == 1


def test_place_participant_by_anyone_but_pksdm_is_not_allowed(cast, batch, approved):
    (person,) = approved(1)
    for user in (cast.provinsi_a, cast.admin_kupang, cast.lembaga_a, cast.pimpinan, cast.stranger, cast.mentor_a):
        with pytest.raises(NotAllowed):
            place_participant(batch_id=batch.pk, participant_id=person.pk, by=user)
    assert Placement.objects.count() == 0


def test_release_participant_frees_the_seat_and_keeps_the_reason(cast, batch, approved):
    first, second = approved(2)
    place_participant(batch_id=batch.pk, participant_id=first.pk, by=cast.pksdm)
    with pytest.raises(Refused):
        release_participant(participant_id=first.pk, reason=" ", by=cast.pksdm)
    person = release_participant(participant_id=first.pk, reason="Cuti melahirkan", by=cast.pksdm)
    assert (person.stage, person.batch) == (Stage.APPROVED, None)
    old = Placement.objects.get(participant=first)
    assert (old.release_reason, old.released_by) == ("Cuti melahirkan", cast.pksdm)
    assert place_participant(batch_id=batch.pk, participant_id=second.pk, by=cast.pksdm).seat == old.seat


@pytest.fixture
def due(cast):
    """An open angkatan that begins today."""
    return factories.BatchFactory(institute=cast.institute_a, province=cast.province_a, capacity=4, starts_on=timezone.localdate())


def test_start_batch_before_its_first_day_is_refused_and_moves_nobody(cast, due, approved):
    place_many(batch_id=due.pk, participant_ids=[p.pk for p in approved(1)], by=cast.pksdm)
    Batch.objects.filter(pk=due.pk).update(starts_on=timezone.localdate() + timedelta(days=1))
    with pytest.raises(Refused, match="ubah dulu jadwalnya"):
        start_batch(batch_id=due.pk, by=cast.pksdm)
    assert set(Participant.objects.filter(batch=due).values_list("stage", "batch__stage")) == {(Stage.PLACED, BatchStage.OPEN)}
    Batch.objects.filter(pk=due.pk).update(starts_on=timezone.localdate())
    assert start_batch(batch_id=due.pk, by=cast.pksdm).stage == BatchStage.RUNNING


def test_start_batch_takes_placed_people_into_training_and_closes_placement(cast, due, approved):
    people = approved(2)
    with pytest.raises(Refused):
        start_batch(batch_id=due.pk, by=cast.pksdm)
    due.refresh_from_db()
    assert due.stage == BatchStage.OPEN
    place_many(batch_id=due.pk, participant_ids=[p.pk for p in people], by=cast.pksdm)
    assert start_batch(batch_id=due.pk, by=cast.pksdm).stage == BatchStage.RUNNING
    assert set(Participant.objects.filter(batch=due).values_list("stage", flat=True)) == {Stage.TRAINING}
    with pytest.raises(IllegalMove):
        release_participant(participant_id=people[0].pk, reason="Terlambat", by=cast.pksdm)


def test_close_batch_with_people_in_training_asks_why(cast, due, approved):
    place_many(batch_id=due.pk, participant_ids=[p.pk for p in approved(1)], by=cast.pksdm)
    start_batch(batch_id=due.pk, by=cast.pksdm)
    with pytest.raises(Refused) as refusal:
        close_batch(batch_id=due.pk, by=cast.pksdm)
    assert list(refusal.value.message_dict) == ["note"]
    closed = close_batch(batch_id=due.pk, by=cast.pksdm, note="Satu orang menunggu remedial.")
    assert closed.stage == BatchStage.CLOSED


def test_place_many_groups_stay_balanced(cast, approved):
    wide = factories.BatchFactory(institute=cast.institute_a, capacity=40)
    people = approved(22)
    place_many(batch_id=wide.pk, participant_ids=[p.pk for p in people[:10]], by=cast.pksdm)
    place_many(batch_id=wide.pk, participant_ids=[p.pk for p in people[10:]], by=cast.pksdm)
    groups = list(Placement.objects.values_list("group", flat=True))
    assert sorted(groups.count(number) for number in (1, 2, 3, 4)) == [5, 5, 6, 6]
    assert [group_count(capacity) for capacity in (1, 8, 36, 40, 44, 80)] == [1, 1, 4, 4, 4, 8]


def test_assign_groups_by_institute_moves_and_refuses_unknown_numbers(cast, approved):
    wide = factories.BatchFactory(institute=cast.institute_a, capacity=40)
    (person,) = approved(1)
    place_participant(batch_id=wide.pk, participant_id=person.pk, by=cast.pksdm)
    assert assign_groups(batch_id=wide.pk, groups={person.pk: 3}, by=cast.lembaga_a) == 1
    assert Placement.objects.get().group == 3
    with pytest.raises(Refused):
        assign_groups(batch_id=wide.pk, groups={person.pk: 5}, by=cast.lembaga_a)
    with pytest.raises(NotAllowed):
        assign_groups(batch_id=wide.pk, groups={person.pk: 1}, by=cast.lembaga_b)
    with pytest.raises(NotAllowed):
        assign_groups(batch_id=wide.pk, groups={person.pk: 1}, by=cast.provinsi_a)


def test_place_page_marks_who_would_be_late_and_automatic_leaves_them_out(cast, batch, approved, sign_in):
    late = approved(1, full_name="Orang Terlambat, S.H.", deadline=batch.ends_on - timedelta(days=1))[0]
    timely = approved(1, deadline=batch.ends_on + timedelta(days=1))[0]
    client = sign_in(cast.pksdm)
    page = client.get(f"/angkatan/{batch.pk}/penempatan/", {"otomatis": "1"})
    assert [(row.person, row.is_late, row.is_chosen) for row in page.context["rows"]] == [(late, True, False), (timely, False, True)]
    preview = client.post(f"/angkatan/{batch.pk}/penempatan/", {"orang": [late.pk, timely.pk], "aksi": "periksa"})
    assert (preview.context["late"], preview.context["can_confirm"]) == (1, True)
    assert Placement.objects.count() == 0
    done = client.post(f"/angkatan/{batch.pk}/penempatan/", {"orang": [late.pk, timely.pk], "aksi": "tempatkan"})
    assert (done.status_code, done.url) == (302, f"/angkatan/{batch.pk}/")
    assert Placement.objects.active().count() == 2


def test_place_page_two_hands_on_the_last_seats_keeps_the_choice_and_says_why(cast, batch, approved, sign_in):
    people = approved(5)
    client = sign_in(cast.pksdm)
    place_many(batch_id=batch.pk, participant_ids=[p.pk for p in people[:3]], by=cast.pksdm)
    answer = client.post(f"/angkatan/{batch.pk}/penempatan/", {"orang": [p.pk for p in people[3:]], "aksi": "tempatkan"})
    assert "Hanya tersisa 1 kursi di Angkatan II, Anda memilih 2 orang. Kurangi pilihan." in answer.content.decode()
    assert {row.person for row in answer.context["rows"] if row.is_chosen} == set(people[3:])


def test_batch_pages_cost_the_same_queries_at_one_and_at_four_people(cast, batch, approved, sign_in, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in(cast.pksdm)
    counts = {}
    for size in (1, 3):
        place_many(batch_id=batch.pk, participant_ids=[p.pk for p in approved(size)], by=cast.pksdm)
        for url in (f"/angkatan/{batch.pk}/", "/angkatan/", "/perencanaan/", f"/angkatan/{batch.pk}/daftar/"):
            client.get(url)
            with CaptureQueriesContext(
                connection,
            ) as captured:
                assert client.get(url).status_code == 200
            counts.setdefault(url, []).append(len(captured))
    assert all(len(set(numbers)) == 1 for numbers in counts.values()), counts
    assert all(max(numbers) <= 22 for numbers in counts.values()), counts


def test_batch_detail_shows_a_satker_only_its_own_people(cast, batch, approved, sign_in):
    own = approved(1, full_name="Warga Kupang, S.H.")[0]
    other = factories.ParticipantFactory(satker=cast.denpasar, stage=Stage.APPROVED, full_name="Warga Denpasar, S.H.")
    place_many(batch_id=batch.pk, participant_ids=[own.pk, other.pk], by=cast.pksdm)
    page = sign_in(cast.admin_kupang).get(f"/angkatan/{batch.pk}/").content.decode()
    assert "Warga Kupang" in page
    assert "Warga Denpasar" not in page
    assert sign_in(cast.admin_ende).get(f"/angkatan/{batch.pk}/").status_code == 404
    assert sign_in(cast.lembaga_b).get(f"/angkatan/{batch.pk}/").status_code == 404
    assert "Warga Denpasar" in sign_in(cast.lembaga_a).get(f"/angkatan/{batch.pk}/").content.decode()


def test_batch_roster_workbook_holds_the_nip_as_text(cast, batch, approved, sign_in):
    from io import BytesIO

    from openpyxl import load_workbook

    (person,) = approved(1)
    place_participant(batch_id=batch.pk, participant_id=person.pk, by=cast.pksdm)
    answer = sign_in(cast.lembaga_a).get(f"/angkatan/{batch.pk}/daftar.xlsx")
    sheet = load_workbook(BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[2][:3] == ("No.", "NIP", "Nama Lengkap")
    assert rows[3][:3] == (1, person.nip, person.full_name)


def test_placement_shows_an_open_proposal_before_a_seat_is_given(cast, batch, approved, sign_in):
    plain, asked = approved(2, deadline=timezone.localdate() + timedelta(days=200))
    said = MovementFacts(kind="defer", reason="illness", note="Sakit.", effective_on=timezone.localdate())
    propose_movement(participant_id=asked.pk, facts=said, by=cast.admin_kupang)
    client, url = sign_in(cast.pksdm), f"/angkatan/{batch.pk}/penempatan/"
    page = client.get(url, {"otomatis": "1"})
    assert [(row.person, row.is_chosen, row.proposal) for row in sorted(page.context["rows"], key=lambda row: row.person.pk)] == [
        (plain, True, ""),
        (asked, False, "Penundaan"),
    ]
    assert "Usulan Penundaan menunggu" in page.content.decode()
    preview = client.post(url, {"orang": [plain.pk, asked.pk], "aksi": "periksa"})
    assert preview.context["proposals"] == 1
    assert preview.context["can_confirm"]
