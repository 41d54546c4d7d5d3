"""Signing in with a browser that the account has not used before is told to its owner, once for each browser."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from latsar.accounts.known_browsers import KEPT_ACCOUNTS
from latsar.notices.models import OutboxMail
from tests import factories
from tests.latsar.accounts.test_sign_in import is_signed_in, sign_in_as

PHONE = "Mozilla/5.0 (Linux; Android 13; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Mobile Safari/537.36"


def sign_out(browser: Client) -> None:
    browser.post("/keluar/")
    assert not is_signed_in(browser)


@pytest.fixture
def desk(cast) -> Client:
    """The browser with which an Admin Satker signed in for the first time."""
    browser = Client()
    sign_in_as(browser, "admin.kupang")
    assert is_signed_in(browser)
    return browser


def test_first_sign_in_of_an_account_tells_nobody(desk):
    assert not OutboxMail.objects.exists()


def test_sign_in_again_with_the_same_browser_tells_nobody(desk):
    sign_out(desk)
    sign_in_as(desk, "admin.kupang")
    assert is_signed_in(desk)
    assert not OutboxMail.objects.exists()


def test_sign_in_with_another_browser_is_told_once_with_device_and_network(cast, desk):
    phone = Client(REMOTE_ADDR="10.20.30.40", HTTP_USER_AGENT=PHONE)
    for _again in range(2):
        sign_in_as(phone, "admin.kupang")
        assert is_signed_in(phone)
        sign_out(phone)
    mail = OutboxMail.objects.get()
    assert (mail.to, "Chrome di Android, jaringan 10.20.x.x" in mail.body) == (cast.admin_kupang.email, True)
    assert is_signed_in(desk)


def test_wrong_password_makes_no_browser_known(cast, desk):
    phone = Client()
    sign_in_as(phone, "admin.kupang", "bukan-kata-sandinya")
    assert settings.BROWSER_COOKIE_NAME not in phone.cookies
    sign_in_as(phone, "admin.kupang")
    assert OutboxMail.objects.count() == 1


def test_colleagues_at_one_machine_are_told_apart(cast, desk):
    sign_in_as(Client(), "admin.ende")  # her first, elsewhere
    sign_out(desk)
    sign_in_as(desk, "admin.ende")
    assert [mail.to for mail in OutboxMail.objects.all()] == [cast.admin_ende.email]
    sign_out(desk)
    sign_in_as(desk, "admin.kupang")
    assert OutboxMail.objects.count() == 1


@pytest.mark.parametrize("value", ["", "....", "x" * 4000, "é.é", ".".join("0" * 32 for _ in range(100))])
def test_cookie_that_was_made_up_is_no_known_browser(desk, value):
    phone = Client()
    phone.cookies[settings.BROWSER_COOKIE_NAME] = value
    sign_in_as(phone, "admin.kupang")
    assert is_signed_in(phone)
    assert OutboxMail.objects.count() == 1
    assert len(phone.cookies[settings.BROWSER_COOKIE_NAME].value.split(".")) <= KEPT_ACCOUNTS


def test_cookie_is_for_the_server_alone_and_says_nothing_about_the_account(cast, desk):
    cookie = desk.cookies[settings.BROWSER_COOKIE_NAME]
    assert (bool(cookie["httponly"]), cookie["samesite"]) == (True, "Lax")
    assert not {"admin", str(cast.admin_kupang.pk), cast.admin_kupang.email} & set(cookie.value.split("."))


def test_participant_who_comes_by_mail_link_is_not_warned_of_their_own_phone(cast):
    user = factories.UserFactory(username="199808122025052904", last_login=None)
    sign_in_as(Client(HTTP_USER_AGENT=PHONE), user.username)
    assert not OutboxMail.objects.exists()
