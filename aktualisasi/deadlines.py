"""By when somebody must act: the participant before the seminar, mentor and coach within their working days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.utils import timezone

from aktualisasi.enums import PaperKind, PaperStage, Reviewer
from aktualisasi.models import Paper
from aktualisasi.papers import ANSWER_CODES, READER_AT, SEMINAR_OF
from latsar.training import calendar
from latsar.training.answer_times import AnswerTime
from latsar.training.models import Batch, BatchPhase
from participants.models import Participant

DEFAULT_DAYS = 3
"""Where the reference data has not been loaded."""


def seminar_of(participant: Participant, kind: str = PaperKind.RANCANGAN) -> BatchPhase | None:
    """Return the seminar in the participant's batch for which a paper of this kind is due."""
    if participant.batch_id is None:
        return None
    phases = BatchPhase.objects.filter(batch_id=participant.batch_id, kind=SEMINAR_OF[PaperKind(kind)])
    return phases.order_by("order").first()


def due_of(batch: Batch, seminar_on: date, work: calendar.WorkCalendar | None = None) -> date:
    """Return the day by which a paper is handed in: the scheme's working days before the seminar begins."""
    lead = batch.scheme.submit_lead_days
    return (work or calendar.around(seminar_on)).moved(seminar_on, -lead) if lead else seminar_on


def due_dates(papers: Iterable[Paper], work: calendar.WorkCalendar | None = None) -> dict[int, date]:
    """Return the day by which each paper is handed in, as the batches have it now; one query for all, none with a calendar.

    The papers carry `seminar_on` and their batch with its scheme.
    """
    rows = [(paper, paper.seminar_on, paper.rancangan.participant.batch) for paper in papers]  # type: ignore[attr-defined]
    known = [(paper, day, batch) for paper, day, batch in rows if day is not None and batch is not None]
    if not known:
        return {}
    days = [day for _paper, day, _batch in known]
    work = work or calendar.around(min(days), max(days))
    return {paper.pk: due_of(batch, day, work) for paper, day, batch in known}


def due_day(participant: Participant, kind: str = PaperKind.RANCANGAN) -> date | None:
    """Return the day by which the participant hands in; None without a batch or a seminar in it."""
    seminar = seminar_of(participant, kind)
    if seminar is None:
        return None
    return due_of(Batch.objects.select_related("scheme").get(pk=seminar.batch_id), seminar.starts_on)


def late_days(due: date, day: date) -> int:
    """Count the working days after the due day, up to and with `day`."""
    return calendar.around(due, day).count(due, day) - calendar.around(due, due).count(due, due) if day > due else 0


def answer_days() -> dict[Reviewer, int]:
    """Return within how many working days each reviewer answers; one query."""
    rows = dict(AnswerTime.objects.filter(code__in=ANSWER_CODES.values()).values_list("code", "working_days"))
    return {role: rows.get(code, DEFAULT_DAYS) for role, code in ANSWER_CODES.items()}


def answer_dates(papers: Iterable[Paper], work: calendar.WorkCalendar | None = None) -> dict[int, date]:
    """Return for each paper that waits the day by which its reader answers; one query for the calendar unless it is given,
    one more without `with_reader_days`.
    """
    waiting = {paper.pk: paper for paper in papers if paper.stage in READER_AT}
    if not waiting:
        return {}
    days = {pk: timezone.localdate(paper.stage_at) for pk, paper in waiting.items()}
    work = work or calendar.from_database(range(min(days.values()).year, max(days.values()).year + 2))
    allowed = {} if all(hasattr(paper, "reader_days") for paper in waiting.values()) else answer_days()
    return {pk: work.add(days[pk], _reader_days(paper, allowed)) for pk, paper in waiting.items()}


def _reader_days(paper: Paper, allowed: Mapping[Reviewer, int]) -> int:
    found = getattr(paper, "reader_days", None)
    return found if found is not None else allowed.get(READER_AT[PaperStage(paper.stage)], DEFAULT_DAYS)


def answer_due(paper: Paper) -> date | None:
    """Return the day by which the present reader answers, None when nobody has to."""
    return answer_dates([paper]).get(paper.pk)


def mentor_dates(moments: Iterable[datetime], work: calendar.WorkCalendar | None = None) -> dict[datetime, date]:
    """Return for each moment something was sent to a mentor the day by which it is answered; two queries for all, one with a calendar."""
    days = {moment: timezone.localdate(moment) for moment in moments}
    if not days:
        return {}
    work = work or calendar.from_database(range(min(days.values()).year, max(days.values()).year + 2))
    allowed = answer_days()[Reviewer.MENTOR]
    return {moment: work.add(day, allowed) for moment, day in days.items()}


def mentor_due(moment: datetime) -> date:
    """Return the day by which a mentor answers what came at this moment."""
    return mentor_dates([moment])[moment]


def moment_days(moment: datetime) -> int:
    """Return how many whole days ago a moment was, by the reader's calendar."""
    return (timezone.localdate() - timezone.localdate(moment)).days
