"""Attendance out of a file: NIP, e-mail or name beside the mark, for one session."""

from __future__ import annotations

from django.utils.translation import gettext as _

from participants.enums import AttendanceMark, RowOutcome
from participants.models import Attendance, Participant, TableUpload
from participants.services.attendance import expected_or_marked
from participants.table_reading import Line, PeopleByRow, records, whose

SPELLED = {
    "h": "H", "hadir": "H", "present": "H", "1": "H", "p": "H", "ya": "H", "v": "H", "✓": "H",
    "i": "I", "izin": "I", "ijin": "I", "excused": "I",
    "s": "S", "sakit": "S", "sick": "S",
    "a": "A", "alpa": "A", "alfa": "A", "alpha": "A", "absent": "A", "tanpa keterangan": "A", "tk": "A", "0": "A", "x": "A",
    "t": "T", "terlambat": "T", "late": "T", "l": "T", "telat": "T",
}  # fmt: skip
"""How institutes write the five marks."""


def plan_attendance(upload: TableUpload, people: list[Participant]) -> list[Line]:
    """Judge every row against the session; two queries."""
    session = upload.session
    assert session is not None
    finder = PeopleByRow(people)
    here = set(expected_or_marked(session, [person.pk for person in people]).values_list("pk", flat=True))
    stored = {row.participant_id: row for row in Attendance.objects.filter(session=session)}
    seen: dict[int, int] = {}
    lines = []
    for number, row in records(upload):
        person, problem = finder.find(row)
        problems = [problem] if problem else []
        mark = SPELLED.get(row.get("mark", "").casefold().strip(" ."), "")
        if not row.get("mark"):
            problems.append(_("Kehadirannya kosong."))
        elif not mark:
            problems.append(_("Kehadiran “%(text)s” tidak dikenal. Pakai H, I, S, A, atau T.") % {"text": row["mark"]})
        if person is not None and person.pk not in here:
            problems.append(_("Orang ini bukan peserta sesi ini."))
        if person is not None and person.pk in seen:
            problems.append(_("Orang yang sama sudah ada di baris %(n)d.") % {"n": seen[person.pk]})
        elif person is not None:
            seen[person.pk] = number
        label = person.full_name if person else whose(row)
        if problems or person is None:
            lines.append(Line(number, label, RowOutcome.ERROR, "", tuple(problems), person=person))
            continue
        before = stored[person.pk].mark if person.pk in stored else ""
        outcome = RowOutcome.SAME if before == mark else RowOutcome.CHANGED if before else RowOutcome.NEW
        word = str(AttendanceMark(mark).label)
        text = f"{AttendanceMark(before).label} → {word}" if outcome == RowOutcome.CHANGED else word
        facts: dict[str, object] = {"mark": mark, "before": before, "note": row.get("note", "")}
        lines.append(Line(number, label, outcome, text, facts=facts, person=person))
    return lines
