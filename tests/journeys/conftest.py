from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from latsar.settings import base
from tests.factories import PASSWORD
from tests.journeys import portal as running

# Playwright keeps an event loop in this thread; the ORM calls between its steps are plain blocking ones.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

SHOTS = Path(__file__).resolve().parents[2] / "build" / "journeys"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
def portal(transactional_db: None, tmp_path: Path, settings) -> Iterator[running.Portal]:
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS  # the portal's own processes check what the test writes
    started = running.start(tmp_path)
    yield started
    started.stop()


@pytest.fixture(scope="module")  # not longer: its event loop would stand in the way of other tests
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium") or "/usr/bin/chromium", args=FLAGS)
        yield chromium
        chromium.close()


class Visitor:
    """One person at a browser. Every page that is `look`ed at is checked with axe, for CSP messages and for sideways scrolling."""

    def __init__(self, context: BrowserContext, base: str, name: str) -> None:
        self.context, self.base, self.name = context, base, name
        self.page: Page = context.new_page()
        self.said: list[str] = []
        self.count = 0
        self.page.on("console", lambda m: self.said.append(m.text) if m.type in {"error", "warning"} else None)
        self.page.on("pageerror", lambda error: self.said.append(f"script: {error}"))

    def go(self, path: str) -> None:
        self.page.goto(self.base + path, wait_until="load")

    def sign_in(self, login: str, password: str = PASSWORD) -> None:
        self.go("/masuk/")
        self.page.locator("input[name=login]").fill(login)
        self.page.locator("input[name=password]").fill(password)
        self.page.locator("form:has(input[type=password]) button.btn-primary").first.click()
        self.page.wait_for_url(re.compile(r"^(?!.*/masuk/)"))

    def look(self, title: str) -> None:
        said = [*self.said]  # what the page said; the tools below put styles of their own into it
        self.count += 1
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(SHOTS / f"{self.name}-{self.count:02d}-{title}.png"), full_page=True)
        violations = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in Axe().run(self.page).response["violations"]]
        self.page.evaluate("document.querySelectorAll(\"[style='']\").forEach(one => one.removeAttribute('style'))")  # axe leaves them
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        self.said.clear()
        assert (violations, said, wide <= 1) == ([], [], True), f"{self.name} at {title} ({self.page.url})"

    def look_both(self, title: str) -> None:
        """Look at this page as it stands, on the own screen and on the other width that counts."""
        self.look(title)
        own = self.page.viewport_size
        assert own is not None
        width, height = (1366, 900) if own["width"] < 500 else (390, 844)
        self.page.set_viewport_size({"width": width, "height": height})
        self.look(f"{title}-{width}")
        self.page.set_viewport_size(own)

    def upload(self, selector: str, path: Path) -> None:
        self.page.set_input_files(selector, str(path))


@pytest.fixture
def visit(browser: Browser, portal: running.Portal) -> Iterator:
    """Return `visit(name, width=1366) -> Visitor` on a fresh profile."""
    contexts: list[BrowserContext] = []

    def open_as(name: str, width: int = 1366) -> Visitor:
        mobile = width < 500
        context = browser.new_context(
            viewport={"width": width, "height": 844 if mobile else 900},
            locale="id-ID",
            is_mobile=mobile,
            has_touch=mobile,
            accept_downloads=True,
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        return Visitor(context, portal.base, name)

    yield open_as
    for context in contexts:
        context.close()
