"""Who lags behind in the phases of running batches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.dashboard.national import Attention
from latsar.training.models import BatchPhase
from latsar.ui import words
from participants.enums import ProgressState, Stage
from participants.models import Participant, PhaseProgress


def lagging(user: User, batch_ids: Sequence[int], today: date) -> dict[int, Attention]:
    """Name, per batch, the first phase that is over but not done by all, else the present one that some have not begun."""
    found: dict[int, Attention] = {}
    for phase in counted_phases(user, batch_ids).filter(starts_on__lte=today):
        item = judge(phase, today)
        if item is not None and (phase.batch_id not in found or item.level == "bad" != found[phase.batch_id].level):
            found[phase.batch_id] = item
    return found


def counted_phases(user: User, batch_ids: Sequence[int]) -> QuerySet[BatchPhase]:
    """Return the phases in order with `people` in training whom the person sees, and how many of them have `begun` and `done` it."""
    people = Participant.objects.visible_to(user).filter(stage=Stage.TRAINING)
    marks = PhaseProgress.objects.filter(participant__in=people)
    begun = Q(state__in=[ProgressState.RUNNING, ProgressState.DONE])
    return (
        BatchPhase.objects.filter(batch_id__in=batch_ids)
        .annotate(
            people=_counted(people.filter(batch=OuterRef("batch_id")), "batch"),
            begun=_counted(marks.filter(begun, phase=OuterRef("pk")), "phase"),
            done=_counted(marks.filter(state=ProgressState.DONE, phase=OuterRef("pk")), "phase"),
        )
        .order_by("order")
    )


def judge(phase: BatchPhase, today: date) -> Attention | None:
    """Say how many are behind in a counted phase that has begun."""
    if phase.starts_on > today:
        return None
    is_over = phase.ends_on < today
    left = phase.people - (phase.done if is_over else phase.begun)  # type: ignore[attr-defined]  # annotated
    if left <= 0:
        return None
    words_of = {"n": words.thousands(left), "phase": phase.name}
    if is_over:
        return Attention(_("%(n)s belum selesai %(phase)s") % words_of, "bad")
    return Attention(_("%(n)s belum mulai %(phase)s") % words_of)


def _counted(rows: QuerySet[Participant] | QuerySet[PhaseProgress], by: str) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values(by).annotate(n=Count("*")).values("n")), 0)
