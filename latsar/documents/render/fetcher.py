"""What a face may load: the pictures and fonts that ship with the portal, and nothing else in the world."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

HOME = Path(__file__).resolve().parent.parent
KINDS = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".woff2": "font/woff2"}


class AssetForbidden(FatalURLFetchingError):
    """Stops the rendering: a face asked for something outside the allowlist.

    The base class is a BaseException, because the renderer swallows ordinary ones; `render_document` turns it into RenderRefused.
    """


@lru_cache(maxsize=1)
def shipped_assets() -> dict[str, bytes]:
    """Read every picture and font that ships with the portal, keyed by the exact address a face uses."""
    pictures = {f"asset:{path.name}": path.read_bytes() for path in (HOME / "assets").iterdir() if path.suffix in KINDS}
    fonts = {f"asset:fonts/{path.name}": path.read_bytes() for path in (HOME / "fonts").iterdir() if path.suffix in KINDS}
    return pictures | fonts


class AssetFetcher(URLFetcher):
    """Answers exact asset addresses from memory; opens no file and no connection.

    `refused` keeps what was asked in vain, because drawing a picture inside an SVG swallows even fatal errors.
    """

    def __init__(self, extra: Mapping[str, bytes] | None = None) -> None:
        super().__init__(allowed_protocols=[], allow_redirects=False, fail_on_errors=True)
        self._assets = {**shipped_assets(), **(extra or {})}
        self.refused: list[str] = []

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return an allowed asset. Raises AssetForbidden for every other address."""
        body = self._assets.get(url)
        if body is None:
            self.refused.append(url[:200])
            raise AssetForbidden(url[:200])
        kind = KINDS[url[url.rindex(".") :]]
        return URLFetcherResponse(url, body, {"Content-Type": kind})
