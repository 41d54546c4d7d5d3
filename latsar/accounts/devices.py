"""What a device calls itself, in words a person recognises."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address

from django.utils.translation import gettext as _

BROWSERS = (  # the first that fits: most of them also call themselves by an older name
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """Write "Chrome di Windows", or say that the device is unknown."""
    browser, system = _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s di %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Perangkat tidak dikenal")


def about_address(address: str | None) -> str:
    """Write the address without its end: enough to recognise an office, too little to find a desk."""
    if not address:
        return ""
    if isinstance(ip_address(address), IPv4Address):
        return ".".join([*address.split(".")[:2], "x", "x"])
    return ":".join([*ip_address(address).exploded.split(":")[:3], "…"])


def _first(marks: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in marks if mark in user_agent), "")
