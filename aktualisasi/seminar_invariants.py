"""What must hold of seminars whatever happened: examiners apart from guides, sent marks in the score sheet, one open turn per person."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F

from aktualisasi import examiners
from aktualisasi.examiners import OPEN
from aktualisasi.models import Seminar, SeminarMarkScore, SeminarTurn
from aktualisasi.seminar_enums import MarkState
from participants.scoring.scores import Score


def broken() -> Iterator[str]:
    """Yield examiners who guide whom they examine, people with two open turns of a kind, sent marks that the sheet does not know."""
    for seminar in Seminar.objects.filter(state__in=OPEN).select_related("batch__scheme"):
        people = [turn.participant for turn in seminar.turns.select_related("participant")]
        users = [row.user for row in seminar.examiners.select_related("user")]
        for problem in examiners.problems(users, people, kind=seminar.kind, scheme=seminar.batch.scheme):
            yield f"seminar {seminar.pk}: {problem}"
    twice = SeminarTurn.objects.standing().filter(outcome="").values("participant_id", "seminar__batch_id", "seminar__kind")
    for row in twice.annotate(n=Count("pk")).filter(n__gt=1).order_by("participant_id"):
        yield f"participant {row['participant_id']}: {row['n']} open turns in {row['seminar__kind']} of batch {row['seminar__batch_id']}"
    sent = SeminarMarkScore.objects.filter(mark__state=MarkState.SENT).annotate(
        person=F("mark__turn__participant_id"), batch=F("mark__turn__seminar__batch_id"), rater=F("mark__rater")
    )
    known = set(
        Score.objects.filter(is_remedial=False, component__in=sent.values("component_id")).values_list(
            "batch_id", "participant_id", "component_id", "rater"
        )
    )
    for pk, *cell in sent.order_by("pk").values_list("pk", "batch", "person", "component_id", "rater"):
        if tuple(cell) not in known:
            yield f"seminar mark score {pk}: sent, but not in the score sheet"
