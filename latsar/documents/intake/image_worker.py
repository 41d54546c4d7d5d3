"""Decode one JPEG or PNG and write it anew. Runs inside the cell: bytes on stdin, a JSON line and the new bytes on stdout."""

import json
import sys
import warnings
from io import BytesIO

from PIL import Image, ImageOps

REFUSED = 3
MAX_PIXELS = 40_000_000
JPEG_QUALITY = 88


class Refused(Exception):
    """The image may not come in; the argument is the reason's code."""


def rewrite(data: bytes, kind: str) -> tuple[dict[str, object], bytes]:
    """Return size and fresh bytes of the upright picture, carrying pixels and nothing else. Raises Refused."""
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    try:
        with Image.open(BytesIO(data), formats=[kind.upper()]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Refused("too_many_pixels")
            picture.load()
            upright = ImageOps.exif_transpose(picture)
    except Image.DecompressionBombError:
        raise Refused("too_many_pixels") from None
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, ArithmeticError):
        raise Refused("broken_image") from None
    plain = as_jpeg_mode(upright) if kind == "jpeg" else as_png_mode(upright)
    # A new image holds no info dictionary: EXIF, GPS, XMP, comments, text chunks and colour profile stay behind.
    fresh = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    written = BytesIO()
    if kind == "jpeg":
        fresh.save(written, "JPEG", quality=JPEG_QUALITY, optimize=True)
    else:
        fresh.save(written, "PNG")
    return {"width": fresh.width, "height": fresh.height}, written.getvalue()


def as_jpeg_mode(picture: Image.Image) -> Image.Image:
    return picture if picture.mode in {"L", "RGB"} else picture.convert("RGB")


def as_png_mode(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):
        # Sixteen-bit greys: keep the upper eight, a plain convert() would clip them all to white.
        return picture.point(lambda grey: grey / 256).convert("L")
    if picture.mode in {"1", "L", "RGB", "RGBA"} and "transparency" not in picture.info:
        return picture
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def main() -> int:
    try:
        facts, fresh = rewrite(sys.stdin.buffer.read(), sys.argv[1])
    except Refused as refused:
        sys.stdout.write(str(refused))
        return REFUSED
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + fresh)
    return 0


if __name__ == "__main__":
    sys.exit(main())
