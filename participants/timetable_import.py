"""A timetable out of a file: what each row says, and which session it makes or changes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from latsar.accounts.zones import ZONES
from latsar.training.enums import SessionMode
from latsar.training.models import AgendaSubject, Batch, TrainingSession
from latsar.training.services.sessions import zone_of
from latsar.training.timetable import JP
from latsar.ui import words
from latsar.ui.numbers import whole_number
from participants.enums import RowOutcome
from participants.models import TableUpload
from participants.table_reading import Line, read_day, read_time, records

MODES = {
    "sync": "sync", "sinkron": "sync", "sinkron, daring": "sync", "daring": "sync", "online": "sync", "zoom": "sync",
    "async": "async", "asinkron": "async", "asinkron, mandiri": "async", "mandiri": "async",
    "klasikal": "klasikal", "luring": "klasikal", "tatap muka": "klasikal", "offline": "klasikal",
}  # fmt: skip
FACTS = ("title", "starts_at", "ends_at", "jp", "mode", "group", "room", "link")
MOST_JP = 24


def plan_timetable_rows(upload: TableUpload, batch: Batch) -> list[Line]:
    """Judge every row; a session is known again by its beginning, its group and its title. Three queries."""
    sessions = TrainingSession.objects.filter(batch=batch).select_related("lecturer")
    known: dict[Any, TrainingSession] = {(one.starts_at, one.group, one.title.casefold()): one for one in sessions}
    subjects = {subject.name.casefold(): subject for subject in batch.curriculum.subjects.filter(method=batch.method)}
    phases = list(batch.phases.order_by("is_parallel", "order"))
    zone, seen = zone_of(batch), dict[Any, int]()
    lines = []
    for number, row in records(upload):
        own_zone = row.get("zone", "").strip().upper()
        facts, problems = _facts(row, own_zone if own_zone in ZONES else zone)
        label = row.get("title") or "–"
        key = (facts.get("starts_at"), facts.get("group"), label.casefold())
        if not problems and key in seen:
            problems.append(_("Acara yang sama sudah ada di baris %(n)d.") % {"n": seen[key]})
        if problems:
            lines.append(Line(number, label, RowOutcome.ERROR, "", tuple(problems)))
            continue
        seen[key] = number
        day = facts["starts_at"].date()
        facts["zone"] = own_zone if own_zone in ZONES else zone
        facts["phase"] = next((phase for phase in phases if phase.starts_on <= day <= phase.ends_on), None)
        facts["subject"] = subject_of(label, subjects)
        lines.append(_line(number, label, facts, row.get("lecturer", ""), known.get(key)))
    return lines


def subject_of(title: str, subjects: Mapping[str, AgendaSubject]) -> AgendaSubject | None:
    """Return the subject that a title names, or begins with."""
    low = title.casefold()
    return subjects.get(low) or next((one for name, one in subjects.items() if low.startswith(name)), None)


def _line(number: int, label: str, facts: dict[str, Any], lecturer: str, before: TrainingSession | None) -> Line:
    text = f"{words.short_date(facts['starts_at'].date())}, {facts['starts_at']:%H.%M}–{facts['ends_at']:%H.%M}, {facts['jp']} JP"
    outcome = RowOutcome.NEW
    if before is not None:
        same = all(getattr(before, name) == facts[name] for name in FACTS) and (before.lecturer.name if before.lecturer else "") == lecturer
        outcome = RowOutcome.SAME if same else RowOutcome.CHANGED
        if outcome == RowOutcome.CHANGED and before.is_closed:
            return Line(number, label, RowOutcome.ERROR, "", (_("Kehadiran sesi ini sudah ditutup, jadi acaranya tetap."),))
    return Line(number, label, outcome, text, facts={"session": before, "lecturer": lecturer, **facts})


def _facts(row: Mapping[str, str], zone: str) -> tuple[dict[str, Any], list[str]]:
    """Read what a row says of its session, and every problem of it."""
    problems: list[str] = []
    day, start = read_day(row.get("day", "")), read_time(row.get("start", ""))
    if day is None:
        problems.append(_("Tanggal “%(text)s” tidak terbaca. Tulis seperti 12-08-2026.") % {"text": row.get("day", "")})
    if start is None:
        problems.append(_("Jam mulai “%(text)s” tidak terbaca. Tulis seperti 08.00.") % {"text": row.get("start", "")})
    if not row.get("title"):
        problems.append(_("Acaranya kosong."))
    jp = whole_number(row.get("jp", ""))
    if row.get("jp") and (jp is None or not 1 <= jp <= MOST_JP):
        problems.append(_("JP “%(text)s” bukan angka 1 sampai 24.") % {"text": row["jp"]})
        jp = None
    facts: dict[str, Any] = {"title": row.get("title", "")[:150], "room": row.get("room", "")[:120], "link": _link(row, problems)}
    facts["mode"], facts["group"] = _mode(row, problems), _group(row, problems)
    if day is None or start is None:
        return facts, problems
    facts["starts_at"] = datetime.combine(day, start, ZONES[zone])
    facts["ends_at"] = _end(row, facts["starts_at"], jp, problems)
    length = facts["ends_at"] - facts["starts_at"]
    facts["jp"] = jp or max(1, min(MOST_JP, round(length / JP)))
    return facts, problems


def _end(row: Mapping[str, str], start: datetime, jp: int | None, problems: list[str]) -> datetime:
    text = row.get("end", "") or _second_time(row.get("start", ""))
    end = read_time(text)
    if end is not None:
        found = datetime.combine(start.date(), end, start.tzinfo)
        if found <= start:
            problems.append(_("Selesai harus sesudah mulai."))
        return found
    if text:
        problems.append(_("Jam selesai “%(text)s” tidak terbaca. Tulis seperti 10.15.") % {"text": text})
    elif jp is None:
        problems.append(_("Isi jam selesai atau JP."))
    return start + (JP * jp if jp else timedelta(minutes=45))


def _second_time(text: str) -> str:
    """Take the end out of "08.00 - 10.15"."""
    found = re.search(r"(?:-|–|sampai|s\.d\.|s/d)\s*([0-9]{1,2}[.:][0-9]{2})", text)
    return found[1] if found else ""


def _mode(row: Mapping[str, str], problems: list[str]) -> str:
    text = row.get("mode", "").casefold().strip()
    if text and text not in MODES:
        problems.append(_("Cara “%(text)s” tidak dikenal. Pakai sinkron, asinkron, atau klasikal.") % {"text": row["mode"]})
    return MODES.get(text, SessionMode.SYNC.value)


def _group(row: Mapping[str, str], problems: list[str]) -> int | None:
    text = row.get("group", "").strip()
    if text.casefold() in ("", "-", "semua", "all"):
        return None
    number = whole_number(re.sub(r"[^0-9]", "", text))
    if number is None or not 1 <= number <= 20:
        problems.append(_("Kelompok “%(text)s” bukan angka.") % {"text": text})
        return None
    return number


def _link(row: Mapping[str, str], problems: list[str]) -> str:
    link = row.get("link", "").strip()
    if link:
        try:
            URLValidator(schemes=["http", "https"])(link)
        except ValidationError:
            problems.append(_("Tautan “%(text)s” tidak lengkap. Tulis mulai https://.") % {"text": link[:60]})
    return link[:300]
