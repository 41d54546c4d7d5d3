"""QR codes: level Q, upper case where the address allows it, no quiet zone (the face leaves the paper white around it)."""

from __future__ import annotations

import io
from functools import lru_cache
from urllib.parse import urlsplit

import segno

INK = "#231d19"
SCALE = 8
"""Pixels per module: enough that a viewer which smooths pictures keeps the edges sharp."""

MASK = 4
"""Fixed: weighing all eight masks takes longer than the rest of a certificate, and every reader undoes any of them."""


def qr_address(url: str) -> str:
    """Return the address as it goes into the code: scheme and host in capitals, and the path too when it already is.

    Capitals, digits and / : . - fit the alphanumeric mode, which makes the code smaller; a lower-case path is left as it is,
    because paths are case-sensitive.
    """
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    return origin.upper() + url[len(origin) :]


def qr_code(url: str) -> segno.QRCode:
    """Make the code of an address at error level Q."""
    return segno.make(qr_address(url), error="q", micro=False, boost_error=False, mask=MASK)


def qr_matrix(url: str) -> list[list[bool]]:
    """Return the dark modules row by row."""
    return [[bool(module) for module in row] for row in qr_code(url).matrix]


def qr_svg(url: str) -> bytes:
    """Return the code as SVG, one path."""
    out = io.BytesIO()
    qr_code(url).save(out, kind="svg", border=0, dark=INK, xmldecl=False, omitsize=True)
    return out.getvalue()


@lru_cache(maxsize=64)
def qr_png(url: str) -> bytes:
    """Return the code as a two-colour PNG."""
    out = io.BytesIO()
    qr_code(url).save(out, kind="png", border=0, dark=INK, light="#ffffff", scale=SCALE)
    return out.getvalue()


def qr_bits(url: str) -> tuple[int, bytes]:
    """Return the side in pixels and the rows of the code, one bit a pixel, dark = 0, each row padded to a byte."""
    side = 0
    rows = []
    for row in qr_code(url).matrix:
        bits = "".join("0" * SCALE if module else "1" * SCALE for module in row)
        side = len(bits)
        width = -(-side // 8)
        rows.append(int(bits.ljust(width * 8, "1"), 2).to_bytes(width, "big") * SCALE)
    return side, b"".join(rows)
