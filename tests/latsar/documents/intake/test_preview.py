import io

import pytest
from PIL import Image

from latsar.documents.intake.preview import PreviewFailed, page_images
from tests.corpus import pdfs


def test_page_images_asked_pages_come_as_webp_of_the_asked_width() -> None:
    first, third = page_images(pdfs.with_pages(3), [1, 3], width=400)
    for data in (first, third):
        picture = Image.open(io.BytesIO(data))
        assert picture.format == "WEBP"
        assert picture.width == 400
        assert abs(picture.height - 400 * 842 / 595) <= 1


def test_page_images_default_width_shows_what_is_drawn() -> None:
    picture = Image.open(io.BytesIO(page_images(pdfs.plain(), [1])[0])).convert("RGB")
    assert picture.width == 760
    red, green, blue = picture.getpixel((760 * 200 // 595, 760 * (842 - 650) // 595))  # type: ignore[misc]
    assert (red < 30, green < 30, blue > 220) == (True, True, True)
    assert picture.getpixel((5, 5)) == (255, 255, 255)


def test_page_images_stamp_of_a_signature_field_is_drawn() -> None:
    stamp = pdfs.stream(b"1 0 0 rg 0 0 200 200 re f", b"/Subtype /Form /BBox [0 0 200 200]")
    field = b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (ttd) /F 4 /Rect [100 100 300 300] /AP << /N 6 0 R >> >>"
    signed = pdfs.build(
        field, stamp, catalog=pdfs.catalog_with(b"/AcroForm << /Fields [5 0 R] >>"), page=pdfs.page_with(b"/Annots [5 0 R]")
    )
    picture = Image.open(io.BytesIO(page_images(signed, [1])[0])).convert("RGB")
    red, green, blue = picture.getpixel((760 * 200 // 595, 760 * (842 - 200) // 595))  # type: ignore[misc]
    assert (red > 220, green < 40, blue < 40) == (True, True, True)


def test_page_images_endless_page_is_scaled_down() -> None:
    page = pdfs.PAGE.replace(b"[0 0 595 842]", b"[0 0 100 14000]")
    picture = Image.open(io.BytesIO(page_images(pdfs.build(page=page), [1])[0]))
    assert picture.height <= 4000


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", pdfs.encrypted(user="a", owner="b")], ids=["empty", "broken", "encrypted"])
def test_page_images_unreadable_fails_by_name(data: bytes) -> None:
    with pytest.raises(PreviewFailed, match="broken_pdf"):
        page_images(data, [1])


def test_page_images_missing_page_fails_by_name() -> None:
    assert len(page_images(pdfs.plain(), [1])) == 1
    with pytest.raises(PreviewFailed, match="no_page"):
        page_images(pdfs.plain(), [2])


@pytest.mark.parametrize(("pages", "width"), [([], 760), ([0], 760), (list(range(1, 22)), 760), ([1], 1), ([1], 99_999)])
def test_page_images_call_out_of_range_is_an_error(pages: list[int], width: int) -> None:
    with pytest.raises(ValueError, match=r"pages|pixels"):
        page_images(pdfs.plain(), pages, width=width)
