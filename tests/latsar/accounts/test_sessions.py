"""Where one is signed in, and how that ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from latsar.accounts import devices, security, sessions
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import AuditEntry
from latsar.notices.models import OutboxMail
from tests.factories import PASSWORD
from tests.latsar.accounts.test_sign_in import code_for

PHONE = "Mozilla/5.0 (Linux; Android 14; SM-A546E) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0"
NEW = "tujuh-perahu-menyeberang"


def enter(login: str, agent: str = DESK, address: str = "103.10.66.7", password: str = PASSWORD) -> Client:
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    assert client.post(reverse("account_login"), {"login": login, "password": password}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


@pytest.fixture
def desk(cast) -> Client:
    return enter("admin.kupang")


@pytest.fixture
def phone(cast) -> Client:
    return enter("admin.kupang", PHONE, "36.92.1.2")


def row_of(client: Client) -> UserSession:
    return UserSession.objects.get(session_key=client.session.session_key)


def test_sign_ins_lists_devices_in_words_this_one_first(desk, phone, cast):
    enter("admin.ende")
    rows = phone.get(reverse("sign_ins")).context["rows"]
    assert [(row.device, row.address, row.is_current) for row in rows] == [
        ("Chrome di Android", "36.92.x.x", True),
        ("Edge di Windows", "103.10.x.x", False),
    ]
    page = phone.get(reverse("sign_ins")).content.decode()
    assert "103.10.66.7" not in page
    assert desk.session.session_key not in page


def test_sign_in_end_signs_that_device_out_at_its_next_request(desk, phone, cast):
    assert is_in(phone)
    desk.post(reverse("sign_in_end"), {"sesi": row_of(phone).pk})
    assert not is_in(phone)
    assert is_in(desk)
    assert AuditEntry.objects.get(verb="end_sessions").note == "Chrome di Android"


def test_sign_in_end_of_somebody_elses_session_is_not_there(desk, cast):
    other = enter("admin.ende")
    assert desk.post(reverse("sign_in_end"), {"sesi": row_of(other).pk}).status_code == 404
    assert is_in(other)


def test_sign_ins_end_keeps_this_session_only(desk, phone, cast):
    third, other = enter("admin.kupang"), enter("admin.ende")
    desk.post(reverse("sign_ins_end"))
    assert [is_in(client) for client in (desk, phone, third, other)] == [True, False, False, True]
    assert "Tidak ada sesi lain" in desk.post(reverse("sign_ins_end"), follow=True).content.decode()


def test_sign_ins_leaves_out_what_has_expired_or_ended(desk, phone):
    phone.post(reverse("account_logout"))
    assert [row.is_current for row in desk.get(reverse("sign_ins")).context["rows"]] == [True]


def test_sign_ins_leaves_out_what_was_left_alone_too_long(desk, phone):
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        assert is_in(phone)
    with time_machine.travel(timezone.now() + timedelta(minutes=40)):
        assert [row.device for row in phone.get(reverse("sign_ins")).context["rows"]] == ["Chrome di Android"]


def test_sign_ins_asks_the_same_number_of_queries_for_one_and_three(desk):
    asked = []
    for extra in (0, 2):
        for _ in range(extra):
            enter("admin.kupang")
        with CaptureQueriesContext(connection) as queries:
            desk.get(reverse("sign_ins"))
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_note_use_writes_at_most_every_minute(desk):
    def written() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert is_in(desk)
        return sum("usersessions" in q["sql"] for q in queries)

    assert written() == 0
    before = row_of(desk).last_seen_at
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert (written(), written()) == (1, 0)
        assert row_of(desk).last_seen_at - before >= timedelta(minutes=2)


def test_password_change_ends_every_session_records_and_mails(desk, phone, cast):
    desk.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert not is_in(phone)
    assert not UserSession.objects.filter(user=cast.admin_kupang).exists()
    assert AuditEntry.objects.filter(verb="change_password", actor=cast.admin_kupang).count() == 1
    mail = OutboxMail.objects.latest("pk")  # the one before told of the sign-in with the phone
    assert (mail.subject, mail.is_security) == ("Keamanan akun portal Latsar KPU", True)
    assert "Kata sandi Anda diganti" in mail.body
    assert "perangkat lain sudah diakhiri" in mail.body


def enrol(client: Client) -> None:
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})


@pytest.mark.django_db(transaction=True)
def test_second_factor_changes_end_the_other_sessions_and_keep_this_one(desk, cast):
    for change in ("activate", "renew", "deactivate"):
        other = enter_beside(cast)
        if change == "activate":
            enrol(desk)
        else:
            name = "mfa_generate_recovery_codes" if change == "renew" else "mfa_deactivate_totp"
            desk.post(reverse(name))
        assert (is_in(desk), is_in(other)) == (True, False), change
    verbs = AuditEntry.objects.filter(actor=cast.admin_kupang).exclude(verb="end_sessions").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["activate_mfa", "renew_codes", "deactivate_mfa"]
    assert OutboxMail.objects.count() == 3


def enter_beside(cast) -> Client:
    """Open a second session whatever the factor says now."""
    client = Client(headers={"user-agent": PHONE})
    client.force_login(cast.admin_kupang, backend="allauth.account.auth_backends.AuthenticationBackend")
    UserSession.objects.create(user=cast.admin_kupang, ip="10.0.0.9", session_key=client.session.session_key, user_agent=PHONE)
    assert is_in(client)
    return client


def test_renewed_recovery_codes_replace_the_old_and_each_signs_in_once(desk, cast):
    enrol(desk)
    old = desk.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    desk.post(reverse("mfa_generate_recovery_codes"))
    new = desk.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert not set(old) & set(new)

    def tries(code: str) -> bool:
        client = enter("admin.kupang")
        client.post(reverse("mfa_authenticate"), {"code": code})
        return is_in(client)

    assert (tries(old[0]), tries(new[0]), tries(new[0])) == (False, True, False)


# --- PKSDM helps --------------------------------------------------------------------------------


@pytest.fixture
def enrolled(cast, desk):
    enrol(desk)
    return cast.admin_kupang


def act(client: Client, action: str, user, **data: str):
    return client.post(reverse("admin:accounts_user_changelist"), {"action": action, "_selected_action": [user.pk], **data}, follow=True)


def test_reset_mfa_with_a_reason_takes_the_factor_ends_sessions_records_and_mails(cast, enrolled, desk, sign_in):
    act(sign_in(cast.pksdm), "reset_mfa", enrolled, reason="Telepon hilang, dipastikan lewat kasubbag")
    assert not Authenticator.objects.filter(user=enrolled).exists()
    assert not is_in(desk)
    entry = AuditEntry.objects.get(verb="reset_mfa")
    assert (entry.actor, entry.note) == (cast.pksdm, "Telepon hilang, dipastikan lewat kasubbag")
    mail = OutboxMail.objects.get()
    assert (mail.to, "diatur ulang oleh PKSDM" in mail.body) == (enrolled.email, True)


def test_reset_mfa_without_a_reason_is_refused_and_changes_nothing(cast, enrolled, desk, sign_in):
    page = act(sign_in(cast.pksdm), "reset_mfa", enrolled, reason=" ").content.decode()
    assert "Tulis alasannya" in page
    assert Authenticator.objects.filter(user=enrolled).count() == 2
    assert is_in(desk)
    assert not OutboxMail.objects.exists()


@pytest.mark.parametrize("actor", ["provinsi_a", "pimpinan"])
def test_reset_second_factor_by_anybody_but_pksdm_is_not_allowed(cast, enrolled, actor):
    with pytest.raises(NotAllowed):
        security.reset_second_factor(user_id=enrolled.pk, reason="x", by=getattr(cast, actor))
    assert Authenticator.objects.filter(user=enrolled).count() == 2


def test_reset_second_factor_of_oneself_or_without_a_factor_is_refused(cast):
    for user in (cast.pksdm, cast.admin_ende):
        with pytest.raises(Refused):
            security.reset_second_factor(user_id=user.pk, reason="x", by=cast.pksdm)


def test_end_all_sessions_of_the_admin_is_for_pksdm(cast, desk, sign_in):
    act(sign_in(cast.provinsi_a), "end_all_sessions", cast.admin_kupang)
    assert is_in(desk)
    act(sign_in(cast.pksdm), "end_all_sessions", cast.admin_kupang, reason="Perangkat dicuri")
    assert not is_in(desk)
    assert AuditEntry.objects.get(verb="end_sessions").note == "Perangkat dicuri"


# --- words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (PHONE, "Chrome di Android"),
        (DESK, "Edge di Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari di iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox di Linux"),
        ("curl/8.0", "Perangkat tidak dikenal"),
        ("", "Perangkat tidak dikenal"),
    ],
)
def test_device_name_says_browser_and_system(agent, name):
    assert devices.device_name(agent) == name


@pytest.mark.parametrize(("address", "shown"), [("36.92.1.2", "36.92.x.x"), ("2001:db8::1", "2001:0db8:0000:…"), (None, "")])
def test_about_address_hides_its_end(address, shown):
    assert devices.about_address(address) == shown


def test_end_sign_in_of_nothing_is_not_allowed(cast):
    with pytest.raises(NotAllowed):
        sessions.end_sign_in(sign_in_id=0, by=cast.pksdm)
