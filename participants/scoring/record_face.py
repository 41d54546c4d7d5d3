"""The berita acara of a graduation as it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import get_template
from django.utils.translation import gettext as _
from django.utils.translation import override

from latsar.documents.render.pdf import render_pdf
from latsar.training.models import Batch
from latsar.ui import words
from participants.models import GraduationRecord, Result
from participants.scoring.enums import Outcome
from participants.scoring.typing import score_text

DRAFT = "KONSEP"
CLOSING = "Demikian berita acara ini dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya."


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    nip: str
    unit: str
    total: str
    qualification: str
    outcome: str


@dataclass(frozen=True, slots=True)
class RecordFace:
    """Every word of the paper; a draft carries the word KONSEP in place of its number."""

    number: str
    source_line: str
    batch: str
    year: int
    golongan: str
    institute: str
    regulation: str
    dates: str
    day: str
    place: str
    total: int
    passed: int
    others: str
    rows: Sequence[Line]
    chair_name: str
    chair_title: str
    witness_name: str
    witness_title: str
    head_1: str = ""
    head_2: str = ""
    head_contact: str = ""
    closing: str = ""


def record_face(batch: Batch, record: GraduationRecord, results: Sequence[Result], *, is_draft: bool) -> RecordFace:
    """Put the facts of a graduation into words; papers are Indonesian whatever language the reader uses."""
    with override("id"):
        counts = {outcome: sum(result.outcome == outcome for result in results) for outcome in Outcome}
        others = [f"{counts[o]} orang {str(o.label).lower()}" for o in Outcome if o != Outcome.PASSED and counts[o]]
        number = DRAFT if is_draft else record.number
        return RecordFace(
            number=number,
            source_line=_("Nomor %(number)s") % {"number": number},
            batch=batch.label,
            year=batch.year,
            golongan=str(batch.get_golongan_display()),
            institute=batch.institute.name,
            regulation=batch.scheme.regulation,
            dates=words.date_range(batch.starts_on, batch.ends_on),
            day=words.long_date_with_weekday(record.held_on),
            place=record.place,
            total=len(results),
            passed=counts[Outcome.PASSED],
            others=", ".join(others),
            rows=[
                Line(
                    row.participant.full_name,
                    words.group_nip(row.participant.nip),
                    row.participant.satker.name,
                    score_text(row.total),
                    row.qualification,
                    str(row.get_outcome_display()),
                )
                for row in results
            ],
            chair_name=record.chair_name,
            chair_title=record.chair_title,
            witness_name=record.witness_name,
            witness_title=record.witness_title,
            head_1=batch.institute.head_1,
            head_2=batch.institute.head_2 or batch.institute.name.upper(),
            head_contact=" · ".join(filter(None, (batch.institute.address, batch.institute.phone, batch.institute.email))),
            closing=batch.institute.record_closing or CLOSING,
        )


def render_record(face: RecordFace) -> bytes:
    """Render the berita acara as tagged PDF/A-3a."""
    return render_pdf(get_template("documents/letter/kelulusan.html").render({"face": face}), styles=("letter",))
