"""What differs between two kept versions of a laporan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from aktualisasi.comparing import Change, ChangedSection, field_changes
from aktualisasi.laporan import Laporan, LaporanKegiatan

Json = Mapping[str, Any]


def changes(old: Json, new: Json) -> list[ChangedSection]:
    """Return what differs between two reports, part by part; empty when they read the same."""
    sections = [
        (_("Uraian"), list(_texts(old.get("texts", {}), new.get("texts", {})))),
        (_("Kegiatan"), list(_activities(old.get("kegiatan", ()), new.get("kegiatan", ())))),
        (_("Ukuran manfaat"), list(_listed(_("Ukuran"), _measures(old), _measures(new)))),
        (_("Bukti"), list(_listed(_("Bukti"), _evidence(old), _evidence(new)))),
        (_("Pernyataan keaslian"), list(field_changes(_("Pernyataan keaslian"), _statement(old), _statement(new)))),
    ]
    return [ChangedSection(label, tuple(found)) for label, found in sections if found]


def _texts(old: Json, new: Json) -> Iterator[Change]:
    for name in {**old, **new}:
        label = str(Laporan._meta.get_field(name).verbose_name).capitalize()  # type: ignore[union-attr]
        yield from field_changes(label, old.get(name), new.get(name))


def _activities(old: Iterable[Json], new: Iterable[Json]) -> Iterator[Change]:
    before, after = ({row["number"]: row for row in rows} for rows in (old, new))
    for number in sorted({**before, **after}):
        was, now = before.get(number, {}), after.get(number, {})
        head = _("Kegiatan %(n)s") % {"n": number}
        yield from field_changes(head, was.get("title"), now.get("title"))
        for name in {**was.get("told", {}), **now.get("told", {})}:
            label = f"{head}, {LaporanKegiatan._meta.get_field(name).verbose_name}"  # type: ignore[union-attr]
            yield from field_changes(label, was.get("told", {}).get(name), now.get("told", {}).get(name))


def _listed(label: str, old: list[str], new: list[str]) -> Iterator[Change]:
    yield from (Change(label, "removed", old=text) for text in old if text not in new)
    yield from (Change(label, "added", new=text) for text in new if text not in old)


def _measures(report: Json) -> list[str]:
    return [f"{row['indicator']}: {row['before']} → {row['after']}" for row in report.get("measures", ())]


def _evidence(report: Json) -> list[str]:
    return [f"{one['tahapan']} {one['caption']}" for row in report.get("kegiatan", ()) for one in row.get("evidence", ())]


def _statement(report: Json) -> str:
    return str(report.get("statement", {}).get("text", ""))
