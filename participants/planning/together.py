"""The last two goals, people of one office together and few far journeys, without giving up anything of the first three.

Works on groups: people of one kind and one satker, who may take each other's seats. Small plans are solved as a whole, with
proof; large ones begin from a packing and are improved by trading places.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from participants.planning.flow import Arc, Face, Kind, solve_flow
from participants.planning.joint import Joint, solve_joint
from participants.planning.problem import Offer, Person, Problem
from participants.planning.swaps import Trading, Unit

WHOLE = 1_500  # group and offer pairs that are still solved as one model
ROUNDS = 8  # of the packing
SPLIT_KM = 5_000  # what one split weighs in kilometres where a packing has to choose
Amounts = dict[tuple[int, int | None], int]
"""(group, offer) -> people; None is no seat."""


@dataclass(frozen=True)
class Group:
    """People of one kind and one satker."""

    key: int
    kind: Kind
    satker: int
    province: int
    people: tuple[int, ...]
    sample: Person


@dataclass
class State:
    """What stands: amounts by group and offer. `opened` are offers where moves by hand already put a satker or province."""

    problem: Problem
    groups: Sequence[Group]
    face: Face
    seats: Mapping[int, int]
    opened: frozenset[tuple[str, int, int]] = frozenset()
    amounts: Amounts = field(default_factory=dict)
    is_proven: bool = False
    split_bound: int = 0

    def __post_init__(self) -> None:
        self.offers: dict[int, Offer] = {offer.key: offer for offer in self.problem.offers}
        self._nearest: dict[tuple[int, Kind], int] = {}

    def kilometres(self, group: Group, key: int | None) -> int:
        if key is not None:
            return self.problem.distance(group.sample, self.offers[key])
        where = (group.province, group.kind)
        if where not in self._nearest:
            self._nearest[where] = self.problem.nearest(group.sample)
        return self._nearest[where]


def groups_of(problem: Problem, people: Iterable[Person]) -> list[Group]:
    """Put people of one kind and satker together, in a fixed order."""
    found: dict[tuple[Kind, int], list[Person]] = {}
    for person in sorted(people, key=lambda one: (one.province, one.satker, one.deadline, one.key)):
        found.setdefault((problem.kind(person), person.satker), []).append(person)
    return [
        Group(n, kind, satker, members[0].province, tuple(one.key for one in members), members[0])
        for n, ((kind, satker), members) in enumerate(found.items())
    ]


def bring_together(state: State, seconds: float, whole: int = WHOLE) -> None:
    """Lower splits, then kilometres, for about so many seconds at most; the first three goals stay untouched.

    Up to `whole` pairs of group and offer it is solved as one model, with proof.
    """
    until = time.monotonic() + seconds
    _pack(state)
    _trade(state, until)
    if sum(len(state.face.choices[group.kind]) for group in state.groups) <= whole:
        answer = solve_joint(_joint(state), seconds=max(0.5, until - time.monotonic()))
        state.amounts, state.is_proven, state.split_bound = answer.amounts, answer.is_proven, answer.split_bound


def _trade(state: State, until: float) -> None:
    units = [
        Unit(group.satker, group.province, {key: state.kilometres(group, key) for key in state.face.choices[group.kind]})
        for group in state.groups
    ]
    Trading(units, state.amounts, state.seats, state.face.full, state.opened).run(until)
    state.amounts = {pair: count for pair, count in state.amounts.items() if count}


def _joint(state: State) -> Joint:
    held: Counter[int] = Counter()
    for (_number, key), count in state.amounts.items():
        if key is not None:
            held[key] += count
    groups = state.groups
    return Joint(
        groups=[(group.key, group.satker, group.province, len(group.people), state.face.choices[group.kind]) for group in groups],
        seats=state.seats,
        full={key: held[key] for key in state.face.full},
        opened=state.opened,
        kilometres={(group.key, key): state.kilometres(group, key) for group in groups for key in state.face.choices[group.kind]},
        hint=state.amounts,
    )


def _pack(state: State) -> None:
    """Share the seats among the provinces by flows whose costs favour what the province already uses, then among the satker."""
    best: tuple[int, Counter[tuple[int, Kind, int | None]]] | None = None
    used: Counter[tuple[int, int]] = Counter()
    for number in range(ROUNDS):
        shares = _shares(state, used, is_first=not number)
        pairs: Counter[tuple[int, int]] = Counter()
        kilometres = 0
        samples = {(group.province, group.kind): group for group in state.groups}
        for (province, kind, key), count in shares.items():
            kilometres += count * state.kilometres(samples[province, kind], key)
            if key is not None:
                pairs[province, key] += count
        worth = len(pairs) * SPLIT_KM + kilometres
        if best is None or worth < best[0]:
            best = (worth, shares)
        used = pairs
    if best is not None:
        _deal(state, best[1])


def _shares(state: State, used: Mapping[tuple[int, int], int], *, is_first: bool) -> Counter[tuple[int, Kind, int | None]]:
    """One flow from (province, kind) to offers over the pairs that every optimum of the first goals allows."""
    need: Counter[tuple[int, Kind]] = Counter()
    samples: dict[tuple[int, Kind], Group] = {}
    for group in state.groups:
        need[group.province, group.kind] += len(group.people)
        samples[group.province, group.kind] = group
    keys = sorted(state.seats)
    place = {key: len(need) + n for n, key in enumerate(keys)}
    sink = len(need) + len(keys)
    arcs: list[Arc] = []
    pairs: list[tuple[int, Kind, int | None]] = []
    for node, ((province, kind), count) in enumerate(need.items()):
        for key in state.face.choices[kind]:
            cost = state.kilometres(samples[province, kind], key)
            if key is not None and not is_first:
                cost += SPLIT_KM // max(1, used.get((province, key), 0))
            pairs.append((province, kind, key))
            arcs.append(Arc(node, sink if key is None else place[key], count, cost))
    must = -1_000_000  # an offer that is full in every optimum is worth more than any journey
    arcs += [Arc(place[key], sink, state.seats[key], must if key in state.face.full else 0) for key in keys]
    flows, _cost = solve_flow(arcs, [*need.values(), *[0] * len(keys), -sum(need.values())])
    return Counter({pair: flow for pair, flow in zip(pairs, flows, strict=False) if flow})


def _deal(state: State, shares: Counter[tuple[int, Kind, int | None]]) -> None:
    """Give each group its part of its province's shares: where its satker sits already, then where most of the room is."""
    left = Counter(shares)
    sits: set[tuple[int, int | None]] = set()
    for group in sorted(state.groups, key=lambda one: (one.province, one.satker, -len(one.people), one.key)):
        need = len(group.people)
        options = [key for key in state.face.choices[group.kind] if left[group.province, group.kind, key]]
        while need:
            key = max(options, key=lambda one: ((group.satker, one) in sits, left[group.province, group.kind, one], -(one or 0)))
            count = min(need, left[group.province, group.kind, key])
            state.amounts[group.key, key] = count
            left[group.province, group.kind, key] -= count
            need -= count
            sits.add((group.satker, key))
            options.remove(key)
