"""What a person does with the own notices, and the news that a job has ended."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.jobs.models import Job
from latsar.notices.enums import NoticeKind
from latsar.notices.models import Notice
from latsar.notices.services.telling import notify
from latsar.ui import words


def read_notice(*, notice_id: int, by: User) -> None:
    """Mark one of the person's notices as read; the first time counts."""
    Notice.objects.visible_to(by).filter(pk=notice_id, read_at=None).update(read_at=timezone.now())


def read_all(*, by: User, kind: str = "") -> datetime | None:
    """Mark every notice of one person, or those of one kind, as read; return the moment that undoes it, None when nothing was new."""
    new, now = Notice.objects.visible_to(by).unread(), timezone.now()
    return now if (new.filter(kind=kind) if kind else new).update(read_at=now) else None


def unread_again(*, moment: datetime, by: User) -> int:
    """Take back what `read_all` marked at this moment; return how many are new again."""
    return Notice.objects.visible_to(by).filter(read_at=moment).update(read_at=None)


def tell_ended_jobs(*, limit: int = 200) -> int:
    """Tell each requester once that a job has ended; return how many were told.

    The job row is locked and marked in the transaction that writes the notice, so two rounds at once tell once.
    """
    told = 0
    for pk in list(Job.objects.untold().order_by("finished_at").values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            job = Job.objects.untold().select_related("requested_by").select_for_update(of=("self",)).filter(pk=pk).first()
            if job is None:
                continue
            notify(user=job.requested_by, text=partial(_ended_text, job), url=job.get_absolute_url(), kind=NoticeKind.JOB)
            Job.objects.filter(pk=pk).update(told_at=timezone.now())
            told += 1
    return told


def _ended_text(job: Job) -> str:
    text = f"{job.get_state_display()}: {job.title}."
    if job.total:
        text += " " + _("%(done)s dari %(total)s selesai.") % {"done": words.thousands(job.done), "total": words.thousands(job.total)}
    if job.failed:
        text += " " + _("%(n)s gagal.") % {"n": words.thousands(job.failed)}
    return text
