"""From the rows of the portal to the question of the planner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F

from latsar.accounts.models import User
from latsar.training.enums import BatchStage, PhaseKind
from latsar.training.layout import PhaseDates
from latsar.training.models import Batch, BatchPhase
from latsar.training.tables import seats_taken
from participants.enums import UNSEATED, MovementKind, Stage
from participants.models import Movement, Participant
from participants.people import PREGNANCY_WEEKS, ParticipantQuerySet
from participants.planning.distance import FAR_KM, province_distances
from participants.planning.enums import PlanReason, PlanScope
from participants.planning.plans import Plan, PlanOffer
from participants.planning.problem import Offer, Person, Problem, Rules

FREES_SEAT = (MovementKind.DEFER, MovementKind.WITHDRAW, MovementKind.DISMISS)
"""Proposals that would free the seat again: until they are decided nobody is placed."""
COLUMNS = (
    "pk", "deadline", "golongan", "satker_id", "province_id", "stage", "latsar_entries", "entries_allowed", "pregnancy_weeks", "pregnancy_on",
    "deferred_until",
)  # fmt: skip


@dataclass(frozen=True)
class Demand:
    """The question, and who cannot be asked about yet: person -> (reason, facts)."""

    problem: Problem
    not_ready: Mapping[int, tuple[PlanReason, dict[str, Any]]]

    @property
    def size(self) -> int:
        return len(self.problem.people) + len(self.not_ready)


def people_of(plan: Plan, user: User) -> ParticipantQuerySet:
    """Everybody in the plan's scope whose clock runs and who has no seat."""
    people = Participant.objects.visible_to(user).filter(stage__in=UNSEATED)
    if plan.scope == PlanScope.PROVINCES:
        people = people.filter(province__in=plan.provinces.all())
    return people


def read_demand(plan: Plan, user: User, today: date, by_hand: Mapping[int, int | None]) -> Demand:
    """Read people and offers; `by_hand` are the moves to keep, person -> offer or None."""
    proposals = dict(
        Movement.objects.visible_to(user).waiting().filter(kind__in=FREES_SEAT).order_by().values_list("participant_id", "kind")
    )
    people: list[Person] = []
    not_ready: dict[int, tuple[PlanReason, dict[str, Any]]] = {}
    for row in people_of(plan, user).order_by("deadline", "pk").values(*COLUMNS):
        why = _not_ready(row, proposals)
        if why is not None:
            not_ready[row["pk"]] = why
            continue
        pinned = by_hand.get(row["pk"])
        people.append(person_of(row, pinned=pinned, is_out=row["pk"] in by_hand and pinned is None))
    offers = [offer_of(row) for row in plan.offers.all()]
    return Demand(Problem(people, offers, rules_of(plan, today), province_distances(), FAR_KM), not_ready)


def person_of(row: Mapping[str, Any], *, pinned: int | None = None, is_out: bool = False) -> Person:
    """One participant's row as the solver sees it."""
    weeks, stated_on = row["pregnancy_weeks"], row["pregnancy_on"]
    return Person(
        key=row["pk"],
        deadline=row["deadline"],
        group=row["golongan"].split("/", maxsplit=1)[0],
        satker=row["satker_id"],
        province=row["province_id"],
        pregnant=(weeks, stated_on) if weeks and stated_on else None,
        pinned=pinned,
        is_out=is_out,
    )


def facts_row(person: Participant) -> dict[str, Any]:
    """The columns of a loaded participant, as `person_of` reads them."""
    return {name: getattr(person, name) for name in COLUMNS}


def offer_of(row: PlanOffer) -> Offer:
    """A stored offer as the solver sees it."""
    return Offer(row.pk, row.starts_on, row.ends_on, row.golongan, row.seats, row.province_id, row.face_on)


def rules_of(plan: Plan, today: date) -> Rules:
    """The settings of a plan as rules."""
    said = plan.settings
    return Rules(
        today=today,
        margin_days=said["margin_days"],
        notice_days=said["notice_days"],
        pregnancy_weeks=said["pregnancy_weeks"],
        term_weeks=PREGNANCY_WEEKS,
        allow_late=said["allow_late"],
        allow_other_provinces=said["allow_other_provinces"],
    )


def _not_ready(row: Mapping[str, Any], proposals: Mapping[int, str]) -> tuple[PlanReason, dict[str, Any]] | None:
    if row["stage"] == Stage.DEFERRED:
        until = row["deferred_until"]
        return PlanReason.DEFERRED, {"until": until.isoformat()} if until else {}
    if row["stage"] != Stage.APPROVED:
        return PlanReason.NOT_APPROVED, {"stage": row["stage"]}
    if row["latsar_entries"] >= row["entries_allowed"]:
        return PlanReason.BARRED, {}
    if row["pk"] in proposals:
        return PlanReason.PROPOSAL, {"kind": proposals[row["pk"]]}
    return None


def open_batches(user: User, today: date, wave_id: int | None = None) -> list[Batch]:
    """Open angkatan that begin after today, with `taken` seats, soonest end first."""
    rows = Batch.objects.visible_to(user).filter(stage=BatchStage.OPEN, starts_on__gt=today)
    if wave_id is not None:
        rows = rows.filter(wave_id=wave_id)
    taken = dict(rows.order_by().annotate(taken=seats_taken()).values_list("pk", "taken"))
    batches = list(rows.select_related("institute", "province", "wave").order_by("ends_on", "pk"))
    for batch in batches:
        batch.free = max(0, batch.capacity - taken[batch.pk])  # type: ignore[attr-defined]
    return batches


def free_seats_of(batch_ids: Iterable[int]) -> dict[int, int]:
    """Free seats of these angkatan now; those no longer open have none."""
    rows = Batch.objects.filter(pk__in=list(batch_ids), stage=BatchStage.OPEN).order_by().annotate(free=F("capacity") - seats_taken())
    return {pk: max(0, free) for pk, free in rows.values_list("pk", "free")}


def face_spans(batch_ids: Iterable[int]) -> dict[int, tuple[date, int]]:
    """Batch -> first day in person and how many days, over all its klasikal phases."""
    phases = BatchPhase.objects.filter(batch_id__in=list(batch_ids), kind=PhaseKind.CLASSICAL).order_by("starts_on")
    found: dict[int, tuple[date, int]] = {}
    for batch_id, first, last in phases.values_list("batch_id", "starts_on", "ends_on"):
        begun, days = found.get(batch_id, (first, 0))
        found[batch_id] = (begun, days + (last - first).days + 1)
    return found


def face_of(phases: Iterable[PhaseDates]) -> tuple[date, int] | None:
    """The same of phases that are laid out but not stored."""
    spans = [(phase.starts_on, (phase.ends_on - phase.starts_on).days + 1) for phase in phases if phase.kind == PhaseKind.CLASSICAL]
    return (min(first for first, _days in spans), sum(days for _first, days in spans)) if spans else None
