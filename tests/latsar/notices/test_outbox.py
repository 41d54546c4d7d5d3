"""The outbox: sent once, and nothing kept that could sign somebody in."""

from __future__ import annotations

from django.core import mail

from latsar.notices.models import MailState, OutboxMail
from latsar.notices.services import send_queued_mail


def test_send_queued_mail_sends_once_and_keeps_no_text(db):
    OutboxMail.objects.create(key="undangan-1", to="satu@contoh.go.id", subject="Undangan", body="Tautan: /akun/sandi/baru/rahasia/")
    assert (send_queued_mail(), send_queued_mail()) == (1, 0)
    assert [(sent.to, sent.body) for sent in mail.outbox] == [(["satu@contoh.go.id"], "Tautan: /akun/sandi/baru/rahasia/")]
    stored = OutboxMail.objects.get()
    assert (stored.state, stored.subject, stored.body) == (MailState.SENT, "Undangan", "")


def test_send_queued_mail_that_fails_keeps_its_text_for_the_next_round(db, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", 1
    OutboxMail.objects.create(key="undangan-2", to="dua@contoh.go.id", subject="Undangan", body="Tautan")
    assert send_queued_mail() == 0
    stored = OutboxMail.objects.get()
    assert (stored.state, stored.attempts, stored.body) == (MailState.QUEUED, 1, "Tautan")
