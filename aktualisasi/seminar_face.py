"""The berita acara of a seminar as it is printed: one per person, or all of a seminar in one file. No scores in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import get_template
from django.utils.translation import gettext as _
from django.utils.translation import override

from aktualisasi import readiness
from aktualisasi.models import SeminarTurn
from aktualisasi.seminar_enums import Attendee
from aktualisasi.services.seminar_results import Here, attendees_of_all
from latsar.documents.render.pdf import render_pdf
from latsar.ui import words
from latsar.ui.words import MONTHS, WEEKDAYS, spell_number

DRAFT = "KONSEP"
SIGNERS = (Attendee.EXAMINER, Attendee.COACH, Attendee.MENTOR)


@dataclass(frozen=True, slots=True)
class Attending:
    role: str
    name: str
    nip: str
    presence: str


@dataclass(frozen=True, slots=True)
class SeminarFace:
    """Every word of one paper; a draft carries the word KONSEP in place of its number."""

    number: str
    title_line: str
    day: str
    hours: str
    place: str
    kind: str
    golongan: str
    batch: str
    year: int
    institute: str
    name: str
    nip: str
    unit: str
    title: str
    rows: Sequence[Attending]
    signers: Sequence[Attending]
    paper: str
    outcome: str
    due: str
    revisions: Sequence[tuple[str, str]]
    note: str
    head_1: str = ""
    head_2: str = ""
    head_contact: str = ""


def seminar_face(turn: SeminarTurn, title: str, invited: Sequence[Here]) -> SeminarFace:
    """Put a turn into words; papers are Indonesian whatever language the reader uses. `invited` are named until it is noted who came."""
    with override("id"):
        seminar = turn.seminar
        institute = seminar.batch.institute
        number = turn.number if turn.outcome and turn.number else DRAFT
        rows = _rows(turn, invited)
        kind = str(seminar.get_kind_display()).lower()
        return SeminarFace(
            number=number,
            title_line=_("Nomor %(number)s") % {"number": number},
            day=spelled_day(seminar.day.year, seminar.day.month, seminar.day.day, seminar.day.weekday()),
            hours=turn.hours_text.replace(" sampai ", " sampai dengan "),
            place=seminar.place or "–",
            kind=kind,
            golongan=str(seminar.batch.get_golongan_display()),
            batch=seminar.batch.label,
            year=seminar.batch.year,
            institute=institute.name,
            name=turn.participant.full_name,
            nip=words.group_nip(turn.participant.nip),
            unit=turn.participant.satker.name,
            title=title or "–",
            rows=rows,
            signers=[row for row in rows if row.role in {str(role.label) for role in SIGNERS}],
            paper="Rancangan" if "rancangan" in kind else "Laporan aktualisasi",
            outcome=str(turn.get_outcome_display()).lower() if turn.outcome else "",
            due=f"{WEEKDAYS['id'][turn.revision_due_on.weekday()]}, {words.long_date(turn.revision_due_on)}"
            if turn.revision_due_on
            else "",
            revisions=[(row.text, row.part) for row in turn.revisions.all()],
            note=turn.note,
            head_1=institute.head_1,
            head_2=institute.head_2 or institute.name.upper(),
            head_contact=" · ".join(filter(None, (institute.address, institute.phone, institute.email))),
        )


def _rows(turn: SeminarTurn, invited: Sequence[Here]) -> list[Attending]:
    stored = [
        Attending(str(row.get_role_display()), row.name, words.group_nip(row.nip), str(row.get_presence_display()))
        for row in turn.presences.all()
        if row.role != Attendee.PERSON
    ]
    if stored:
        return stored
    return [
        Attending(str(Attendee(one.role).label), one.name, words.group_nip(one.nip), "") for one in invited if one.role != Attendee.PERSON
    ]


def spelled_day(year: int, month: int, day: int, weekday: int) -> str:
    """Write "Jumat, tanggal enam bulan Maret tahun dua ribu dua puluh enam"."""
    return f"{WEEKDAYS['id'][weekday]}, tanggal {spell_number(day)} bulan {MONTHS['id'][month - 1]} tahun {spell_number(year)}"


def render_records(turns: Sequence[SeminarTurn]) -> bytes:
    """Render the papers of these turns into one tagged PDF, a page each."""
    titles = readiness.titles_of([turn.participant_id for turn in turns])
    invited = attendees_of_all(turns)
    faces = [seminar_face(turn, titles.get(turn.participant_id, ""), invited[turn.pk]) for turn in turns]
    return render_pdf(get_template("documents/letter/seminar.html").render({"faces": faces}), styles=("letter",))
