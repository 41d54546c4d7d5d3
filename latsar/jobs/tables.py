"""A person's jobs as rows: state, progress, time and the one thing to do next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.jobs import policies
from latsar.jobs.models import Job, JobState
from latsar.jobs.pace import duration
from latsar.ui import components, words

PILLS = {
    JobState.QUEUED: ("", "hourglass-split"),
    JobState.RUNNING: ("info", "play-fill"),
    JobState.DONE: ("ok", "check-lg"),
    JobState.PARTIAL: ("warn", "exclamation-circle-fill"),
    JobState.FAILED: ("bad", "exclamation-triangle-fill"),
    JobState.CANCELLED: ("bad", "x-lg"),
}


@dataclass(frozen=True)
class Row:
    job: Job
    pill: SafeString
    progress: str
    time: str
    action: str = ""
    href: str = ""


def rows(jobs: Iterable[Job], user: User) -> list[Row]:
    return [_row(job, user) for job in jobs]


def state_pill(job: Job) -> SafeString:
    kind, symbol = PILLS[JobState(job.state)]
    return components.pill(kind, job.get_state_display(), symbol)


def taken(job: Job) -> str:
    """Return how long the last run took, once it ended."""
    if not job.finished_at or not job.started_at:
        return ""
    return duration(max(0.0, (job.finished_at - job.started_at).total_seconds()))


def _row(job: Job, user: User) -> Row:
    action, href = _action(job, user)
    moment = words.when(job.created_at, timezone.now(), timezone.get_current_timezone())
    return Row(
        job=job,
        pill=state_pill(job),
        progress=_("%(done)s dari %(total)s") % {"done": words.thousands(job.done), "total": words.thousands(job.total)}
        if job.total
        else "",
        time=", ".join(filter(None, (moment, taken(job)))),
        action=action,
        href=href,
    )


def _action(job: Job, user: User) -> tuple[str, str]:
    if policies.can_download(user, job):
        return _("Unduh"), reverse("job_result", args=[job.pk])
    if policies.can_cancel(user, job):
        return _("Batalkan"), reverse("job_cancel", args=[job.pk])
    if job.failed:
        return _("%(n)s gagal") % {"n": words.thousands(job.failed)}, job.get_absolute_url()
    return _("Lihat"), job.get_absolute_url()
