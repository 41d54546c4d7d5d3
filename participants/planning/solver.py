"""The proposal: exact where it counts, and never worse than the baseline."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass

from participants.planning.greedy import earliest_deadline_first
from participants.planning.measures import Measures, Seating, measure
from participants.planning.problem import Person, Problem

SECONDS = 5.0
"""How long the search for fewer splits may take; the first goals take what they need, well below a second."""


@dataclass(frozen=True)
class Solution:
    """`is_proven` says that every goal is as good as it can be; the first three always are. Bounds are what no plan can beat."""

    seating: Seating
    measures: Measures
    greedy: Measures
    is_proven: bool
    late_bound: int
    risk_bound: int
    split_bound: int
    seconds: float
    greedy_seconds: float


def solve(problem: Problem, *, seconds: float = SECONDS, whole: int | None = None) -> Solution:
    """Seat people, moves by hand kept as they are, by the goals in their order.

    1. few not in time, then few of those unplaced; 2. few days at risk; 3. few splits of satker and province; 4. few kilometres.
    """
    # The solver's libraries weigh as much as the rest of the portal: only who plans loads them.
    from participants.planning.flow import best_face
    from participants.planning.together import WHOLE, State, bring_together, groups_of

    begun = time.perf_counter()
    people, seats, seating = _by_hand(problem)
    face = best_face(problem, people, seats)
    groups = groups_of(problem, people)
    state = State(problem, groups, face, {key: left for key, left in seats.items() if left > 0}, _opened(problem))
    bring_together(state, seconds, WHOLE if whole is None else whole)
    members = {group.key: iter(group.people) for group in groups}
    for (number, key), count in sorted(state.amounts.items(), key=lambda one: (one[0][0], one[0][1] is None, one[0][1] or 0)):
        for _seat in range(count):
            seating[next(members[number])] = key
    took = time.perf_counter() - begun
    found = measure(problem, seating)
    begun = time.perf_counter()
    baseline = earliest_deadline_first(problem)
    greedy_took = time.perf_counter() - begun
    return Solution(
        seating=seating,
        measures=found,
        greedy=measure(problem, baseline),
        is_proven=state.is_proven,
        late_bound=found.not_in_time,
        risk_bound=found.days_at_risk,
        split_bound=max(state.split_bound + _split_by_hand(state.opened), 0 if state.is_proven else _fewest_splits(problem, seating)),
        seconds=took,
        greedy_seconds=greedy_took,
    )


def _by_hand(problem: Problem) -> tuple[list[Person], dict[int, int], dict[int, int | None]]:
    """Take those whom somebody has moved out of the search, with their seats."""
    seats = {offer.key: offer.seats for offer in problem.offers}
    seating: dict[int, int | None] = {}
    free = []
    for person in problem.people:
        if person.pinned is None and not person.is_out:
            free.append(person)
            continue
        seating[person.key] = person.pinned
        if person.pinned is not None:
            seats[person.pinned] -= 1
    return free, seats, seating


def _opened(problem: Problem) -> frozenset[tuple[str, int, int]]:
    pinned = [person for person in problem.people if person.pinned is not None]
    rows = [("satker", person.satker, person.pinned) for person in pinned] + [
        ("province", person.province, person.pinned) for person in pinned
    ]
    return frozenset((kind, unit, key) for kind, unit, key in rows if key is not None)


def _split_by_hand(opened: frozenset[tuple[str, int, int]]) -> int:
    """Splits that the moves by hand have made before any search."""
    return sum(count - 1 for count in Counter((kind, unit) for kind, unit, _key in opened).values())


def _fewest_splits(problem: Problem, seating: Seating) -> int:
    """A bound that needs no search: so many people do not fit into fewer of the largest angkatan."""
    largest = max((offer.seats for offer in problem.offers), default=0)
    if not largest:  # nobody sits anywhere, so nobody is split
        return 0
    unplaced = sum(seating.get(person.key) is None for person in problem.people)
    total = 0
    for units in (Counter(person.satker for person in problem.people), Counter(person.province for person in problem.people)):
        total += sum(max(0, -(-count // largest) - 1) for count in units.values())
    return max(0, total - 2 * unplaced)
