"""Draw pages of one PDF as WebP. Runs inside the cell: bytes on stdin, pictures with their lengths on stdout."""

import struct
import sys
from io import BytesIO

import pypdfium2

REFUSED = 3
MAX_HEIGHT = 4000
WEBP_QUALITY = 70


def draw(page: pypdfium2.PdfPage, width: int) -> bytes:
    """Draw one page at the given width; a very long page is scaled down to the height limit."""
    # PDFium rounds up: a hair less keeps 400 from becoming 401.
    scale = min((width - 0.01) / max(page.get_width(), 1.0), (MAX_HEIGHT - 0.01) / max(page.get_height(), 1.0))
    picture = page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")
    written = BytesIO()
    picture.save(written, "WEBP", quality=WEBP_QUALITY, method=4)
    return written.getvalue()


def main() -> int:
    width, numbers = int(sys.argv[1]), [int(n) for n in sys.argv[2].split(",")]
    try:
        pdf = pypdfium2.PdfDocument(sys.stdin.buffer.read())
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
