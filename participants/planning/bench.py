"""`manage.py bench plan`: the whole nation at once, ours beside the earliest deadline first, nothing of it in a database."""

from __future__ import annotations

import statistics
import time
from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

from participants.planning.distance import kilometres, shipped_points
from participants.planning.greedy import earliest_deadline_first
from participants.planning.measures import measure
from participants.planning.problem import MIXED, Offer, Person, Problem, Rules
from participants.planning.solver import Solution, solve

PEOPLE = 3_278
BATCHES = 120
SEATS = 40
SATKER = 553
ROUNDS = 5
TODAY = date(2026, 1, 12)
TMT = ((4, 12), (5, 25), (6, 32), (7, 18), (8, 9), (9, 4))
"""Months of 2026 in which a probation ends, with their share: one intake, appointed over half a year."""
GROUPS = (("III", 74), ("II", 26))
OFFERED = (("III", 60), (MIXED, 28), ("II", 12))
METHODS = (("blended", 88, 75), ("jarak_jauh", 80, None), ("klasikal", 50, 0))
"""Method, calendar days from first to last, and days until one must be there in person."""
LARGEST = {"32": 9, "33": 9, "35": 10, "12": 8, "91": 6, "53": 6}


def bench_plan(rounds: int = ROUNDS, people: int = PEOPLE, batches: int = BATCHES) -> dict[str, Any]:
    """Plan several nations, ours and greedy in turn; `ratio` is our people not in time over greedy's in all rounds, `worst_ratio` that of the worst.

    Every round is another draw of people and seats. Bounds are the solver's own: no plan of the same round can have fewer.
    """
    solve(nation(0, 60, 6), seconds=0.5)  # loads the libraries, which are no part of a plan
    ours, greedy, found = [], [], []
    for number in range(rounds):
        problem = nation(number, people, batches)
        begun = time.perf_counter()
        earliest_deadline_first(problem)
        greedy.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        solution = solve(problem)
        ours.append(time.perf_counter() - begun)
        _check(problem, solution)
        found.append(solution)
    mine, theirs = ([getattr(one, name).not_in_time for one in found] for name in ("measures", "greedy"))
    return {
        "bench": "plan",
        "people": people,
        "batches": batches,
        "seats_each": SEATS,
        "provinces": len(shipped_points()),
        "rounds": rounds,
        "seconds": round(statistics.median(ours), 3),
        "seconds_spread": [round(min(ours), 3), round(max(ours), 3)],
        "greedy_seconds": round(statistics.median(greedy), 3),
        "greedy_seconds_spread": [round(min(greedy), 3), round(max(greedy), 3)],
        "late": statistics.median(mine),
        "late_spread": [min(mine), max(mine)],
        "greedy_late": statistics.median(theirs),
        "greedy_late_spread": [min(theirs), max(theirs)],
        "late_bound": statistics.median(one.late_bound for one in found),
        "each_round": [_row(one) for one in found],
        "worst_ratio": round(max(a / b if b else 1.0 for a, b in zip(mine, theirs, strict=True)), 4),
        "ratio": round(sum(mine) / sum(theirs), 4) if sum(theirs) else 1.0,
    }


def _row(solution: Solution) -> dict[str, Any]:
    """One round: ours, greedy's and the bound for each goal."""
    ours, greedy = solution.measures, solution.greedy
    return {
        "late": [ours.not_in_time, greedy.not_in_time, solution.late_bound],
        "days_at_risk": [ours.days_at_risk, greedy.days_at_risk, solution.risk_bound],
        "splits": [ours.splits, greedy.splits, solution.split_bound],
        "distance": [ours.distance, greedy.distance, 0],
        "seconds": round(solution.seconds, 3),
    }


def _check(problem: Problem, solution: Solution) -> None:
    """A figure of a plan that breaks a rule would say nothing."""
    offers = {offer.key: offer for offer in problem.offers}
    taken = Counter(key for key in solution.seating.values() if key is not None)
    if any(count > offers[key].seats for key, count in taken.items()) or len(solution.seating) != len(problem.people):
        raise RuntimeError("a plan passed a capacity or lost a person")
    if any(
        key is not None and not problem.admits(person, offers[key]) for person in problem.people for key in [solution.seating[person.key]]
    ):
        raise RuntimeError("a plan put somebody where they may not sit")
    if measure(problem, solution.seating) != solution.measures or solution.measures.not_in_time > solution.greedy.not_in_time:
        raise RuntimeError("a plan is behind the baseline")


def nation(seed: int, people: int, batches: int) -> Problem:
    """One draw: people over 38 provinces as the intake is spread, seats where institutes are, fewer early than needed."""
    rng = Random(seed)  # noqa: S311 - a scene, not a secret
    points = shipped_points()
    codes = sorted(points)
    weights = [LARGEST.get(code, 3) for code in codes]
    satker = _satker(codes, weights)
    crowd = [_person(rng, key, *rng.choice(satker)) for key in range(1, people + 1)]
    offers = [_offer(rng, key, codes.index(rng.choices(codes, weights)[0])) for key in range(1, batches + 1)]
    distances = {(a, b): kilometres(points[one], points[other]) for a, one in enumerate(codes) for b, other in enumerate(codes) if a != b}
    return Problem(crowd, offers, Rules(TODAY), distances)


def _satker(codes: list[str], weights: list[int]) -> list[tuple[int, int]]:
    """553 units over the provinces: (satker, province)."""
    places = [place for place, weight in enumerate(weights) for _unit in range(weight * 3)]
    return [(number, places[number % len(places)]) for number in range(SATKER)]


def _person(rng: Random, key: int, satker: int, province: int) -> Person:
    month = rng.choices([month for month, _share in TMT], [share for _month, share in TMT])[0]
    group = rng.choices([name for name, _share in GROUPS], [share for _name, share in GROUPS])[0]
    pregnant = (rng.randint(6, 34), TODAY - timedelta(days=rng.randint(0, 20))) if rng.random() < 0.02 else None
    return Person(key, date(2026, month, 1), group, satker, province, pregnant=pregnant)


def _offer(rng: Random, key: int, province: int) -> Offer:
    _method, length, until_face = rng.choices(METHODS, (6, 3, 1))[0]
    begins = TODAY + timedelta(days=7 * rng.choice((2, 3, 3, 4, 5, 6, 6, 8, 10, 12, 14)))
    group = rng.choices([name for name, _share in OFFERED], [share for _name, share in OFFERED])[0]
    face_on = None if until_face is None else begins + timedelta(days=until_face)
    return Offer(key, begins, begins + timedelta(days=length), group, SEATS, province, face_on)
