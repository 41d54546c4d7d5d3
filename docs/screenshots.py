"""Take the pictures of README and guide from a running demo portal: python docs/screenshots.py [--base URL]."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
SHOTS = [
    ("dasbor", "pksdm", "/dasbor/", "", 1366),
    ("beranda-satker", "satker.kupang", "/", "", 1366),
    ("impor", "satker.kupang", "/peserta/impor/", "", 1366),
    ("angkatan", "provinsi.ntt", "/angkatan/", "main table a.name", 1366),
    ("tinjau", "mentor", "/bimbingan/", "main a[href*='/tinjau/']", 1366),
    ("peserta-ponsel", "provinsi.ntt", "/peserta/", "", 390),
    ("aktualisasi-ponsel", "peserta", "/aktualisasi/", "", 390),
    ("verifikasi-ponsel", "", "/verifikasi/", "", 390),
    ("panduan-tambah", "satker.kupang", "/peserta/tambah/", "", 1366),
    ("panduan-berkas", "provinsi.ntt", "/peserta/berkas/", "", 1366),
    ("panduan-verifikasi", "provinsi.ntt", "/verifikasi-berkas/", "", 1366),
    ("panduan-undangan", "provinsi.ntt", "/peserta/undangan/", "", 1366),
    ("panduan-aktivasi", "", "/aktivasi/", "", 390),
    ("panduan-isu", "peserta", "/aktualisasi/rancangan/isu/", "", 1366),
    ("panduan-matriks", "peserta", "/aktualisasi/rancangan/matriks/", "", 1366),
    ("panduan-bimbingan", "mentor", "/bimbingan/", "", 1366),
    ("panduan-habituasi", "peserta.habituasi", "/aktualisasi/habituasi/", "", 390),
    ("panduan-menilai", "penguji", "/", "main a[href*='/nilai/']", 390),
    ("panduan-ajukan", "peserta", "/aktualisasi/", "", 1366),
]
"""Picture, account, address, link to follow from there, width."""


def accounts() -> dict[str, str]:
    rows = [line.split() for line in (ROOT / "var" / "demo-accounts.txt").read_text().splitlines()]
    return {row[1]: row[2] for row in rows}


def take(browser: Browser, base: str, name: str, user: str, path: str, link: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844 if width < 500 else 900}, locale="id-ID")
    page = context.new_page()
    if user:
        page.goto(base + "/masuk/")
        page.fill("input[name=login]", user)
        page.fill("input[name=password]", accounts()[user])
        page.click("form:has(input[type=password]) button.btn-primary")
        page.wait_for_load_state("load")
    page.goto(base + path)
    if link:
        page.locator(link).first.click()
        page.wait_for_load_state("load")
    page.screenshot(path=str(ROOT / "docs" / "img" / f"{name}.png"))
    context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    base = parser.parse_args().base
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        for shot in SHOTS:
            take(browser, base, *shot)
        browser.close()


if __name__ == "__main__":
    main()
