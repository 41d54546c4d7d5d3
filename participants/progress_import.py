"""Progress out of the export of a MOOC or another learning system: what each row says, and what it would change."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from latsar.ui import words
from participants.enums import ProgressState, RowOutcome, Stage
from participants.models import Participant, PhaseProgress, TableUpload
from participants.services.progress import Reached
from participants.table_reading import Line, PeopleByRow, read_day, read_number, records, whose

WHOLE = 100


def plan_progress(upload: TableUpload, people: list[Participant]) -> list[Line]:
    """Judge every row; one query for what is stored."""
    finder = PeopleByRow(people)
    stored = {row.participant_id: row for row in PhaseProgress.objects.filter(phase_id=upload.phase_id, participant__in=people)}
    rows = records(upload)
    is_share = _is_share([row.get("percent", "") for _number, row in rows])
    seen: dict[int, int] = {}
    lines = []
    for number, row in rows:
        person, problem = finder.find(row)
        reached, problems = _reached(row, is_share=is_share)
        problems = [problem, *problems] if problem else problems
        if person is not None and person.stage != Stage.TRAINING:
            problems.append(_("Orang ini tidak sedang mengikuti angkatan."))
        if person is not None and person.pk in seen:
            problems.append(_("Orang yang sama sudah ada di baris %(n)d.") % {"n": seen[person.pk]})
        elif person is not None:
            seen[person.pk] = number
        lines.append(_line(number, row, person, reached, problems, stored))
    return lines


def _line(
    number: int,
    row: Mapping[str, str],
    person: Participant | None,
    reached: Reached | None,
    problems: list[str],
    stored: Mapping[int, PhaseProgress],
) -> Line:
    label = person.full_name if person else whose(row)
    if problems or person is None or reached is None:
        return Line(number, label, RowOutcome.ERROR, "", tuple(problems), person=person)
    before = stored.get(person.pk)
    outcome = RowOutcome.CHANGED if before else RowOutcome.NEW
    if before and (before.state, before.percent, before.detail) == (reached.state, reached.percent, reached.detail):
        outcome = RowOutcome.SAME
    text = said(reached.state, reached.percent, reached.detail)
    if outcome == RowOutcome.CHANGED and before:
        text = f"{said(before.state, before.percent, before.detail)} → {text}"
    return Line(number, label, outcome, text, facts={"reached": reached}, person=person)


def said(state: str, percent: int | None, detail: str) -> str:
    """Write how far somebody is: the state, then what is counted."""
    counted = detail or (f"{percent}%" if percent is not None else "")
    return ", ".join(filter(None, (str(ProgressState(state).label), counted)))


def _is_share(texts: list[str]) -> bool:
    """Whether a column of percentages holds shares of one, as spreadsheets keep them."""
    numbers = [number for text in texts if "%" not in text and (number := read_number(text)) is not None]
    return bool(numbers) and max(numbers) <= 1 and any(0 < number < 1 for number in numbers)


def _reached(row: Mapping[str, str], *, is_share: bool) -> tuple[Reached | None, list[str]]:
    """Read the progress of a row; every problem of it at once."""
    problems: list[str] = []
    percent, detail, is_done = _percent(row, problems, is_share=is_share), "", False
    counted = _counted(row, problems)
    if counted is not None:
        done, total = counted
        percent = int(done * WHOLE // total) if percent is None else percent
        detail = _("%(done)s dari %(total)s") % {"done": words.thousands(int(done)), "total": words.thousands(int(total))}
    if text := row.get("score", ""):
        score = read_number(text)
        if score is None:
            problems.append(_("Nilai “%(text)s” bukan angka.") % {"text": text})
        else:
            detail = detail or _("Nilai %(score)s") % {"score": words.thousands(score)}
    if text := row.get("certificate", ""):
        day = read_day(text)
        if day is None:
            problems.append(_("Tanggal sertifikat “%(text)s” tidak terbaca. Tulis seperti 12-08-2026.") % {"text": text})
        else:
            is_done, percent, detail = True, WHOLE, _("Sertifikat %(day)s") % {"day": words.long_date(day)}
    if not problems and percent is None and not detail:
        problems.append(_("Baris ini tidak berisi kemajuan."))
    if problems:
        return None, problems
    if is_done or percent == WHOLE:
        state = ProgressState.DONE
    else:
        state = ProgressState.RUNNING if percent or (percent is None and detail) else ProgressState.WAITING
    return Reached(state.value, percent, detail), []


def _percent(row: Mapping[str, str], problems: list[str], *, is_share: bool) -> int | None:
    text = row.get("percent", "")
    number = read_number(text)
    if text and number is None:
        problems.append(_("Kemajuan “%(text)s” bukan angka.") % {"text": text})
    if number is None:
        return None
    number = number * WHOLE if is_share else number
    if number > WHOLE:
        problems.append(_("Kemajuan “%(text)s” lebih dari 100%%.") % {"text": text})
        return None
    return int(number)


def _counted(row: Mapping[str, str], problems: list[str]) -> tuple[float, float] | None:
    """Read "7" of "10", or both from one cell, "7/10" or "7 dari 10"."""
    text, of = row.get("done", ""), row.get("total", "")
    if not text:
        return None
    both = re.fullmatch(r"\s*([0-9]+)\s*(?:/|dari|of)\s*([0-9]+)\s*", text)
    done, total = (float(both[1]), float(both[2])) if both else (read_number(text), read_number(of))
    if done is None or total is None or not total > 0 or done > total:
        problems.append(_("“%(text)s” tidak terbaca sebagai jumlah yang selesai. Pilih juga kolom jumlah seluruhnya.") % {"text": text})
        return None
    return done, total
