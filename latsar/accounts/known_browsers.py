"""Browsers that remember who has signed in with them; signing in with another one is told to the account's owner (ASVS 6.3.5)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

from latsar.accounts.models import User

KEPT_SECONDS = 400 * 24 * 3600
"""The longest that a browser keeps a cookie."""
KEPT_ACCOUNTS = 20
"""Of one browser: an office shares its machines."""


def is_known(request: HttpRequest, user: User) -> bool:
    """Whether this account has signed in with this browser before."""
    mark = _mark(user)
    return any(constant_time_compare(mark, kept) for kept in _kept(request))


def remember(request: HttpRequest, user: User) -> None:
    """Let the answer to this request tell the browser that the account has signed in with it."""
    mark = _mark(user)
    request.known_browser = [mark, *(kept for kept in _kept(request) if kept != mark)][:KEPT_ACCOUNTS]  # type: ignore[attr-defined]


def write_cookie(request: HttpRequest, response: HttpResponseBase) -> None:
    """Put on the answer what `remember` noted, if anything; the marks say nothing about an account to whoever reads them."""
    marks = getattr(request, "known_browser", None)
    if marks:
        response.set_cookie(
            settings.BROWSER_COOKIE_NAME,
            ".".join(marks),
            max_age=KEPT_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def _kept(request: HttpRequest) -> list[str]:
    return request.COOKIES.get(settings.BROWSER_COOKIE_NAME, "").split(".")[:KEPT_ACCOUNTS]


def _mark(user: User) -> str:
    return salted_hmac("latsar.accounts.known_browsers", str(user.pk), algorithm="sha256").hexdigest()[:32]
