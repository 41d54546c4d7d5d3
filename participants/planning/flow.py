"""The first three goals as a min-cost flow: exact at any size, and with a proof.

People of one kind are one node, so the network stays small however many they are. The prices (duals) of the optimum say
which pairs may be used in *any* optimum and which angkatan must stay full in all of them: whoever keeps to that may choose
freely among the rest, and the first three goals stay as good as they can be.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from ortools.graph.python import min_cost_flow

from participants.planning.problem import Offer, Person, Problem

Kind = Hashable


@dataclass(frozen=True)
class Face:
    """Every optimum of the first three goals.

    `choices` are the offers a kind may take, None for no seat; `counts` one optimum; `full` the offers that are full in all.
    """

    choices: dict[Kind, list[int | None]]
    counts: dict[tuple[Kind, int | None], int]
    full: frozenset[int]
    cost: int


@dataclass(frozen=True, slots=True)
class Arc:
    tail: int
    head: int
    capacity: int
    cost: int


def best_face(problem: Problem, people: Sequence[Person], seats: dict[int, int]) -> Face:
    """Solve the first three goals for these people on what is left of the seats."""
    if not people:
        return Face({}, {}, frozenset(), 0)
    kinds: Counter[Kind] = Counter(problem.kind(person) for person in people)
    sample: dict[Kind, Person] = {problem.kind(person): person for person in people}
    offers = [offer for offer in problem.offers if seats.get(offer.key, 0) > 0]
    weigh = _weights(problem, sample.values(), len(people))
    place = {offer.key: len(kinds) + n for n, offer in enumerate(offers)}
    sink = len(kinds) + len(offers)
    arcs: list[Arc] = []
    pairs: list[tuple[Kind, int | None]] = []
    for node, (kind, count) in enumerate(kinds.items()):
        person = sample[kind]
        for offer in offers:
            if problem.admits(person, offer):
                pairs.append((kind, offer.key))
                arcs.append(Arc(node, place[offer.key], count, weigh(person, offer)))
        pairs.append((kind, None))
        arcs.append(Arc(node, sink, count, weigh(person, None)))
    arcs += [Arc(place[offer.key], sink, seats[offer.key], 0) for offer in offers]
    flows, cost = solve_flow(arcs, [*kinds.values(), *[0] * len(offers), -len(people)])
    prices = _prices(arcs, flows, len(kinds), sink + 1)
    tight: dict[Kind, list[int | None]] = {kind: [] for kind in kinds}
    for (kind, key), arc in zip(pairs, arcs, strict=False):
        is_worth_it = key is None or prices[place[key]] <= prices[sink]
        if is_worth_it and arc.cost + prices[arc.tail] - prices[arc.head] == 0:
            tight[kind].append(key)
    full = frozenset(offer.key for offer in offers if prices[place[offer.key]] < prices[sink])
    counts = {pair: flow for pair, flow in zip(pairs, flows, strict=False) if flow}
    return Face(tight, counts, full, cost)


def _weights(problem: Problem, kinds: Iterable[Person], total: int) -> Callable[[Person, Offer | None], int]:
    """Return the cost of one pair, scaled so that no sum of a later goal ever outweighs one step of an earlier one."""
    worst = max((problem.risk(person, None) for person in kinds), default=0)
    step = (worst + 1) * (total + 1)

    def weigh(person: Person, offer: Offer | None) -> int:
        is_late = offer is None or offer.ends_on > person.deadline
        return (is_late * (total + 1) + (offer is None)) * step + problem.risk(person, offer)

    return weigh


def solve_flow(arcs: Sequence[Arc], supplies: Sequence[int]) -> tuple[list[int], int]:
    """Return the flow on each arc of a cheapest flow and its cost; raises RuntimeError when there is none."""
    network = min_cost_flow.SimpleMinCostFlow()
    columns = np.array([(arc.tail, arc.head, arc.capacity, arc.cost) for arc in arcs], dtype=np.int64).reshape(-1, 4)
    network.add_arcs_with_capacity_and_unit_cost(*(np.ascontiguousarray(columns[:, n]) for n in range(4)))
    network.set_nodes_supplies(np.arange(len(supplies)), np.array(supplies, dtype=np.int64))
    if network.solve() != network.OPTIMAL:
        raise RuntimeError("the flow of a plan has no optimum")
    return [network.flow(n) for n in range(len(arcs))], network.optimal_cost()


def _prices(arcs: Sequence[Arc], flows: Sequence[int], kinds: int, nodes: int) -> list[int]:
    """Shortest distances over what could still be changed; an optimum has no way around that gains.

    Nodes below `kinds` are people: nothing but their number bounds an arc out of them, so it is never full.
    """
    residual: list[list[tuple[int, int]]] = [[] for _ in range(nodes)]
    for arc, flow in zip(arcs, flows, strict=True):
        if arc.tail < kinds or flow < arc.capacity:
            residual[arc.tail].append((arc.head, arc.cost))
        if flow > 0:
            residual[arc.head].append((arc.tail, -arc.cost))
    distance = [0] * nodes
    queue, waiting = deque(range(nodes)), [True] * nodes
    while queue:
        node = queue.popleft()
        waiting[node] = False
        for head, cost in residual[node]:
            if distance[node] + cost < distance[head]:
                distance[head] = distance[node] + cost
                if not waiting[head]:
                    waiting[head] = True
                    queue.append(head)
    return distance
