import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.test import RequestFactory

from latsar.ui.components import LEVEL_ICONS
from latsar.ui.error_views import server_error
from latsar.ui.gallery import samples

pytestmark = pytest.mark.urls("tests.latsar.ui.named_urls")

STATIC = Path(settings.ROOT) / "static"
TEMPLATES = Path(settings.ROOT) / "templates"
PERSON = {
    "name": "Yuliana Lobo, S.E.",
    "initials": "YL",
    "role_label": "Admin Satker",
    "unit_label": "KPU Kota Kupang",
    "roles": [{"id": 1, "label": "Admin Satker", "current": True}, {"id": 2, "label": "Mentor", "current": False}],
}
MENU = [
    {"heading": "", "items": [{"label": "Beranda", "url": "/home/", "icon": "house", "count": 0, "current": True}]},
    {"heading": "Pelatihan", "items": [{"label": "Angkatan", "url": "/angkatan/", "icon": "calendar3", "count": 3278, "current": False}]},
]


class Page(HTMLParser):
    """What the rules of the page ask: ids, inline code, unlabelled images of text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.inline: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if named.get("id"):
            self.ids.append(str(named["id"]))
        if "style" in named or tag == "style" or (tag == "script" and "src" not in named) or any(name.startswith("on") for name in named):
            self.inline.append(self.get_starttag_text() or tag)


def draw(name: str, **context: Any) -> str:
    request = RequestFactory().get("/peserta/?q=a")
    given = {
        "request": request,
        "reader": PERSON,
        "menu": MENU,
        "unread_count": 3,
        "today_label": "WITA, 9 Februari 2026 (Senin)",
        "theme": "light",
    }
    return get_template(name).template.render(Context(given | context))


@pytest.mark.parametrize(
    "name",
    [
        "base.html",
        "base_public.html",
        "base_gate.html",
        "400.html",
        "403_csrf.html",
        "404.html",
        "409.html",
        "500.html",
        "errors/refused.html",
    ],
)
def test_page_frames_obey_the_policy_and_repeat_no_id(name: str) -> None:
    page = Page(draw(name))
    assert page.inline == []
    assert len(page.ids) == len(set(page.ids))
    assert "isi" in page.ids


def test_gallery_draws_every_component_within_the_policy() -> None:
    html = draw("ui/gallery.html", **samples())
    page = Page(html)
    assert page.inline == []
    assert len(page.ids) == len(set(page.ids))
    targets = {address for address in re.findall(r'href="#([^"]+)"', html) if not address.startswith("i-")}
    assert targets <= set(page.ids)


def test_base_writes_the_menu_once_and_marks_the_place() -> None:
    html = draw("base.html")
    assert html.count('href="/angkatan/"') == 1
    assert html.count('aria-current="page"') == 1
    assert '<span class="tag">3.278</span>' in html
    assert "Pemberitahuan, 3 belum dibaca" in html


def test_base_changes_state_by_post_only() -> None:
    html = draw("base.html")
    forms = re.findall(r'<form method="post" action="([^"]+)"', html)
    assert forms == ["/switch_role/", "/set_theme/", "/set_theme/", "/account_logout/"]
    assert 'name="next" value="/peserta/?q=a"' in html


@pytest.mark.parametrize(
    ("theme", "expected"),
    [("light", 'data-bs-theme="light">'), ("dark", 'data-bs-theme="dark">'), ("auto", 'data-bs-theme="light" data-theme="auto">')],
)
def test_base_writes_the_theme_of_the_person(theme: str, expected: str) -> None:
    assert f'<html lang="id" {expected}' in draw("base.html", theme=theme)


def test_base_for_a_stranger_offers_the_sign_in() -> None:
    html = draw("base.html", reader=None, menu=[])
    assert 'href="/account_login/"' in html
    assert "Keluar" not in html


def test_error_pages_of_403_and_404_are_the_same() -> None:
    assert draw("403.html") == draw("404.html")
    assert draw("403.html", reader=None) == draw("404.html", reader=None)


def test_refused_lists_the_reasons_escaped() -> None:
    html = draw("errors/refused.html", messages_list=["Kursi penuh.", "<b>x</b>"])
    assert "<li>Kursi penuh.</li><li>&lt;b&gt;x&lt;/b&gt;</li>" in html


def test_server_error_carries_the_incident_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    request = RequestFactory().get("/boom/")
    request.request_id = "00aa11bb22cc33dd"  # type: ignore[attr-defined]
    request.resolver_match = None
    response = server_error(request)
    assert response.status_code == 500
    assert "<code>00aa11bb22cc33dd</code>" in response.content.decode()
    assert "incident 00aa11bb22cc33dd" in caplog.text
    assert 'href="/boom/"' in response.content.decode()


def test_server_error_after_a_post_does_not_offer_to_send_it_again() -> None:
    request = RequestFactory().post("/boom/")
    request.resolver_match = None
    assert "Coba lagi</a>" not in server_error(request).content.decode()


def test_server_error_with_a_broken_page_still_tells_the_number(settings: Any) -> None:
    settings.TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": []}]
    request = RequestFactory().get("/boom/")
    request.request_id = "00aa11bb22cc33dd"  # type: ignore[attr-defined]
    request.resolver_match = None
    response = server_error(request)
    assert response.status_code == 500
    assert response.content.decode().endswith("00aa11bb22cc33dd")


def test_sprite_holds_every_icon_that_templates_name() -> None:
    drawn = set(re.findall(r'<symbol id="i-([a-z0-9-]+)"', (STATIC / "icons.svg").read_text()))
    named = set(LEVEL_ICONS.values())
    for path in TEMPLATES.rglob("*.html"):
        named |= set(re.findall(r'{% icon ["\']([a-z0-9-]+)["\']', path.read_text()))
    assert named <= drawn


def test_vendored_css_names_no_source_map() -> None:
    assert [
        path for path in (STATIC / "vendor").rglob("*.*") if path.suffix in {".css", ".js"} and "sourceMappingURL" in path.read_text()
    ] == []
