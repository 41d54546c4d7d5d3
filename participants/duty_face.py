"""The surat tugas as it is printed, from what its row says."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pikepdf
from django.template.loader import get_template
from django.utils.translation import gettext as _
from django.utils.translation import override

from latsar.documents.render.pdf import render_pdf
from latsar.satker.models import Satker, SatkerKind
from latsar.training.clash import is_released
from latsar.training.layout import PhaseDates
from latsar.ui import words
from participants.models import DutyLetter, Participant

DRAFT = "KONSEP"
AGENCY = "KOMISI PEMILIHAN UMUM"


@dataclass(frozen=True, slots=True)
class PhaseLine:
    name: str
    dates: str
    note: str


@dataclass(frozen=True, slots=True)
class LetterFace:
    """Every word of the paper."""

    number: str
    source_line: str
    head: str
    head_unit: str
    head_contact: str
    basis: Sequence[str]
    name: str
    nip: str
    rank: str
    jabatan: str
    unit: str
    golongan: str
    batch: str
    year: int
    method: str
    institute: str
    place: str
    dates: str
    phases: Sequence[PhaseLine]
    city: str
    day: str
    signer_title: str
    signer_name: str
    signer_nip: str
    copies: Sequence[str]


def stored_phases(phases: Iterable[PhaseDates]) -> list[dict[str, Any]]:
    """Return the phases as the row of a letter keeps them."""
    return [
        {"name": p.name, "starts_on": p.starts_on.isoformat(), "ends_on": p.ends_on.isoformat(), "released": is_released(p)} for p in phases
    ]


def letter_face(letter: DutyLetter, *, is_draft: bool = False) -> LetterFace:
    """Put a letter into words; papers are Indonesian whatever language the reader uses."""
    person, batch, unit = letter.participant, letter.batch, letter.satker
    with override("id"):
        number = DRAFT if is_draft else letter.number
        spans = [(date.fromisoformat(p["starts_on"]), date.fromisoformat(p["ends_on"])) for p in letter.phases]
        lines = [
            PhaseLine(p["name"], words.date_range(*span), _("Bebas tugas") if p["released"] else _("Di satker"))
            for p, span in zip(letter.phases, spans, strict=True)
        ]
        return LetterFace(
            number=number,
            source_line=_("Nomor %(number)s") % {"number": number},
            head=AGENCY,
            head_unit=_head(unit),
            head_contact=" · ".join(filter(None, (unit.address, unit.phone and _("Telepon %(n)s") % {"n": unit.phone}, unit.email))),
            basis=[line.strip() for line in letter.basis.splitlines() if line.strip()],
            name=person.full_name,
            nip=words.group_nip(person.nip),
            rank=person.rank,
            jabatan=person.jabatan,
            unit=person.satker.name,
            golongan=str(batch.get_golongan_display()),
            batch=batch.label,
            year=batch.year,
            method=str(batch.get_method_display()).lower(),
            institute=batch.institute.name,
            place=batch.place or batch.institute.city,
            dates=words.date_range(min(first for first, _last in spans), max(last for _first, last in spans)),
            phases=lines,
            city=letter.city,
            day=words.long_date(letter.letter_date),
            signer_title=letter.signer_title,
            signer_name=letter.signer_name,
            signer_nip=words.group_nip(letter.signer_nip) if letter.signer_nip else "",
            copies=_copies(person, batch.institute.name, unit),
        )


def render_letter(face: LetterFace) -> bytes:
    """Render one letter as tagged PDF/A-3a."""
    return render_pdf(get_template("documents/letter/tugas.html").render({"face": face}), styles=("letter",))


def merge(pages: Iterable[bytes]) -> bytes:
    """Put letters behind each other in one file to print."""
    with pikepdf.new() as book:
        for one in pages:
            with pikepdf.open(io.BytesIO(one)) as part:
                book.pages.extend(part.pages)
        out = io.BytesIO()
        book.save(out)
    return out.getvalue()


def _head(unit: Satker) -> str:
    if unit.kind == SatkerKind.SETJEN:
        return "SEKRETARIAT JENDERAL"
    return unit.name.upper().removeprefix("KPU ")


def _copies(person: Participant, institute: str, unit: Satker) -> list[str]:
    found = [institute]
    if unit.pk != person.satker_id:
        found.append(_("Sekretaris %(unit)s") % {"unit": person.satker.name})
    if unit.pk != person.province_id:
        found.append(_("Sekretaris %(unit)s") % {"unit": person.province.name})
    return found
