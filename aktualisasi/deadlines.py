"""By when somebody must act: the participant before the seminar, the mentor within three working days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from aktualisasi.enums import REVIEW_WORKING_DAYS
from latsar.training import calendar
from latsar.training.enums import PhaseKind
from latsar.training.models import BatchPhase
from participants.models import Participant


def seminar_of(participant: Participant) -> BatchPhase | None:
    """Return the seminar rancangan of the participant's batch, by whose first day the rancangan is due."""
    if participant.batch_id is None:
        return None
    return BatchPhase.objects.filter(batch_id=participant.batch_id, kind=PhaseKind.PROPOSAL_SEMINAR).order_by("order").first()


def answer_dates(submitted: Iterable[datetime]) -> dict[datetime, date]:
    """Return for each moment of submission the day by which the mentor answers; one query for all."""
    days = {moment: timezone.localtime(moment).date() for moment in submitted}
    if not days:
        return {}
    work = calendar.from_database(range(min(days.values()).year, max(days.values()).year + 2))
    return {moment: work.add(day, REVIEW_WORKING_DAYS) for moment, day in days.items()}


def answer_due(submitted_at: datetime) -> date:
    return answer_dates([submitted_at])[submitted_at]
