"""The examiner at the seminar: typed scores survive a cut line, a closed tab and a second window, and are sent once."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from aktualisasi.models import SeminarMark
from participants.scoring.scores import Score
from tests.aktualisasi.seminars.conftest import Scene, build_scene

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def scene(portal, cast) -> Scene:
    return build_scene(cast)


def test_typed_scores_survive_the_line_the_tab_and_a_second_window(scene, visit):
    seminar = scene.announce()
    first, second, third = (scene.turn(seminar, number) for number in range(3))
    a_lost_line_and_a_closed_tab(scene, first, visit)
    wrong_figures_are_told_while_typing(scene, second, visit)
    a_line_that_comes_back_sends_by_itself(scene, second, visit)
    what_lay_on_the_device_never_overwrites_a_newer_save(scene, third, visit)


def scores(turn):
    return [str(row.value) for mark in SeminarMark.objects.filter(turn=turn) for row in mark.scores.all()]


def waiting(page):
    return page.evaluate(
        "Object.keys(localStorage).filter(name => name.startsWith('nilai:')).map(name => localStorage.getItem(name)).join()"
    )


def a_lost_line_and_a_closed_tab(scene, turn, visit):
    # Given an examiner on a phone with the form open
    examiner = visit("penguji", width=390)
    examiner.sign_in(scene.second.username)
    url = f"/seminar/giliran/{turn.pk}/nilai/"
    examiner.go(url)
    page, field = examiner.page, f"input[name=s-{scene.proposal.pk}]"
    examiner.look("formulir")

    # When the line is cut and a score is typed
    examiner.context.set_offline(True)
    page.fill(field, "87,5")
    page.fill("textarea[name=note]", "Perjelas cara mengukur.")
    expect(page.locator("[data-total]")).to_have_text("35,00")
    expect(page.locator("input[type=radio][data-low='81.00']")).to_be_checked()
    expect(page.locator("[data-lost]")).to_contain_text("2 nilai tersimpan di perangkat ini")
    page.get_by_role("button", name="Kirim nilai").click()
    expect(page.locator("[data-state]")).to_contain_text("Belum terkirim: tidak ada sambungan")
    assert scores(turn) == []

    # And the tab is closed; a new one over a working line brings the scores back and hands them over
    other = examiner.context.new_page()
    page.close()
    examiner.context.set_offline(False)
    other.goto(f"{examiner.base}{url}")
    expect(other.locator(field)).to_have_value("87,5")
    expect(other.locator("[data-state]")).to_contain_text("Tersimpan")
    expect(other.locator("[data-lost]")).to_be_hidden()
    assert scores(turn) == ["87.50"]
    assert waiting(other) == ""

    # Then they are sent, and nothing is left on the phone
    other.get_by_role("button", name="Kirim nilai").click()
    expect(other.get_by_role("heading", name="Nilai terkirim")).to_be_visible()
    assert [str(row.value) for row in Score.objects.all()] == ["87.50"]
    assert SeminarMark.objects.get().note == "Perjelas cara mengukur."


def a_line_that_comes_back_sends_by_itself(scene, turn, visit):
    examiner = visit("penguji-pulih")
    examiner.sign_in(scene.second.username)
    examiner.go(f"/seminar/giliran/{turn.pk}/nilai/")
    page = examiner.page
    examiner.context.set_offline(True)
    page.fill(f"input[name=s-{scene.proposal.pk}]", "91")
    expect(page.locator("[data-lost]")).to_be_visible()
    examiner.context.set_offline(False)
    expect(page.locator("[data-state]")).to_contain_text("Tersimpan")
    expect(page.locator("[data-lost]")).to_be_hidden()
    assert scores(turn) == ["91.00"]


def what_lay_on_the_device_never_overwrites_a_newer_save(scene, turn, visit):
    examiner = visit("penguji-dua")
    examiner.sign_in(scene.second.username)
    url, field = f"/seminar/giliran/{turn.pk}/nilai/", f"input[name=s-{scene.proposal.pk}]"
    examiner.go(url)
    page = examiner.page
    examiner.context.set_offline(True)
    page.fill(field, "70")
    expect(page.locator("[data-lost]")).to_be_visible()
    page.close()
    scene.keep(turn, 90, rater=2)  # meanwhile, at another computer
    examiner.context.set_offline(False)
    again = examiner.context.new_page()
    again.goto(f"{examiner.base}{url}")
    expect(again.locator(field)).to_have_value("90")
    expect(again.locator("[data-stale]")).to_contain_text("70 / 90")
    assert scores(turn) == ["90.00"]
    again.get_by_role("button", name="Pakai yang di perangkat ini").click()
    expect(again.locator("[data-state]")).to_contain_text("Tersimpan")
    assert scores(turn) == ["70.00"]


def wrong_figures_are_told_while_typing(scene, turn, visit):
    examiner = visit("penguji-salah", width=390)
    examiner.sign_in(scene.second.username)
    examiner.go(f"/seminar/giliran/{turn.pk}/nilai/")
    page, field = examiner.page, f"input[name=s-{scene.proposal.pk}]"
    page.fill(field, "875")
    expect(page.locator("[data-wrong]")).to_contain_text("Di luar 0 sampai 100.")
    expect(page.locator("[data-share]")).to_have_text("-")
    page.fill(field, "87,5")
    expect(page.locator("[data-wrong]")).to_be_hidden()
    expect(page.locator("[data-share]")).to_have_text("35,00")
    page.locator("label:has(input[data-low='91.00'])").click()
    expect(page.locator(field)).to_be_focused()
