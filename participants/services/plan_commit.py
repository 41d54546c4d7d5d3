"""Applying a plan: a job that seats one person after the other through the door that everybody else uses."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.jobs.models import ItemState, Job
from latsar.jobs.run import Runner
from latsar.jobs.services import request_job
from latsar.ui import words
from participants.enums import MovementKind, Stage
from participants.models import Movement, Participant
from participants.planning.demand import FREES_SEAT, facts_row, offer_of, person_of, rules_of
from participants.planning.enums import PlanState
from participants.planning.plans import Plan, PlanAssignment
from participants.planning.problem import Fault, Problem
from participants.services.placement import place_participant
from participants.services.planning import locked_plan

COMMIT_TASK = "participants.commit_plan"


def why_not_commit(plan: Plan) -> str:
    """Return why a draft cannot be applied now, or nothing."""
    seated = plan.assignments.filter(offer__isnull=False).aggregate(n=Count("pk"), imagined=Count("pk", filter=Q(offer__batch=None)))
    return obstacle(seated["n"], seated["imagined"])


def obstacle(seated: int, imagined: int) -> str:
    """Say what stands in the way when so many people have a seat, and so many of them a thought-up one."""
    if not seated:
        return _("Belum ada orang yang mendapat kursi dalam rencana ini.")
    if not imagined:
        return ""
    text = ngettext(
        "%(n)s orang duduk di kursi andaian. Buat angkatannya, lalu ganti kursi andaian dengan angkatan itu.",
        "%(n)s orang duduk di kursi andaian. Buat angkatannya, lalu ganti kursi andaian dengan angkatan itu.",
        imagined,
    )
    return text % {"n": words.thousands(imagined)}


@transaction.atomic
def request_commit(*, plan_id: int, version: int, by: User) -> Job:
    """Ask for the placement of everybody who has a seat in a draft. Raises Refused while seats are thought up or nobody has one."""
    plan = locked_plan(plan_id, by, version)
    if problem := why_not_commit(plan):
        raise Refused(problem)
    rows = plan.assignments.filter(offer__isnull=False).order_by("offer__starts_on", "offer", "participant__deadline", "pk")
    items = [(str(pk), name) for pk, name in rows.values_list("participant_id", "participant__full_name")]
    title = ngettext("Terapkan %(plan)s, %(n)s orang", "Terapkan %(plan)s, %(n)s orang", len(items))
    job = request_job(
        task=COMMIT_TASK,
        title=title % {"plan": plan, "n": words.thousands(len(items))},
        by=by,
        params={"plan": plan.pk, "version": plan.version + 1},
        items=items,
        back_url=plan.get_absolute_url(),
    )
    plan.state, plan.job, plan.version, plan.is_trial = PlanState.COMMITTING, job, plan.version + 1, False
    plan.save(update_fields=["state", "job", "version", "is_trial"])
    audit.record(verb="commit_plan", obj=plan, by=by, note=str(len(items)))
    return job


def commit_items(runner: Runner) -> None:
    """Seat the people of a requested job, each in a transaction with its item: a second run seats nobody twice.

    Who became unfit meanwhile stays without a seat, with the reason; the others go on.
    """
    plan = Plan.objects.filter(pk=runner.job.params["plan"]).first()
    if plan is None or plan.version != runner.job.params["version"]:
        raise Refused(_("Rencana ini sudah berubah sejak diterapkan. Buka rencananya, lalu terapkan lagi."))
    Plan.objects.filter(pk=plan.pk, state=PlanState.DRAFT).update(state=PlanState.COMMITTING)
    for item in runner.queued_items():
        try:
            with transaction.atomic():
                seat_one(plan=plan, participant_id=int(item.ref), by=runner.job.requested_by)
                runner.settle(item, ItemState.DONE)
        except Refused as refusal:
            runner.settle(item, ItemState.FAILED, " ".join(refusal.messages), reverse("participant_detail", args=[item.ref]))
        except NotAllowed:
            runner.settle(item, ItemState.FAILED, _("Orang atau angkatannya tidak ada lagi, atau bukan wewenang Anda."))
        runner.count(item)
    _finish(plan, runner.job)


@transaction.atomic
def seat_one(*, plan: Plan, participant_id: int, by: User) -> None:
    """Place one person as planned; who already sits there is left in peace. Raises Refused with what has changed since."""
    row = (
        PlanAssignment.objects.filter(plan=plan, participant_id=participant_id, offer__batch__isnull=False)
        .select_related("offer__batch__institute", "participant")
        .first()
    )
    if row is None or row.offer is None or row.offer.batch_id is None:
        raise NotAllowed
    person = Participant.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=participant_id).first()
    if person is None:
        raise NotAllowed
    if person.stage == Stage.PLACED and person.batch_id == row.offer.batch_id:
        return
    if problem := _changed(plan, row, person, timezone.localdate()):
        raise Refused(problem)
    place_participant(batch_id=row.offer.batch_id, participant_id=person.pk, by=by)


def _changed(plan: Plan, row: PlanAssignment, person: Participant, today: date) -> str:
    """What placing itself does not look at: a proposal that waits, pregnancy, and a seat that has become too late."""
    waiting = Movement.objects.waiting().filter(participant=person, kind__in=FREES_SEAT).values_list("kind", flat=True).first()
    if waiting:
        return _("Usulan %(kind)s menunggu putusan.") % {"kind": MovementKind(waiting).label}
    assert row.offer is not None
    assert row.offer.batch is not None
    batch = row.offer.batch
    row.offer.starts_on, row.offer.ends_on = batch.starts_on, batch.ends_on
    world = Problem([], [offer_of(row.offer)], rules_of(plan, today))
    fault = world.fault(person_of(facts_row(person)), world.offers[0])
    if fault is Fault.PREGNANT:
        return _("Usia kehamilannya kini melewati batas saat tatap muka.")
    if fault is Fault.LATE and not world.rules.allow_late:
        return _("%(batch)s kini selesai sesudah batasnya.") % {"batch": batch.label}
    return ""


@transaction.atomic
def _finish(plan: Plan, job: Job) -> None:
    done = Plan.objects.filter(pk=plan.pk, state=PlanState.COMMITTING)
    if done.update(state=PlanState.COMMITTED, committed_at=timezone.now(), committed_by=job.requested_by):
        placed = job.items.aggregate(n=Count("pk"))["n"] - job.items.filter(state=ItemState.FAILED).count()
        audit.record(verb="plan_committed", obj=plan, by=job.requested_by, note=str(placed))


@transaction.atomic
def settle_commit(job: Job) -> None:
    """A commit that was stopped leaves a draft: who sits stays seated, the rest can be computed and applied again."""
    Plan.objects.filter(pk=job.params["plan"], state=PlanState.COMMITTING).update(state=PlanState.DRAFT)
