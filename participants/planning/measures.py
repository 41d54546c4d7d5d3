"""What an assignment is worth, counted from the pairs alone: the same yardstick for solver, baseline and hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from participants.planning.problem import Problem

Seating = Mapping[int, int | None]
"""Person -> offer, None for who is unplaced."""


@dataclass(frozen=True, slots=True)
class Measures:
    """The objective in its order: `not_in_time`, `unplaced`, `days_at_risk`, `splits`, `distance`.

    `kilometres` are those that are travelled; `distance` counts the unplaced too.
    """

    people: int
    timely: int
    late: int
    unplaced: int
    days_at_risk: int
    satker_splits: int
    province_splits: int
    leavers: int
    kilometres: int
    distance: int

    @property
    def not_in_time(self) -> int:
        return self.late + self.unplaced

    @property
    def splits(self) -> int:
        return self.satker_splits + self.province_splits

    @property
    def order(self) -> tuple[int, ...]:
        """What is compared, one after the other: less is better, and a later number only counts when all before are equal."""
        return (self.not_in_time, self.unplaced, self.days_at_risk, self.splits, self.distance)

    def as_dict(self) -> dict[str, int]:
        return {**asdict(self), "not_in_time": self.not_in_time}


def measure(problem: Problem, seating: Seating) -> Measures:
    """Count an assignment; who is missing from it is unplaced."""
    offers = {offer.key: offer for offer in problem.offers}
    timely = late = unplaced = risk = leavers = kilometres = kept_away = 0
    away: dict[tuple[object, ...], int] = {}
    satker: dict[int, set[int]] = {}
    provinces: dict[int, set[int]] = {}
    for person in problem.people:
        key = seating.get(person.key)
        offer = offers[key] if key is not None else None
        risk += problem.risk(person, offer)
        if offer is None:
            unplaced += 1
            kind = (problem.kind(person), person.province)
            if kind not in away:
                away[kind] = problem.nearest(person)
            kept_away += away[kind]
            continue
        is_late = offer.ends_on > person.deadline
        late, timely = late + is_late, timely + (not is_late)
        leavers += offer.province is not None and offer.province != person.province
        kilometres += problem.distance(person, offer)
        satker.setdefault(person.satker, set()).add(offer.key)
        provinces.setdefault(person.province, set()).add(offer.key)
    return Measures(
        people=len(problem.people),
        timely=timely,
        late=late,
        unplaced=unplaced,
        days_at_risk=risk,
        satker_splits=sum(len(used) - 1 for used in satker.values()),
        province_splits=sum(len(used) - 1 for used in provinces.values()),
        leavers=leavers,
        kilometres=kilometres,
        distance=kilometres + kept_away,
    )
