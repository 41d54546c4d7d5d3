"""Plans from their making to their numbers. Nothing here seats anybody: that is `plan_commit`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User
from latsar.bulk import insert_rows, uncollected
from latsar.jobs.models import Job
from latsar.jobs.run import Runner
from latsar.jobs.services import request_job
from latsar.satker.models import Satker
from latsar.training.models import Wave
from latsar.ui import words
from participants.planning import policies
from participants.planning.costs import total_cost
from participants.planning.demand import Demand, open_batches, people_of, read_demand
from participants.planning.enums import NOT_READY, PlanScope, PlanState
from participants.planning.measures import Measures, measure
from participants.planning.plans import NAME_LIMIT, Plan, PlanAssignment
from participants.planning.problem import Problem
from participants.planning.reasons import Reasons
from participants.planning.solver import Solution, solve
from participants.services.plan_offers import ThoughtUp, copy_offers, fill, refresh_offers, think_up, use_batches

SOLVE_TASK = "participants.solve_plan"
AT_ONCE = 400  # people whom a page can wait for
PAGE_SECONDS, JOB_SECONDS = 2.0, 8.0  # of search, at most
MOST_PEOPLE = 20_000


@dataclass(frozen=True)
class PlanFacts:
    """What a plan asks: its scope, its rules by name (`settings`), and which open angkatan it may use."""

    name: str
    scope: str
    settings: dict[str, Any]
    provinces: Sequence[Satker] = ()
    wave: Wave | None = None
    batch_ids: Collection[int] = ()
    thought_up: Sequence[ThoughtUp] = ()


def create_plan(*, facts: PlanFacts, by: User) -> Plan:
    """Store a plan with its offers and compute it, at once or as a job when it is large."""
    with transaction.atomic():
        if not policies.can_plan(by):
            raise NotAllowed
        plan = Plan(created_by=by)
        _write(plan, facts, by)
        audit.record(verb="create_plan", obj=plan, by=by)
    return compute_plan(plan_id=plan.pk, by=by)


def update_plan(*, plan_id: int, version: int, facts: PlanFacts, by: User) -> Plan:
    """Change what a draft asks and compute it again; moves by hand that still fit stay."""
    with transaction.atomic():
        plan = locked_plan(plan_id, by, version)
        _write(plan, facts, by)
        audit.record(verb="update_plan", obj=plan, by=by)
    return compute_plan(plan_id=plan.pk, by=by)


def try_seats(*, plan_id: int, seats: ThoughtUp, allow_other_provinces: bool, by: User) -> Plan:
    """Make a trial beside the plan with a few seats more; the plan itself stays as it is.

    An earlier trial of the same person that nobody kept goes.
    """
    with transaction.atomic():
        plan = Plan.objects.visible_to(by).filter(pk=plan_id).first()
        if plan is None or not policies.can_plan(by):
            raise NotAllowed
        Plan.objects.filter(parent=plan, is_trial=True, created_by=by).exclude(state=PlanState.SOLVING).delete()
        name = _("Percobaan: +%(seats)d kursi %(institute)s") % {"seats": seats.seats, "institute": seats.institute}
        trial = Plan.objects.create(
            name=name[:NAME_LIMIT],
            scope=plan.scope,
            wave=plan.wave,
            parent=plan,
            is_trial=True,
            created_by=by,
            settings={**plan.settings, "allow_other_provinces": allow_other_provinces},
        )
        trial.provinces.set(plan.provinces.all())
        moved = copy_offers(plan, trial)
        think_up(trial, [seats])
        manual = plan.assignments.filter(is_manual=True)
        PlanAssignment.objects.bulk_create(
            PlanAssignment(
                plan=trial, participant_id=row.participant_id, offer_id=moved.get(row.offer_id or 0), reason=row.reason, is_manual=True
            )
            for row in manual
        )
        audit.record(verb="create_plan", obj=trial, by=by, note=str(plan))
    return compute_plan(plan_id=trial.pk, by=by)


def compute_plan(*, plan_id: int, by: User, keep_manual: bool = True) -> Plan:
    """Compute a draft: at once when few people are in it, else as a job that the page follows.

    Raises Refused when the scope is larger than any plan can be.
    """
    plan = Plan.objects.visible_to(by).filter(pk=plan_id).first()
    if plan is None or not policies.can_change(by, plan):
        raise NotAllowed
    people = people_of(plan, by).order_by()[: MOST_PEOPLE + 1].count()
    if people > MOST_PEOPLE:
        raise Refused(_("Cakupan ini berisi lebih dari %(n)s orang. Pilih beberapa provinsi saja.") % {"n": words.thousands(MOST_PEOPLE)})
    if people > AT_ONCE:
        return _request(plan, by, keep_manual=keep_manual)
    _solve_and_store(plan, by, keep_manual=keep_manual)
    plan.refresh_from_db()
    return plan


@transaction.atomic
def _request(plan: Plan, by: User, *, keep_manual: bool) -> Plan:
    plan = locked_plan(plan.pk, by, plan.version)
    job = request_job(
        task=SOLVE_TASK,
        title=_("Hitung %(plan)s") % {"plan": plan},
        by=by,
        params={"plan": plan.pk, "keep_manual": keep_manual},
        total=1,
        back_url=plan.get_absolute_url(),
    )
    plan.state, plan.job = PlanState.SOLVING, job
    plan.save(update_fields=["state", "job"])
    return plan


def solve_requested(runner: Runner) -> None:
    """Compute the plan of a job; a second run computes it anew and changes nothing else."""
    plan = Plan.objects.filter(pk=runner.job.params["plan"]).first()
    if plan is None or plan.state != PlanState.SOLVING:
        return
    runner.start(total=1)
    _solve_and_store(plan, runner.job.requested_by, keep_manual=runner.job.params["keep_manual"])
    runner.advance()


@transaction.atomic
def settle_solving(job: Job) -> None:
    """A computation that stopped leaves a draft that can be computed again."""
    Plan.objects.filter(pk=job.params["plan"], state=PlanState.SOLVING).update(state=PlanState.DRAFT)


def _solve_and_store(plan: Plan, by: User, *, keep_manual: bool) -> None:
    """Read and solve outside any transaction, then store when nobody changed the plan meanwhile."""
    today = timezone.localdate()
    refresh_offers(plan)
    by_hand = dict(plan.assignments.filter(is_manual=True).values_list("participant_id", "offer_id")) if keep_manual else {}
    demand = read_demand(plan, by, today, by_hand)
    demand = replace(demand, problem=_with_possible_hands(demand.problem))
    solution = solve(demand.problem, seconds=PAGE_SECONDS if demand.size <= AT_ONCE else JOB_SECONDS)
    _store(plan, demand, solution, by)


def _with_possible_hands(problem: Problem) -> Problem:
    """Let go of moves by hand that no longer fit; the others stay where they were put."""
    offers = {offer.key: offer for offer in problem.offers}
    left = {offer.key: offer.seats for offer in problem.offers}
    people = []
    for person in problem.people:
        if person.pinned is not None:
            offer = offers.get(person.pinned)
            if offer is None or left[offer.key] <= 0 or not problem.admits(person, offer):
                people.append(replace(person, pinned=None))
                continue
            left[offer.key] -= 1
        people.append(person)
    return replace(problem, people=people)


@transaction.atomic
def _store(plan: Plan, demand: Demand, solution: Solution, by: User) -> None:
    locked = Plan.objects.select_for_update().get(pk=plan.pk)
    if locked.version != plan.version or locked.state not in (PlanState.DRAFT, PlanState.SOLVING):
        raise StaleVersion(_("Rencana ini diubah selama dihitung. Buka lagi, lalu hitung ulang."))
    reasons = Reasons(demand.problem, solution.seating)
    rows = []
    for person in demand.problem.people:
        reason, facts = reasons.of(person)
        is_manual = person.is_out or person.pinned is not None
        key = solution.seating[person.key]
        rows.append(
            PlanAssignment(plan_id=plan.pk, participant_id=person.key, offer_id=key, reason=reason, facts=facts, is_manual=is_manual)
        )
    rows += [
        PlanAssignment(plan_id=plan.pk, participant_id=pk, reason=reason, facts=facts) for pk, (reason, facts) in demand.not_ready.items()
    ]
    PlanAssignment.objects.filter(plan=plan).delete()
    with uncollected():
        insert_rows(PlanAssignment, rows)
    locked.state, locked.job, locked.version, locked.solved_at = PlanState.DRAFT, None, locked.version + 1, timezone.now()
    locked.seconds, locked.is_proven = round(solution.seconds, 3), solution.is_proven
    locked.bounds = {"not_in_time": solution.late_bound, "days_at_risk": solution.risk_bound, "splits": solution.split_bound}
    locked.greedy = solution.greedy.as_dict()
    locked.figures = _figures(locked, solution.measures, demand.problem, len(demand.not_ready), Counter(solution.seating.values()))
    locked.save()
    audit.record(verb="compute_plan", obj=locked, by=by, note=f"{solution.measures.not_in_time} / {solution.greedy.not_in_time}")


def _figures(plan: Plan, found: Measures, problem: Problem, not_ready: int, taken: Mapping[int | None, int]) -> dict[str, Any]:
    offers = list(plan.offers.all())
    cost, unknown = total_cost((offer, taken.get(offer.pk, 0)) for offer in offers)
    return {
        **found.as_dict(),
        "not_ready": not_ready,
        "demand": found.people + not_ready,
        "satker": len({person.satker for person in problem.people}),
        "seats": sum(offer.seats for offer in offers),
        "batches": sum(offer.seats > 0 for offer in offers),
        "cost": cost,
        "cost_unknown": unknown,
    }


def recount(plan: Plan, by: User) -> None:
    """Measure a locked plan anew after moves by hand; the solver's own figures of greedy and bounds stay."""
    today = timezone.localdate()
    rows = plan.assignments.exclude(reason__in=NOT_READY)
    seating = dict(rows.values_list("participant_id", "offer_id"))
    demand = read_demand(plan, by, today, {})
    problem = replace(demand.problem, people=[person for person in demand.problem.people if person.key in seating])
    plan.figures = _figures(plan, measure(problem, seating), problem, plan.figures.get("not_ready", 0), Counter(seating.values()))


@transaction.atomic
def keep_plan(*, plan_id: int, name: str, by: User) -> Plan:
    """Keep a trial as a draft of its own, or give a draft another name."""
    plan = locked_plan(plan_id, by)
    plan.is_trial, plan.name = False, (name.strip() or plan.name)[:NAME_LIMIT]
    plan.save(update_fields=["is_trial", "name"])
    audit.record(verb="keep_plan", obj=plan, by=by)
    return plan


@transaction.atomic
def discard_plan(*, plan_id: int, by: User) -> Plan:
    """Throw a draft away; its row stays so that the story is whole."""
    plan = Plan.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=plan_id).first()
    if plan is None or not policies.can_plan(by):
        raise NotAllowed
    if not policies.can_discard(by, plan):
        raise Refused(_("Rencana yang sudah diterapkan tidak dapat dibuang."))
    plan.state = PlanState.DISCARDED
    plan.version += 1
    plan.save(update_fields=["state", "version"])
    audit.record(verb="discard_plan", obj=plan, by=by)
    return plan


def replace_offer(*, plan_id: int, version: int, offer_id: int, batch_id: int, by: User) -> Plan:
    """Put a real open angkatan in the place of seats that were thought up, and compute again."""
    with transaction.atomic():
        plan = locked_plan(plan_id, by, version)
        offer = plan.offers.filter(pk=offer_id, batch=None).first()
        batch = next((one for one in open_batches(by, timezone.localdate()) if one.pk == batch_id), None)
        if offer is None or batch is None:
            raise NotAllowed
        if plan.offers.filter(batch=batch).exists():
            raise Refused({"batch": _("Angkatan ini sudah ada dalam rencana. Pilih yang lain.")})
        offer.batch = batch
        fill(offer, batch)
        offer.save()
        audit.record(verb="replace_offer", obj=plan, by=by, note=str(batch))
    return compute_plan(plan_id=plan.pk, by=by)


def remove_offer(*, plan_id: int, version: int, offer_id: int, by: User) -> Plan:
    """Take seats out of a draft and compute again."""
    with transaction.atomic():
        plan = locked_plan(plan_id, by, version)
        offer = plan.offers.filter(pk=offer_id).first()
        if offer is None:
            raise NotAllowed
        plan.assignments.filter(offer=offer).delete()
        offer.delete()
        audit.record(verb="remove_offer", obj=plan, by=by, note=str(offer))
    return compute_plan(plan_id=plan.pk, by=by)


def locked_plan(plan_id: int, by: User, version: int | None = None) -> Plan:
    """Lock a draft as seen at `version`. Raises NotAllowed, StaleVersion when somebody changed it since, Refused when it is no draft."""
    plan = Plan.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=plan_id).first()
    if plan is None or not policies.can_plan(by):
        raise NotAllowed
    if not policies.can_change(by, plan):
        raise Refused(_("Rencana ini %(state)s, tidak dapat diubah lagi.") % {"state": plan.get_state_display().lower()})
    if version is not None and plan.version != version:
        raise StaleVersion(_("Rencana ini baru saja diubah. Muat ulang halamannya, lalu ulangi perubahan Anda."))
    return plan


def _write(plan: Plan, facts: PlanFacts, by: User) -> None:
    plan.name, plan.scope, plan.settings = facts.name[:NAME_LIMIT], facts.scope, dict(facts.settings)
    plan.wave = facts.wave if facts.scope == PlanScope.WAVE else None
    plan.version += 0 if plan.pk is None else 1
    plan.save()
    plan.provinces.set(facts.provinces if facts.scope == PlanScope.PROVINCES else [])
    use_batches(plan, facts.batch_ids, by)
    think_up(plan, facts.thought_up)
