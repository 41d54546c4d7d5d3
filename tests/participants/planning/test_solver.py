"""The planner against every possible plan of a small world, and against its baseline in larger ones."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participants.planning.bench import bench_plan
from participants.planning.greedy import earliest_deadline_first
from participants.planning.measures import measure
from participants.planning.problem import Fault, Offer, Person, Problem, Rules
from participants.planning.solver import solve
from participants.planning.together import WHOLE

TODAY = date(2026, 1, 1)
KM = {(1, 2): 100, (2, 1): 100, (1, 3): 700, (3, 1): 700, (2, 3): 450, (3, 2): 450}


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def person(key: int, deadline: int, group: str = "III", satker: int = 11, province: int = 1, **facts) -> Person:
    return Person(key, day(deadline), group, satker, province, **facts)


def offer(key: int, ends: int, seats: int, group: str = "III", province: int | None = 1, starts: int = 10, **facts) -> Offer:
    return Offer(key, day(starts), day(ends), group, seats, province, **facts)


def problem(people, offers, **rules) -> Problem:
    return Problem(people, offers, Rules(TODAY, **rules), KM)


@st.composite
def worlds(draw, people: int = 5, offers: int = 3, **fixed):
    """Few kinds, so that there is something to trade; some moved by hand, some pregnant."""
    offered = [
        Offer(
            n, day(draw(st.sampled_from([5, 10, 20]))), day(draw(st.sampled_from([40, 55, 60, 90]))),
            draw(st.sampled_from(["II", "III", "II/III"])), draw(st.integers(0, 3)), draw(st.sampled_from([1, 2, 3, None])),
            draw(st.sampled_from([None, day(30)])),
        )
        for n in range(1, draw(st.integers(0, offers)) + 1)
    ]  # fmt: skip
    crowd, left = [], {one.key: one.seats for one in offered}
    for n in range(1, draw(st.integers(0, people)) + 1):
        province = draw(st.integers(1, 2))
        open_keys = [key for key, seats in left.items() if seats]
        pinned = draw(st.sampled_from([None, None, None, *open_keys]))
        if pinned is not None:
            left[pinned] -= 1
        crowd.append(
            Person(
                n, day(draw(st.sampled_from([30, 56, 62, 95]))), draw(st.sampled_from(["II", "III"])), province * 10 + draw(st.integers(1, 2)), province,
                pregnant=draw(st.sampled_from([None, None, (30, TODAY)])),
                pinned=pinned, is_out=pinned is None and draw(st.integers(0, 7)) == 0,
            )
        )  # fmt: skip
    rules = {
        "allow_late": draw(st.booleans()), "allow_other_provinces": draw(st.booleans()), "margin_days": draw(st.sampled_from([0, 3, 14])), **fixed,
    }  # fmt: skip
    return problem(crowd, offered, **rules)


def every_seating(world: Problem):
    """All plans that keep the rules and the moves by hand."""
    options = [
        [one.pinned] if one.pinned is not None or one.is_out else [None, *[o.key for o in world.offers if world.admits(one, o)]]
        for one in world.people
    ]
    seats = {one.key: one.seats for one in world.offers}
    for row in product(*options):
        used = Counter(key for key in row if key is not None)
        if all(count <= seats[key] for key, count in used.items()):
            yield {one.key: key for one, key in zip(world.people, row, strict=True)}


@given(worlds())
@settings(max_examples=120)
def test_solve_small_world_is_the_best_of_all_plans_goal_by_goal(world):
    found = solve(world)
    best = min(measure(world, seating).order for seating in every_seating(world))
    assert found.measures.order == best
    assert found.is_proven
    assert (found.late_bound, found.risk_bound, found.split_bound) == (best[0], best[2], best[3])


@given(worlds(people=40, offers=8), st.sampled_from([0, WHOLE]))
@settings(max_examples=100)
def test_solve_keeps_seats_rules_and_hands_and_is_never_behind_the_baseline(world, whole):
    """Both ways of bringing people together: as one model, and by trading places."""
    found = solve(world, seconds=0.5, whole=whole)
    by_key, used = {one.key: one for one in world.offers}, Counter(key for key in found.seating.values() if key is not None)
    assert set(found.seating) == {one.key for one in world.people}  # each person once
    assert all(count <= by_key[key].seats for key, count in used.items())
    for one in world.people:
        key = found.seating[one.key]
        if one.pinned is not None or one.is_out:
            assert key == one.pinned
        elif key is not None:
            assert world.admits(one, by_key[key])
        if not one.is_out and one.pinned is None and (key is None or by_key[key].ends_on > one.deadline):
            # nobody is late or without a seat while a timely seat that fits stays free
            assert not [o for o in world.offers if world.fault(one, o) is None and used[o.key] < o.seats]
    assert found.measures.order[:3] <= found.greedy.order[:3]
    assert found.measures.not_in_time <= found.greedy.not_in_time


def test_solve_mixed_seat_is_kept_for_who_has_no_other_one():
    """The baseline takes the mixed seat first because it ends first; then nothing is left for golongan II."""
    world = problem([person(1, 80), person(2, 90, "II")], [offer(1, 50, 1, "II/III"), offer(2, 60, 1, "III")])
    found = solve(world)
    assert found.seating == {1: 2, 2: 1}
    assert (found.measures.not_in_time, found.greedy.not_in_time) == (0, 1)


@pytest.mark.parametrize(
    ("facts", "offered", "fault"),
    [
        ({"group": "II"}, {}, Fault.GOLONGAN),
        ({}, {"starts": 6}, Fault.NOTICE),
        ({}, {"starts": 7}, None),
        ({"pregnant": (28, TODAY)}, {"face_on": day(28)}, Fault.PREGNANT),
        ({"pregnant": (28, TODAY)}, {"face_on": day(27)}, None),
        ({"pregnant": (28, TODAY)}, {"face_on": day(105)}, None),  # born by then
        ({"pregnant": (28, TODAY)}, {}, None),  # nothing in person
        ({"province": 2}, {}, Fault.PROVINCE),
        ({"deadline": 49}, {}, Fault.LATE),
        ({"deadline": 50}, {}, None),
    ],
)
def test_fault_names_the_firmest_reason(facts, offered, fault):
    world = problem([person(1, **{"deadline": 80, **facts})], [offer(1, 50, 1, **offered)], allow_other_provinces=False)
    assert world.fault(world.people[0], world.offers[0]) == fault


def test_late_seats_are_given_only_when_allowed_and_both_count_as_not_in_time():
    people, offers = [person(1, 40), person(2, 80)], [offer(1, 50, 2)]
    strict, mild = solve(problem(people, offers)), solve(problem(people, offers, allow_late=True))
    assert (strict.seating, strict.measures.late, strict.measures.unplaced) == ({1: None, 2: 1}, 0, 1)
    assert (mild.seating, mild.measures.late, mild.measures.unplaced) == ({1: 1, 2: 1}, 1, 0)
    assert strict.measures.not_in_time == mild.measures.not_in_time == 1
    assert earliest_deadline_first(problem(people, offers, allow_late=True)) == {1: 1, 2: 1}


def test_bench_plan_counts_ours_beside_the_baseline_and_the_bound():
    found = bench_plan(rounds=2, people=200, batches=6)
    assert found["ratio"] <= found["worst_ratio"] <= 1
    assert all(row["late"][0] == row["late"][2] <= row["late"][1] for row in found["each_round"])
