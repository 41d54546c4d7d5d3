"""Two snapshots side by side: which fields read otherwise, word by word, and which rows came, went or moved. Pure.

Shown by templates/aktualisasi/_comparison.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from aktualisasi.scoring import APKL, USG

Json = Mapping[str, Any]
TOKENS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Word:
    """A run of words: "same", "old" (only in the older version) or "new"."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """One difference. `kind` is changed, added, removed or moved; words only for changed ones."""

    label: str
    kind: str
    old: str = ""
    new: str = ""
    words: tuple[Word, ...] = ()


@dataclass(frozen=True)
class ChangedSection:
    """The differences of one part of the rancangan."""

    label: str
    changes: tuple[Change, ...]


def changes(old: Json, new: Json) -> list[ChangedSection]:
    """Return what differs between two snapshots, part by part, in the order of the document; empty when they read the same.

    Reads any schema: what a snapshot does not hold counts as empty.
    """
    sections = [
        (_("Profil dan gagasan"), list(_texts(old, new))),
        (_("Isu"), list(_issues(old, new))),
        (_("Penyebab"), list(_causes(old, new))),
        (_("Kegiatan"), list(_activities(old, new))),
    ]
    return [ChangedSection(label, tuple(found)) for label, found in sections if found]


def word_difference(old: str, new: str) -> tuple[Word, ...]:
    """Return one text running into the other, word by word."""
    before, after = TOKENS.findall(old), TOKENS.findall(new)
    words: list[Word] = []
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            words.append(Word("same", "".join(before[i:j])))
            continue
        if j > i:
            words.append(Word("old", "".join(before[i:j])))
        if m > k:
            words.append(Word("new", "".join(after[k:m])))
    return tuple(words)


def field_changes(label: str, old: object, new: object) -> Iterator[Change]:
    before, after = _plain(old), _plain(new)
    if before != after:
        yield Change(label, "changed", before, after, word_difference(before, after))


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    return "" if value is None else str(value)


def _texts(old: Json, new: Json) -> Iterator[Change]:
    names = {
        "title": _("Judul"),
        "summary": _("Ringkasan"),
        "unit_profile": _("Profil satker"),
        "job_profile": _("Jabatan dan tugas"),
        "agenda_summary": _("Yang dipelajari dari agenda I sampai III"),
        "idea": _("Gagasan kreatif"),
    }
    for name, label in names.items():
        yield from field_changes(label, old.get(name), new.get(name))


def _rows(name: str, old: Iterable[Json], new: Iterable[Json], title: str) -> Iterator[Change | tuple[Json, Json]]:
    """Yield added, removed and moved rows as changes, and rows of both versions as pairs."""
    before, after = {row["id"]: row for row in old}, {row["id"]: row for row in new}
    both_old = [pk for pk in before if pk in after]
    both_new = [pk for pk in after if pk in before]
    still = _unmoved(both_old, both_new)
    for place, (pk, row) in enumerate(before.items(), 1):
        if pk not in after:
            yield Change(f"{name} {place}", "removed", old=_plain(row.get(title)) or _("tanpa isi"))
    for place, (pk, row) in enumerate(after.items(), 1):
        if pk not in before:
            yield Change(f"{name} {place}", "added", new=_plain(row.get(title)) or _("tanpa isi"))
            continue
        if pk not in still:
            was = list(before).index(pk) + 1
            yield Change(
                f"{name} {place}",
                "moved",
                old=_("urutan %(n)s") % {"n": was},
                new=_("urutan %(n)s: %(title)s") % {"n": place, "title": _plain(row.get(title))},
            )
        yield before[pk], row


def _unmoved(old: Sequence[int], new: Sequence[int]) -> set[int]:
    """Return the rows that kept their order among each other: a row that was taken out moves nobody else."""
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {old[block.a + n] for block in blocks for n in range(block.size)}


def _issues(old: Json, new: Json) -> Iterator[Change]:
    yield from field_changes(_("Isu terpilih"), _chosen(old), _chosen(new))
    yield from field_changes(_("Alasan memilih"), old.get("tie_reason"), new.get("tie_reason"))
    fields = {
        "statement": _("rumusan isu"),
        "current": _("kondisi saat ini"),
        "expected": _("kondisi yang diharapkan"),
        "impact": _("dampak"),
        "reason": _("alasan penilaian"),
    }
    for found in _rows(_("Isu"), old.get("issues", ()), new.get("issues", ()), "statement"):
        if isinstance(found, Change):
            yield found
            continue
        before, after = found
        name = _("Isu %(n)s") % {"n": after.get("order")}
        for key, label in fields.items():
            yield from field_changes(f"{name}, {label}", before.get(key), after.get(key))
        for group, keys in (("apkl", APKL), ("usg", USG)):
            for key in keys:
                yield from field_changes(f"{name}, {key}", before.get(group, {}).get(key), after.get(group, {}).get(key))


def _chosen(data: Json) -> str:
    return next((row["statement"] for row in data.get("issues", ()) if row["id"] == data.get("chosen_issue")), "")


def _causes(old: Json, new: Json) -> Iterator[Change]:
    for found in _rows(_("Penyebab"), old.get("causes", ()), new.get("causes", ()), "text"):
        if isinstance(found, Change):
            yield found
            continue
        before, after = found
        name = _("Penyebab, %(bone)s") % {"bone": after.get("bone_name", "")}
        yield from field_changes(name, before.get("text"), after.get("text"))
        yield from field_changes(_("%(name)s, akar masalah") % {"name": name}, before.get("is_root"), after.get("is_root"))


def _activities(old: Json, new: Json) -> Iterator[Change]:
    fields = {
        "title": _("nama kegiatan"),
        "cause": _("akar yang dijawab"),
        "visi_misi": _("kontribusi visi dan misi"),
        "penguatan": _("penguatan nilai organisasi"),
    }
    for found in _rows(_("Kegiatan"), old.get("kegiatan", ()), new.get("kegiatan", ()), "title"):
        if isinstance(found, Change):
            yield found
            continue
        before, after = found
        name = _("Kegiatan %(n)s") % {"n": after.get("order")}
        for key, label in fields.items():
            yield from field_changes(f"{name}, {label}", before.get(key), after.get(key))
        yield from field_changes(_("%(name)s, minggu") % {"name": name}, _weeks(before), _weeks(after))
        yield from _steps(name, before, after)
        for group in ("values", "agenda"):
            was, now = ({row["name"]: row["text"] for row in side.get(group, ())} for side in (before, after))
            for key in [*now, *(key for key in was if key not in now)]:
                yield from field_changes(_("%(name)s, kaitan %(value)s") % {"name": name, "value": key}, was.get(key), now.get(key))


def _weeks(row: Json) -> str:
    return ", ".join(str(week) for week in row.get("weeks", ()))


def _steps(name: str, old: Json, new: Json) -> Iterator[Change]:
    for found in _rows(f"{name}, {_('tahapan')}", old.get("tahapan", ()), new.get("tahapan", ()), "text"):
        if isinstance(found, Change):
            yield found
            continue
        before, after = found
        step = _("Tahapan %(n)s") % {"n": f"{new.get('order')}.{after.get('order')}"}
        for key, label in (("text", step), ("output", f"{step}, {_('output')}"), ("proof", f"{step}, {_('bukti')}")):
            yield from field_changes(label, before.get(key), after.get(key))
