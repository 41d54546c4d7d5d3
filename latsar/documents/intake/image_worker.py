"""Decode one JPEG or PNG and write it anew. Runs inside the cell: bytes on stdin, a JSON line and the new bytes on stdout.

With a limit of bytes as second argument the picture becomes a JPEG for an A4 page of that size at most.
"""

import json
import sys
import warnings
from io import BytesIO

from PIL import Image, ImageOps

REFUSED = 3
MAX_PIXELS = 40_000_000
JPEG_QUALITY = 88
PAGE_PIXELS = (1654, 2339)
"""A4 at 200 dots an inch, short side first: small print and stamps stay readable."""
PAGE_QUALITIES = (82, 70, 58, 46)
SMALLER = 0.75


class Refused(Exception):
    """The image may not come in; the argument is the reason's code."""


def rewrite(data: bytes, kind: str) -> tuple[dict[str, object], bytes]:
    """Return size and fresh bytes of the upright picture, carrying pixels and nothing else. Raises Refused."""
    upright = read_upright(data, kind)
    plain = as_jpeg_mode(upright) if kind == "jpeg" else as_png_mode(upright)
    # A new image holds no info dictionary: EXIF, GPS, XMP, comments, text chunks and colour profile stay behind.
    fresh = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    if kind == "jpeg":
        return facts_of(fresh), as_jpeg(fresh, JPEG_QUALITY)
    written = BytesIO()
    fresh.save(written, "PNG")
    return facts_of(fresh), written.getvalue()


def rewrite_page(data: bytes, kind: str, limit: int) -> tuple[dict[str, object], bytes]:
    """Return size and bytes of the picture as a JPEG for one A4 page, in the best quality that stays within `limit`.

    What is too large even in the lowest quality is made smaller. Raises Refused.
    """
    whole = as_png_mode(read_upright(data, kind, for_page=True))
    plain = on_white(whole.resize(page_size(whole.size), Image.Resampling.LANCZOS))
    fresh = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    while True:
        for quality in PAGE_QUALITIES:
            written = as_jpeg(fresh, quality)
            if len(written) <= limit:
                return facts_of(fresh), written
        fresh = fresh.resize(scaled(fresh.size, SMALLER), Image.Resampling.LANCZOS)


def read_upright(data: bytes, kind: str, *, for_page: bool = False) -> Image.Image:
    """Decode the picture and turn it as its EXIF says; for a page no larger than it needs. Raises Refused."""
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    try:
        with Image.open(BytesIO(data), formats=[kind.upper()]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Refused("too_many_pixels")
            if for_page:
                picture.draft("RGB", page_size(picture.size))
            picture.load()
            return ImageOps.exif_transpose(picture)
    except Image.DecompressionBombError:
        raise Refused("too_many_pixels") from None
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, ArithmeticError):
        raise Refused("broken_image") from None


def page_size(size: tuple[int, int]) -> tuple[int, int]:
    """Return the size at which a picture fills an A4 page, standing or lying as it does; a small one stays as it is."""
    short, long = PAGE_PIXELS
    return scaled(size, min(1.0, long / max(size), short / min(size)))


def scaled(size: tuple[int, int], ratio: float) -> tuple[int, int]:
    return max(1, round(size[0] * ratio)), max(1, round(size[1] * ratio))


def facts_of(picture: Image.Image) -> dict[str, object]:
    return {"width": picture.width, "height": picture.height}


def as_jpeg(picture: Image.Image, quality: int) -> bytes:
    written = BytesIO()
    picture.save(written, "JPEG", quality=quality, optimize=True)
    return written.getvalue()


def on_white(picture: Image.Image) -> Image.Image:
    """Lay the picture on white paper, in colour."""
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper


def as_jpeg_mode(picture: Image.Image) -> Image.Image:
    return picture if picture.mode in {"L", "RGB"} else picture.convert("RGB")


def as_png_mode(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):
        # Sixteen-bit greys: keep the upper eight, a plain convert() would clip them all to white.
        return picture.point(lambda grey: grey / 256).convert("L")
    if picture.mode in {"1", "L", "RGB", "RGBA"} and "transparency" not in picture.info:
        return picture
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def work(data: bytes, kind: str, limit: str = "") -> tuple[dict[str, object], bytes]:
    return rewrite_page(data, kind, int(limit)) if limit else rewrite(data, kind)


def main() -> int:
    try:
        facts, fresh = work(sys.stdin.buffer.read(), *sys.argv[1:])
    except Refused as refused:
        sys.stdout.write(str(refused))
        return REFUSED
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + fresh)
    return 0


if __name__ == "__main__":
    sys.exit(main())
