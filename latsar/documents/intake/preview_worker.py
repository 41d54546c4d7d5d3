"""Draw pages of one PDF, or one picture, as WebP. Runs inside the cell: bytes on stdin, pictures with their lengths on stdout."""

import struct
import sys
from io import BytesIO

import pypdfium2
from PIL import Image

REFUSED = 3
MAX_PIXELS = 40_000_000
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
MAX_HEIGHT = 4000
WEBP_QUALITY = 70


def draw(page: pypdfium2.PdfPage, width: int) -> bytes:
    """Draw one page at the given width; a very long page is scaled down to the height limit."""
    # PDFium rounds up: a hair less keeps 400 from becoming 401.
    scale = min((width - 0.01) / max(page.get_width(), 1.0), (MAX_HEIGHT - 0.01) / max(page.get_height(), 1.0))
    picture = page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")
    return as_webp(picture)


def as_webp(picture: Image.Image) -> bytes:
    written = BytesIO()
    picture.save(written, "WEBP", quality=WEBP_QUALITY, method=4)
    return written.getvalue()


def shrink(data: bytes, width: int) -> bytes | None:
    """Make a picture at most `width` wide; nothing when it cannot be read."""
    try:
        with Image.open(BytesIO(data), formats=["JPEG", "PNG"]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                return None
            picture.draft("RGB", (width, MAX_HEIGHT))
            flat = on_white(picture)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    flat.thumbnail((width, MAX_HEIGHT))
    return as_webp(flat)


def on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture.convert("RGBA"))
    return paper.convert("RGB")


def draw_picture(data: bytes, width: int, numbers: list[int]) -> int:
    small = shrink(data, width) if numbers == [1] else None
    if small is None:
        sys.stdout.write("no_page")
        return REFUSED
    sys.stdout.buffer.write(struct.pack(">I", len(small)) + small)
    return 0


def main() -> int:
    width, numbers = int(sys.argv[1]), [int(n) for n in sys.argv[2].split(",")]
    data = sys.stdin.buffer.read()
    if data.startswith(PICTURES):
        return draw_picture(data, width, numbers)
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        sys.stdout.write("broken_pdf")
        return REFUSED
    # Without this the visible stamps of signature fields are not drawn. The library is built without JavaScript.
    pdf.init_forms()
    if not all(1 <= number <= len(pdf) for number in numbers):
        sys.stdout.write("no_page")
        return REFUSED
    for number in numbers:
        picture = draw(pdf[number - 1], width)
        sys.stdout.buffer.write(struct.pack(">I", len(picture)) + picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
