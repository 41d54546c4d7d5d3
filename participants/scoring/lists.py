"""The list of score sheets: batches that run or ran, whose scores somebody looks after."""

from __future__ import annotations

from django.db.models import CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from latsar.accounts.models import User
from latsar.training.models import Batch
from participants.enums import Stage
from participants.models import Objection, Participant, ScoreCorrection
from participants.scoring.enums import CorrectionState, ObjectionState, SheetState
from participants.scoring.home import CONTESTED
from participants.scoring.policies import SCORED_STAGES


def score_rows(user: User, chosen: str) -> QuerySet[Batch]:
    """Batches that the person may see, what is due first on top; annotated with `state`, `due_on`, `people`, `contested`."""
    filed = Objection.objects.filter(batch=OuterRef("pk"), state=ObjectionState.FILED)
    proposed = ScoreCorrection.objects.filter(batch=OuterRef("pk"), state=CorrectionState.PROPOSED)
    people = Participant.objects.filter(batch=OuterRef("pk"), stage__in=[Stage.TRAINING, Stage.GRADUATED])
    rows = (
        Batch.objects.visible_to(user)
        .filter(stage__in=SCORED_STAGES)
        .annotate(
            state=Coalesce(F("score_sheet__state"), Value(SheetState.FILLING.value), output_field=CharField()),
            due_on=F("score_sheet__due_on"),
            people=_counted(people),
            contested=_counted(filed) + _counted(proposed),
        )
        .select_related("institute")
        .order_by(F("score_sheet__due_on").asc(nulls_last=True), "-ends_on", "pk")
    )
    if chosen == CONTESTED:
        return rows.filter(contested__gt=0)
    return rows.filter(Q(state=chosen)) if chosen in SheetState.values else rows


def _counted(rows: QuerySet[Objection] | QuerySet[ScoreCorrection] | QuerySet[Participant]) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values("batch").annotate(n=Count("pk")).values("n")), 0)
