"""Moves by hand inside a plan, checked against seats, golongan, deadline and pregnancy at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.ui import words
from participants.models import Participant
from participants.planning import policies
from participants.planning.demand import facts_row, free_seats_of, offer_of, person_of, rules_of
from participants.planning.enums import NOT_READY, PlanReason
from participants.planning.plans import Plan, PlanAssignment, PlanOffer
from participants.planning.problem import Fault, Problem
from participants.planning.reasons import late_or_in_time
from participants.services.planning import locked_plan, recount

LISTED = 3


@dataclass(frozen=True)
class Verdict:
    """What a move would mean for one person: `problem` when it cannot be, `spare` days otherwise."""

    assignment: PlanAssignment
    problem: str
    spare: int | None = None

    @property
    def person(self) -> Participant:
        return self.assignment.participant


@dataclass(frozen=True)
class MoveCheck:
    """All verdicts, and what stands in the way of the move as a whole."""

    verdicts: Sequence[Verdict]
    problem: str
    left: int | None

    @property
    def problems(self) -> list[str]:
        found = [self.problem] if self.problem else []
        return found + [verdict.problem for verdict in self.verdicts if verdict.problem]

    @property
    def more(self) -> int:
        """Problems beyond those that a page lists."""
        return max(0, len(self.problems) - LISTED)

    @property
    def late(self) -> list[str]:
        """Who could sit there but would end after the deadline."""
        return [str(verdict.person) for verdict in self.verdicts if not verdict.problem and (verdict.spare or 0) < 0]


def check_move(*, plan_id: int, participant_ids: Collection[int], offer_id: int | None, by: User) -> MoveCheck:
    """Say what moving these people there would mean. Changes nothing; raises NotAllowed when the plan or the offer is not there."""
    plan = Plan.objects.visible_to(by).filter(pk=plan_id).first()
    if plan is None or not policies.can_plan(by):
        raise NotAllowed
    return _check(plan, _rows(plan, participant_ids), _offer(plan, offer_id))


@transaction.atomic
def move_people(*, plan_id: int, version: int, participant_ids: Collection[int], offer_id: int | None, by: User) -> int:
    """Move people of a draft to another offer, or off their seats with None; all of them or nobody.

    Where they were is kept, so that the move can be undone. Raises Refused with one sentence for each obstacle.
    """
    plan = locked_plan(plan_id, by, version)
    rows, offer = _rows(plan, participant_ids), _offer(plan, offer_id)
    check = _check(plan, rows, offer)
    if not rows:
        raise Refused(_("Pilih orangnya dahulu."))
    if check.problems:
        raise Refused(check.problems)
    moved = [row for row in rows if row.offer_id != offer_id]
    for row in moved:
        row.before_id, row.was_manual = row.offer_id, row.is_manual
        row.offer, row.is_manual = offer, True
        _say(row, offer)
    return _save(plan, moved, by, "move_in_plan")


@transaction.atomic
def undo_moves(*, plan_id: int, version: int, participant_ids: Collection[int], by: User) -> int:
    """Put people back where a move by hand took them from. Raises Refused when that seat is taken by now."""
    plan = locked_plan(plan_id, by, version)
    rows = [row for row in _rows(plan, participant_ids) if row.is_manual]
    if not rows:
        raise Refused(_("Tidak ada pindahan tangan yang dapat diurungkan."))
    for offer_id in {row.before_id for row in rows if row.before_id}:
        back = [row for row in rows if row.before_id == offer_id]
        problems = _check(plan, back, _offer(plan, offer_id)).problems
        if problems:
            raise Refused(problems)
    for row in rows:
        row.offer, row.is_manual, row.before, row.was_manual = row.before, row.was_manual, None, False
        _say(row, row.offer)
    return _save(plan, rows, by, "undo_in_plan")


def _rows(plan: Plan, participant_ids: Iterable[int]) -> list[PlanAssignment]:
    rows = plan.assignments.filter(participant_id__in=list(participant_ids)).select_related("participant__satker", "offer", "before")
    return list(rows.order_by("participant__deadline", "participant_id"))


def _offer(plan: Plan, offer_id: int | None) -> PlanOffer | None:
    if offer_id is None:
        return None
    offer = plan.offers.select_related("batch", "institute").filter(pk=offer_id).first()
    if offer is None:
        raise NotAllowed
    return offer


def _check(plan: Plan, rows: Sequence[PlanAssignment], offer: PlanOffer | None) -> MoveCheck:
    if offer is None:
        return MoveCheck([Verdict(row, _not_ready(row)) for row in rows], "", None)
    free = offer.seats
    if offer.batch_id is not None:
        free = min(free, free_seats_of([offer.batch_id]).get(offer.batch_id, 0))
    newcomers = [row for row in rows if row.offer_id != offer.pk]
    left = free - offer.assignments.count() - len(newcomers)
    full = _("Kursi penuh. %(offer)s hanya punya %(free)d kursi kosong, %(over)d orang terlalu banyak.")
    problem = full % {"offer": offer.label, "free": free, "over": -left} if left < 0 else ""
    world = Problem([], [offer_of(offer)], rules_of(plan, timezone.localdate()))
    return MoveCheck([_verdict(world, row, offer) for row in rows], problem, left)


def _verdict(world: Problem, row: PlanAssignment, offer: PlanOffer) -> Verdict:
    person, seat = person_of(facts_row(row.participant)), world.offers[0]
    spare = (person.deadline - offer.ends_on).days
    if problem := _not_ready(row):
        return Verdict(row, problem)
    fault = world.fault(person, seat)
    if fault is None or (fault is Fault.LATE and world.rules.allow_late):
        return Verdict(row, "", spare)
    return Verdict(row, _why(fault, row.participant, offer, -spare, world.weeks(person, seat), world.rules.notice_days), spare)


def _not_ready(row: PlanAssignment) -> str:
    if row.reason not in NOT_READY:
        return ""
    return _("%(name)s belum dapat ditempatkan: %(why)s.") % {"name": row.participant, "why": str(PlanReason(row.reason).label).lower()}


def _why(fault: Fault, person: Participant, offer: PlanOffer, days: int, weeks: int, notice: int) -> str:
    facts = {"name": person, "offer": offer.label, "days": days, "weeks": weeks, "notice": notice}
    facts |= {"golongan": person.golongan, "wanted": offer.get_golongan_display(), "end": words.long_date(offer.ends_on)}
    return {
        Fault.GOLONGAN: _("%(offer)s untuk %(wanted)s, sedangkan %(name)s bergolongan %(golongan)s."),
        Fault.PROVINCE: _("%(offer)s di provinsi lain. Rencana ini tidak memakai provinsi lain untuk orang ini (%(name)s)."),
        Fault.NOTICE: _("%(offer)s mulai kurang dari %(notice)d hari lagi, terlalu dekat untuk orang ini (%(name)s)."),
        Fault.PREGNANT: _("%(name)s hamil %(weeks)d minggu saat tatap muka %(offer)s."),
        Fault.LATE: _(
            "%(offer)s selesai %(end)s, %(days)d hari sesudah batas orang ini (%(name)s). Izinkan kursi terlambat di pengaturan rencana bila memang perlu."
        ),
    }[fault] % facts


def _say(row: PlanAssignment, offer: PlanOffer | None) -> None:
    if offer is None:
        row.reason, row.facts = PlanReason.OUT, {}
        return
    row.reason, row.facts = late_or_in_time(person_of(facts_row(row.participant)), offer_of(offer))


def _save(plan: Plan, rows: Sequence[PlanAssignment], by: User, verb: str) -> int:
    PlanAssignment.objects.bulk_update(rows, ["offer", "is_manual", "before", "was_manual", "reason", "facts"], batch_size=200)
    recount(plan, by)
    plan.version += 1
    plan.save(update_fields=["figures", "version"])
    names = ", ".join(str(row.participant) for row in rows[:10])
    audit.record(verb=verb, obj=plan, by=by, note=f"{len(rows)}: {names}")
    return len(rows)
