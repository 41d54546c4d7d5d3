"""A session ends while somebody types: the page says so in time, and what was typed is sent after signing in again."""

from __future__ import annotations

import re
from datetime import date, timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.accounts.sessions import SEEN_KEY
from latsar.jobs.models import Job, JobState
from latsar.satker.models import Satker
from participants.models import Participant
from tests.factories import PASSWORD, RoleGrantFactory, UserFactory, nip_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(params=[1366, 390])
def satker(portal, visit, request):
    call_command("load_reference", verbosity=0)
    for name, code in (("satker", "53.71"), ("tetangga", "53.08")):
        RoleGrantFactory(user=UserFactory(username=name), role=Role.ADMIN_SATKER, satker=Satker.objects.get(code=code))
    one = visit(f"sesi-{request.param}", width=request.param)
    one.sign_in("satker")
    one.page.clock.install()
    return one


def age(satker, minutes: int) -> None:
    """Let the session have been used that long ago."""
    key = next(cookie["value"] for cookie in satker.context.cookies() if cookie["name"] == "sessionid")
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    session[SEEN_KEY] -= 60 * minutes
    session.save()


def left_alone(satker, minutes: int) -> None:
    """Age the session, and let the browser's clock go on as long."""
    age(satker, minutes)
    satker.page.clock.fast_forward(60_000 * minutes)


def types(page: Page) -> None:
    """Fill the form while the browser's clock stands, so that the draft is saved once and nothing is still on its way."""
    page.clock.pause_at(timezone.now() + timedelta(seconds=2))
    page.fill("input[name=nip]", nip_of(date(1998, 4, 12), timezone.localdate().replace(day=1), female=True, serial=943))
    page.fill("input[name=full_name]", "Tetap Ada, S.H.")
    page.fill("input[name=jabatan]", "Arsiparis")
    page.select_option("select[name=golongan]", "III/a")
    page.fill("input[name=email]", "tetap@contoh.go.id")
    page.keyboard.press("Tab")
    with page.expect_response("**/peserta/draf/"):
        page.clock.run_for(2000)
    page.clock.resume()
    expect(page.locator("[data-autosave-status]")).to_contain_text("Draf tersimpan")


def signs_in(page: Page, login: str) -> None:
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[type=password]) button.btn-primary").first.click()
    expect(page.locator("h1")).to_contain_text("Anda sudah masuk lagi")


def test_typing_outlasts_the_session_and_every_page_tells_of_its_end(satker):
    typing_is_sent_by_the_same_account_only(satker)
    a_page_that_polls_stays_and_the_admin_site_warns_too(satker)


def typing_is_sent_by_the_same_account_only(satker):
    page, notice = satker.page, satker.page.locator("#sesi")
    satker.go("/peserta/tambah/")
    types(page)

    left_alone(satker, 28)
    expect(notice).to_contain_text("karena tidak ada kegiatan")
    satker.look("segera-berakhir")
    page.get_by_role("button", name="Tetap masuk").click()
    expect(notice).to_be_empty()

    left_alone(satker, 28)
    expect(notice).to_contain_text("karena tidak ada kegiatan")
    left_alone(satker, 3)
    expect(notice).to_contain_text("Sesi Anda sudah berakhir")
    only_refused(satker)
    satker.look("sudah-berakhir")

    page.fill("input[name=jabatan]", "Arsiparis Ahli Pertama")
    page.get_by_role("button", name="Daftarkan CPNS").click()
    expect(page.get_by_role("link", name="Masuk di tab baru")).to_be_focused()
    assert not Participant.objects.exists()

    with satker.context.expect_page() as opened:
        page.get_by_role("link", name="Masuk di tab baru").click()
    other = opened.value
    signs_in(other, "tetangga")
    comes_back(page)
    expect(notice).to_contain_text("Akun lain sedang masuk")
    only_refused(satker)
    satker.look("akun-lain")
    page.get_by_role("button", name="Daftarkan CPNS").click()
    expect(notice).to_contain_text("Akun lain sedang masuk")

    other.goto(f"{satker.base}/akun/")
    other.locator("main").get_by_role("button", name="Keluar").click()
    other.wait_for_url(lambda url: url != f"{satker.base}/akun/")
    other.goto(f"{satker.base}/masuk/?next=/akun/masuk-lagi/")
    signs_in(other, "satker")
    comes_back(page)
    expect(notice).to_be_empty()
    page.get_by_role("button", name="Daftarkan CPNS").click()
    expect(page.locator("h1")).to_contain_text("Tetap Ada")
    person = Participant.objects.get()
    assert (person.jabatan, person.email, person.satker.code) == ("Arsiparis Ahli Pertama", "tetap@contoh.go.id", "53.71")
    only_refused(satker)


def a_page_that_polls_stays_and_the_admin_site_warns_too(satker):
    page, notice = satker.page, satker.page.locator("#sesi")
    for path, title in (("/akun/masuk-lagi/", "masuk-lagi"), ("/akun/sesi/", "sesi")):
        satker.go(path)
        satker.look(title)
    satker.go("/admin/accounts/rolegrant/")
    left_alone(satker, 28)
    expect(notice).to_contain_text("karena tidak ada kegiatan")
    satker.look("admin")

    by = User.objects.get(username="satker")
    job = Job.objects.create(task="x", title="Lama", requested_by=by, state=JobState.RUNNING, heartbeat_at=timezone.now())
    with page.expect_response(lambda answer: answer.url.endswith(job.get_absolute_url()) and "hx-request" in answer.request.headers):
        satker.go(job.get_absolute_url())
    age(satker, 31)  # the page does not know: its next question of how far the job is tells
    expect(notice).to_contain_text("Sesi Anda sudah berakhir")
    assert page.url.endswith(job.get_absolute_url())


def comes_back(page: Page) -> None:
    """Come back to the tab; a browser without a screen shows all its tabs at once and does not tell them."""
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def only_refused(satker) -> None:
    """The browser itself writes each such answer to its console; nothing else may stand there."""
    assert [line for line in satker.said if not re.search(r"status of 40[19] ", line)] == []
    satker.said.clear()
