"""Sign-in with the office's own account, against a real provider over HTTP."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from latsar.accounts.enums import Role
from latsar.accounts.models import AuditEntry, User
from tests.factories import RoleGrantFactory, UserFactory
from tests.latsar.accounts.test_sign_in import is_signed_in

NIP = "199808122025052904"
START = 30.0  # seconds


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """Run the provider as a process of its own, as it will be at the office."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | {"AUTHLIB_INSECURE_TRANSPORT": "1"}
    )
    url, deadline = f"http://127.0.0.1:{port}", time.monotonic() + START
    try:
        while time.monotonic() < deadline:
            with (
                contextlib.suppress(requests.RequestException),
                requests.get(f"{url}/.well-known/openid-configuration", timeout=1) as answer,
            ):
                if answer.ok:
                    break
        yield url
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(autouse=True)
def _configured(provider, settings):
    cache.clear()
    configure(settings, provider)


def configure(settings, url: str) -> None:
    app = {"provider_id": "kpu", "name": "akun KPU", "client_id": "latsar", "secret": "rahasia", "settings": {"server_url": url}}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


@pytest.fixture
def enter(provider) -> Callable[..., tuple[Client, object]]:
    """Return `enter(sub, **claims)`: walk the whole way through the provider and back; the portal's answer to the return."""

    def walk(sub: str, *, client: Client | None = None, damage: Callable[[dict], dict] = lambda query: query, **claims: object):
        requests.put(f"{provider}/users/{sub}", json=claims, timeout=5).close()
        client = client or Client()
        asked = client.post(reverse("openid_connect_login", args=["kpu"]))
        assert asked.status_code == 302
        with requests.post(asked.url, data={"sub": sub}, allow_redirects=False, timeout=5) as answer:
            assert answer.status_code == 302, answer.text
            back = urlsplit(answer.headers["Location"])
        assert back.path == reverse("openid_connect_callback", args=["kpu"])
        query = damage({name: values[0] for name, values in parse_qs(back.query).items()})
        return client, client.get(f"{back.path}?{urlencode(query)}")

    return walk


@pytest.fixture
def person(db) -> User:
    user = UserFactory(username=NIP, email="maria@contoh.go.id", full_name="Maria Contoh, S.Kom.")
    RoleGrantFactory(user=user, role=Role.PESERTA)
    return user


def test_sign_in_with_a_verified_email_enters_and_ties_the_identity_once(person, enter):
    client, answer = enter("maria", email="MARIA@contoh.go.id", email_verified=True)
    assert (answer.status_code, answer.url) == (302, reverse("home"))
    assert client.get(reverse("account")).context["request"].user == person
    tied = SocialAccount.objects.get()
    assert (tied.user, tied.uid) == (person, "maria")
    assert AuditEntry.objects.filter(verb="link_sso", actor=person).count() == 1
    assert UserSession.objects.filter(user=person).count() == 1
    again, _answer = enter("maria", email="lain@contoh.go.id", email_verified=False)  # the identity counts from now on
    assert is_signed_in(again)
    assert (SocialAccount.objects.count(), AuditEntry.objects.filter(verb="link_sso").count()) == (1, 1)


def test_sign_in_with_a_nip_claim_enters_whatever_the_email(person, enter, settings):
    settings.OIDC_NIP_CLAIM = "nip"
    client, _answer = enter("pegawai-7", nip="19980812 202505 2 904", email="lain@contoh.go.id")
    assert is_signed_in(client)
    assert SocialAccount.objects.get().user == person


def test_sign_in_with_an_unknown_nip_does_not_fall_back_to_the_email(person, enter, settings):
    settings.OIDC_NIP_CLAIM = "nip"
    client, answer = enter("pegawai-8", nip="199808122025052999", email=person.email, email_verified=True)
    assert (answer.status_code, is_signed_in(client)) == (403, False)


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "tidak.ada@contoh.go.id", "email_verified": True},
        {"email": "maria@contoh.go.id", "email_verified": False},
        {"email": "maria@contoh.go.id"},
        {"email": "maria@contoh.go.id", "email_verified": "true"},
        {"email_verified": True},
        {"nip": NIP},
    ],
    ids=["unknown", "unverified", "verified-not-said", "verified-as-text", "without-email", "nip-without-setting"],
)
def test_sign_in_without_an_account_is_refused_in_the_same_words_and_makes_none(person, enter, claims):
    people = User.objects.count()
    client, answer = enter(f"orang-{len(str(claims))}", **claims)
    assert answer.status_code == 403
    assert "tidak ada akun portal dengan NIP atau e-mail itu" in answer.content.decode()
    assert not is_signed_in(client)
    assert (User.objects.count(), SocialAccount.objects.count()) == (people, 0)


@pytest.mark.parametrize("known", [False, True], ids=["first-time", "tied-before"])
def test_sign_in_to_an_inactive_account_is_refused(person, enter, known):
    if known:
        enter("maria", email=person.email, email_verified=True)
    User.objects.filter(pk=person.pk).update(is_active=False)
    client, answer = enter("maria", email=person.email, email_verified=True)
    assert (answer.status_code, answer.url) == (302, reverse("account_inactive"))
    assert not is_signed_in(client)
    assert SocialAccount.objects.exists() is known


@pytest.mark.parametrize("change", [{"state": "lain"}, {"code": "lain"}], ids=["state", "code"])
def test_return_that_does_not_match_the_request_is_refused(person, enter, change):
    client, answer = enter("maria", email=person.email, email_verified=True, damage=lambda query: query | change)
    assert answer.status_code == 400
    assert "tidak cocok dengan permintaan" in answer.content.decode()
    assert not is_signed_in(client)


def test_return_in_another_browser_is_refused(person, enter):
    other = Client()

    def carry(query: dict) -> dict:
        assert other.get(reverse("openid_connect_callback", args=["kpu"]), query).status_code == 400
        return query

    enter("maria", email=person.email, email_verified=True, damage=carry)
    assert not is_signed_in(other)


def test_return_cancelled_at_the_provider_leads_to_the_sign_in_page(person, enter):
    _client, answer = enter("maria", damage=lambda query: {"state": query["state"], "error": "access_denied"})
    assert (answer.status_code, answer.url) == (302, reverse("account_login"))


def test_session_that_is_open_ties_no_further_identity(person, cast, provider, sign_in):
    client = sign_in(cast.admin_kupang)
    asked = client.post(f"{reverse('openid_connect_login', args=['kpu'])}?process=connect")
    requests.put(f"{provider}/users/penyusup", json={}, timeout=5).close()
    with requests.post(asked.url, data={"sub": "penyusup"}, allow_redirects=False, timeout=5) as answer:
        back = urlsplit(answer.headers["Location"])
    assert client.get(f"{back.path}?{back.query}").status_code == 400
    assert not SocialAccount.objects.exists()


# --- second factor ------------------------------------------------------------------------------


@pytest.fixture
def staff(cast, settings) -> User:
    settings.MFA_REQUIRED = True
    return cast.admin_kupang


def test_staff_without_a_factor_enrol_after_single_sign_on(staff, enter):
    client, _answer = enter("kupang", email=staff.email, email_verified=True, amr=["pwd", "otp"])
    assert client.get(reverse("participant_list")).url == reverse("mfa_activate_totp")


def test_staff_with_a_factor_are_asked_for_the_code_after_single_sign_on(staff, enter):
    TOTP.activate(staff, generate_totp_secret())
    code = RecoveryCodes.activate(staff).get_unused_codes()[0]
    client, answer = enter("kupang", email=staff.email, email_verified=True)
    assert (answer.url, is_signed_in(client)) == (reverse("mfa_authenticate"), False)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert client.get(reverse("participant_list")).status_code == 200


@pytest.mark.parametrize("enrolled", [False, True])
@pytest.mark.parametrize(("setting", "claim"), [("OIDC_TRUSTED_AMR", {"amr": ["pwd", "mfa"]}), ("OIDC_TRUSTED_ACR", {"acr": "mfa"})])
def test_staff_whose_provider_asked_for_a_factor_that_is_trusted_enter(staff, enter, settings, setting, claim, enrolled):
    setattr(settings, setting, ["mfa"])
    if enrolled:
        TOTP.activate(staff, generate_totp_secret())
    client, _answer = enter("kupang", email=staff.email, email_verified=True, **claim)
    assert client.get(reverse("participant_list")).status_code == 200


def test_trust_in_the_provider_does_not_outlive_its_session(staff, enter, settings):
    settings.OIDC_TRUSTED_AMR = ["mfa"]
    client, _answer = enter("kupang", email=staff.email, email_verified=True, amr=["mfa"])
    client, _answer = enter("kupang", client=client, email=staff.email, email_verified=True, amr=["pwd"])
    assert client.get(reverse("participant_list")).url == reverse("mfa_activate_totp")


# --- settings -----------------------------------------------------------------------------------


def test_sign_in_page_shows_the_button_only_when_configured(db, settings):
    assert "Masuk dengan akun KPU" in Client().get(reverse("account_login")).content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    assert "Masuk dengan akun KPU" not in Client().get(reverse("account_login")).content.decode()
    assert Client().post(reverse("openid_connect_login", args=["kpu"])).status_code == 404


def test_sso_begin_by_a_link_is_not_possible(db):
    assert Client().get(reverse("openid_connect_login", args=["kpu"])).status_code == 405


def test_sso_begin_while_the_provider_is_down_says_so(db, settings):
    configure(settings, "http://127.0.0.1:9")
    answer = Client().post(reverse("openid_connect_login", args=["kpu"]))
    assert answer.status_code == 503
    assert "sedang tidak menjawab" in answer.content.decode()


def test_settings_with_a_provider_build_app_and_policy(tmp_path):
    code = (
        "from latsar.settings import dev as s;"
        "print(s.SOCIALACCOUNT_PROVIDERS['openid_connect']['APPS'][0]['settings'], s.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'])"
    )
    given = {
        "OIDC_SERVER_URL": "https://masuk.contoh.go.id/realms/kpu/",
        "OIDC_CLIENT_ID": "latsar",
        "OIDC_CLIENT_SECRET": "x",
        "VAR_ROOT": str(tmp_path),
    }
    told = subprocess.run([sys.executable, "-c", code], env=os.environ | given, capture_output=True, text=True, check=True).stdout
    assert re.findall(r"https://[^']+", told) == ["https://masuk.contoh.go.id/realms/kpu", "https://masuk.contoh.go.id"]
