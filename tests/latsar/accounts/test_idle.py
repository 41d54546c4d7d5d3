"""How long a session lasts: what counts as activity, what does not, and what an open page is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from latsar.accounts import sessions
from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.jobs.models import Job
from tests import factories
from tests.factories import PASSWORD
from tests.latsar.accounts.test_sessions import DESK, enter, is_in

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def later(**span: float) -> time_machine.travel:
    return time_machine.travel(START + timedelta(**span), tick=False)


@pytest.fixture(autouse=True)
def _at_the_start() -> Iterator[None]:
    with later():
        yield


@pytest.fixture
def participant(cast) -> User:
    return factories.RoleGrantFactory(user=factories.UserFactory(username="peserta.satu"), role=Role.PESERTA).user


def pulse(user: User) -> str:
    return f"{reverse('session_pulse')}?akun={user.pk}"


def asks(client: Client, user: User):
    """Ask as the script of an open page does by itself."""
    return client.get(pulse(user), headers={"x-unattended": "1"})


# --- the limits -------------------------------------------------------------------------------


@pytest.mark.parametrize(("login", "minutes"), [("admin.kupang", 30), ("mentor.a", 30), ("peserta.satu", 120), ("orang.asing", 120)])
def test_session_left_alone_is_over_sooner_with_a_staff_role(cast, participant, login, minutes):
    used, left = enter(login), enter(login)
    with later(minutes=minutes):
        assert is_in(used)
    with later(minutes=minutes, seconds=1):
        assert is_in(used)
        assert not is_in(left)


def test_session_of_a_participant_who_is_mentor_too_ends_like_staff(cast, participant):
    factories.RoleGrantFactory(user=participant, role=Role.MENTOR)
    desk = enter("peserta.satu")
    with later(minutes=31):
        assert not is_in(desk)


def test_limits_come_from_the_settings(cast, participant, settings):
    settings.STAFF_IDLE_MINUTES, settings.PARTICIPANT_IDLE_MINUTES = 10, 20
    staff, plain = enter("admin.kupang"), enter("peserta.satu")
    assert "sesudah 10 menit tanpa kegiatan, dan paling lama 12 jam" in staff.get(reverse("sign_ins")).content.decode()
    assert "sesudah 20 menit tanpa kegiatan, dan paling lama 12 jam" in plain.get(reverse("sign_ins")).content.decode()
    with later(minutes=15):
        assert (is_in(staff), is_in(plain)) == (False, True)


def test_session_in_use_is_over_after_twelve_hours(cast):
    desk = enter("admin.kupang")
    kept = []
    for quarters in (*range(1, 48), 49):
        with later(minutes=15 * quarters):
            kept.append(is_in(desk))
    assert kept == [True] * 47 + [False]


# --- what counts as activity ------------------------------------------------------------------


def test_session_pulse_posted_while_typing_keeps_the_session(cast):
    desk = enter("admin.kupang")
    for minutes in (25, 50):
        with later(minutes=minutes):
            answer = desk.post(pulse(cast.admin_kupang))
            assert (answer.status_code, answer.content) == (204, b"")
    with later(minutes=75):
        assert is_in(desk)


def test_session_pulse_asked_by_the_page_keeps_nothing_alive(cast):
    desk = enter("admin.kupang")
    with later(minutes=25):
        assert asks(desk, cast.admin_kupang).json()["ask_in"] == 3 * 60
    with later(minutes=31):
        assert asks(desk, cast.admin_kupang).status_code == 401


@pytest.mark.parametrize(("headers", "stays"), [({"hx-request": "true", "x-unattended": "1"}, False), ({"hx-request": "true"}, True)])
def test_progress_of_a_job_polled_all_the_time_keeps_nothing_alive(cast, headers, stays):
    job = Job.objects.create(task="reports.export", title="Daftar", requested_by=cast.admin_kupang)
    desk = enter("admin.kupang")
    with later(minutes=20):
        assert desk.get(job.get_absolute_url(), headers=headers).status_code == 200
    with later(minutes=40):
        assert is_in(desk) is stays


# --- what an open page is told ----------------------------------------------------------------


def test_page_says_when_to_ask_and_for_whom(cast):
    page = enter("admin.kupang").get(reverse("account")).content.decode()
    assert f'data-url="{pulse(cast.admin_kupang)}"' in page
    assert 'data-ask-in="1680"' in page


def test_session_pulse_two_minutes_before_the_end_tells_its_hour(cast):
    cast.admin_kupang.zone = "WITA"
    cast.admin_kupang.save()
    desk = enter("admin.kupang")
    with later(minutes=27, seconds=59):
        assert asks(desk, cast.admin_kupang).json()["notice"] == ""
    with later(minutes=28):
        told = asks(desk, cast.admin_kupang).json()
        assert "Sesi berakhir pukul 09.30 WITA karena tidak ada kegiatan." in told["notice"]
        assert "Tetap masuk" in told["notice"]
        assert told["ask_in"] == 121
        assert desk.post(pulse(cast.admin_kupang)).status_code == 204
        assert asks(desk, cast.admin_kupang).json()["notice"] == ""


def test_session_pulse_before_the_twelfth_hour_offers_no_staying(cast):
    desk = enter("admin.kupang")
    for quarters in range(1, 48):
        with later(minutes=15 * quarters):
            is_in(desk)
    with later(hours=11, minutes=59):
        desk.post(pulse(cast.admin_kupang))
        told = asks(desk, cast.admin_kupang).json()
    assert "12 jam sesudah Anda masuk" in told["notice"]
    assert "Tetap masuk" not in told["notice"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_session_pulse_after_the_end_says_so_without_leading_away_or_telling_more(cast, method):
    desk = enter("admin.kupang")
    with later(minutes=31):
        answer = getattr(desk, method)(pulse(cast.admin_kupang))
        assert answer.status_code == 401
        assert set(answer.json()) == {"notice"}
        assert "Yang Anda ketik masih ada" in answer.json()["notice"]
        assert 'href="/masuk/?next=/akun/masuk-lagi/"' in answer.json()["notice"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_session_pulse_of_another_account_gives_no_token(cast, method):
    answer = getattr(enter("admin.ende"), method)(pulse(cast.admin_kupang))
    assert answer.status_code == 409
    assert set(answer.json()) == {"notice"}
    assert "Akun lain sedang masuk" in answer.json()["notice"]


def test_session_pulse_refuses_a_post_without_token(cast):
    desk = Client(enforce_csrf_checks=True, headers={"user-agent": DESK})
    desk.cookies = enter("admin.kupang").cookies
    assert desk.post(pulse(cast.admin_kupang)).status_code == 403


# --- coming back ------------------------------------------------------------------------------


def strict(login: str, client: Client | None = None) -> Client:
    """Sign in as a browser that checks tokens."""
    client = client or Client(enforce_csrf_checks=True, headers={"user-agent": DESK})
    token = client.get(reverse("account_login")).context["csrf_token"]
    answer = client.post(reverse("account_login"), {"login": login, "password": PASSWORD, "csrfmiddlewaretoken": str(token)})
    assert answer.status_code == 302
    return client


def sends(client: Client, token: str) -> int:
    return client.post(reverse("set_theme"), {"theme": "dark", "csrfmiddlewaretoken": token}).status_code


def test_token_of_an_old_page_is_refused_after_signing_in_again_and_the_fresh_one_is_taken(cast):
    desk = strict("admin.kupang")
    old = str(desk.get(reverse("account")).context["csrf_token"])
    assert sends(desk, old) == 302
    with later(minutes=31):
        assert asks(desk, cast.admin_kupang).status_code == 401
        strict("admin.kupang", desk)
        assert sends(desk, old) == 403
        assert sends(desk, asks(desk, cast.admin_kupang).json()["token"]) == 302


def test_form_sent_after_the_end_leads_to_sign_in_and_back_to_its_page_and_changes_nothing(cast):
    desk = strict("admin.kupang")
    token = str(desk.get(reverse("account")).context["csrf_token"])
    form = {"theme": "dark", "csrfmiddlewaretoken": token}
    with later(minutes=31):
        answer = desk.post(reverse("set_theme"), form, headers={"referer": "http://testserver/akun/?bagian=tema"})
        assert unquote(answer["Location"]) == "/masuk/?next=/akun/?bagian=tema"
    assert User.objects.get(pk=cast.admin_kupang.pk).theme == "auto"


def test_remaining_of_a_session_whose_begin_is_unknown_is_unknown(cast, sign_in):
    client = sign_in(cast.admin_kupang)
    request = client.get(reverse("account")).wsgi_request
    assert sessions.remaining(request) is None
    assert b'id="sesi"' not in client.get(reverse("account")).content
    assert asks(client, cast.admin_kupang).json()["notice"] == ""
