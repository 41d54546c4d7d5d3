"""More than five by a recorded decision: who records it, what it allows on every path, and what remains when it ends."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from latsar.accounts.errors import IllegalMove, NotAllowed, Refused
from mentoring import invariants, services
from mentoring.models import MentorAssignment, MentorWaiver, WaiverPlace
from mentoring.pool import SLOT_BASE
from tests import factories
from tests.mentoring.conftest import make_mentor

pytestmark = pytest.mark.django_db


def decision(extra=2, *, number="12/SDM/2026", days=90, in_days=0, **more):
    today = timezone.localdate()
    facts = {
        "decided_on": today + timedelta(days=in_days),
        "valid_until": today + timedelta(days=days),
        "reason": "Kekurangan mentor",
        **more,
    }
    return services.Decision(extra_places=extra, number=number, **facts)


def waive(mentor, by, extra=2, **more) -> MentorWaiver:
    return services.record_waiver(mentor_id=mentor.pk, decision=decision(extra, **more), by=by)


def assign(mentor, cast) -> MentorAssignment:
    person = factories.ParticipantFactory(satker=cast.kupang)
    return services.assign_mentor(mentor_id=mentor.pk, participant_id=person.pk, by=cast.admin_kupang)


def test_waiver_gives_so_many_more_and_no_more(cast, mentor, fill):
    fill(mentor, 5)
    waiver = waive(mentor, cast.pksdm)
    assert [assign(mentor, cast).slot for _n in range(2)] == [6, 7]
    with pytest.raises(Refused, match="sudah membimbing 7 peserta") as full:
        assign(mentor, cast)
    assert full.value.code == "full"
    assert set(WaiverPlace.objects.values_list("waiver", "slot")) == {(waiver.pk, 6), (waiver.pk, 7)}
    assert list(invariants.broken()) == []


def test_low_slots_go_first_and_a_freed_one_is_used_again(cast, mentor, fill):
    rows = fill(mentor, 5)
    waive(mentor, cast.pksdm, 1)
    assert assign(mentor, cast).slot == 6
    services.end_assignment(assignment_id=rows[2].pk, reason="Pindah", by=cast.admin_kupang)
    assert assign(mentor, cast).slot == 3
    with pytest.raises(Refused):
        assign(mentor, cast)


@pytest.mark.parametrize("how", ["revoked", "expired"])
def test_ended_waiver_keeps_mentees_and_lets_nobody_new_in(cast, mentor, fill, how):
    rows = fill(mentor, 5)
    waiver = waive(mentor, cast.pksdm)
    sixth = assign(mentor, cast)
    if how == "revoked":
        services.end_waiver(waiver_id=waiver.pk, reason="Dicabut", by=cast.pksdm)
    else:
        past = timezone.localdate() - timedelta(days=1)
        MentorWaiver.objects.update(decided_on=past - timedelta(days=9), valid_until=past)
    assert MentorAssignment.objects.active().filter(pk=sixth.pk).exists()
    with pytest.raises(Refused, match="6 peserta"):
        assign(mentor, cast)
    services.end_assignment(assignment_id=rows[0].pk, reason="Pindah", by=cast.admin_kupang)
    with pytest.raises(Refused, match="5 peserta"):  # one low slot is free, but five guide already
        assign(mentor, cast)


def test_invariants_name_who_came_after_the_end(cast, mentor, fill):
    fill(mentor, 5)
    waiver = waive(mentor, cast.pksdm, 1)
    late = assign(mentor, cast)
    assert list(invariants.broken()) == []
    MentorWaiver.objects.filter(pk=waiver.pk).update(
        ended_at=late.assigned_at - timedelta(minutes=1), ended_by=cast.pksdm, end_reason="Dicabut"
    )
    assert list(invariants.broken()) == [f"assignment {late.pk}: slot 6 taken after waiver {waiver.pk} was ended"]


def test_later_decision_replaces_the_one_before(cast, mentor, fill):
    fill(mentor, 5)
    first, second = waive(mentor, cast.pksdm, 3), waive(mentor, cast.pksdm, 1, number="13/SDM/2026")
    first.refresh_from_db()
    assert first.end_reason == "Diganti keputusan 13/SDM/2026"
    assert assign(mentor, cast).place.waiver == second
    with pytest.raises(Refused):
        assign(mentor, cast)


@pytest.mark.parametrize("who", ["admin_ende", "provinsi_a", "pimpinan", "mentor_a", "stranger"])
def test_only_pksdm_records_and_nobody_for_oneself(cast, mentor, who):
    with pytest.raises(NotAllowed):
        waive(mentor, getattr(cast, who))
    own = factories.MentorFactory(user=cast.pksdm, satker=cast.ende)
    with pytest.raises(NotAllowed):
        waive(own, cast.pksdm)
    assert not MentorWaiver.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"extra": 0}, "extra_places"),
        ({"extra": 6}, "extra_places"),
        ({"number": " "}, "number"),
        ({"reason": " "}, "reason"),
        ({"days": -1}, "valid_until"),
        ({"in_days": 1}, "decided_on"),
    ],
)
def test_incomplete_decision_is_refused_beside_its_field(cast, mentor, wrong, field):
    with pytest.raises(Refused) as refusal:
        waive(mentor, cast.pksdm, **wrong)
    assert field in refusal.value.message_dict
    assert not WaiverPlace.objects.exists()


def test_database_lets_no_slot_above_five_without_the_leave_of_this_mentor(cast, mentor, person, fill):
    waive(mentor, cast.pksdm, 1)
    other = make_mentor(cast.badung)
    mine, foreign = mentor.pk * SLOT_BASE + 6, other.pk * SLOT_BASE + 6
    facts = {"participant": person, "assigned_by": cast.pksdm}
    for wrong in (
        {"mentor": mentor, "slot": 6},
        {"mentor": mentor, "slot": 7, "place_id": mine},
        {"mentor": other, "slot": 6, "place_id": mine},
        {"mentor": mentor, "slot": 5, "place_id": mine},
        {"mentor": mentor, "slot": 11, "place_id": mine},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            MentorAssignment.objects.create(**facts, **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        WaiverPlace.objects.create(number=foreign + 1, mentor=other, slot=6, waiver=MentorWaiver.objects.get())
    assert MentorAssignment.objects.create(**facts, mentor=mentor, slot=6, place_id=mine)


def test_ending_twice_or_without_reason_is_refused(cast, mentor):
    waiver = waive(mentor, cast.pksdm)
    with pytest.raises(Refused):
        services.end_waiver(waiver_id=waiver.pk, reason=" ", by=cast.pksdm)
    with pytest.raises(NotAllowed):
        services.end_waiver(waiver_id=waiver.pk, reason="x", by=cast.admin_ende)
    services.end_waiver(waiver_id=waiver.pk, reason="x", by=cast.pksdm)
    with pytest.raises(IllegalMove):
        services.end_waiver(waiver_id=waiver.pk, reason="x", by=cast.pksdm)


def test_every_path_refuses_the_sixth_and_takes_it_with_a_waiver(cast, mentor, fill, sign_in):
    fill(mentor, 5)
    people = factories.ParticipantFactory.create_batch(4, satker=cast.kupang)
    client, admin = sign_in(cast.admin_kupang), sign_in(cast.admin_kupang)

    def by_form(person):
        client.post(f"/mentor/penetapan/?peserta={person.pk}", {"mentor": mentor.pk})

    def by_bulk(person):
        services.assign_many(pairs=[(person.pk, mentor.pk)], by=cast.admin_kupang)

    def by_admin(person):
        admin.post("/admin/mentoring/mentorassignment/add/", {"mentor": mentor.pk, "participant": person.pk})

    def by_command(person):
        try:
            call_command("assign_mentor", mentor=mentor.nip, participant=person.nip, username=cast.admin_kupang.username, stdout=StringIO())
        except CommandError as full:
            assert "sudah membimbing" in str(full)  # noqa: PT017

    paths = (by_form, by_bulk, by_admin, by_command)
    for path, person in zip(paths, people, strict=True):
        path(person)
    assert MentorAssignment.objects.active().count() == 5
    waive(mentor, cast.pksdm, 4)
    for path, person in zip(paths, people, strict=True):
        path(person)
    assert sorted(MentorAssignment.objects.active().values_list("slot", flat=True)) == list(range(1, 10))


def test_refusal_leads_pksdm_to_the_decision_and_back(cast, mentor, person, fill, sign_in):
    fill(mentor, 5)
    client = sign_in(cast.pksdm)
    refused = client.post(f"/mentor/penetapan/?peserta={person.pk}", {"mentor": mentor.pk}).content.decode()
    door = f"/mentor/{mentor.pk}/pengecualian/?peserta={person.pk}"
    assert door in refused
    assert door not in sign_in(cast.admin_kupang).post(f"/mentor/penetapan/?peserta={person.pk}", {"mentor": mentor.pk}).content.decode()
    today = timezone.localdate()
    typed = {"number": "7/2026", "extra_places": "1", "decided_on": today.isoformat(), "reason": ""}
    again = client.post(door, {**typed, "valid_until": (today - timedelta(days=2)).isoformat()})
    assert again.status_code == 422
    assert 'value="7/2026"' in again.content.decode()
    typed |= {"valid_until": (today + timedelta(days=30)).isoformat(), "reason": "Kekurangan mentor"}
    answer = client.post(door, typed)
    assert answer.url == f"/mentor/penetapan/?peserta={person.pk}"
    assert client.post(answer.url, {"mentor": mentor.pk}).status_code == 302
    assert person.mentor_assignments.active().get().slot == 6
    page = client.get(f"/mentor/{mentor.pk}/").content.decode()
    assert "7/2026" in page
    waiver = MentorWaiver.objects.get()
    client.post(f"/mentor/pengecualian/{waiver.pk}/cabut/", {"reason": "Selesai"})
    waiver.refresh_from_db()
    assert waiver.end_reason == "Selesai"
    assert "6 dari 5" in sign_in(cast.pksdm).get(f"/mentor/{mentor.pk}/").content.decode()


def test_waiver_counts_in_the_pool_and_in_suggestions(cast, person, fill, sign_in):
    full = make_mentor(cast.kupang)
    fill(full, 5)
    client = sign_in(cast.admin_kupang)
    assert str(full) not in client.get("/mentor/?tersedia=on").content.decode()
    waive(full, cast.pksdm, 1)
    assert "5 dari 6" in client.get("/mentor/?tersedia=on").content.decode()
    assert f'value="{full.pk}"' in client.get("/mentor/penetapan/").content.decode()
