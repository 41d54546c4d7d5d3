"""Two plans of PKSDM: NTT, and the nation with a trial of more seats beside it; applied to nobody."""

from __future__ import annotations

from datetime import timedelta

from aktualisasi.demo.accounts import Cast
from aktualisasi.demo.batches import Rules
from latsar.jobs.run import run_job
from latsar.satker.models import Satker
from latsar.training.enums import GolonganGroup, Method
from participants.enums import UNSEATED
from participants.models import Participant, Plan
from participants.planning.demand import open_batches
from participants.planning.enums import PlanScope
from participants.planning.plans import planning_numbers
from participants.services import planning
from participants.services.plan_offers import ThoughtUp

MOST = 5_000
"""With more people who wait the load is about lists and counts: plans are left to who looks for them."""


def record(rules: Rules, cast: Cast) -> None:
    """Go through the service of the page; the larger one as its job would."""
    if Participant.objects.filter(stage__in=UNSEATED).order_by()[: MOST + 1].count() > MOST:
        return
    by = cast.users["pksdm"]
    batches = [batch.pk for batch in open_batches(by, rules.today)]
    settings = {**planning_numbers(), "allow_other_provinces": True, "allow_late": False}
    ntt = planning.PlanFacts(
        "Nusa Tenggara Timur", PlanScope.PROVINCES, settings, provinces=list(Satker.objects.filter(code="53")), batch_ids=batches
    )
    _finish(planning.create_plan(facts=ntt, by=by))
    nation = planning.PlanFacts("Seluruh Indonesia, gelombang berikutnya", PlanScope.NATION, settings, batch_ids=batches)
    plan = planning.create_plan(facts=nation, by=by)
    _finish(plan)
    more = ThoughtUp(rules.institutes["bpsdm-ntt"], Method.BLENDED, GolonganGroup.MIXED, 40, rules.today + timedelta(days=21))
    _finish(planning.try_seats(plan_id=plan.pk, seats=more, allow_other_provinces=True, by=by))


def _finish(plan: Plan) -> None:
    if plan.job is not None:
        run_job(plan.job.pk, planning.solve_requested, stopped=planning.settle_solving)
