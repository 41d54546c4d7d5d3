"""What somebody types in the form of a CPNS: kept in each tab, read from the NIP, sent once."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from latsar.accounts.enums import Role
from latsar.satker.models import Satker
from participants.models import Participant, RegistrationDraft
from tests.factories import RoleGrantFactory, UserFactory, nip_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def satker(portal, visit):
    call_command("load_reference", verbosity=0)
    RoleGrantFactory(user=UserFactory(username="satker"), role=Role.ADMIN_SATKER, satker=Satker.objects.get(code="53.71"))
    one = visit("satker")
    one.sign_in("satker")
    return one


def test_form_follows_a_corrected_nip_and_keeps_each_tabs_typing(satker):
    tmt, page = timezone.localdate().replace(day=1), satker.page
    satker.go("/peserta/tambah/")
    page.fill("input[name=nip]", nip_of(date(1998, 4, 12), tmt, female=True, serial=941))
    page.get_by_role("button", name="Daftarkan CPNS").click()  # refused, most is missing
    expect(page.locator("[data-focus]")).to_be_visible()
    page.fill("input[name=nip]", nip_of(date(1997, 5, 13), tmt, female=False, serial=942))
    expect(page.locator("input[name=birth_date]")).to_have_value("13-05-1997")
    expect(page.locator("input[name=sex][value=L]")).to_be_checked()

    other = satker.context.new_page()
    other.goto(f"{satker.base}/peserta/tambah/")
    other.fill("input[name=full_name]", "Tab Lain, S.H.")
    expect(other.locator("[data-autosave-status]")).to_contain_text("Draf tersimpan")

    page.fill("input[name=full_name]", "Tab Ini, S.H.")
    page.fill("input[name=jabatan]", "Arsiparis")
    page.select_option("select[name=golongan]", "III/a")
    page.fill("input[name=email]", "tab@contoh.go.id")
    page.get_by_role("button", name="Daftarkan CPNS").dblclick()
    expect(page.locator("h1")).to_contain_text("Tab Ini")
    page.wait_for_timeout(2500)  # longer than a pending autosave would wait
    assert Participant.objects.count() == 1
    assert [draft.data.get("full_name") for draft in RegistrationDraft.objects.registering()] == ["Tab Lain, S.H."]

    other.reload()
    expect(other.locator("input[name=full_name]")).to_have_value("Tab Lain, S.H.")
    person = Participant.objects.get()
    satker.go(f"/peserta/{person.pk}/ubah/")
    page.fill("input[name=full_name]", "Tab Ini, S.H., M.H.")
    expect(page.locator("[data-autosave-status]")).to_contain_text("belum diterapkan")
    expect(page.locator("#nip-read .notice")).to_have_count(0)
