from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latsar.training.models import Batch
from participants.models import Participant
from participants.suggestion import Offer, suggest

START = date(2026, 1, 1)


def person(pk: int, deadline: date, golongan: str = "III/a") -> Participant:
    return Participant(pk=pk, full_name=f"Orang {pk}", deadline=deadline, golongan=golongan)


def offer(pk: int, ends_on: date, free: int, golongan: str = "III") -> Offer:
    return Offer(Batch(pk=pk, number=pk, ends_on=ends_on, golongan=golongan), free)


def test_suggest_scarce_seat_goes_to_the_earliest_deadline():
    late, early = person(1, date(2026, 9, 1)), person(2, date(2026, 5, 1))
    made = suggest([late, early], [offer(1, date(2026, 4, 17), 1)])
    assert made.offers[0].people == [early]
    assert [(who, why) for who, why in made.unplaced] == [(late, "Semua kursi yang cocok sudah terisi.")]


def test_suggest_seat_that_ends_too_late_is_not_given_and_explained():
    made = suggest([person(1, date(2026, 3, 1))], [offer(1, date(2026, 4, 17), 5)])
    assert made.placed == 0
    assert made.unplaced[0][1] == "Kursi tercepat selesai 17 April 2026, 47 hari sesudah batas."


def test_suggest_wrong_golongan_is_explained():
    made = suggest([person(1, date(2026, 9, 1), "II/c")], [offer(1, date(2026, 4, 17), 5)])
    assert made.unplaced[0][1] == "Tidak ada angkatan yang dibuka untuk golongan II/c."


@given(st.lists(st.integers(0, 200), max_size=25), st.lists(st.tuples(st.integers(0, 200), st.integers(0, 6)), max_size=5))
@settings(max_examples=200, deadline=None)
def test_suggest_one_golongan_places_as_many_as_possible_in_time(deadlines, seats):
    people = [person(n, START + timedelta(days=day)) for n, day in enumerate(deadlines, 1)]
    offers = [offer(n, START + timedelta(days=day), free) for n, (day, free) in enumerate(seats, 1)]
    made = suggest(people, offers)
    assert all(len(o.people) <= o.free for o in made.offers)
    assert all(o.batch.ends_on <= p.deadline for o in made.offers for p in o.people)
    assert sorted([p.pk for o in made.offers for p in o.people] + [p.pk for p, _why in made.unplaced]) == [p.pk for p in people]
    assert made.placed == best_possible(sorted(deadlines), sorted(day for day, free in seats for _ in range(free)))


def best_possible(deadlines: list[int], ends: list[int]) -> int:
    """Match each seat, soonest first, with the earliest deadline that can still use it."""
    count = 0
    for end in ends:
        usable = next((day for day in deadlines if day >= end), None)
        if usable is not None:
            deadlines.remove(usable)
            count += 1
    return count


@pytest.mark.parametrize(("kind", "placed"), [("defer", 0), ("withdraw", 0), ("extend", 1), (None, 1)])
def test_suggest_leaves_out_whom_a_proposal_would_take_off_the_seat(kind, placed):
    made = suggest([person(1, date(2026, 9, 1))], [offer(1, date(2026, 4, 17), 5)], {1: kind} if kind else {})
    assert made.placed == placed
    assert [reason.endswith("menunggu putusan.") for _person, reason in made.unplaced] == [True] * (1 - placed)
