import hashlib
import io

import pytest
from PIL import Image

from latsar.documents.intake.images import clean_image
from latsar.documents.intake.kinds import FileKind
from latsar.documents.intake.refusal import MAX_UPLOAD_BYTES, UploadRefused
from tests.corpus import images


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def nearly(one: object, other: tuple[int, int, int], tolerance: int = 40) -> bool:
    assert isinstance(one, tuple)
    return all(abs(a - b) <= tolerance for a, b in zip(one[:3], other, strict=True))


def refusal(data: bytes) -> str:
    with pytest.raises(UploadRefused) as caught:
        clean_image(data)
    return caught.value.code


@pytest.mark.parametrize("name", images.CLEAN)
def test_clean_image_accepted_kind_is_written_anew_without_any_metadata(name: str) -> None:
    data = images.CLEAN[name]()
    kept = clean_image(data)
    picture = opened(kept.data)
    assert kept.kind is (FileKind.PNG if name.endswith("png") or name.startswith("png") else FileKind.JPEG)
    assert picture.format == kept.kind.upper()
    assert picture.size == (kept.width, kept.height)
    assert kept.sha256 == hashlib.sha256(kept.data).hexdigest()
    assert kept.content_type == f"image/{kept.kind}"
    assert not picture.getexif()
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert images.SCRIPT not in kept.data


def test_phone_photo_before_cleaning_tells_place_and_camera() -> None:
    exif = opened(images.phone_photo()).getexif()
    assert exif[0x010F] == "KameraContoh"
    assert exif.get_ifd(0x8825)[1] == "S"
    kept = clean_image(images.phone_photo()).data
    assert b"KameraContoh" not in kept
    assert b"Exif" not in kept


@pytest.mark.parametrize("make", [images.png_with_script, images.jpeg_with_script])
def test_picture_with_script_passes_a_plain_verify(make: object) -> None:
    assert callable(make)
    data = make()
    Image.open(io.BytesIO(data)).verify()
    assert images.SCRIPT in data
    assert images.SCRIPT not in clean_image(data).data


def test_clean_image_rotated_photo_stands_upright() -> None:
    stored = opened(images.rotated_photo())
    assert stored.size == (80, 40)
    picture = opened(clean_image(images.rotated_photo()).data)
    assert picture.size == (40, 80)
    assert nearly(picture.getpixel((20, 10)), images.LEFT)
    assert nearly(picture.getpixel((20, 70)), images.RIGHT)


def test_clean_image_cmyk_becomes_rgb_of_like_colours() -> None:
    picture = opened(clean_image(images.cmyk_photo()).data)
    assert picture.mode == "RGB"
    assert nearly(picture.getpixel((10, 20)), images.LEFT)
    assert nearly(picture.getpixel((70, 20)), images.RIGHT)


def test_clean_image_png_keeps_transparency_and_palette_colours() -> None:
    see_through = opened(clean_image(images.see_through_png()).data)
    assert see_through.mode == "RGBA"
    assert see_through.getpixel((0, 0)) == (0, 0, 0, 0)
    palette = opened(clean_image(images.palette_png()).data)
    assert nearly(palette.getpixel((10, 20)), images.LEFT)


def test_clean_image_sixteen_bit_grey_stays_grey() -> None:
    assert opened(clean_image(images.sixteen_bit_png()).data).getpixel((5, 5)) == 0x80


def test_clean_image_animated_png_keeps_its_first_picture_only() -> None:
    assert getattr(opened(images.animated_png()), "n_frames", 1) == 2
    picture = opened(clean_image(images.animated_png()).data)
    assert getattr(picture, "n_frames", 1) == 1
    assert nearly(picture.getpixel((10, 20)), images.LEFT)


def test_clean_image_forty_megapixels_is_the_limit() -> None:
    assert clean_image(images.bomb(6_324)).width == 6_324
    assert refusal(images.bomb(6_325)) == "too_many_pixels"


@pytest.mark.parametrize("name", images.REFUSED)
def test_clean_image_hostile_or_broken_is_refused_with_its_reason(name: str) -> None:
    make, code = images.REFUSED[name]
    assert refusal(make()) == code


@pytest.mark.parametrize("kind", images.other_kinds())
def test_clean_image_other_kind_is_refused(kind: str) -> None:
    assert refusal(images.other_kinds()[kind]) == "not_image"


def test_clean_image_too_large_is_refused_before_it_is_looked_at() -> None:
    assert refusal(images.grey_photo() + bytes(MAX_UPLOAD_BYTES)) == "too_large"
