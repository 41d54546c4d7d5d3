"""The outbox against a real mail server: sent once, tried again with pauses, refused for good, and nothing kept that could sign somebody in."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import AuditEntry
from latsar.notices.enums import Failure, MailState
from latsar.notices.models import EmailBounce, OutboxMail
from latsar.notices.services import clear_bounce, queue_mail, retry_failed, retry_mail, send_queued_mail
from latsar.notices.services.outbox import PAUSES, _claim
from tests.factories import ParticipantFactory, UserFactory

NOON = "2026-11-23 05:00:00+00:00"  # Monday, 12.00 WIB
NO_SUCH = "550 5.1.1 no such user"


def queued(number: int = 1, **fields: object) -> OutboxMail:
    facts = {
        "key": f"surat-{number}",
        "to": f"orang{number}@contoh.go.id",
        "subject": "Undangan",
        "body": "Tautan: /baru/rahasia/",
        "html": "<p>x</p>",
    }
    return OutboxMail.objects.create(**facts | fields)


def test_send_queued_mail_sends_both_parts_once_and_keeps_no_text(db, serve):
    sink = serve()
    queued()
    assert (send_queued_mail(), send_queued_mail()) == (1, 0)
    (mail,) = sink.mails
    assert (mail["To"], mail["X-Latsar-Key"]) == ("orang1@contoh.go.id", "surat-1")
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    stored = OutboxMail.objects.get()
    assert (stored.state, stored.subject, stored.body, stored.html) == (MailState.SENT, "Undangan", "", "")


def test_send_queued_mail_of_many_opens_one_connection(db, serve):
    sink = serve()
    for number in range(3):
        queued(number)
    assert send_queued_mail() == 3
    assert sink.connections == 1


def test_send_queued_mail_refused_address_fails_at_once_and_bounces(db, serve):
    sink = serve()
    sink.answers = [NO_SUCH]
    queued(1, to="Salah@contoh.go.id")
    queued(2)
    assert send_queued_mail() == 1  # the next person's mail still goes out
    failed = OutboxMail.objects.get(key="surat-1")
    assert (failed.state, failed.attempts, failed.failure, failed.error) == (MailState.FAILED, 1, Failure.REFUSED, NO_SUCH)
    assert list(EmailBounce.objects.bouncing().values_list("address", "reason", "count")) == [("salah@contoh.go.id", NO_SUCH, 1)]


def test_send_queued_mail_busy_server_is_tried_again_after_a_pause(db, serve):
    sink = serve()
    sink.answers = ["451 4.7.1 greylisted, try again"]
    with time_machine.travel(NOON, tick=False) as clock:
        queued()
        assert send_queued_mail() == 0
        waiting = OutboxMail.objects.get()
        assert (waiting.state, waiting.failure, waiting.send_after) == (MailState.QUEUED, Failure.BUSY, timezone.now() + PAUSES[0])
        assert (send_queued_mail(), sink.mails) == (0, [])
        clock.shift(PAUSES[0])
        assert send_queued_mail() == 1
    sent = OutboxMail.objects.get()
    assert (sent.state, sent.attempts, sent.failure, EmailBounce.objects.count()) == (MailState.SENT, 2, "", 0)


def test_send_queued_mail_full_mailbox_is_no_bounce(db, serve):
    serve().answers = ["552 5.2.2 mailbox full"]
    queued()
    send_queued_mail()
    assert (OutboxMail.objects.get().state, EmailBounce.objects.count()) == (MailState.QUEUED, 0)


def test_send_queued_mail_without_server_keeps_text_and_leaves_the_others_alone(db, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", 1
    first, second = queued(1), queued(2)
    assert send_queued_mail() == 0
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.attempts, first.failure, first.body) == (MailState.QUEUED, 1, Failure.UNREACHABLE, "Tautan: /baru/rahasia/")
    assert (second.attempts, second.failure) == (0, "")


def test_send_queued_mail_gives_up_after_the_last_pause(db, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", 1
    with time_machine.travel(NOON, tick=False) as clock:
        queued()
        for pause in PAUSES:
            send_queued_mail()
            assert OutboxMail.objects.get().state == MailState.QUEUED
            clock.shift(pause)
        send_queued_mail()
    assert (OutboxMail.objects.get().state, OutboxMail.objects.get().attempts) == (MailState.FAILED, len(PAUSES) + 1)


def test_send_queued_mail_encrypts_when_the_settings_ask(db, serve, certificate, settings, monkeypatch):
    public, context = certificate
    settings.EMAIL_USE_TLS = True
    sink = serve(tls_context=context, require_starttls=True)
    queued()
    send_queued_mail()
    assert (OutboxMail.objects.get().failure, sink.mails) == (Failure.ENCRYPTION, [])  # nobody vouches for this certificate
    OutboxMail.objects.update(send_after=timezone.now())
    monkeypatch.setenv("SSL_CERT_FILE", str(public))
    assert send_queued_mail() == 1
    assert sink.was_encrypted


def test_send_queued_mail_that_another_worker_holds_is_left(db, serve):
    sink = serve()
    mail = queued()
    OutboxMail.objects.filter(pk=mail.pk).update(send_after=timezone.now() + timedelta(minutes=5), attempts=1)
    assert (send_queued_mail(), sink.mails) == (0, [])


def test_send_queued_mail_with_a_broken_subject_fails_for_good(db, serve):
    serve()
    queued(1, subject="Judul\nBcc: semua@contoh.go.id")
    assert send_queued_mail() == 0
    assert OutboxMail.objects.get().failure == Failure.MALFORMED


def test_send_queued_mail_past_its_link_is_not_sent(db, serve):
    sink = serve()
    queued(1, expires_at=timezone.now() - timedelta(minutes=1))
    assert (send_queued_mail(), sink.mails) == (0, [])
    stored = OutboxMail.objects.get()
    assert (stored.state, stored.failure, stored.body) == (MailState.FAILED, Failure.EXPIRED, "")


def test_send_queued_mail_that_arrives_clears_the_bounce(db, serve):
    serve()
    EmailBounce.objects.create(address="orang1@contoh.go.id")
    queued()
    send_queued_mail()
    assert not EmailBounce.objects.bouncing().exists()


@pytest.mark.parametrize(("moment", "leaves"), [(NOON, NOON), ("2026-11-23 15:00:00+00:00", "2026-11-23 23:00:00+00:00")])
def test_queue_mail_waits_for_the_end_of_quiet_hours(db, moment, leaves):
    user = UserFactory()
    facts = {"to": user.email, "template": "aktualisasi/email/moved", "context": {"text": "Kabar"}, "user": user}
    with time_machine.travel(moment, tick=False):
        assert queue_mail(key="a", **facts).send_after == datetime.fromisoformat(leaves)
        assert queue_mail(key="b", is_security=True, **facts).send_after == timezone.now()


def test_queue_mail_again_writes_one(db):
    user = UserFactory()
    facts = {"key": "a", "to": user.email, "template": "aktualisasi/email/moved", "context": {"text": "Kabar"}, "user": user}
    assert queue_mail(**facts).pk == queue_mail(**facts).pk
    assert "/akun/pemberitahuan/" in OutboxMail.objects.get().body
    assert "/akun/pemberitahuan/" in OutboxMail.objects.get().html


def test_queue_mail_security_offers_no_settings(db):
    user = UserFactory()
    mail = queue_mail(key="a", to=user.email, template="aktualisasi/email/moved", context={"text": "x"}, user=user, is_security=True)
    assert "/akun/pemberitahuan/" not in mail.body + mail.html


def test_queue_mail_escapes_names_in_html_alone(db):
    user = UserFactory(full_name="<b>Tono</b>")
    mail = queue_mail(key="a", to=user.email, template="aktualisasi/email/moved", context={"name": user.full_name, "text": "x"}, user=user)
    assert "<b>Tono</b>" in mail.body
    assert "&lt;b&gt;Tono&lt;/b&gt;" in mail.html


def test_retry_mail_failed_waits_again_and_is_recorded(cast):
    mail = queued(1, state=MailState.FAILED, failure=Failure.UNREACHABLE, attempts=8)
    retry_mail(mail_id=mail.pk, by=cast.pksdm)
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (MailState.QUEUED, 0)
    assert AuditEntry.objects.get(verb="retry_mail").object_id == str(mail.pk)


@pytest.mark.parametrize(
    "fields",
    [
        {"state": MailState.SENT, "sent_at": timezone.now(), "body": "", "html": ""},
        {"state": MailState.FAILED, "failure": Failure.EXPIRED},
        {"state": MailState.FAILED, "failure": Failure.BUSY, "expires_at": timezone.now() - timedelta(days=1)},
        {"state": MailState.QUEUED},
    ],
)
def test_retry_mail_that_makes_no_sense_is_refused(cast, fields):
    mail = queued(1, **fields)
    with pytest.raises(Refused):
        retry_mail(mail_id=mail.pk, by=cast.pksdm)
    assert retry_failed(by=cast.pksdm) == 0


def test_retry_mail_of_a_unit_reaches_its_own_people_alone(cast):
    own, other = UserFactory(), UserFactory()
    ParticipantFactory(satker=cast.kupang, user=own)
    ParticipantFactory(satker=cast.badung, user=other)
    mine = queued(1, user=own, state=MailState.FAILED, failure=Failure.BUSY)
    foreign = queued(2, user=other, state=MailState.FAILED, failure=Failure.BUSY)
    for by in (cast.admin_kupang, cast.provinsi_a):
        assert list(OutboxMail.objects.visible_to(by)) == [mine]
        with pytest.raises(NotAllowed):
            retry_mail(mail_id=foreign.pk, by=by)
    assert not OutboxMail.objects.visible_to(cast.pimpinan).exists()
    assert (retry_failed(by=cast.admin_kupang), retry_failed(by=cast.pksdm)) == (1, 1)


def test_clear_bounce_is_for_pksdm(cast):
    bounce = EmailBounce.objects.create(address="a@contoh.go.id")
    with pytest.raises(NotAllowed):
        clear_bounce(bounce_id=bounce.pk, by=cast.provinsi_a)
    clear_bounce(bounce_id=bounce.pk, by=cast.pksdm)
    assert not EmailBounce.objects.bouncing().exists()


@pytest.mark.parametrize("fields", [{"state": MailState.SENT, "sent_at": timezone.now()}, {"state": MailState.FAILED}])
def test_outbox_constraints_hold_what_the_code_promises(db, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        queued(1, **fields)


def test_claim_of_one_mail_is_given_to_one_worker(db):
    """Both read the same list of what is due; only the first may send it."""
    mail = queued()
    assert [_claim(mail.pk) is not None, _claim(mail.pk) is not None] == [True, False]
    assert OutboxMail.objects.get().attempts == 1


def test_retry_mail_that_a_worker_holds_is_refused_until_its_lease_ends(cast, sign_in):
    mail = queued(attempts=1)
    claimed = _claim(mail.pk)
    assert claimed.is_under_way
    page = sign_in(cast.pksdm).get("/surel/").content.decode()
    assert ("Sedang dikirim" in page, "Kirim ulang<" in page) == (True, False)
    with pytest.raises(Refused, match="sedang dikirim"):
        retry_mail(mail_id=mail.pk, by=cast.pksdm)
    assert send_queued_mail() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        retry_mail(mail_id=mail.pk, by=cast.pksdm)
