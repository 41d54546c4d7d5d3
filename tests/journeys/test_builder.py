"""A participant builds the rancangan: by keyboard alone at a desk, and on a phone with two windows and a line that breaks."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from aktualisasi import services
from aktualisasi.fields import digest
from aktualisasi.models import Issue, Kegiatan, KegiatanValue, Rancangan
from latsar.accounts.enums import Role
from latsar.accounts.models import AuditEntry, User
from latsar.satker.models import SatkerKind
from latsar.training.models import BatchPhase
from participants.models import Participant, Placement
from tests import factories
from tests.aktualisasi.builder.conftest import rules
from tests.journeys.conftest import Visitor

HOME = "/aktualisasi/rancangan/"


@pytest.fixture
def author(transactional_db: None, settings) -> User:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    province = factories.SatkerFactory(
        code="53", name="KPU Provinsi Nusa Tenggara Timur", kind=SatkerKind.PROVINCE, parent=None, province=None
    )
    province.province = province
    province.save()
    kupang = factories.SatkerFactory(code="53.71", name="KPU Kota Kupang", parent=province)
    batch = factories.BatchFactory(curriculum=rules("blended"))
    start = batch.starts_on + timedelta(days=30)
    BatchPhase.objects.create(batch=batch, order=9, kind="habituasi", name="Habituasi", starts_on=start, ends_on=start + timedelta(days=30))
    user = factories.UserFactory(username="peserta.uji", full_name="Maria Contoh, S.Kom.")
    factories.RoleGrantFactory(user=user, role=Role.PESERTA)
    person = factories.ParticipantFactory(satker=kupang, user=user, full_name=user.full_name, batch=batch, stage="placed")
    Placement.objects.create(participant=person, seat=batch.seats.first(), group=1, placed_by=factories.UserFactory())
    return user


def enter(visitor: Visitor, login: str) -> None:
    """Sign in with the keyboard alone."""
    visitor.go("/masuk/")
    visitor.page.fill("input[name=login]", login)
    visitor.page.fill("input[name=password]", factories.PASSWORD)
    visitor.page.press("input[name=password]", "Enter")
    visitor.page.wait_for_url(re.compile(r"^(?!.*/masuk/)"))


def saved(page: Page) -> None:
    expect(page.locator("[data-state] > span:last-child")).to_have_text(re.compile(r"^Tersimpan \d\d\.\d\d WI(B|TA|T)$"))


def wait_for_summary(text: str) -> None:
    """Wait until the server has the words: the page may still show when the field before was saved."""
    deadline = time.monotonic() + 20
    while Rancangan.objects.get().summary != text:
        assert time.monotonic() < deadline
        time.sleep(0.1)


class Keys:
    """The keyboard: finds a control by Tab, as somebody does who has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, selector: str) -> Keys:
        for _n in range(400):
            if self.page.evaluate("s => document.activeElement && document.activeElement.matches(s)", selector):
                return self
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no Tab leads to {selector}")

    def write(self, selector: str, text: str) -> Keys:
        self.to(selector)
        self.page.keyboard.type(text)
        return self

    def press(self, selector: str, key: str = "Enter") -> None:
        self.to(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)


@pytest.mark.browser
def test_rancangan_by_keyboard_alone(author, portal, visit) -> None:
    desk = visit("papan-ketik")
    page, keys = desk.page, Keys(desk.page)
    enter(desk, author.username)
    desk.go(HOME)
    desk.look("ikhtisar-kosong")

    # three issues: words, APKL, USG; the ranking follows at once
    desk.go(HOME + "isu/")
    for number, (text, marks) in enumerate((("Arsip belum tertata", "554"), ("PPID lewat tenggat", "443"), ("Papan belum seragam", "")), 1):
        keys.press('button[value="tambah:issue"]')
        issue = Issue.objects.get(order=number)
        key = f"issue\\.{issue.pk}\\."
        for name, mark in zip(("urgency", "seriousness", "growth"), marks, strict=False):
            keys.write(f"#{key}{name}", mark)
        desk.go(HOME + "isu/")
        for name in ("aktual", "problematik", "kekhalayakan", "layak"):
            keys.write(f"#{key}{name}", "T" if not marks and name == "layak" else "Y")
        keys.write(f"#{key}statement", text)
        saved(page)
    row = page.locator("tr[data-issue]")
    expect(row.nth(0).locator("[data-total]")).to_have_text("14")
    expect(row.nth(0).locator("[data-rank]")).to_have_text("Tertinggi")
    expect(row.nth(1).locator("[data-rank]")).to_have_text("Urutan 2")
    expect(row.nth(2).locator("[data-rank]")).to_have_text("Gugur: Layak")
    expect(row.nth(2).locator("select[data-mark]").first).to_be_disabled()
    desk.look("isu")
    assert [issue.total for issue in Issue.objects.order_by("order")] == [14, 11, None]
    assert Rancangan.objects.get().chosen_issue == Issue.objects.get(order=1)

    # the fishbone
    desk.go(HOME + "akar/")
    chosen = Issue.objects.get(order=1)
    keys.press(f'button[value="tambah:cause:{chosen.pk}:metode"]')
    cause = chosen.causes.get()
    keys.write(f"#cause\\.{cause.pk}\\.text", "Pola nama berkas tidak ada")
    keys.to(f"#cause\\.{cause.pk}\\.is_root")
    page.keyboard.press("Space")
    saved(page)
    keys.press('.bar-end button[value=""]')
    expect(page.locator(".fishbone")).to_contain_text("Pola nama berkas tidak ada, akar masalah")
    desk.look("tulang-ikan")

    # one kegiatan whole
    desk.go(HOME + "kegiatan/")
    keys.press('button[value="tambah:kegiatan"]')
    kegiatan = Kegiatan.objects.get()
    key = f"kegiatan\\.{kegiatan.pk}\\."
    keys.write(f"#{key}title", "Menyusun daftar arsip")
    keys.to(f"#{key}cause")
    page.keyboard.press("ArrowDown")
    keys.press(f'button[value="tambah:tahapan:{kegiatan.pk}"]')
    step = kegiatan.tahapan.get()
    for name, text in (("text", "Mendata keputusan"), ("output", "Daftar arsip"), ("proof", "Foto")):
        keys.write(f"#tahapan\\.{step.pk}\\.{name}", text)
    values = list(kegiatan.rancangan.participant.batch.curriculum.values.order_by("order"))
    for value in values:
        keys.write(f"#nilai\\.{kegiatan.pk}\\.{value.pk}", f"Kaitan {value.name}")
    subjects = kegiatan.rancangan.participant.batch.curriculum.subjects.filter(agenda="Agenda 3").order_by("order")
    for subject in subjects:
        keys.write(f"#agenda\\.{kegiatan.pk}\\.{subject.pk}", f"Kaitan {subject.name}")
    keys.write(f"#{key}visi_misi", "Misi 3").write(f"#{key}penguatan", "Terbuka")
    saved(page)
    desk.look("kegiatan")
    kegiatan.refresh_from_db()
    assert (kegiatan.title, kegiatan.cause_id, kegiatan.visi_misi) == ("Menyusun daftar arsip", cause.pk, "Misi 3")
    assert KegiatanValue.objects.count() == len(values)

    # its weeks
    desk.go(HOME + "jadwal/")
    for week in (1, 2):
        keys.to(f'input[name="kegiatan.{kegiatan.pk}.weeks"][value="{week}"]')
        page.keyboard.press("Space")
    saved(page)
    expect(page.locator(".bar-end")).to_contain_text("Bagian ini lengkap")  # what is missing follows what was saved
    expect(page.locator("main")).not_to_contain_text("belum punya minggu")
    desk.look("jadwal")
    kegiatan.refresh_from_db()
    assert kegiatan.weeks == [1, 2]
    desk.go(HOME + "matriks/")
    expect(page.locator("table.paper")).to_contain_text("Kaitan Akuntabel")
    desk.look("matriks")
    desk.go(HOME)
    expect(page.locator("nav[aria-label='Bagian rancangan']:visible")).to_contain_text("terisi, kurang")


@pytest.mark.browser
def test_two_windows_and_a_broken_line_on_a_phone(author, portal, visit) -> None:
    person = Participant.objects.get(user=author)
    services.save_field(participant_id=person.pk, key="rancangan.title", text="Judul dasar", seen=digest(""), by=author)
    phone = visit("telepon", width=390)
    enter(phone, author.username)
    first = phone.page
    phone.go(HOME + "gagasan/")
    second = phone.context.new_page()
    second.goto(portal.base + HOME + "gagasan/")

    # two windows at one field: the second is asked, and nothing was overwritten
    first.fill("#rancangan\\.title", "Judul jendela satu")
    saved(first)
    second.fill("#rancangan\\.title", "Judul jendela dua")
    card = second.locator(".notice[data-conflict]")
    expect(card).to_contain_text("Judul jendela satu")
    expect(card).to_contain_text("Judul jendela dua")
    expect(second.locator("[data-state]")).to_contain_text("1 isian menunggu keputusan Anda")
    assert Rancangan.objects.get().title == "Judul jendela satu"
    phone.page = second
    phone.said.clear()
    phone.look("bentrok")
    card.locator("[data-mine]").click()
    saved(second)
    assert Rancangan.objects.get().title == "Judul jendela dua"
    second.fill("#rancangan\\.summary", "Ringkasan dua")
    second.locator("#rancangan\\.summary").blur()
    wait_for_summary("Ringkasan dua")
    first.fill("#rancangan\\.summary", "Ringkasan satu")
    expect(first.locator(".notice[data-conflict]")).to_have_count(1)  # leaving the title unchanged asks nothing
    first.locator(".notice[data-conflict] [data-theirs]").click()
    expect(first.locator("#rancangan\\.summary")).to_have_value("Ringkasan dua")
    expect(first.locator(".notice[data-conflict]")).to_have_count(0)
    first.reload()
    second.close()

    # the line breaks: what is typed stays in the device, survives a reload, and goes when the line is back
    phone.page, page = first, first
    phone.context.set_offline(True)
    page.fill("#rancangan\\.idea", "Gagasan saat sambungan putus")
    expect(page.locator("[data-state]")).to_contain_text("Tidak ada sambungan, 1 isian tersimpan di perangkat ini")
    assert Rancangan.objects.get().idea == ""
    page.route("**/isian/", lambda route: route.abort())  # the pages come, the fields still do not go
    phone.context.set_offline(False)
    page.reload()
    expect(page.locator("#rancangan\\.idea")).to_have_value("Gagasan saat sambungan putus")
    assert Rancangan.objects.get().idea == ""
    page.unroute("**/isian/")
    page.fill("#rancangan\\.idea", "Gagasan saat sambungan putus, lalu kembali")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    saved(page)
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('isian:')).length") == 0
    assert Rancangan.objects.get().idea == "Gagasan saat sambungan putus, lalu kembali"
    assert AuditEntry.objects.get(verb="drop_field").changes == {"rancangan.summary": ["Ringkasan satu", "Ringkasan dua"]}
    phone.said.clear()  # the broken line is noted by the browser too
    phone.look("tersambung")

    # somebody else at the same device sees nothing of what this person typed
    page.route("**/isian/", lambda route: route.abort())
    page.fill("#rancangan\\.idea", "Ketikan yang belum terkirim")
    expect(page.locator("[data-state]")).to_contain_text("Tidak ada sambungan")
    other = factories.UserFactory(username="peserta.lain", full_name="Orang Lain")
    factories.RoleGrantFactory(user=other, role=Role.PESERTA)
    factories.ParticipantFactory(satker=person.satker, user=other, stage="approved")
    phone.context.clear_cookies()
    page.unroute("**/isian/")
    enter(phone, other.username)
    phone.go(HOME + "gagasan/")
    expect(page.locator("#rancangan\\.idea")).to_have_value("")
    assert not Rancangan.objects.filter(participant__user=other).exists()
