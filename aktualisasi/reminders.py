"""The dates of the rancangan: to be handed in before the seminar, to be answered within three working days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aktualisasi import deadlines, habituasi_reminders  # noqa: F401  registers its own sources
from aktualisasi.enums import RancanganStage
from aktualisasi.models import Rancangan
from latsar.accounts.models import User
from latsar.notices.enums import Audience
from latsar.notices.reminders import Asked, Reminder, source
from latsar.training.enums import BatchStage, PhaseKind
from latsar.training.models import BatchPhase
from latsar.ui import words
from mentoring.models import MentorAssignment
from participants.enums import Stage
from participants.models import Participant
from participants.offices import day_of
from participants.people import ParticipantQuerySet
from participants.reminders import with_account

ANSWERED_BY_THEN = timedelta(days=40)
"""A submission cannot be due on a day that far behind it, whatever the holidays."""


@source("rancangan_due", gettext_lazy("Rancangan sebelum seminar"), Audience.PERSON, Audience.MENTOR)
def rancangan_due(asked: Asked) -> Iterator[Reminder]:
    """People of the batches whose seminar rancangan begins that day and who have handed in nothing."""
    seminars = BatchPhase.objects.filter(kind=PhaseKind.PROPOSAL_SEMINAR, starts_on=asked.day)
    live = seminars.filter(batch__stage__in=[BatchStage.OPEN, BatchStage.RUNNING]).values("batch_id")
    handed_in = Rancangan.objects.filter(stage__in=[RancanganStage.SUBMITTED, RancanganStage.APPROVED]).values("participant_id")
    rows = Participant.objects.filter(batch_id__in=live, stage__in=[Stage.PLACED, Stage.TRAINING]).exclude(pk__in=handed_in)
    if asked.audience == Audience.MENTOR:
        yield from _to_mentors(asked, rows)
        return
    for person in with_account(rows):
        yield Reminder(
            person.user,
            "rancangan",
            lambda: _("Ajukan rancangan aktualisasi ke mentor: seminar rancangan %(day)s.") % {"day": day_of(asked)},
            reverse("aktualisasi_home"),
            lambda: _("Buka rancangan"),
            asked.day,
        )


def _to_mentors(asked: Asked, rows: ParticipantQuerySet) -> Iterator[Reminder]:
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
            "mentees",
            lambda n=count: _behind(n, asked),  # type: ignore[misc]  # bound now
            reverse("mentoring_home"),
            lambda: _("Buka bimbingan"),
            asked.day,
        )


def _behind(n: int, asked: Asked) -> str:
    text = ngettext(
        "%(n)s peserta bimbingan Anda belum mengajukan rancangan; seminarnya %(day)s.",
        "%(n)s peserta bimbingan Anda belum mengajukan rancangan; seminarnya %(day)s.",
        n,
    )
    return text % {"n": words.thousands(n), "day": day_of(asked)}


@source("review_due", gettext_lazy("Jawaban mentor atas rancangan"), Audience.MENTOR)
def review_due(asked: Asked) -> Iterator[Reminder]:
    """Submissions that the mentor answers by that day; three queries."""
    waiting = Rancangan.objects.filter(stage=RancanganStage.SUBMITTED, stage_at__date__gte=asked.day - ANSWERED_BY_THEN)
    rows = {row.participant_id: row for row in waiting.select_related("participant").only("stage_at", "participant__full_name")}
    dates = deadlines.answer_dates(row.stage_at for row in rows.values())
    due = {pk: row for pk, row in rows.items() if dates[row.stage_at] == asked.day}
    guided = MentorAssignment.objects.active().filter(participant_id__in=due, mentor__user__is_active=True)
    for assignment in guided.select_related("mentor__user") if due else ():
        rancangan = due[assignment.participant_id]
        yield Reminder(
            assignment.mentor.user,
            f"rancangan-{rancangan.pk}",
            lambda name=str(rancangan.participant): (
                _("Rancangan %(name)s menunggu jawaban Anda, batasnya %(day)s.")  # type: ignore[misc]
                % {"name": name, "day": day_of(asked)}
            ),
            reverse("rancangan_review", args=[rancangan.pk]),
            lambda: _("Tinjau"),
            asked.day,
        )
