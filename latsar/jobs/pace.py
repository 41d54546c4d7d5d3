"""How fast a running job goes and how long it still takes, from its row alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.jobs.models import Job, JobState
from latsar.ui import words

WARM_UP_SECONDS = 2.0


@dataclass(frozen=True)
class Pace:
    """`per_second` is None before there is anything to measure."""

    per_second: float | None = None
    seconds_left: int | None = None

    @property
    def rate_text(self) -> str:
        """Write the rate in the unit that reads well: per second, or per minute when slow."""
        if self.per_second is None:
            return ""
        if self.per_second >= 1:
            return _("%(n)s per detik") % {"n": words.thousands(self.per_second, places=1)}
        return _("%(n)s per menit") % {"n": words.thousands(self.per_second * 60, places=0)}

    @property
    def left_text(self) -> str:
        return duration(self.seconds_left) if self.seconds_left else ""


def pace(job: Job, now: datetime) -> Pace:
    """Measure this run only: what an earlier run had finished says nothing about the speed."""
    if job.state != JobState.RUNNING or job.started_at is None:
        return Pace()
    gone = (now - job.started_at).total_seconds()
    finished = job.done + job.failed - job.done_before
    if finished <= 0 or gone < WARM_UP_SECONDS:
        return Pace()
    rate = finished / gone
    left = max(0, job.total - job.done - job.failed)
    return Pace(rate, max(1, round(left / rate)) if left else 0)


def duration(seconds: float) -> str:
    """Write seconds as "14 detik", "3 menit" or "2 jam"."""
    whole = round(seconds)
    if whole < 1:
        return _("kurang dari 1 detik")
    if whole < 90:
        return ngettext("%(n)d detik", "%(n)d detik", whole) % {"n": whole}
    if whole < 90 * 60:
        minutes = round(whole / 60)
        return ngettext("%(n)d menit", "%(n)d menit", minutes) % {"n": minutes}
    hours = round(whole / 3600)
    return ngettext("%(n)d jam", "%(n)d jam", hours) % {"n": hours}
