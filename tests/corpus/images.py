"""Pictures: clean ones as phones and scanners make them, and hostile ones, each with one thing wrong."""

import io
import struct
import zlib
from collections.abc import Callable

from PIL import Image
from PIL.TiffImagePlugin import IFDRational

SCRIPT = b"<script>alert(1)</script>"
LEFT, RIGHT = (200, 30, 30), (30, 30, 200)


def two_halves(width: int = 80, height: int = 40) -> Image.Image:
    """A red left half and a blue right half: shows which way is up."""
    picture = Image.new("RGB", (width, height), LEFT)
    picture.paste(RIGHT, (width // 2, 0, width, height))
    return picture


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def phone_photo(orientation: int = 1) -> bytes:
    """A JPEG with camera name, thumbnail-free EXIF and a GPS position in Kupang."""
    exif = Image.Exif()
    exif[0x010F] = "KameraContoh"
    exif[0x0112] = orientation
    exif.get_ifd(0x8825).update({1: "S", 2: (IFDRational(10), IFDRational(10), IFDRational(0)), 3: "E", 4: (123, 36, 0)})
    return saved(two_halves(), "JPEG", quality=95, exif=exif, comment=SCRIPT)


def rotated_photo() -> bytes:
    """Stored lying, meant upright: orientation 6 asks for a quarter turn clockwise."""
    return phone_photo(orientation=6)


def cmyk_photo() -> bytes:
    return saved(two_halves().convert("CMYK"), "JPEG", quality=95)


def grey_photo() -> bytes:
    return saved(two_halves().convert("L"), "JPEG")


def see_through_png() -> bytes:
    picture = two_halves().convert("RGBA")
    picture.putpixel((0, 0), (0, 0, 0, 0))
    return saved(picture, "PNG")


def palette_png() -> bytes:
    return saved(two_halves().convert("P"), "PNG")


def sixteen_bit_png() -> bytes:
    return saved(Image.new("I;16", (20, 20), 0x8000), "PNG")


def animated_png() -> bytes:
    return saved(two_halves(), "PNG", save_all=True, append_images=[Image.new("RGB", (80, 40), "black")])


def png_with_script() -> bytes:
    """A PNG that carries HTML in a text chunk and behind its end."""
    whole = saved(two_halves(), "PNG")
    text = b"tEXt" + b"Comment\0" + SCRIPT
    chunk = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
    return whole[:33] + chunk + whole[33:] + SCRIPT


def jpeg_with_script() -> bytes:
    return phone_photo() + SCRIPT


def bomb(side: int = 30_000) -> bytes:
    """A small PNG that claims, and holds, 900 million pixels."""
    machine = zlib.compressobj(9)
    row = bytes(1 + (side + 7) // 8)
    body = b"".join(machine.compress(row) for _ in range(side)) + machine.flush()
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
        + _chunk(b"IDAT", body)
        + _chunk(b"IEND", b"")
    )


def just_too_many_pixels() -> bytes:
    return bomb(6_325)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def truncated() -> bytes:
    whole = saved(Image.effect_noise((400, 400), 90).convert("RGB"), "JPEG")
    return whole[: len(whole) // 2]


def other_kinds() -> dict[str, bytes]:
    """Kinds that are not accepted, whatever they are called."""
    picture = two_halves()
    return {
        "gif": saved(picture, "GIF"),
        "tiff": saved(picture, "TIFF"),
        "webp": saved(picture, "WEBP"),
        "bmp": saved(picture, "BMP"),
        "eps": saved(picture, "EPS"),
        "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        "html": b"<html><script>alert(1)</script></html>",
        "xml": b"<?xml version='1.0'?><a/>",
        "fits": b"SIMPLE  =                    T" + b" " * 2850,
        "heic": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
        "png_after_space": b" " + saved(picture, "PNG"),
    }


CLEAN: dict[str, Callable[[], bytes]] = {
    "phone_photo": phone_photo,
    "rotated_photo": rotated_photo,
    "cmyk_photo": cmyk_photo,
    "grey_photo": grey_photo,
    "see_through_png": see_through_png,
    "palette_png": palette_png,
    "sixteen_bit_png": sixteen_bit_png,
    "animated_png": animated_png,
    "png_with_script": png_with_script,
    "jpeg_with_script": jpeg_with_script,
}
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "bomb": (bomb, "too_many_pixels"),
    "just_too_many_pixels": (just_too_many_pixels, "too_many_pixels"),
    "truncated": (truncated, "broken_image"),
    "png_header_only": (lambda: b"\x89PNG\r\n\x1a\n" + SCRIPT, "broken_image"),
    "jpeg_header_only": (lambda: b"\xff\xd8\xff\xe0" + SCRIPT, "broken_image"),
    "empty": (lambda: b"", "empty"),
}
