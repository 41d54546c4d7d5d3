from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, OuterRef, Q, Subquery

from participants.enums import Stage
from participants.models import Participant, Result, Score, ScoreChange, ScoreSheet
from participants.scoring.enums import ScoreSource, SheetState
from participants.services.results import recompute

SETTLED = (SheetState.FINAL, SheetState.PUBLISHED)


def broken() -> Iterator[str]:
    """Yield scores that their history does not tell, results that do not come out again, and graduates without a passing one."""
    here = {name: OuterRef(name) for name in ("batch", "participant", "component", "rater", "is_remedial")}
    last = ScoreChange.objects.filter(**here).exclude(source=ScoreSource.CLASH).order_by("-version").values("new")[:1]
    told = Score.objects.annotate(told=Subquery(last)).exclude(Q(told=F("value")) | Q(told=None, value=None))
    for pk in told.values_list("pk", flat=True):
        yield f"score {pk}: value and history differ"
    for sheet in ScoreSheet.objects.filter(state__in=SETTLED).select_related("batch__scheme").order_by("pk"):
        results = list(Result.objects.filter(batch=sheet.batch))
        for one in recompute(sheet.batch, results):
            if one.differences:
                yield f"result {one.result.pk}: {len(one.differences)} figures differ from the raw scores"
    scored = Participant.objects.filter(stage=Stage.GRADUATED, batch__score_sheet__isnull=False)
    own = Result.objects.filter(participant=OuterRef("pk"), batch=OuterRef("batch")).values("qualification")[:1]
    for pk in scored.annotate(reached=Subquery(own)).exclude(reached=F("qualification")).values_list("pk", flat=True):
        yield f"participant {pk}: graduated with another qualification than the scores reached"
