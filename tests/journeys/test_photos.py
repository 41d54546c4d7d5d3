"""A satker admin photographs a decree page by page with a phone: one document, its pages in the right order."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from latsar.documents.upload.services import PIECE_BYTES
from latsar.documents.upload.sessions import UploadSession
from participants.models import DossierDocument, Participant
from tests.corpus import images, pdfs
from tests.journeys.test_dossier import BadLine, people  # noqa: F401  the same office and people
from tests.latsar.documents.intake.test_photos import nearest, pictures

LINE = "#berkas-sk-cpns"


def phone_photo(path: Path, colour: str, size: tuple[int, int] = (1500, 2000)) -> Path:
    """A photo of a bit more than one piece: grain that cannot be packed away under one colour."""
    grain = Image.effect_noise(size, 60).convert("RGB")
    path.write_bytes(images.saved(Image.blend(grain, Image.new("RGB", size, colour), 0.7), "JPEG", quality=80))
    return path


def pieces(path: Path) -> int:
    return math.ceil(path.stat().st_size / PIECE_BYTES)


def names(page: Page) -> list[str]:
    return page.locator(f"{LINE} [data-photo] [data-name]").all_inner_texts()


@pytest.mark.browser
def test_three_photos_become_one_document(people, portal, visit, tmp_path: Path) -> None:  # noqa: F811
    person: Participant = people[0]
    first, second, third = (phone_photo(tmp_path / f"{colour}.jpg", colour) for colour in ("red", "blue", "lime"))
    visitor = visit("foto", width=390)
    page, line = visitor.page, BadLine()
    visitor.sign_in(people[1])
    visitor.go(person.dossier_url)
    page.click(f"{LINE} summary")

    # two at once, one more after that; the last page was taken first
    page.set_input_files("#id_sk-cpns_file", [str(third), str(first)])
    page.set_input_files("#id_sk-cpns_file", str(second))
    assert names(page) == ["lime.jpg", "red.jpg", "blue.jpg"]
    visitor.look("tiga-foto")
    drawn = "canvas => [...canvas.getContext('2d').getImageData(60, 80, 1, 1).data].some(Boolean)"
    for canvas in page.locator(f"{LINE} canvas").all():
        page.wait_for_function(drawn, arg=canvas.element_handle())

    # by keyboard: down, down; the focus stays with the photo
    page.get_by_role("button", name="Turunkan foto 1").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Turunkan foto 2")).to_be_focused()
    page.keyboard.press("Enter")
    assert names(page) == ["red.jpg", "blue.jpg", "lime.jpg"]
    expect(page.locator(f"{LINE} [data-said]")).to_have_text("Sekarang foto ke-3.")

    # a PDF is a document of its own; a photo can be left out again
    (tmp_path / "lain.pdf").write_bytes(pdfs.plain())
    page.set_input_files("#id_sk-cpns_file", str(tmp_path / "lain.pdf"))
    expect(page.locator(f"{LINE} [data-said]")).to_contain_text("Yang digabung hanya foto.")
    page.get_by_role("button", name="Buang foto 2").click()
    assert names(page) == ["red.jpg", "lime.jpg"]

    # the line breaks in the second photo and the page is opened anew: what was sent is not sent again
    cut = tmp_path / "blue2.jpg"
    cut.write_bytes(second.read_bytes()[: second.stat().st_size // 2])
    page.set_input_files("#id_sk-cpns_file", str(cut))
    page.get_by_role("button", name="Naikkan foto 3").click()
    page.route("**/unggahan/**", line)
    line.left = pieces(first) + 1
    page.click(f"{LINE} button.btn-primary")
    expect(page.locator(f"{LINE} [data-text]")).to_contain_text("Sambungan putus")
    line.left, line.passed = -1, 0
    visitor.go(person.dossier_url)
    page.click(f"{LINE} summary")
    page.set_input_files("#id_sk-cpns_file", [str(first), str(cut), str(third)])
    page.click(f"{LINE} button.btn-primary")

    # a photo that was cut off is named, the others stay; it is replaced in its place
    expect(page.locator("#id_sk-cpns_file_error")).to_contain_text("Foto 2, blue2.jpg: Gambar rusak", timeout=30_000)
    assert line.passed == pieces(cut) - 1 + pieces(third)
    assert names(page) == ["red.jpg", "blue2.jpg", "lime.jpg"]
    visitor.said.clear()  # the browser notes the broken line and every answer of 422
    visitor.look("foto-rusak")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Ganti foto 2").click()
    chooser.value.set_files(str(second))
    assert names(page) == ["red.jpg", "blue.jpg", "lime.jpg"]
    line.passed = 0
    page.click(f"{LINE} button.btn-primary")

    expect(page.locator(LINE)).to_contain_text("Menunggu diperiksa")
    assert line.passed == pieces(second)
    document = DossierDocument.objects.get()
    with document.file.open("rb") as stored:
        assert [nearest(picture, (800, 1000)) for picture in pictures(stored.read())] == ["red", "blue", "lime"]
    assert (document.pages, UploadSession.objects.exists()) == (3, False)
    visitor.look("satu-dokumen")
    visitor.go(document.get_absolute_url())
    expect(page.get_by_text("Halaman 1 dari 3")).to_be_visible()
