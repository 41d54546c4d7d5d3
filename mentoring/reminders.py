"""The begin of each phase of the people whom somebody guides, and the sessions: those that come, those without notes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from latsar.accounts.models import User
from latsar.notices.enums import Audience
from latsar.notices.reminders import Asked, Reminder, source
from latsar.ui import words
from mentoring.enums import SessionStage
from mentoring.models import GroupCoach, MentorAssignment, MentoringSession
from mentoring.sessions import MentoringSessionQuerySet
from participants.enums import Stage
from participants.models import Placement
from participants.phase_reminders import beginning


@source("guided_phase_start", gettext_lazy("Mulainya fase peserta bimbingan"), Audience.MENTOR, Audience.COACH)
def guided_phase_start(asked: Asked) -> Iterator[Reminder]:
    """Say to each mentor and coach how many of the own people begin a phase that day; three queries at most."""
    phases = list(beginning(asked.day))
    guides = (_mentors if asked.audience == Audience.MENTOR else _coaches)({phase.batch_id for phase in phases}) if phases else {}
    for phase in phases:
        for user, count in Counter(guides.get(phase.batch_id, ())).items():
            yield Reminder(
                user,
                f"phase-{phase.pk}",
                lambda n=count, name=phase.name: _said(n, name, asked),  # type: ignore[misc]  # bound now
                reverse("mentoring_home"),
                lambda: _("Buka bimbingan"),
                asked.day,
            )


@source("guidance_session", gettext_lazy("Sesi bimbingan"), Audience.PERSON, Audience.MENTOR, Audience.COACH)
def guidance_session(asked: Asked) -> Iterator[Reminder]:
    """Say to both sides that a session takes place that day; one query."""
    yield from _told(
        asked,
        _on(asked, MentoringSession.objects.filter(stage=SessionStage.AGREED)),
        lambda row: _("Sesi bimbingan %(when)s: %(agenda)s") % {"when": _when(row), "agenda": row.agenda},
        lambda: _("Buka sesi"),
    )


@source("guidance_notes", gettext_lazy("Sesi bimbingan tanpa catatan"), Audience.PERSON, Audience.MENTOR, Audience.COACH)
def guidance_notes(asked: Asked) -> Iterator[Reminder]:
    """Say that the notes of a session of that day are missing; one query."""
    rows = _on(asked, MentoringSession.objects.unwritten(timezone.now()))
    yield from _told(
        asked, rows, lambda row: _("Catatan sesi bimbingan %(when)s belum ditulis.") % {"when": _when(row)}, lambda: _("Tulis catatan")
    )


def _on(asked: Asked, rows: MentoringSessionQuerySet) -> list[MentoringSession]:
    """Sessions whose own clock shows that day, with the guide of today."""
    day = datetime.combine(asked.day, time(0), ZoneInfo("UTC"))
    near = rows.live().filter(starts_at__gte=day - timedelta(days=1), starts_at__lt=day + timedelta(days=2))
    found = near.select_related("guide", "participant__user").order_by("starts_at", "pk")
    return [row for row in found if row.local_start.date() == asked.day]


def _told(
    asked: Asked, rows: Iterable[MentoringSession], say: Callable[[MentoringSession], str], action: Callable[[], str]
) -> Iterator[Reminder]:
    for row in rows:
        guide = row.guide if row.kind == asked.audience else None
        user = row.participant.user if asked.audience == Audience.PERSON else guide
        if user is not None and user.is_active:
            yield Reminder(
                user,
                f"session-{row.pk}",
                lambda row=row: say(row),  # type: ignore[misc]  # bound now
                row.get_absolute_url(),
                action,
                asked.day,
            )


def _when(row: MentoringSession) -> str:
    return f"{words.short_date(row.local_start.date())}, {words.clock_time(row.starts_at, row.clock)}"


def _mentors(batch_ids: set[int]) -> dict[int, list[User]]:
    """Return by batch the mentor of each person in it."""
    found: dict[int, list[User]] = defaultdict(list)
    guided = MentorAssignment.objects.active().filter(
        participant__batch_id__in=batch_ids, participant__stage__in=[Stage.PLACED, Stage.TRAINING], mentor__user__is_active=True
    )
    for assignment in guided.select_related("mentor__user", "participant"):
        found[assignment.participant.batch_id or 0].append(assignment.mentor.user)
    return found


def _coaches(batch_ids: set[int]) -> dict[int, list[User]]:
    """Return by batch the coach of each person who sits in a group."""
    found: dict[int, list[User]] = defaultdict(list)
    groups = GroupCoach.objects.filter(batch_id__in=batch_ids, coach__is_active=True).select_related("coach")
    coaches = {(group.batch_id, group.group): group.coach for group in groups}
    seated = Placement.objects.active().filter(seat__batch_id__in=batch_ids).order_by("pk").values_list("seat__batch_id", "group")
    for batch_id, group in seated:
        if coach := coaches.get((batch_id, group or 0)):
            found[batch_id].append(coach)
    return found


def _said(n: int, name: str, asked: Asked) -> str:
    text = ngettext(
        "%(n)s peserta bimbingan Anda mulai fase %(phase)s %(day)s.",
        "%(n)s peserta bimbingan Anda mulai fase %(phase)s %(day)s.",
        n,
    )
    return text % {"n": words.thousands(n), "phase": name, "day": words.long_date(asked.day)}
