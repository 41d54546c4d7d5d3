"""Photos of one document become one PDF: what is on its pages, what is refused, and how large it may get."""

from __future__ import annotations

import io
import tracemalloc

import pikepdf
import pytest
from PIL import Image

from latsar.documents.intake import photos as joining
from latsar.documents.intake.pdf_check import inspect_pdf
from latsar.documents.intake.photos import MAX_PHOTOS, Photo, PhotosRefused, join_photos
from latsar.documents.intake.preview import page_images
from latsar.documents.intake.refusal import MAX_UPLOAD_BYTES, UploadRefused
from tests.corpus import images


def photo(data: bytes, name: str = "IMG_1.jpg") -> Photo:
    return Photo(name, lambda: data)


def coloured(colour: str, size: tuple[int, int] = (300, 400)) -> bytes:
    return images.saved(Image.new("RGB", size, colour), "JPEG")


def pictures(pdf: bytes) -> list[Image.Image]:
    """Return the picture of each page as it lies in the PDF."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        found = []
        for page in opened.pages:
            (stored,) = page.obj.Resources.XObject.values()
            picture = Image.open(io.BytesIO(stored.read_raw_bytes()))
            picture.load()
            found.append(picture)
        return found


def sheets(pdf: bytes) -> list[tuple[int, int]]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [(round(float(page.mediabox[2])), round(float(page.mediabox[3]))) for page in opened.pages]


def nearest(picture: Image.Image, at: tuple[int, int]) -> str:
    seen = picture.convert("RGB").getpixel(at)
    assert isinstance(seen, tuple)
    known = {"red": (255, 0, 0), "lime": (0, 255, 0), "blue": (0, 0, 255), "white": (255, 255, 255)}
    return min(known, key=lambda name: sum(abs(a - b) for a, b in zip(known[name], seen[:3], strict=True)))


def faults(*given: Photo) -> dict[int, str]:
    with pytest.raises(PhotosRefused) as refused:
        join_photos(given)
    return {place: fault.code for place, fault in refused.value.faults.items()}


def test_join_photos_gives_a_page_each_in_the_order_given():
    made = join_photos([photo(coloured(colour)) for colour in ("red", "blue", "lime")])
    assert [nearest(picture, (20, 20)) for picture in pictures(made)] == ["red", "blue", "lime"]
    assert (inspect_pdf(made).pages, inspect_pdf(made).is_signed) == (3, False)


def test_join_photos_pages_are_a4_standing_or_lying_as_the_photo():
    assert sheets(join_photos([photo(coloured("red")), photo(coloured("red", (400, 300)))])) == [(595, 842), (842, 595)]


def test_join_photos_fills_the_sheet_and_keeps_the_shape():
    (drawn,) = page_images(join_photos([photo(coloured("red", (300, 300)))]), [1], width=595)
    page = Image.open(io.BytesIO(drawn))
    assert [nearest(page, (297, y)) for y in (60, 200, 640, 780)] == ["white", "red", "red", "white"]
    assert [nearest(page, (x, 421)) for x in (4, 590)] == ["red", "red"]


def test_join_photos_turns_a_photo_upright_and_leaves_place_and_camera_behind():
    source = images.rotated_photo()
    assert (b"Exif" in source, b"KameraContoh" in source, images.SCRIPT in source) == (True, True, True)
    made = join_photos([photo(source)])
    (picture,) = pictures(made)
    assert picture.size == (40, 80)
    assert [nearest(picture, (20, y)) for y in (10, 70)] == ["red", "blue"]
    assert (len(picture.getexif()), b"Exif" in made, b"KameraContoh" in made, images.SCRIPT in made) == (0, False, False, False)


@pytest.mark.parametrize("name", images.CLEAN)
def test_join_photos_takes_every_kind_of_clean_picture(name: str):
    ending = "png" if name.endswith("png") or name.startswith("png") else "jpg"
    (picture,) = pictures(join_photos([photo(images.CLEAN[name](), f"a.{ending}")]))
    assert (picture.format, picture.mode) == ("JPEG", "RGB")


def test_join_photos_lays_a_see_through_picture_on_white():
    (picture,) = pictures(join_photos([photo(images.saved(Image.new("RGBA", (60, 80), (255, 0, 0, 0)), "PNG"), "a.png")]))
    assert nearest(picture, (30, 40)) == "white"


def test_join_photos_of_a_large_photo_is_no_finer_than_paper_needs():
    (standing, lying) = pictures(join_photos([photo(coloured("red", (3024, 4032))), photo(coloured("red", (4032, 3024)))]))
    assert (standing.size, lying.size) == ((1654, 2205), (2205, 1654))


def test_join_photos_same_photos_give_the_same_bytes():
    two = [photo(coloured("red")), photo(coloured("blue"))]
    assert join_photos(two) == join_photos(two) != join_photos(two[::-1])


@pytest.mark.parametrize("count", [10, MAX_PHOTOS])
def test_join_photos_stays_below_the_limit_however_hard_they_are_to_pack(count: int):
    noise = images.saved(Image.effect_noise((1700, 2400), 120).convert("RGB"), "JPEG", quality=95)
    made = join_photos([photo(noise)] * count)
    assert MAX_UPLOAD_BYTES // 2 < len(made) <= MAX_UPLOAD_BYTES
    assert inspect_pdf(made).pages == count


def test_join_photos_names_every_broken_one_by_its_place():
    assert faults(
        photo(coloured("red")),
        photo(images.bomb(), "b.png"),
        photo(images.truncated()),
        photo(b"halo"),
        photo(images.other_kinds()["heic"], "IMG_5.HEIC"),
        photo(images.other_kinds()["heic"]),
        photo(coloured("red") + bytes(MAX_UPLOAD_BYTES)),
        photo(b"%PDF-1.7", "a.pdf"),
        photo(b""),
    ) == {
        2: "too_many_pixels",
        3: "broken_image",
        4: "not_image",
        5: "heic",
        6: "heic",
        7: "too_large",
        8: "kind",
        9: "empty",
    }


@pytest.mark.parametrize("count", [0, MAX_PHOTOS + 1])
def test_join_photos_takes_one_to_the_limit(count: int):
    with pytest.raises(ValueError, match="join 1 to 20"):
        join_photos([photo(b"")] * count)


def test_join_photos_holds_one_photo_at_a_time():
    behind = 4 * 1024**2
    given = [Photo("a.jpg", lambda: coloured("red") + bytes(behind))] * 10
    tracemalloc.start()
    join_photos(given)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert behind < peak < 5 * behind  # the photo, and what makes it and carries it into its process


def test_join_photos_that_take_too_long_are_given_up(monkeypatch):
    monkeypatch.setattr(joining, "MAX_SECONDS", -1)
    with pytest.raises(UploadRefused) as refused:
        join_photos([photo(coloured("red"))])
    assert refused.value.code == "photos_too_slow"
