"""Scores and STTP numbers out of a file: the columns of the batch's scheme, each row judged against what is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import BytesIO

from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.reports.writers import Column, write_xlsx
from latsar.training.models import Batch
from latsar.ui import words
from participants.enums import RowOutcome, Stage
from participants.models import Participant, Score, Sttp, TableUpload
from participants.scoring import policies, reading
from participants.scoring.reading import CellKey
from participants.scoring.sheet_page import build_sheet
from participants.scoring.typing import BadScore, parse_score, score_text
from participants.table_reading import Field, Line, PeopleByRow, read_day, records, whose


def score_fields(batch: Batch) -> tuple[Field, ...]:
    """Return a field for every examiner of every component; keys go by code, so that the choice fits the institute's next batch."""
    found = []
    for leaf in reading.tree_of(batch).leaves:
        for rater in range(1, leaf.raters + 1):
            head = f"{leaf.name} {rater}" if leaf.raters > 1 else leaf.name
            names = (head.casefold(), f"{leaf.code} {rater}".casefold() if leaf.raters > 1 else leaf.code.casefold())
            found.append(Field(f"s-{leaf.code}-{rater}", head, names))
    return tuple(found)


def plan_scores(upload: TableUpload, people: Sequence[Participant], by: User) -> list[Line]:
    """Judge every row: which cells would be new or change, and every error at once; three queries."""
    batch = upload.batch
    leaves = {(leaf.code, rater): leaf for leaf in reading.tree_of(batch).leaves for rater in range(1, leaf.raters + 1)}
    scored = [person for person in people if person.stage in (Stage.TRAINING, Stage.GRADUATED)]
    finder, seen = PeopleByRow(scored), dict[int, int]()
    rows = Score.objects.filter(batch=batch, is_remedial=False, participant__in=scored)
    stored = {CellKey(row.participant_id, row.component_id, row.rater): row for row in rows}
    lines = []
    for number, row in records(upload):
        person, problems = _whom(finder, row, seen, number)
        entries: list[tuple[CellKey, Decimal, int]] = []
        said = []
        for (code, rater), leaf in leaves.items():
            text = row.get(f"s-{code}-{rater}", "")
            head = f"{leaf.name} {rater}" if leaf.raters > 1 else leaf.name
            try:
                value = parse_score(text)
            except BadScore as bad:
                problems.append(f"{head}: {bad}")
                continue
            if value is None or person is None:
                continue
            if not policies.can_enter(by, batch, leaf, person):
                problems.append(_("%(head)s bukan bagian Anda.") % {"head": head})
                continue
            before = stored.get(CellKey(person.pk, leaf.pk, rater))
            if before is None or before.value != value:
                entries.append((CellKey(person.pk, leaf.pk, rater), value, before.version if before else 0))
                old = score_text(before.value) if before else ""
                said.append(f"{head} {old} → {score_text(value)}" if old else f"{head} {score_text(value)}")
        lines.append(
            _line(number, row, person, problems, "; ".join(said), is_change=any("→" in text for text in said), facts={"entries": entries})
        )
    return lines


def plan_sttp(upload: TableUpload, people: Sequence[Participant]) -> list[Line]:
    """Judge every row: number, code and day of one graduate's STTP; two queries."""
    finder, seen = PeopleByRow([person for person in people if person.stage == Stage.GRADUATED]), dict[int, int]()
    stored = {row.participant_id: row for row in Sttp.objects.filter(batch=upload.batch)}
    taken: dict[str, int] = {}
    lines = []
    for line, row in records(upload):
        person, problems = _whom(finder, row, seen, line)
        number, code, day = row.get("number", "").strip(), row.get("code", "").strip(), read_day(row.get("issued_on", ""))
        if not number:
            problems.append(_("Nomor STTP kosong."))
        elif number in taken:
            problems.append(_("Nomor yang sama sudah ada di baris %(n)d.") % {"n": taken[number]})
        else:
            taken[number] = line
        if day is None:
            problems.append(_("Tanggal STTP “%(text)s” tidak terbaca. Tulis seperti 21-04-2026.") % {"text": row.get("issued_on", "")[:20]})
        before = stored.get(person.pk) if person else None
        is_same = before is not None and (before.number, before.registration_code, before.issued_on) == (number, code, day)
        said = "" if is_same or day is None else ", ".join(filter(None, (number, code, words.long_date(day))))
        facts: dict[str, object] = {
            "number": number,
            "registration_code": code,
            "issued_on": day,
            "version": before.version if before else 0,
        }
        lines.append(_line(line, row, person, problems, said, is_change=before is not None, facts=facts))
    return lines


def _whom(finder: PeopleByRow, row: Mapping[str, str], seen: dict[int, int], number: int) -> tuple[Participant | None, list[str]]:
    person, problem = finder.find(row)
    problems = [problem] if problem else []
    if person is not None and person.pk in seen:
        problems.append(_("Orang yang sama sudah ada di baris %(n)d.") % {"n": seen[person.pk]})
    elif person is not None:
        seen[person.pk] = number
    return person, problems


def _line(
    number: int,
    row: Mapping[str, str],
    person: Participant | None,
    problems: Sequence[str],
    said: str,
    *,
    is_change: bool,
    facts: dict[str, object],
) -> Line:
    label = person.full_name if person else whose(row)
    if problems or person is None:
        return Line(number, label, RowOutcome.ERROR, "", tuple(problems), person=person)
    outcome = RowOutcome.SAME if not said else RowOutcome.CHANGED if is_change else RowOutcome.NEW
    return Line(number, label, outcome, said, facts=facts, person=person)


def score_template(user: User, batch: Batch) -> bytes:
    """Write the sheet as a workbook to fill in and bring back: what is stored already stands in it."""
    sheet = build_sheet(user, batch, all_groups=True)
    columns = [Column(_("NIP"), 22), Column(_("Nama"), 36), *(Column(column.head, 14, "number") for column in sheet.columns)]
    rows = [
        [member.person.nip, member.person.full_name]
        + [
            row.value if (row := sheet.scores.get(CellKey(member.person.pk, column.component.pk, column.rater))) else None
            for column in sheet.columns
        ]
        for member in sheet.members
    ]
    stream = BytesIO()
    write_xlsx(stream, sheet=_("Nilai"), columns=columns, rows=rows)
    return stream.getvalue()
