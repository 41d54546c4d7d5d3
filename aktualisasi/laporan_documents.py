"""The laporan as a PDF: a face from plain data, its pictures as assets, nothing else from anywhere."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from aktualisasi import documents
from aktualisasi.evidence_pages import PRINTED_PAGES, printed_page
from aktualisasi.habituasi import Evidence
from aktualisasi.habituasi_enums import WorkState
from aktualisasi.paper_layout import PaperLayout
from latsar.documents.intake.kinds import FileKind
from latsar.documents.intake.preview import PreviewFailed
from latsar.documents.render.pdf import render_pdf
from latsar.ui import words

log = logging.getLogger(__name__)

STYLES = ("letter", "paper", "laporan")


@dataclass(frozen=True, slots=True)
class Picture:
    """One printed picture of an evidence."""

    address: str
    caption: str
    note: str


def render_laporan(content: Mapping[str, Any], layout: PaperLayout, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """Return the laporan as tagged PDF/A from what was kept of it: the plan as the rancangan prints it, and the report.

    `pictures` maps "asset:bukti-<id>-<page>.jpg" to JPEG bytes; without them they are drawn from the kept evidence.
    A picture that cannot be drawn leaves its caption and a line that says so.
    """
    report = content["report"]
    found = pictures_of(report) if pictures is None else dict(pictures)
    with translation.override("id"):
        face = documents.face_of(content["plan"], layout)
        face |= {"report": face_of(report, found), "paper_name": "Laporan aktualisasi", "is_report": True}
        html = render_to_string("documents/paper/paper.html", face)
        return render_pdf(html, styles=STYLES, title=str(report["title"]), author=str(report["participant"]["name"]), assets=found)


def face_of(content: Mapping[str, Any], pictures: Mapping[str, bytes]) -> dict[str, Any]:
    """Return what the templates place: the snapshot with its dates in words and its pictures in pairs."""
    kegiatan = [
        {
            **one,
            "weeks": _weeks(one["weeks"]),
            "tahapan": [_tahapan(t) for t in one["tahapan"]],
            "pictures": _pictures(one["evidence"], pictures),
        }
        for one in content["kegiatan"]
    ]
    statement = content["statement"]
    return {
        "c": content,
        "person": content["participant"],
        "texts": content["texts"],
        "kegiatan": kegiatan,
        "gantt": _gantt(content),
        "weeks": range(1, (content["phase"].get("weeks") or 0) + 1),
        "changes": [_change(one) for one in content["plan_changes"]],
        "attachments": [one for row in content["kegiatan"] for one in row["evidence"]],
        "declared_on": _day(statement["at"][:10]),
        "period": _period(content["phase"]),
    }


def pictures_of(content: Mapping[str, Any]) -> dict[str, bytes]:
    """Draw the pictures of all evidence in a snapshot; one query."""
    wanted = {one["id"]: one for row in content["kegiatan"] for one in row["evidence"]}
    found: dict[str, bytes] = {}
    for evidence in Evidence.objects.filter(pk__in=wanted):
        if evidence.sha256 != wanted[evidence.pk]["sha256"]:
            continue  # the row was put to another use since the snapshot
        for page in range(1, min(evidence.pages, PRINTED_PAGES) + 1):
            try:
                found[_address(evidence.pk, page)] = printed_page(evidence, page)
            except (PreviewFailed, FileNotFoundError, OSError):
                log.warning("page %s of evidence %s cannot be printed", page, evidence.pk, exc_info=True)
    return found


def _pictures(evidence: Sequence[Mapping[str, Any]], pictures: Mapping[str, bytes]) -> list[list[Picture]]:
    """Return rows of two."""
    flat = []
    for one in evidence:
        pages = [page for page in range(1, min(one["pages"], PRINTED_PAGES) + 1) if _address(one["id"], page) in pictures]
        for page in pages or [0]:
            note = f"Tahapan {one['tahapan']}, {_day(one['shown_on'])}"
            if one["kind"] == FileKind.PDF.value:
                note += f", halaman {page} dari {one['pages']}" if page else f", {one['pages']} halaman"
            flat.append(Picture(_address(one["id"], page) if page else "", one["caption"], note))
    return [flat[start : start + 2] for start in range(0, len(flat), 2)]


def _address(evidence_id: int, page: int) -> str:
    return f"asset:bukti-{evidence_id}-{page}.jpg"


def _tahapan(one: Mapping[str, Any]) -> dict[str, Any]:
    state = str(WorkState(one["state"]).label)
    return {**one, "state": f"{state}, {_day(one['finished_on'])}" if one["finished_on"] else state}


def _gantt(content: Mapping[str, Any]) -> list[tuple[str, list[bool]]]:
    """Return a row a kegiatan: its title, and for each week whether it is planned."""
    weeks = range(1, (content["phase"].get("weeks") or 0) + 1)
    return [(f"{one['number']}. {one['title']}", [week in one["weeks"] for week in weeks]) for one in content["kegiatan"]]


def _change(one: Mapping[str, Any]) -> dict[str, Any]:
    return {**one, "on": _day(one["on"]), "was": _said(one["old"]), "is": _said(one["new"])}


def _said(facts: Mapping[str, Any]) -> str:
    if not facts:
        return "-"
    parts = [
        facts.get("text", ""),
        facts.get("output", "") and f"Output: {facts['output']}",
        facts.get("weeks") and f"Minggu {_weeks(facts['weeks'])}",
    ]
    return ". ".join(str(part) for part in parts if part)


def _weeks(weeks: Sequence[int]) -> str:
    return ", ".join(str(week) for week in weeks)


def _day(text: str) -> str:
    return words.long_date(date.fromisoformat(text), lang="id") if text else ""


def _period(phase: Mapping[str, Any]) -> str:
    if not phase:
        return ""
    return words.date_range(date.fromisoformat(phase["starts_on"]), date.fromisoformat(phase["ends_on"]), lang="id")
