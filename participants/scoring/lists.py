"""The list of score sheets: batches that run or ran, whose scores somebody looks after."""

from __future__ import annotations

from django.db.models import CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.training.models import Batch
from latsar.ui import words
from latsar.ui.numbers import whole_number
from participants.enums import Stage
from participants.models import Objection, Participant, ScoreCorrection
from participants.scoring.enums import CorrectionState, ObjectionState, SheetState
from participants.scoring.home import CONTESTED
from participants.scoring.policies import SCORED_STAGES

MOST_IN_ROMAN = 100


def state_word(batch: Batch) -> str:
    """Say how far the sheet of a row of `score_rows` is; one that nobody began is not filled in."""
    if batch.sheet is None:  # type: ignore[attr-defined]  # annotated
        return _("Belum diisi")
    return _("Sedang diisi") if batch.state == SheetState.FILLING else str(SheetState(batch.state).label)  # type: ignore[attr-defined]


def score_rows(user: User, chosen: str, query: str = "") -> QuerySet[Batch]:
    """Batches that the person may see, what is due first on top; annotated with `sheet`, `state`, `due_on`, `people`, `contested`.

    `query` is a part of the institute's name, or the number or the year of an angkatan.
    """
    filed = Objection.objects.filter(batch=OuterRef("pk"), state=ObjectionState.FILED)
    proposed = ScoreCorrection.objects.filter(batch=OuterRef("pk"), state=CorrectionState.PROPOSED)
    people = Participant.objects.filter(batch=OuterRef("pk"), stage__in=[Stage.TRAINING, Stage.GRADUATED])
    rows = (
        Batch.objects.visible_to(user)
        .filter(stage__in=SCORED_STAGES)
        .annotate(
            sheet=F("score_sheet__pk"),
            state=Coalesce(F("score_sheet__state"), Value(SheetState.FILLING.value), output_field=CharField()),
            due_on=F("score_sheet__due_on"),
            people=_counted(people),
            contested=_counted(filed) + _counted(proposed),
        )
        .select_related("institute")
        .order_by(F("score_sheet__due_on").asc(nulls_last=True), "-ends_on", "pk")
    )
    if query:
        number = _number(query)
        found = Q(institute__name__icontains=query)
        rows = rows.filter(found | Q(number=number) | Q(year=number) if number else found)
    if chosen == CONTESTED:
        return rows.filter(contested__gt=0)
    return rows.filter(Q(state=chosen)) if chosen in SheetState.values else rows


def _number(query: str) -> int | None:
    """Read "7", "VII" or "Angkatan VII"."""
    text = query.casefold().removeprefix("angkatan").strip()
    return whole_number(text) or next((n for n in range(1, MOST_IN_ROMAN) if words.roman(n).casefold() == text), None)


def _counted(rows: QuerySet[Objection] | QuerySet[ScoreCorrection] | QuerySet[Participant]) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values("batch").annotate(n=Count("pk")).values("n")), 0)
