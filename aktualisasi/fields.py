"""The fields of a rancangan that save themselves: their keys, and how each value is written as text.

A key is `rancangan.<name>`, `<row>.<pk>.<name>`, `nilai.<kegiatan>.<value>` or `agenda.<kegiatan>.<subject>`. A value is always text,
as it stands in the field of the page; `digest` is what a tab remembers of the text it has seen.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from aktualisasi.enums import LONG, SENTENCE
from aktualisasi.plan import Cause, Issue, Kegiatan, Tahapan
from aktualisasi.rancangan import Rancangan
from latsar.ui.typed import seen_text

KEY = re.compile(r"[a-z]{5,9}\.(?:\d{1,12}\.)?[a-z_0-9]{1,20}")
MAX_WEEKS = 30
"""Weeks of a habituasi that may be ticked: several times the usual six."""


class BadValue(ValueError):
    """The text is no value of this field; the message is for the person who typed it."""


@dataclass(frozen=True)
class TextKind:
    """Free text up to a number of letters."""

    limit: int
    lines: bool = False

    def read(self, text: str) -> str:
        """Return the text as it is stored. Raises BadValue when it is too long: nothing is cut off silently."""
        clean = seen_text(text.replace("\r\n", "\n")).strip()
        if not self.lines:
            clean = " ".join(clean.split())
        if len(clean) > self.limit:
            over = len(clean) - self.limit
            raise BadValue(
                _("Terlalu panjang %(over)s huruf, paling banyak %(limit)s. Belum tersimpan.") % {"over": over, "limit": self.limit}
            )
        return clean

    def write(self, value: Any) -> str:
        return value or ""


class YesNoKind:
    """Yes, no, or not answered yet. `is_firm` fields know no "not answered"."""

    def __init__(self, *, is_firm: bool = False) -> None:
        self.is_firm = is_firm

    def read(self, text: str) -> bool | None:
        """Return the answer. Raises BadValue for anything else."""
        if text in ("1", "0"):
            return text == "1"
        if text == "":
            return False if self.is_firm else None
        raise BadValue(_("Pilih ya atau tidak."))

    def write(self, value: Any) -> str:
        return ("0" if self.is_firm else "") if value is None else str(int(value))


class MarkKind:
    """A mark from 1 to 5, or none yet."""

    def read(self, text: str) -> int | None:
        """Return the mark. Raises BadValue for anything else."""
        if text == "":
            return None
        if re.fullmatch("[1-5]", text):
            return int(text)
        raise BadValue(_("Nilai USG 1 sampai 5."))

    def write(self, value: Any) -> str:
        return "" if value is None else str(value)


class RowKind:
    """Another row of the same rancangan by its number, or none; whether the row is the own one is asked by the service."""

    def read(self, text: str) -> int | None:
        """Return the row's number. Raises BadValue for anything else."""
        if text == "":
            return None
        if re.fullmatch(r"\d{1,12}", text):
            return int(text)
        raise BadValue(_("Pilih dari daftar."))

    def write(self, value: Any) -> str:
        return "" if value is None else str(value)


class WeeksKind:
    """Weeks of the habituasi, "1,2,5"."""

    def read(self, text: str) -> list[int]:
        """Return the weeks in order, each once. Raises BadValue for what is no week."""
        parts = [part for part in text.split(",") if part]
        if any(not re.fullmatch(r"\d{1,2}", part) or not 1 <= int(part) <= MAX_WEEKS for part in parts):
            raise BadValue(_("Minggu tidak dikenal. Muat ulang halaman ini."))
        return sorted({int(part) for part in parts})

    def write(self, value: Any) -> str:
        return ",".join(str(week) for week in value or ())


Kind = TextKind | YesNoKind | MarkKind | RowKind | WeeksKind
LINE, PARAGRAPH = TextKind(SENTENCE), TextKind(LONG, lines=True)
YES_NO, MARK, ROW, WEEKS = YesNoKind(), MarkKind(), RowKind(), WeeksKind()

FIELDS: Mapping[str, tuple[type[models.Model], Mapping[str, Kind]]] = {
    "rancangan": (
        Rancangan,
        {
            "title": TextKind(250),
            **dict.fromkeys(("summary", "unit_profile", "job_profile", "agenda_summary", "tie_reason", "idea"), PARAGRAPH),
            "chosen_issue": ROW,
        },
    ),
    "issue": (
        Issue,
        {
            "statement": LINE,
            **dict.fromkeys(("current", "expected", "impact", "reason"), PARAGRAPH),
            **dict.fromkeys(("aktual", "problematik", "kekhalayakan", "layak"), YES_NO),
            **dict.fromkeys(("urgency", "seriousness", "growth"), MARK),
        },
    ),
    "cause": (Cause, {"text": LINE, "is_root": YesNoKind(is_firm=True)}),
    "kegiatan": (Kegiatan, {"title": LINE, "visi_misi": PARAGRAPH, "penguatan": PARAGRAPH, "cause": ROW, "weeks": WEEKS}),
    "tahapan": (Tahapan, dict.fromkeys(("text", "output", "proof"), LINE)),
}
RELATIONS = ("nilai", "agenda")
SCORES = frozenset({"aktual", "problematik", "kekhalayakan", "layak", "urgency", "seriousness", "growth"})


@dataclass(frozen=True)
class Key:
    """A taken-apart key: the row (`pk` 0 for the rancangan itself) and the name, which for a relation is a number."""

    row: str
    pk: int
    name: str

    @property
    def kind(self) -> Kind:
        return LINE if self.row in RELATIONS else FIELDS[self.row][1][self.name]

    def __str__(self) -> str:
        return f"{self.row}.{self.name}" if self.row == "rancangan" else f"{self.row}.{self.pk}.{self.name}"


def parse(text: str) -> Key | None:
    """Take a key apart; None when there is no such field."""
    if not KEY.fullmatch(text):
        return None
    row, *rest = text.split(".")
    if row == "rancangan":
        return Key(row, 0, rest[0]) if len(rest) == 1 and rest[0] in FIELDS[row][1] else None
    if len(rest) != 2:
        return None
    if row in RELATIONS:
        return Key(row, int(rest[0]), rest[1]) if rest[1].isdecimal() else None
    return Key(row, int(rest[0]), rest[1]) if row in FIELDS and rest[1] in FIELDS[row][1] else None


def value_text(row: models.Model | None, key: Key) -> str:
    """Return the stored value of a field as its page shows it; a relation without a row yet is empty."""
    if row is None:
        return ""
    if key.row in RELATIONS:
        return str(getattr(row, "text", ""))
    attname = row._meta.get_field(key.name).attname  # type: ignore[union-attr]
    return key.kind.write(getattr(row, attname))


def digest(text: str) -> str:
    """Return what a tab remembers of a text: 16 hexadecimal digits. Line ends and outer blanks are not part of it."""
    return hashlib.sha256(text.replace("\r\n", "\n").strip().encode()).hexdigest()[:16]
