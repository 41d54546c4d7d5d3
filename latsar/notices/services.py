from __future__ import annotations

from functools import partial

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.jobs.models import Job
from latsar.notices.models import MailState, Notice, OutboxMail
from latsar.ui import words

MAX_ATTEMPTS = 5


def notify(*, user: User, text: str, url: str = "") -> Notice:
    """Show a line under the person's bell."""
    return Notice.objects.create(user=user, text=text[:300], url=url)


def read_notice(*, notice_id: int, by: User) -> None:
    """Mark one of the person's notices as read; the first time counts."""
    Notice.objects.visible_to(by).filter(pk=notice_id, read_at=None).update(read_at=timezone.now())


def read_all(*, by: User) -> int:
    """Mark every notice of one person as read; return how many were new."""
    return Notice.objects.visible_to(by).unread().update(read_at=timezone.now())


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
            notify(user=job.requested_by, text=_ended_text(job), url=job.get_absolute_url())
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


def queue_mail(*, key: str, to: str, template: str, context: dict[str, object]) -> OutboxMail:
    """Write a mail in the present transaction; it is sent after commit, once per `key`.

    `template` is a folder and event such as "accounts/email/invitation"; `.subject.txt` and `.txt` are rendered.
    """
    mail, created = OutboxMail.objects.get_or_create(
        key=key,
        defaults={
            "to": to,
            "subject": " ".join(render_to_string(f"{template}.subject.txt", context).split())[:200],
            "body": render_to_string(f"{template}.txt", context),
        },
    )
    if created:
        from latsar.notices.tasks import publish_mail

        transaction.on_commit(partial(publish_mail, mail.pk))
    return mail


def send_queued_mail(*, limit: int = 100) -> int:
    """Send what waits, each in its own locked row; return how many went out."""
    sent = 0
    for pk in list(OutboxMail.objects.filter(state=MailState.QUEUED).order_by("created_at").values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            mail = OutboxMail.objects.select_for_update(of=("self",)).filter(pk=pk, state=MailState.QUEUED).first()
            if mail is None:
                continue
            sent += _send(mail)
    return sent


def _send(mail: OutboxMail) -> bool:
    mail.attempts += 1
    try:
        EmailMessage(mail.subject, mail.body, to=[mail.to], headers={"X-Latsar-Key": mail.key}).send()
    except OSError as error:
        mail.error = str(error)[:300]
        if mail.attempts >= MAX_ATTEMPTS:
            mail.state = MailState.FAILED
    else:
        mail.state, mail.sent_at, mail.error = MailState.SENT, timezone.now(), ""
        mail.body = ""
    mail.save()
    return mail.state == MailState.SENT
