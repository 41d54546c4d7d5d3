"""Files and lines for uploads that break."""

from __future__ import annotations

from playwright.sync_api import Route

from tests.corpus import pdfs

PIECE = 256 * 1024


def large_scan() -> bytes:
    """A clean PDF of a bit more than four pieces, with bytes that cannot be packed away."""
    noise = b"".join(b"%% %064x\n" % (n * 0x9E3779B97F4A7C15 % 2**256) for n in range(17_000))
    return pdfs.build(content=pdfs.stream(pdfs.TEXT.partition(b"stream\n")[2].rpartition(b"\nendstream")[0] + b"\n" + noise))


class BadLine:
    """Lets so many pieces through, then drops everything until it is mended."""

    def __init__(self) -> None:
        self.left = -1
        self.dropped = 0
        self.passed = 0

    def __call__(self, route: Route) -> None:
        if self.left == 0:
            self.dropped += 1
            route.abort("connectionreset")
            return
        if route.request.method == "PATCH":
            self.left -= 1
            self.passed += 1
        route.continue_()
