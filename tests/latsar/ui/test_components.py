from datetime import date

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils import translation

from latsar.ui import components
from latsar.ui.listing import PageLinks

CANARY = "<b>kenari</b>"
SAFE = "&lt;b&gt;kenari&lt;/b&gt;"


def render(source: str, address: str = "/", **context: object) -> str:
    return Template("{% load ui %}" + source).render(RequestContext(RequestFactory().get(address), context))


def test_icon_points_into_the_sprite() -> None:
    assert render('{% icon "people" %}') == '<svg class="ico" aria-hidden="true"><use href="/static/icons.svg#i-people"/></svg>'


def test_pill_escapes_its_text() -> None:
    html = render('{% pill "ok" text "check-lg" %}', text=CANARY)
    assert html.startswith('<span class="pill ok"><svg')
    assert html.endswith(f"{SAFE}</span>")


@pytest.mark.parametrize(
    ("level", "days", "words"),
    [("bad", 20, "Kritis, 20 hari lagi"), ("ok", 142, "Kritis, 142 hari lagi"), ("bad", -3, "Kritis, lewat 3 hari")],
)
def test_clock_shows_word_days_bar_and_date(level: str, days: int, words: str) -> None:
    html = render("{% clock it %}", it=components.Clock("Kritis", level, days, date(2026, 3, 1), 95))
    assert f'<span class="days is-{level}">' in html
    assert f"</svg>{words}</span>" in html
    assert f'<rect class="f-{level}" width="95%"/>' in html
    assert "<small>1 Maret 2026 (Minggu)</small>" in html


def test_clock_without_deadline_shows_the_word_only() -> None:
    html = render("{% clock it %}", it=components.Clock("Lulus", "mute"))
    assert "</svg>Lulus</span>" in html
    assert "<small>" not in html


def test_clock_beyond_the_end_keeps_the_bar_inside() -> None:
    assert 'class="f-bad" width="100%"' in components.clock(components.Clock("Kritis", "bad", -40, None, 140))


def test_clock_speaks_the_active_language() -> None:
    it = components.Clock("Kritis", "bad", 20, date(2026, 3, 1), 95)
    assert "20 hari lagi" in components.clock(it)
    with translation.override("en"):
        assert "20 days left" in components.clock(it)


def test_stepper_marks_done_now_and_to_come() -> None:
    steps = [components.Step("Satker", "5 Feb", "done"), components.Step("Provinsi", state="now"), components.Step(CANARY)]
    html = render("{% stepper it mini=True %}", it=steps)
    assert html.startswith('<ol class="stepper mini"><li class="done"><b>Satker</b>')
    assert "(selesai)" in html
    assert html.count('aria-current="step"') == 1
    assert SAFE in html


def test_timeline_fills_the_new_entry_and_escapes() -> None:
    html = render("{% timeline it %}", it=[components.Entry("Diajukan", "Hari ini", is_new=True), components.Entry(CANARY)])
    assert html == f'<ol class="timeline"><li class="new">Diajukan<small>Hari ini</small></li><li>{SAFE}</li></ol>'


def test_figures_with_address_are_links_and_group_thousands() -> None:
    html = render(
        "{% figures it %}",
        it=[components.Figure("Orang", 3278, "semua", "/peserta/", is_current=True), components.Figure("Kritis", 2, level="bad")],
    )
    assert '<a class="figure" href="/peserta/" aria-current="true"><span>Orang</span><b>3.278</b><small>semua</small></a>' in html
    assert '<div class="figure"><span class="is-bad"><svg' in html


@pytest.mark.parametrize(("days", "css"), [(2, "due is-bad"), (7, "due is-warn"), (8, "due"), (None, "due")])
def test_todo_colours_by_days(days: int | None, css: str) -> None:
    html = components.todo([components.Todo("Judul", "/a/", "Buka", due=date(2026, 2, 11), days=days)])
    assert f'<div class="{css}"><b>' in html
    assert 'Rabu, 11 Feb</div><div><h3>Judul</h3></div><a class="btn" href="/a/">Buka</a>' in html


def test_notice_wraps_its_content_and_names_its_role() -> None:
    html = render('{% notice "warn" role="alert" %}<p>{{ text }}</p>{% endnotice %}', text=CANARY)
    assert html.startswith('<div class="notice warn" role="alert"><svg')
    assert f"<div><p>{SAFE}</p></div></div>" in html


def test_empty_state_without_actions_has_no_row_for_them() -> None:
    assert "flow" not in render('{% empty_state "people" "Belum ada" "Tambahkan." %}{% endempty_state %}')
    assert '<div class="flow justify-content-center"><a' in render(
        '{% empty_state "people" "Belum" "Ya" level=2 %}<a href="#">x</a>{% endempty_state %}'
    )


def test_progress_of_nothing_is_empty_and_valid() -> None:
    assert render('{% progress 0 0 labelled_by="x" %}') == '<progress max="1" value="0" aria-labelledby="x">0%</progress>'


def test_crumbs_end_with_this_page() -> None:
    html = render('{% crumbs "/peserta/" "Peserta" name %}', name=CANARY)
    assert '<li class="breadcrumb-item"><a href="/peserta/">Peserta</a></li>' in html
    assert f'aria-current="page">{SAFE}</li>' in html


def test_pagination_keeps_the_query_and_drops_the_old_page() -> None:
    page = Paginator(range(115), 50).page(2)
    html = render('{% pagination page "orang" %}', "/peserta/?q=a%26b&tahap=x&tahap=y&halaman=2", page=page)
    assert "51 sampai 100 dari 115 orang" in html
    assert 'href="?q=a%26b&amp;tahap=x&amp;tahap=y&amp;halaman=1"' in html
    assert 'href="?q=a%26b&amp;tahap=x&amp;tahap=y&amp;halaman=3"' in html


def test_pagination_on_a_single_page_offers_nothing() -> None:
    html = render("{% pagination page %}", page=Paginator(range(3), 50).page(1))
    assert html.count('<a class="btn disabled" aria-disabled="true">') == 2


def test_pagination_by_key_replaces_its_own_parameters() -> None:
    links = PageLinks("50 orang", {"sebelum": "a"}, {"sesudah": "z"})
    html = render("{% pagination links %}", "/?q=x&sesudah=m", links=links)
    assert 'href="?q=x&amp;sebelum=a"' in html
    assert 'href="?q=x&amp;sesudah=z"' in html


@pytest.mark.parametrize(
    ("address", "aria", "target"),
    [
        ("/?q=x&halaman=3", "", "?q=x&amp;urut=name"),
        ("/?urut=name", "ascending", "?urut=-name"),
        ("/?urut=-name", "descending", "?urut=name"),
    ],
)
def test_sort_head_turns_the_order(address: str, aria: str, target: str) -> None:
    html = render('{% sort_head "Nama" "name" %}', address)
    assert f'href="{target}"' in html
    assert ("aria-sort" in html) == bool(aria)
    assert aria in html


def test_flash_puts_done_things_with_undo_into_the_toast() -> None:
    said = [Message(constants.ERROR, CANARY), Message(constants.SUCCESS, "Diingatkan.", extra_tags="toast")]
    html = render("{% flash said %}", said=said)
    assert (
        f'<div class="notice bad" role="alert"><svg class="ico" aria-hidden="true"><use href="/static/icons.svg#i-exclamation-triangle-fill"/></svg><div><p class="m-0">{SAFE}</p>'
        in html
    )
    assert html.count('<div class="toasts" data-toasts><div class="toast-note" role="status"') == 1


def test_flash_with_nothing_said_draws_nothing() -> None:
    assert render("{% flash said %}", said=[]) == ""


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ("{{ v|nip }}", "199808122025052904", "19980812 202505 2 904"),
        ("{{ v|tanggal }}", date(2026, 8, 12), "12 Agustus 2026"),
        ("{{ v|tanggal_hari }}", date(2026, 8, 12), "12 Agustus 2026 (Rabu)"),
        ("{{ v|tanggal_pendek }}", date(2026, 8, 12), "Rabu, 12 Agu"),
        ("{{ v|ribuan }}", 1234567, "1.234.567"),
        ("{{ v|romawi }}", 3, "III"),
        ("{{ v|berempat }}", "LESMPDVVWP", "LESM PDVV WP"),
        ("{{ v|ukuran }}", 2048, "2 KB"),
        ("{{ v|sisa_hari }}", 0, "hari ini"),
    ],
)
def test_filters_write_values_and_leave_nothing_empty(source: str, value: object, expected: str) -> None:
    template = Template("{% load ui %}" + source)
    assert template.render(Context({"v": value})) == expected
    assert template.render(Context({"v": None})) == ""
