"""The library as pages: filters, counts by theme, year and province, the workbook."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from django.db.models import Count
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from aktualisasi.laporan_forms import LibraryFilter
from aktualisasi.library import LibraryEntry, LibraryEntryQuerySet
from latsar.reports.writers import Column, write_xlsx
from latsar.ui.charts import Bar


def filter_form(data: QueryDict) -> LibraryFilter:
    """Offer the years and provinces that the library holds."""
    released = LibraryEntry.objects.released().order_by()
    years = released.values_list("year", flat=True).distinct()
    found = released.values_list("participant__province_id", "participant__province__province_name").distinct()
    provinces = sorted(((pk or 0, name) for pk, name in found), key=lambda pair: pair[1])
    return LibraryFilter(data, years=sorted(years, reverse=True), provinces=provinces)


def filtered(rows: LibraryEntryQuerySet, form: LibraryFilter) -> LibraryEntryQuerySet:
    """Apply what could be read of the filters."""
    form.is_valid()
    chosen = form.cleaned_data
    if chosen.get("tema"):
        rows = rows.filter(theme=chosen["tema"])
    if chosen.get("tahun"):
        rows = rows.filter(year=chosen["tahun"])
    if chosen.get("provinsi"):
        rows = rows.filter(participant__province=chosen["provinsi"])
    return rows.search(chosen.get("q") or "")


def counts() -> list[tuple[str, list[Bar]]]:
    """Count what is released by theme, by year and by province; each bar leads to its rows."""
    rows, base = LibraryEntry.objects.released().order_by(), reverse("library")
    themes = rows.values_list("theme", "theme__name").annotate(n=Count("pk")).order_by("-n", "theme__name")
    years = rows.values_list("year", "year").annotate(n=Count("pk")).order_by("-year")
    provinces = (
        rows.values_list("participant__province", "participant__province__province_name")
        .annotate(n=Count("pk"))
        .order_by("-n", "participant__province__province_name")
    )
    return [
        (_("Menurut tema"), _bars(themes, f"{base}?tema=")),
        (_("Menurut tahun"), _bars(years, f"{base}?tahun=")),
        (_("Menurut provinsi"), _bars(provinces, f"{base}?provinsi=")),
    ]


def workbook(rows: Iterable[LibraryEntry]) -> bytes:
    """Write the library as a workbook; an author's name only where it was released."""
    columns = [
        Column(_("Judul"), 60), Column(_("Tema"), 28), Column(_("Tahun"), 8, "int"), Column(_("Provinsi"), 24), Column(_("Satker"), 32),
        Column(_("Jabatan"), 32), Column(_("Penulis"), 30), Column(_("Isu"), 60), Column(_("Gagasan"), 60), Column(_("Hasil"), 60),
    ]  # fmt: skip
    stream = BytesIO()
    write_xlsx(stream, sheet=_("Pustaka"), columns=columns, rows=(_cells(row) for row in rows))
    return stream.getvalue()


def _cells(entry: LibraryEntry) -> list[Any]:
    content, person = entry.content, entry.participant
    issue, results = content.get("issue", {}), content.get("results", {})
    return [
        entry.title, entry.theme.name if entry.theme else "", entry.year, person.province.province_name, person.satker.name, entry.jabatan,
        entry.author_name, issue.get("statement", ""), content.get("idea", ""), results.get("outcome", ""),
    ]  # fmt: skip


def _bars(found: Iterable[tuple[Any, Any, int]], address: str) -> list[Bar]:
    return [Bar(label=str(label), value=n, href=f"{address}{key}") for key, label, n in found]
