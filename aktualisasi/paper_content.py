"""What a paper says as data, and the file that is printed from it: one door for the rancangan and the laporan."""

from __future__ import annotations

from typing import Any

from aktualisasi import comparing, laporan_comparing, laporan_content, prints
from aktualisasi.completeness import completeness
from aktualisasi.documents import render_rancangan
from aktualisasi.enums import PaperKind
from aktualisasi.laporan import Laporan
from aktualisasi.laporan_documents import render_laporan
from aktualisasi.laporan_gaps import Meter, meter_of
from aktualisasi.laporan_prefill import done_of
from aktualisasi.models import Paper, Rancangan
from aktualisasi.paper_layout import PaperLayout
from aktualisasi.snapshots import snapshot

Content = dict[str, Any]
STAMPS = ("made_on",)
"""Entries of a content that change by themselves."""


def content_of(paper: Paper) -> Content:
    """Return everything the paper prints, as plain data that never changes afterwards."""
    if paper.kind == PaperKind.RANCANGAN:
        return snapshot(paper.rancangan)
    laporan = laporan_of(paper.rancangan) or Laporan(rancangan=paper.rancangan)
    return report_content(laporan)


def report_content(laporan: Laporan) -> Content:
    """Return the laporan as data: the plan with its sheets, and the report."""
    return {"schema": 1, "kind": str(PaperKind.LAPORAN), "plan": snapshot(laporan.rancangan), "report": laporan_content.snapshot(laporan)}


def print_report_now(laporan: Laporan) -> tuple[str, bytes]:
    """Print the laporan as it stands now; return the digest under which the print is kept, and the PDF."""
    batch = laporan.rancangan.participant.batch
    layout = prints.layout_for(batch.institute_id if batch else None, PaperKind.LAPORAN)
    return prints.print_content(report_content(laporan), layout, render_laporan)


def laporan_of(rancangan: Rancangan) -> Laporan | None:
    return Laporan.objects.filter(rancangan=rancangan).select_related("rancangan__participant__satker", "rancangan__chosen_issue").first()


def meter_for(rancangan: Rancangan) -> Meter:
    """Say how complete the laporan of this rancangan is."""
    return meter_of(laporan_of(rancangan), done_of(rancangan))


def says_the_same(one: Content | None, other: Content | None) -> bool:
    """Tell whether two contents read the same, whenever they were made."""
    return _without_stamps(one) == _without_stamps(other)


def percent_of(paper: Paper) -> int:
    """Return how complete the data of the paper are, 0 to 100."""
    if paper.kind == PaperKind.RANCANGAN:
        return completeness(paper.rancangan).percent
    return meter_for(paper.rancangan).percent


def print_content(kind: str, content: Content, *, institute_id: int | None) -> tuple[bytes, int]:
    """Print the content as PDF in the institute's template; return the file and its number of pages."""
    pdf = render(kind, content, prints.layout_for(institute_id, kind))
    return pdf, prints.page_count(pdf)


def render(kind: str, content: Content, layout: PaperLayout) -> bytes:
    """Print the content in a layout."""
    return render_rancangan(content, layout) if kind == PaperKind.RANCANGAN else render_laporan(content, layout)


def changes(old: Content, new: Content) -> list[comparing.ChangedSection]:
    """Return what differs between two kept contents, in the order of the document."""
    if "report" in new or "report" in old:
        return laporan_comparing.changes(old.get("report", {}), new.get("report", {}))
    return comparing.changes(old, new)


def _without_stamps(content: Content | None) -> Content | None:
    if content is None:
        return None
    found = {name: value for name, value in content.items() if name not in STAMPS}
    if isinstance(found.get("plan"), dict):
        found["plan"] = _without_stamps(found["plan"])
    return found
