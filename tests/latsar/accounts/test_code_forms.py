"""The second factor cannot be guessed, however many networks help; a recovery code in use is told to its owner."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from latsar.accounts.models import AuditEntry
from latsar.accounts.security import CODE_TRIES
from latsar.notices.models import OutboxMail
from tests.latsar.accounts.test_sign_in import code_for, is_signed_in, sign_in_as


@pytest.fixture
def secret(cast) -> str:
    secret = generate_totp_secret()
    TOTP.activate(cast.admin_kupang, secret)
    return secret


def half_in(address: str) -> Client:
    client = Client(REMOTE_ADDR=address)
    sign_in_as(client, "admin.kupang")
    return client


def show(client: Client, code: str):
    return client.post(reverse("mfa_authenticate"), {"code": code})


def test_sign_in_code_wrong_ten_times_from_anywhere_ends_it_records_and_tells_once(cast, secret):
    answers = [show(half_in(f"10.0.0.{number}"), "000000").status_code for number in range(CODE_TRIES)]
    assert answers == [200] * (CODE_TRIES - 1) + [429]
    client = half_in("10.0.1.1")
    page = show(client, code_for(secret))
    assert (page.status_code, "Tunggu 15 menit" in page.content.decode()) == (429, True)
    assert client.get(reverse("mfa_authenticate")).url == reverse("account_login")
    mail = OutboxMail.objects.get()
    assert (mail.to, "salah sepuluh kali" in mail.body, "sudah diakhiri" in mail.body) == (cast.admin_kupang.email, True, False)
    entries = AuditEntry.objects.about(cast.admin_kupang)
    assert (entries.filter(verb="wrong_code").count(), entries.filter(verb="codes_shut").count()) == (CODE_TRIES, 1)


def test_sign_in_code_is_taken_again_after_the_pause_and_never_shut_for_others(cast, secret):
    other = generate_totp_secret()
    TOTP.activate(cast.admin_ende, other)
    for _try in range(CODE_TRIES):
        show(half_in("10.0.0.1"), "000000")
    colleague = Client(REMOTE_ADDR="10.0.0.1")
    sign_in_as(colleague, "admin.ende")
    show(colleague, code_for(other))
    assert is_signed_in(colleague)
    with time_machine.travel((timezone.now() + timedelta(minutes=16)).timestamp()):
        client = half_in("10.0.0.1")
        show(client, code_for(secret))
        assert is_signed_in(client)


def test_sign_in_code_nine_times_wrong_still_lets_the_owner_in(secret):
    client = half_in("10.0.0.1")
    for _try in range(CODE_TRIES - 1):
        assert "Kode salah" in show(client, "000000").content.decode()
    show(client, code_for(secret))
    assert is_signed_in(client)
    assert not OutboxMail.objects.exists()


@pytest.mark.parametrize(("ago", "is_taken"), [(1, True), (-1, True), (2, False)])
def test_code_of_a_slow_hand_or_a_clock_a_little_off_is_taken(secret, ago, is_taken):
    with time_machine.travel(1_900_000_010, tick=False):
        client = half_in("10.0.0.1")
        show(client, code_for(secret, ago=ago))
        assert is_signed_in(client) is is_taken


def test_code_is_taken_once_for_as_long_as_it_holds(secret):
    with time_machine.travel(1_900_000_010, tick=False) as clock:
        code = code_for(secret, ago=-1)
        first, second = half_in("10.0.0.1"), half_in("10.0.0.2")
        show(first, code)
        clock.shift(45)
        assert "Kode salah" in show(second, f"{code[:3]} {code[3:]}").content.decode()
        assert (is_signed_in(first), is_signed_in(second)) == (True, False)


def test_repeat_code_counts_too(cast, secret, settings):
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    client = half_in("10.0.0.1")
    show(client, code_for(secret))
    answers = [client.post(reverse("mfa_reauthenticate"), {"code": "000000"}).status_code for _try in range(CODE_TRIES)]
    assert answers[-1] == 429
    assert AuditEntry.objects.about(cast.admin_kupang).filter(verb="codes_shut").exists()


def test_recovery_code_in_use_is_recorded_and_told(cast, secret):
    codes = RecoveryCodes.activate(cast.admin_kupang).get_unused_codes()
    client = half_in("10.0.0.1")
    show(client, codes[0])
    assert is_signed_in(client)
    assert AuditEntry.objects.get(verb="use_recovery_code").actor == cast.admin_kupang
    assert "kode pemulihan Anda dipakai" in OutboxMail.objects.get().body


def test_sign_in_with_the_code_of_the_application_tells_nobody(secret):
    client = half_in("10.0.0.1")
    show(client, code_for(secret))
    assert (is_signed_in(client), OutboxMail.objects.count()) == (True, 0)
