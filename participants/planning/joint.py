"""One model of CP-SAT: groups over offers with few splits, then few kilometres."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

WORK = 1.0  # deterministic seconds of one solve: the same answer on every machine that is not hard pressed
FIRST_SHARE = 0.6  # of the time, for the splits
Amounts = dict[tuple[int, int | None], int]


@dataclass(frozen=True)
class Joint:
    """`groups` are (key, satker, province, people, choices); `full` are offers that must hold exactly so many of these people."""

    groups: Sequence[tuple[int, int, int, int, Sequence[int | None]]]
    seats: Mapping[int, int]
    full: Mapping[int, int]
    opened: frozenset[tuple[str, int, int]]
    kilometres: Mapping[tuple[int, int | None], int]
    hint: Mapping[tuple[int, int | None], int]


@dataclass(frozen=True)
class Answer:
    amounts: Amounts
    is_proven: bool
    split_bound: int


@dataclass
class _Model:
    model: cp_model.CpModel
    amounts: dict[tuple[int, int | None], cp_model.IntVar]
    splits: cp_model.LinearExprT
    kilometres: cp_model.LinearExprT


def solve_joint(joint: Joint, *, seconds: float) -> Answer:
    """Solve for splits, then for kilometres among the best.

    The hint is a solution, so there always is one. Not proven when the work allowed ran out first.
    """
    if not joint.groups:
        return Answer({}, is_proven=True, split_bound=0)
    made = _build(joint)
    begun = time.monotonic()
    solver = _solver(seconds * FIRST_SHARE)
    made.model.minimize(made.splits)
    status = solver.solve(made.model)
    amounts, bound = _read(solver, made, joint, status), round(solver.best_objective_bound)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(amounts, is_proven=False, split_bound=0)
    is_proven = status == cp_model.OPTIMAL
    made.model.add(made.splits <= round(solver.objective_value))
    _hint(made, amounts)
    made.model.minimize(made.kilometres)
    nearer = _solver(max(0.1, seconds - (time.monotonic() - begun)))
    status = nearer.solve(made.model)
    return Answer(_read(nearer, made, joint, status, amounts), is_proven=is_proven and status == cp_model.OPTIMAL, split_bound=bound)


def _solver(seconds: float) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = WORK
    solver.parameters.max_time_in_seconds = seconds
    return solver


def _build(joint: Joint) -> _Model:
    model = cp_model.CpModel()
    amounts: dict[tuple[int, int | None], cp_model.IntVar] = {}
    by_offer: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    units: dict[tuple[str, int], dict[int, list[tuple[cp_model.IntVar, int]]]] = defaultdict(lambda: defaultdict(list))
    certain: set[tuple[str, int]] = set()
    parent: dict[int, int] = {}
    for number, satker, province, people, choices in joint.groups:
        parent[satker] = province
        row = []
        for key in choices:
            most = people if key is None else min(people, max(0, joint.seats[key]))
            var = model.new_int_var(0, most, f"x{number}_{key}")
            amounts[number, key] = var
            row.append(var)
            if key is not None:
                by_offer[key].append(var)
                units["satker", satker][key].append((var, most))
        model.add(cp_model.LinearExpr.sum(row) == people)
        if None not in choices:
            certain |= {("satker", satker), ("province", province)}
    for key, variables in by_offer.items():
        total = cp_model.LinearExpr.sum(variables)
        if key in joint.full:
            model.add(total == joint.full[key])
        else:
            model.add(total <= joint.seats[key])
    splits = _splits(model, joint, units, certain, parent)
    terms = [(var, joint.kilometres[pair]) for pair, var in amounts.items() if joint.kilometres.get(pair)]
    kilometres = cp_model.LinearExpr.weighted_sum([var for var, _km in terms], [km for _var, km in terms]) if terms else 0
    made = _Model(model, amounts, splits, kilometres)
    _hint(made, joint.hint)
    return made


def _splits(
    model: cp_model.CpModel,
    joint: Joint,
    units: Mapping[tuple[str, int], Mapping[int, Sequence[tuple[cp_model.IntVar, int]]]],
    certain: set[tuple[str, int]],
    parent: Mapping[int, int],
) -> cp_model.LinearExprT:
    """Count the offers that each satker and province uses, beyond the first."""
    terms: list[cp_model.LinearExprT] = []
    uses: dict[tuple[str, int], dict[int, cp_model.IntVar]] = defaultdict(dict)
    by_province: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
    for (kind, satker), offers in units.items():
        for key, variables in offers.items():
            used = model.new_bool_var(f"y{satker}_{key}")
            for var, most in variables:
                model.add(var <= most * used)
            uses[kind, satker][key] = used
            by_province[parent[satker], key].append(used)
    for (province, key), below in by_province.items():
        used = model.new_bool_var(f"z{province}_{key}")
        for var in below:
            model.add_implication(var, used)
        uses["province", province][key] = used
    for (kind, unit), places in uses.items():
        open_here = {key for name, one, key in joint.opened if (name, one) == (kind, unit)}
        fresh = [used for key, used in places.items() if key not in open_here]
        terms += fresh
        if open_here:
            continue
        if (kind, unit) in certain:
            terms.append(-1)
            continue
        any_used = model.new_bool_var(f"u{kind}{unit}")
        model.add(cp_model.LinearExpr.sum(list(places.values())) >= any_used)
        terms.append(-1 * any_used)
    return cp_model.LinearExpr.sum(terms) if terms else 0


def _hint(made: _Model, hint: Mapping[tuple[int, int | None], int]) -> None:
    made.model.clear_hints()
    for pair, var in made.amounts.items():
        made.model.add_hint(var, hint.get(pair, 0))


def _read(
    solver: cp_model.CpSolver,
    made: _Model,
    joint: Joint,
    status: cp_model.CpSolverStatus,
    fallback: Mapping[tuple[int, int | None], int] | None = None,
) -> Amounts:
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return dict(fallback if fallback is not None else joint.hint)
    return {pair: count for pair, var in made.amounts.items() if (count := solver.value(var))}
