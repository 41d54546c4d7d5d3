"""The sessions of an orientasi tugas as an iCalendar file (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from latsar.accounts.zones import ZONES
from participants.models import OrientationProgramme

STAMP = "%Y%m%dT%H%M%SZ"
NATION_ZONE = "WIB"
LINE = 73
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


def zone_of(programme: OrientationProgramme) -> str:
    """Return whose clock the hours of a programme follow: the province's, else that of Jakarta."""
    return programme.province.zone if programme.province else NATION_ZONE


def calendar_of(programme: OrientationProgramme, now: datetime) -> str:
    """Write one event per session, in UTC so that every phone shows its own clock."""
    zone = ZONES[zone_of(programme)]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Portal Latsar CPNS//ID"]
    for session in programme.sessions.all():
        lines += [
            "BEGIN:VEVENT",
            f"UID:orientasi-{programme.pk}-{session.pk}@latsar",
            f"DTSTAMP:{now.astimezone(UTC).strftime(STAMP)}",
            f"DTSTART:{_at(session.day, session.starts_at, zone)}",
            f"DTEND:{_at(session.day, session.ends_at, zone)}",
            f"SUMMARY:{session.title.translate(ESCAPES)}",
            f"DESCRIPTION:{programme.title.translate(ESCAPES)}",
            f"LOCATION:{(programme.link or programme.place).translate(ESCAPES)}",
            "END:VEVENT",
        ]
    return "\r\n".join(_folded(line) for line in [*lines, "END:VCALENDAR"]) + "\r\n"


def _at(day: date, hour: time, zone: ZoneInfo) -> str:
    return datetime.combine(day, hour, zone).astimezone(UTC).strftime(STAMP)


def _folded(line: str) -> str:
    """Break a line that is too long, never inside a character."""
    parts, part = [], ""
    for char in line:
        if len((part + char).encode()) > LINE:
            parts.append(part)
            part = ""
        part += char
    return "\r\n ".join([*parts, part])
