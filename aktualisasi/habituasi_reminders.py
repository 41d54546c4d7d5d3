"""The dates of the habituasi: a week's report on its Friday, the mentor's answer within three working days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aktualisasi import deadlines
from aktualisasi.gates import plan_approved_q
from aktualisasi.habituasi import PlanChange, WeeklyReport
from aktualisasi.habituasi_enums import ReportStage
from aktualisasi.report_weeks import weeks_of
from latsar.accounts.models import User
from latsar.notices.enums import Audience
from latsar.notices.reminders import Asked, Reminder, source
from latsar.training.enums import PhaseKind
from latsar.training.models import BatchPhase
from latsar.ui import words
from mentoring.models import MentorAssignment
from participants.enums import SEATED
from participants.models import Participant
from participants.offices import day_of
from participants.people import ParticipantQuerySet
from participants.reminders import with_account

ANSWERED_BY_THEN = timedelta(days=40)
"""What was sent cannot be due on a day that far behind it, whatever the holidays."""


@source("weekly_report", gettext_lazy("Laporan mingguan habituasi"), Audience.PERSON, Audience.MENTOR)
def weekly_report(asked: Asked) -> Iterator[Reminder]:
    """People whose week of habituasi ends that day and whose report was not sent; the mentor gets a count."""
    for week, rows in _lacking(asked):
        if asked.audience == Audience.MENTOR:
            yield from _to_mentors(asked, rows, week)
            continue
        for person in with_account(rows):
            yield Reminder(
                person.user,
                f"week-{week}",
                lambda n=week: _("Kirim laporan habituasi minggu %(n)s ke mentor, batasnya %(day)s.") % {"n": n, "day": day_of(asked)},  # type: ignore[misc]  # bound now
                f"{reverse('habituasi_home')}?minggu={week}#h-lap",
                lambda: _("Tulis laporan"),
                asked.day,
            )


@source("habituasi_answer", gettext_lazy("Jawaban mentor selama habituasi"), Audience.MENTOR)
def habituasi_answer(asked: Asked) -> Iterator[Reminder]:
    """Weekly reports and changes of plan that the mentor answers by that day; four queries."""
    since = asked.day - ANSWERED_BY_THEN
    reports = list(WeeklyReport.objects.filter(stage=ReportStage.SENT, stage_at__date__gte=since).select_related("participant"))
    rows = PlanChange.objects.waiting().filter(asked_at__date__gte=since)
    changes = list(rows.select_related("rancangan__participant"))
    dates = deadlines.mentor_dates([*(row.stage_at for row in reports), *(row.asked_at for row in changes)])
    due = [
        (row.participant_id, f"weekly-{row.pk}", row.get_absolute_url(), str(row.participant))
        for row in reports
        if dates[row.stage_at] == asked.day
    ]
    due += [
        (row.rancangan.participant_id, f"change-{row.pk}", row.get_absolute_url(), str(row.rancangan.participant))
        for row in changes
        if dates[row.asked_at] == asked.day
    ]
    people = {person_id for person_id, *_rest in due}
    guides = MentorAssignment.objects.active().filter(participant_id__in=people, mentor__user__is_active=True) if people else []
    mentors = {row.participant_id: row.mentor.user for row in guides.select_related("mentor__user")} if people else {}  # type: ignore[attr-defined]
    for person_id, about, url, name in due:
        if person_id in mentors:
            yield Reminder(
                mentors[person_id],
                about,
                lambda who=name: (
                    _("Kiriman habituasi %(name)s menunggu jawaban Anda, batasnya %(day)s.") % {"name": who, "day": day_of(asked)}
                ),  # type: ignore[misc]  # bound now
                url,
                lambda: _("Jawab"),
                asked.day,
            )


def _lacking(asked: Asked) -> Iterator[tuple[int, ParticipantQuerySet]]:
    """Yield each week number that is due that day with the people who have not handed it in."""
    by_week: dict[int, list[int]] = {}
    for phase in BatchPhase.objects.filter(kind=PhaseKind.HABITUASI, starts_on__lte=asked.day, ends_on__gte=asked.day):
        for week in weeks_of(phase):
            if week.due_on == asked.day:
                by_week.setdefault(week.number, []).append(phase.batch_id)
    for number, batches in sorted(by_week.items()):
        handed = WeeklyReport.objects.handed_in().filter(week=number).values("participant")
        rows = Participant.objects.filter(plan_approved_q("rancangan__"), batch_id__in=batches, stage__in=SEATED)
        yield number, rows.exclude(pk__in=handed)


def _to_mentors(asked: Asked, rows: ParticipantQuerySet, week: int) -> Iterator[Reminder]:
    guided = MentorAssignment.objects.active().filter(participant__in=rows, mentor__user__is_active=True)
    mentors: dict[int, User] = {}
    counts: Counter[int] = Counter()
    for assignment in guided.select_related("mentor__user"):
        mentors[assignment.mentor.user_id] = assignment.mentor.user
        counts[assignment.mentor.user_id] += 1
    for user_id, count in counts.items():
        yield Reminder(
            mentors[user_id],
            f"mentees-week-{week}",
            lambda n=count: _behind(n, week, asked),  # type: ignore[misc]  # bound now
            f"{reverse('habituasi_home')}?keadaan=tertinggal",
            lambda: _("Buka habituasi"),
            asked.day,
        )


def _behind(n: int, week: int, asked: Asked) -> str:
    text = ngettext(
        "%(n)s peserta bimbingan Anda belum mengirim laporan minggu %(week)s, batasnya %(day)s.",
        "%(n)s peserta bimbingan Anda belum mengirim laporan minggu %(week)s, batasnya %(day)s.",
        n,
    )
    return text % {"n": words.thousands(n), "week": week, "day": day_of(asked)}
