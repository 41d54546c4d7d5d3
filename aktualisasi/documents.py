"""The rancangan on paper: a snapshot and a layout in, the bytes of a tagged PDF/A out. Knows no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from aktualisasi.enums import Bone
from aktualisasi.paper_layout import PLACES, PaperFont, PaperLayout, Part
from aktualisasi.scoring import APKL, USG
from latsar.documents.render.pdf import render_pdf
from latsar.ui import words

Json = Mapping[str, Any]
TEMPLATES = {
    "cover": "documents/paper/cover.html",
    "persetujuan": "documents/paper/approval.html",
    "pengesahan": "documents/paper/endorsement.html",
    "kartu_mentor": "documents/paper/card.html",
    "kartu_coach": "documents/paper/card.html",
    "identitas": "documents/paper/identity.html",
    "bab1": "documents/paper/profile.html",
    "bab2": "documents/paper/agenda.html",
    "bab3": "documents/paper/issues.html",
    "bab4": "documents/paper/idea.html",
    "matriks": "documents/paper/matrix.html",
    "jadwal": "documents/paper/schedule.html",
    "pernyataan": "documents/paper/statement.html",
    "isi": "documents/paper/laporan_body.html",
}
CARD_ROWS = 9
LONG_NAME, LONGER_NAME = 34, 46
"""Letters from which a name is set smaller, as on the certificates; 62 fit on one line."""

FISHBONE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 500 90"><g stroke="#7a1a2b" stroke-width="1.6" fill="none">'
    b'<path d="M0 45H488M478 39l11 6-11 6"/><path d="M55 2l34 43M215 2l34 43M375 2l34 43M55 88l34-43M215 88l34-43"/></g></svg>'
)


@dataclass(frozen=True)
class PrintedPart:
    """One part with the template that draws it, and for a card whose it is."""

    part: Part
    template: str
    guide: str = ""


def render_rancangan(content: Json, template: PaperLayout) -> bytes:
    """Print a snapshot in a layout. Everything typed is text, never markup. Raises RenderRefused when a face cannot be drawn."""
    with translation.override("id"):
        html = render_to_string("documents/paper/paper.html", face_of(content, template))
        return render_pdf(html, styles=("letter", "paper"), assets={"asset:fishbone.svg": FISHBONE})


def face_of(content: Json, layout: PaperLayout) -> dict[str, Any]:
    """Return what the templates of documents/paper read: the snapshot, the parts, and the words made of them."""
    person, training = content["person"], content["training"]
    length = len(person["name"])
    return {
        "content": content,
        "paper_name": "Rancangan aktualisasi",
        "is_report": False,
        "person": person,
        "nip": words.group_nip(person["nip"]),
        "training": training,
        "training_name": training_name(training),
        "parts": [PrintedPart(part, TEMPLATES[part.key], _guide(part.key)) for part in layout.printed if part.key in TEMPLATES],
        "cover_lines": cover_lines(content, layout),
        "closing": layout.closing,
        "city": layout.city or training.get("city") or "",
        "letterhead": layout.letterhead or tuple(training.get("head") or ()),
        "name_class": "n3" if length > LONGER_NAME else "n2" if length > LONG_NAME else "n1",
        "is_sans": layout.font == PaperFont.SANS,
        "cards": {guide: card_rows(content.get("consultations", {}).get(guide, ())) for guide in ("mentor", "coach")},
        "born": _born(person),
        "issues": [
            {**row, "answers": [row["apkl"].get(name) for name in APKL], "marks": [row["usg"].get(name) for name in USG]}
            for row in content["issues"]
        ],
        "chosen": next((row for row in content["issues"] if row["id"] == content["chosen_issue"]), None),
        "bones": bones_of(content),
        "weeks": [_week(week) for week in content["weeks"]],
        "holidays": [f"{words.long_date(date.fromisoformat(h['on']))} {h['name']}" for week in content["weeks"] for h in week["holidays"]],
        "schedule": [(row, [week["number"] in row["weeks"] for week in content["weeks"]]) for row in content["kegiatan"]],
        "value_head": f"Keterkaitan nilai {training.get('curriculum') or 'dasar'} dan agenda III",
        "corrections": [{**row, "day": words.long_date(date.fromisoformat(row["on"]))} for row in content["corrections"]],
    }


def card_rows(consultations: Sequence[Json]) -> list[Json]:
    """Return the consultations that count, with numbers, and empty rows that fill the card."""
    rows: list[Json] = [{**row, "number": n} for n, row in enumerate(consultations, 1)]
    return rows + [{"number": n} for n in range(len(rows) + 1, CARD_ROWS + 1)]


def training_name(training: Json) -> str:
    """Return "Pelatihan Dasar CPNS Golongan III Angkatan II Tahun 2026", as far as it is known."""
    parts = ["Pelatihan Dasar CPNS", training.get("golongan") or "", training.get("batch") or ""]
    if training.get("year"):
        parts.append(f"Tahun {training['year']}")
    return " ".join(part for part in parts if part)


def cover_lines(content: Json, layout: PaperLayout) -> list[tuple[str, str]]:
    """Return the cover words line by line with their kind: "title", "name", "gap" or plain. Only the known words in braces are replaced."""
    person, training = content["person"], content["training"]
    known = dict(
        zip(
            PLACES,
            (
                content["title"] or "Judul belum ditulis",
                person["name"],
                words.group_nip(person["nip"]),
                person["unit"],
                person["jabatan"],
                training_name(training),
                training.get("batch") or "",
                training.get("institute") or "",
                layout.city or training.get("city") or "",
                str(training.get("year") or ""),
            ),
            strict=True,
        )
    )
    lines = []
    for line in layout.cover.replace("\r\n", "\n").split("\n"):
        kind = {"{judul}": "title", "{nama}": "name", "": "gap"}.get(line.strip(), "")
        lines.append((kind, _filled(line.strip(), known)))
    return lines


def bones_of(content: Json) -> list[tuple[str, list[Json]]]:
    """Return the causes of the chosen issue, bone by bone, empty ones too."""
    mine = [row for row in content["causes"] if row["issue"] == content["chosen_issue"]]
    names = {row["bone"]: row["bone_name"] for row in content["causes"]}
    return [(names.get(bone.value, str(bone.label)), [row for row in mine if row["bone"] == bone.value and row["text"]]) for bone in Bone]


def _filled(line: str, known: Mapping[str, str]) -> str:
    """Replace in one pass: what a person typed may itself hold braces and is not looked at again."""
    out, rest = "", line
    while "{" in rest:
        before, _, tail = rest.partition("{")
        name, brace, after = tail.partition("}")
        if brace and name in known:
            out, rest = out + before + known[name], after
        else:
            out, rest = out + before + "{", tail
    return out + rest


def _guide(key: str) -> str:
    return key.removeprefix("kartu_") if key.startswith("kartu_") else ""


def _born(person: Json) -> str:
    day = words.long_date(date.fromisoformat(person["birth_date"])) if person.get("birth_date") else ""
    return ", ".join(part for part in (person.get("birth_place") or "", day) if part)


def _week(week: Json) -> dict[str, str]:
    if not week["starts_on"]:
        return {"number": week["number"], "days": ""}
    return {
        "number": week["number"],
        "days": words.short_date_range(date.fromisoformat(week["starts_on"]), date.fromisoformat(week["ends_on"])),
    }
