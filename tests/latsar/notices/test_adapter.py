"""The mail of the sign-in goes through the outbox: the mail server shows nobody which address is known."""

from __future__ import annotations

import re
from datetime import timedelta

import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.notices.models import OutboxMail
from latsar.notices.services import send_queued_mail
from tests import factories


def ask(email: str) -> tuple[int, str]:
    answer = Client().post(reverse("account_reset_password"), {"email": email})
    return answer.status_code, answer.url


def later(**span: float) -> time_machine.travel:
    """Travel by the bare clock: a date with a zone would move the process to that zone, and tokens count local seconds."""
    return time_machine.travel((timezone.now() + timedelta(**span)).timestamp())


def opens(link: str) -> bool:
    return "Tautan tidak berlaku lagi" not in Client().get(link, follow=True).content.decode()


def mailed_link() -> str:
    return re.search(r"https?://[^/\s]+(/akun/sandi/baru/\S+)", OutboxMail.objects.get().body)[1]


def test_password_reset_with_the_mail_server_down_answers_alike_and_loses_nothing(cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert ask(cast.admin_kupang.email) == ask("tidak.ada@contoh.go.id") == (302, reverse("account_reset_password_done"))
    waiting = OutboxMail.objects.get()
    assert (waiting.to, waiting.user, waiting.is_security) == (cast.admin_kupang.email, cast.admin_kupang, True)
    assert timezone.now() < waiting.expires_at <= timezone.now() + timedelta(hours=1)


def test_password_reset_mail_leaves_in_quiet_hours_with_its_html_and_is_emptied(cast):
    with time_machine.travel("2026-08-01T23:30:00+07:00", tick=False):
        ask(cast.admin_kupang.email)
        assert send_queued_mail() == 1
    message = mail.outbox[0]
    assert "/akun/sandi/baru/" in message.body
    assert "/akun/sandi/baru/" in message.alternatives[0][0]
    assert "/akun/sandi/baru/" not in str(OutboxMail.objects.values().get())


def test_password_reset_asked_often_sends_a_handful_and_answers_the_same(cast):
    answers = {ask(cast.admin_kupang.email.upper() if number % 2 else cast.admin_kupang.email) for number in range(8)}
    assert answers == {(302, reverse("account_reset_password_done"))}
    assert OutboxMail.objects.count() == 5
    assert ask(cast.admin_ende.email) == (302, reverse("account_reset_password_done"))
    assert OutboxMail.objects.count() == 6


def test_password_reset_link_lives_an_hour(cast):
    ask(cast.admin_kupang.email)
    link = mailed_link()
    assert opens(link)
    with later(minutes=61):
        assert not opens(link)


def test_link_for_a_first_password_lives_72_hours(cast):
    invited = User.objects.create_user("petugas.baru", "baru@contoh.go.id", None, full_name="Petugas Baru")
    factories.RoleGrantFactory(user=invited, role=Role.COACH)
    ask(invited.email)
    link = mailed_link()
    assert "Berlaku 72 jam" in OutboxMail.objects.get().body
    with later(hours=71):
        assert opens(link)
    with later(hours=73):
        assert not opens(link)
