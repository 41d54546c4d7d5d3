"""The outbox: mail is written with its cause, sent after commit, tried again with growing pauses."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial

from django.core.mail import get_connection
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.notices import policies
from latsar.notices.delivery import Refusal, attempt, hang_up
from latsar.notices.enums import Failure, MailState, NoticeKind
from latsar.notices.letters import Letter, written
from latsar.notices.models import EmailBounce, OutboxMail
from latsar.notices.outbox import LEASE
from latsar.notices.wishes import wishes_of

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),
)
"""After the first, second, ... attempt that failed; when they are used up the mail has failed."""

STILL_NEWS = timedelta(days=7)
"""How old a mail may be that goes out once its address is right again; older news stands under the bell."""

RETRY_ALL_LIMIT = 500


@transaction.atomic
def queue_mail(
    *,
    key: str,
    to: str,
    template: str,
    context: dict[str, object],
    user: User | None = None,
    kind: str = NoticeKind.ACCOUNT,
    is_security: bool = False,
    expires_at: datetime | None = None,
) -> OutboxMail:
    """Write a mail in the present transaction; it is sent after commit, once per `key`.

    `template` is a folder and event such as "accounts/email/invitation". With `user` it is in that person's language and
    waits for the end of their quiet hours, unless it is a security mail. After `expires_at` it is not sent any more.
    """
    found = OutboxMail.objects.filter(key=key).first()
    if found is not None:
        return found
    now = timezone.now()
    wishes = wishes_of(user) if user else None
    mail = written(
        Letter(key, template, context),
        user=user,
        to=to,
        kind=kind,
        language=wishes.language if wishes else "id",
        send_after=now if is_security or wishes is None else wishes.earliest(now),
        now=now,
        is_security=is_security,
        expires_at=expires_at,
    )
    try:
        with transaction.atomic():
            mail.save(force_insert=True)
    except IntegrityError:  # the same cause in another transaction
        return OutboxMail.objects.get(key=key)
    publish_after_commit()
    return mail


def publish_after_commit() -> None:
    """Ask a worker to send what waits, once the present transaction has gone through."""
    from latsar.notices.tasks import publish_mail

    transaction.on_commit(partial(publish_mail))


def send_queued_mail(*, limit: int = 100) -> int:
    """Send what is due, oldest first; return how many went out.

    Each mail is claimed by one update before the server is asked, so that two workers never send it twice and no lock
    is held meanwhile. When the server itself does not answer, the rest of the round is left for later.
    """
    now, sent = timezone.now(), 0
    due = list(OutboxMail.objects.due(now).order_by("-is_security", "send_after", "pk").values_list("pk", flat=True)[:limit])
    if not due:
        return 0
    connection = get_connection()
    try:
        for pk in due:
            mail = _claim(pk)
            if mail is None:
                continue
            refusal = _expired(mail) or attempt(mail, connection)
            sent += _settle(mail, refusal)
            if refusal is not None and refusal.is_server:
                break
    finally:
        hang_up(connection)
    return sent


def _claim(pk: int) -> OutboxMail | None:
    now = timezone.now()
    is_mine = OutboxMail.objects.due(now).filter(pk=pk).update(send_after=now + LEASE, attempts=F("attempts") + 1, tried_at=now)
    return OutboxMail.objects.get(pk=pk) if is_mine else None


def _expired(mail: OutboxMail) -> Refusal | None:
    is_over = mail.expires_at is not None and mail.expires_at <= timezone.now()
    return Refusal(Failure.EXPIRED, "", is_final=True) if is_over else None


@transaction.atomic
def _settle(mail: OutboxMail, refusal: Refusal | None) -> bool:
    """Write down what came of an attempt."""
    now = timezone.now()
    if refusal is None:
        mail.state, mail.sent_at, mail.failure, mail.error = MailState.SENT, now, "", ""
        mail.body = mail.html = ""
        if EmailBounce.objects.bouncing().filter(address=mail.to.lower()).update(cleared_at=now):
            _release(mail.to, now)
    else:
        mail.failure, mail.error = refusal.failure, refusal.error
        if refusal.is_final or mail.attempts > len(PAUSES):
            mail.state = MailState.FAILED
        else:
            mail.send_after = now + PAUSES[mail.attempts - 1]
        if refusal.is_address:
            _note_bounce(mail.to.lower(), refusal.error, now)
        if refusal.failure == Failure.EXPIRED:
            mail.body = mail.html = ""
    mail.save(update_fields=["state", "sent_at", "failure", "error", "body", "html", "send_after"])
    return refusal is None


def _note_bounce(address: str, reason: str, now: datetime) -> None:
    bounce, is_new = EmailBounce.objects.get_or_create(address=address, defaults={"reason": reason, "first_at": now, "last_at": now})
    if not is_new:
        EmailBounce.objects.filter(pk=bounce.pk).update(reason=reason, last_at=now, count=F("count") + 1, cleared_at=None)


@transaction.atomic
def retry_mail(*, mail_id: int, by: User) -> OutboxMail:
    """Send a mail that failed, or waits for its next attempt, now and with all attempts before it.

    Raises NotAllowed when the person does not see it, Refused when it went out, is under way, or its link has run out.
    """
    mail = OutboxMail.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=mail_id).first()
    if mail is None or not policies.can_retry(by, mail):
        raise NotAllowed
    if problem := _no_retry(mail):
        raise Refused(problem)
    _again([mail], by)
    return mail


@transaction.atomic
def retry_failed(*, by: User) -> int:
    """Send every failed mail that the person sees again, as far as it still makes sense; return how many."""
    failed = OutboxMail.objects.visible_to(by).failed().select_for_update(of=("self",)).order_by("created_at")
    mails = [mail for mail in failed[:RETRY_ALL_LIMIT] if policies.can_retry(by, mail) and not _no_retry(mail)]
    _again(mails, by)
    return len(mails)


def _no_retry(mail: OutboxMail) -> str:
    if mail.state == MailState.SENT:
        return _("E-mail ini sudah terkirim.")
    if mail.is_under_way:
        return _("E-mail ini sedang dikirim. Tunggu beberapa menit.")
    if mail.failure == Failure.EXPIRED or (mail.expires_at is not None and mail.expires_at <= timezone.now()):
        return _("Tautan di dalamnya sudah lewat waktu. Kirim undangan baru dari halaman orangnya.")
    if mail.state == MailState.QUEUED and mail.attempts == 0:
        return _("E-mail ini belum gagal; ia terkirim sendiri pada waktunya.")
    return ""


def _again(mails: Collection[OutboxMail], by: User) -> None:
    if not mails:
        return
    ids = [mail.pk for mail in mails]
    OutboxMail.objects.filter(pk__in=ids).update(state=MailState.QUEUED, attempts=0, send_after=timezone.now())
    audit.record_many(
        [audit.entry(verb="retry_mail", obj=mail, by=by, changes={"state": [mail.state, MailState.QUEUED]}) for mail in mails]
    )
    publish_after_commit()


@transaction.atomic
def clear_bounce(*, bounce_id: int, by: User) -> EmailBounce:
    """Say that an address takes mail again. Raises NotAllowed for everybody but PKSDM."""
    if not policies.can_clear_bounces(by):
        raise NotAllowed
    bounce = EmailBounce.objects.select_for_update(of=("self",)).get(pk=bounce_id)
    if bounce.cleared_at is None:
        bounce.cleared_at = timezone.now()
        bounce.save(update_fields=["cleared_at"])
        audit.record(verb="clear_bounce", obj=bounce, by=by)
        if _release(bounce.address, bounce.cleared_at):
            publish_after_commit()
    return bounce


def _release(address: str, now: datetime) -> int:
    """Let the mail go out that an address refused and that is still news; return how many."""
    refused = OutboxMail.objects.failed().filter(to__iexact=address, failure=Failure.REFUSED, created_at__gte=now - STILL_NEWS)
    current = refused.exclude(expires_at__lte=now).exclude(body="")
    return current.update(state=MailState.QUEUED, failure="", error="", attempts=0, send_after=now)
