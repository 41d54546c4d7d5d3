"""The dates of the rancangan: to be handed in before the seminar, to be answered within three working days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aktualisasi import deadlines, habituasi_reminders, seminar_reminders
from aktualisasi.enums import OPEN_STAGES, PaperKind, PaperStage
from aktualisasi.models import Paper
from aktualisasi.papers import SEMINAR_OF
from aktualisasi.paths import home_url
from latsar.accounts.models import User
from latsar.notices.enums import Audience
from latsar.notices.reminders import Asked, Reminder, source
from latsar.training import calendar
from latsar.training.enums import BatchStage
from latsar.training.models import BatchPhase
from latsar.ui import words
from mentoring.coaches import coaches_of
from mentoring.models import MentorAssignment
from participants.enums import Stage
from participants.models import Participant
from participants.offices import day_of
from participants.people import ParticipantQuerySet
from participants.reminders import with_account

__all__ = ["habituasi_reminders", "seminar_reminders"]
"""Imported for its registration."""

ANSWERED_BY_THEN = timedelta(days=40)
"""A submission cannot be due on a day that far behind it, whatever the holidays."""


LONGEST_LEAD = timedelta(days=130)
"""A paper cannot be due longer before its seminar than that, whatever the holidays."""


@source("rancangan_due", gettext_lazy("Rancangan sebelum seminar"), Audience.PERSON, Audience.MENTOR)
def rancangan_due(asked: Asked) -> Iterator[Reminder]:
    """People whose rancangan is due that day and who have handed in nothing."""
    yield from _due(asked, PaperKind.RANCANGAN)


@source("laporan_due", gettext_lazy("Laporan sebelum seminar hasil"), Audience.PERSON, Audience.MENTOR)
def laporan_due(asked: Asked) -> Iterator[Reminder]:
    """People whose laporan is due that day and who have handed in nothing."""
    yield from _due(asked, PaperKind.LAPORAN)


def _due(asked: Asked, kind: PaperKind) -> Iterator[Reminder]:
    handed_in = Paper.objects.filter(kind=kind).exclude(stage__in=OPEN_STAGES).values("rancangan__participant_id")
    rows = Participant.objects.filter(batch_id__in=_batches_due(asked, kind), stage__in=[Stage.PLACED, Stage.TRAINING]).exclude(
        pk__in=handed_in
    )
    if asked.audience == Audience.MENTOR:
        yield from _to_mentors(asked, rows, kind)
        return
    for person in with_account(rows):
        yield Reminder(
            person.user,
            str(kind),
            lambda: str(SAID[kind][0]) % {"day": day_of(asked)},
            home_url(kind),
            lambda: str(SAID[kind][1]),
            asked.day,
        )


def _batches_due(asked: Asked, kind: PaperKind) -> list[int]:
    """Return the batches whose papers of this kind are due that day; two queries."""
    phases = BatchPhase.objects.filter(kind=SEMINAR_OF[kind], starts_on__range=(asked.day, asked.day + LONGEST_LEAD))
    live = phases.filter(batch__stage__in=[BatchStage.OPEN, BatchStage.RUNNING]).select_related("batch__scheme")
    work = calendar.around(asked.day, asked.day + LONGEST_LEAD)
    return [phase.batch_id for phase in live if deadlines.due_of(phase.batch, phase.starts_on, work) == asked.day]


SAID = {
    PaperKind.RANCANGAN: (gettext_lazy("Ajukan rancangan aktualisasi ke mentor, batasnya %(day)s."), gettext_lazy("Buka rancangan")),
    PaperKind.LAPORAN: (gettext_lazy("Ajukan laporan aktualisasi ke mentor, batasnya %(day)s."), gettext_lazy("Buka laporan")),
}


def _to_mentors(asked: Asked, rows: ParticipantQuerySet, kind: PaperKind) -> Iterator[Reminder]:
    """Tell each mentor how many of the own people are behind."""
    guided = MentorAssignment.objects.active().filter(participant__in=rows, mentor__user__is_active=True)
    mentors: dict[int, User] = {}
    counts: Counter[int] = Counter()
    for assignment in guided.select_related("mentor__user"):
        mentors[assignment.mentor.user_id] = assignment.mentor.user
        counts[assignment.mentor.user_id] += 1
    for user_id, count in counts.items():
        yield Reminder(
            mentors[user_id],
            f"mentees-{kind}",
            lambda n=count: _behind(n, asked, kind),  # type: ignore[misc]  # bound now
            reverse("mentoring_home"),
            lambda: _("Buka bimbingan"),
            asked.day,
        )


def _behind(n: int, asked: Asked, kind: PaperKind) -> str:
    text = ngettext(
        "%(n)s peserta bimbingan Anda belum mengajukan %(paper)s; batasnya %(day)s.",
        "%(n)s peserta bimbingan Anda belum mengajukan %(paper)s; batasnya %(day)s.",
        n,
    )
    return text % {"n": words.thousands(n), "day": day_of(asked), "paper": str(kind.label).lower()}


@source("review_due", gettext_lazy("Jawaban atas rancangan dan laporan"), Audience.MENTOR, Audience.COACH)
def review_due(asked: Asked) -> Iterator[Reminder]:
    """Papers that their mentor or coach answers by that day; four queries."""
    stage = PaperStage.SUBMITTED if asked.audience == Audience.MENTOR else PaperStage.AT_COACH
    waiting = Paper.objects.filter(stage=stage, stage_at__date__gte=asked.day - ANSWERED_BY_THEN)
    rows = list(waiting.select_related("rancangan__participant"))
    dates = deadlines.answer_dates(rows)
    due = {row.participant_id: row for row in rows if dates[row.pk] == asked.day}
    for person_id, reader in _readers(asked, list(due)).items():
        paper = due[person_id]
        facts = {"paper": paper.get_kind_display(), "name": str(paper.rancangan.participant), "day": day_of(asked)}
        yield Reminder(
            reader,
            f"{paper.kind}-{paper.pk}",
            lambda facts=facts: _("%(paper)s %(name)s menunggu jawaban Anda, batasnya %(day)s.") % facts,  # type: ignore[misc]
            reverse("paper_review", args=[paper.pk]),
            lambda: _("Tinjau"),
            asked.day,
        )


def _readers(asked: Asked, people: list[int]) -> dict[int, User]:
    if not people:
        return {}
    if asked.audience == Audience.MENTOR:
        guided = MentorAssignment.objects.active().filter(participant_id__in=people, mentor__user__is_active=True)
        return {row.participant_id: row.mentor.user for row in guided.select_related("mentor__user")}
    return {person: coach for person, coach in coaches_of(people).items() if coach.is_active}
