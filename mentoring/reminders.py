"""The begin of each phase of the people whom somebody guides."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from latsar.accounts.models import User
from latsar.notices.enums import Audience
from latsar.notices.reminders import Asked, Reminder, source
from latsar.ui import words
from mentoring.models import GroupCoach, MentorAssignment
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
