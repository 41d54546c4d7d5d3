"""The timetable of an angkatan as a page, a workbook and a list to be printed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts.models import User
from latsar.reports.writers import Column, write_xlsx
from latsar.training.models import Batch, BatchPhase, Lecturer, TrainingSession
from latsar.training.services.sessions import session_clashes
from latsar.training.timetable import AgendaTotal, agenda_totals
from latsar.ui import words
from participants.timetable_forms import TimetableFilter, week_of

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Row:
    """One session with what clashes in it."""

    session: TrainingSession
    clashes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    rows: list[Row]

    @property
    def jp(self) -> int:
        return sum(row.session.jp for row in self.rows)


@dataclass(frozen=True, slots=True)
class TimetablePage:
    days: list[Day]
    total: int
    shown: int
    clash_count: int
    agendas: list[AgendaTotal]
    search: TimetableFilter
    is_filtered: bool
    is_week: bool
    week: date
    next_day: date | None = None
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def week_text(self) -> str:
        return words.date_range(self.week, self.week + timedelta(days=6))

    @property
    def clash_text(self) -> str:
        return ngettext("%(n)d bentrokan", "%(n)d bentrokan", self.clash_count) % {"n": self.clash_count}

    @property
    def before(self) -> str:
        return (self.week - WEEK).isoformat()

    @property
    def after(self) -> str:
        return (self.week + WEEK).isoformat()


def sessions_of(user: User, batch: Batch) -> list[TrainingSession]:
    """Return the sessions of a batch whom the person sees, in the order of time; one query."""
    rows = TrainingSession.objects.visible_to(user).filter(batch=batch)
    return list(rows.select_related("lecturer", "phase", "subject").order_by("starts_at", "group", "number", "pk"))


def timetable_page(user: User, batch: Batch, data: Any, today: date) -> TimetablePage:
    """Put the page together: filters, days, clashes, JP against the curriculum. A fixed number of queries."""
    sessions = sessions_of(user, batch)
    phases: list[BatchPhase] = list(batch.phases.order_by("order"))
    lecturers: list[Lecturer] = sorted({one.lecturer for one in sessions if one.lecturer}, key=lambda one: one.name)
    search = TimetableFilter(data, batch=batch, phases=phases, lecturers=lecturers)
    search.is_valid()
    chosen = {name: value for name, value in search.cleaned_data.items() if value}
    clashes: dict[int, list[str]] = defaultdict(list)
    found = session_clashes(batch)
    for clash in found:
        clashes[clash.session.pk].append(clash.text)
        if clash.other is not None and clash.other.batch_id == batch.pk:
            clashes[clash.other.pk].append(_("bentrok dengan %(other)s") % {"other": clash.session})
    is_week = data.get("tampilan") == "minggu"
    default = min(max(today, batch.starts_on), batch.ends_on)
    week = week_of(data.get("mulai", ""), default)
    shown = [one for one in sessions if _admits(one, chosen) and (not is_week or week <= one.local_start.date() < week + WEEK)]
    subjects = list(batch.curriculum.subjects.filter(method=batch.method).order_by("order"))
    return TimetablePage(
        days=_days(shown, clashes),
        total=len(sessions),
        shown=len(shown),
        clash_count=len(found),
        agendas=agenda_totals(subjects, sessions),
        search=search,
        is_filtered=bool(chosen),
        is_week=is_week,
        week=week,
    )


def _admits(session: TrainingSession, chosen: Mapping[str, str]) -> bool:
    group, phase, lecturer = chosen.get("kelompok"), chosen.get("fase"), chosen.get("pengajar")
    if group and session.group not in (None, int(group)):
        return False
    return (not phase or session.phase_id == int(phase)) and (not lecturer or session.lecturer_id == int(lecturer))


def _days(sessions: Iterable[TrainingSession], clashes: Mapping[int, Sequence[str]]) -> list[Day]:
    return [
        Day(day, [Row(one, clashes.get(one.pk, ())) for one in rows])
        for day, rows in groupby(sessions, key=lambda one: one.local_start.date())
    ]


COLUMNS = (
    ("Tanggal", 14, "date"), ("Mulai", 9, "text"), ("Selesai", 9, "text"), ("Zona", 8, "text"), ("Nomor", 8, "int"), ("Acara", 40, "text"),
    ("Mata Pelatihan", 34, "text"), ("JP", 6, "int"), ("Cara", 18, "text"), ("Kelompok", 12, "text"), ("Pengajar", 30, "text"),
    ("Ruang", 22, "text"), ("Tautan", 34, "text"), ("Fase", 18, "text"),
)  # fmt: skip
"""In Indonesian whatever the reader's language: the same file can be imported again."""


def timetable_workbook(user: User, batch: Batch) -> bytes:
    """Write the timetable as the import reads it."""
    stream = BytesIO()
    titles = [f"{batch.label} {batch.year}, {batch.institute}", words.date_range(batch.starts_on, batch.ends_on)]
    columns = [Column(title, width, kind) for title, width, kind in COLUMNS]  # type: ignore[arg-type]  # literals
    write_xlsx(stream, sheet="Acara", columns=columns, rows=(_cells(one) for one in sessions_of(user, batch)), titles=titles)
    return stream.getvalue()


def _cells(one: TrainingSession) -> list[object]:
    return [
        one.local_start.date(),
        f"{one.local_start:%H.%M}",
        f"{one.local_end:%H.%M}",
        one.zone,
        one.number,
        one.title,
        one.subject.name if one.subject else "",
        one.jp,
        one.mode,
        str(one.group or ""),
        one.lecturer.name if one.lecturer else "",
        one.room,
        one.link,
        one.phase.name if one.phase else "",
    ]
