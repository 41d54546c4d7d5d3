"""A ceiling on public lookups per visitor and minute, kept in the cache.

A cache that is down opens the door: reading goes on, and codes of 160 random bits cannot be guessed anyway.
"""

from __future__ import annotations

import functools
import ipaddress
import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from latsar.accounts.middleware import client_ip

log = logging.getLogger(__name__)

LOOKS_PER_MINUTE = 240
"""Opening documents: a hall full of people behind one address scans its codes."""
TRIES_PER_MINUTE = 20
"""Typing numbers and names, uploading files."""
WINDOW_SECONDS = 60

View = Callable[..., HttpResponseBase]


def limited(view: View) -> View:
    """Answer 429 to a visitor who looks up more than a person does."""

    @functools.wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_try = request.method == "POST"
        if admits("try" if is_try else "look", client_ip(request) or "", TRIES_PER_MINUTE if is_try else LOOKS_PER_MINUTE):
            return view(request, *args, **kwargs)
        response = render(request, "documents_pages/too_many.html", status=429)
        response.headers["Retry-After"] = str(WINDOW_SECONDS)
        return response

    return inner


def admits(kind: str, address: str, limit: int) -> bool:
    """Count one visit and say whether it is within the limit of this minute."""
    key = f"verify:{kind}:{_neighbourhood(address)}:{int(time.time()) // WINDOW_SECONDS}"
    try:
        cache.add(key, 0, WINDOW_SECONDS * 2)
        return int(cache.incr(key)) <= limit
    except Exception:
        log.warning("the cache does not count visits", exc_info=True)
        return True


def _neighbourhood(address: str) -> str:
    """One IPv4 address, or the /64 that one IPv6 subscriber has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(parsed) if parsed.version == 4 else str(ipaddress.ip_network(f"{parsed}/64", strict=False).network_address)
