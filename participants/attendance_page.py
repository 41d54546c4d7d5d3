"""The attendance of an angkatan as pages: the list of sessions, the sheet of one, its history, the recap, the printed list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.reports.writers import Column, write_xlsx
from latsar.training.models import Batch, TrainingSession
from latsar.ui.components import pill
from participants.absence import AbsenceStanding, standing_of
from participants.enums import AttendanceMark
from participants.models import Attendance, Participant
from participants.orientation_tables import Cell, mark_choices
from participants.services.attendance import Crossed, expected_or_marked

LETTERS_SHOWN = 14
"""Earlier sessions that stand as letters; the ones before them fold into a count."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session in a list, with how many of those who are to be there have a mark."""

    session: TrainingSession
    filled: int
    people: int
    face: SafeString
    is_today: bool


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One person: earlier sessions as letters, the open one as chosen, and how near the limit."""

    person: Participant
    cells: list[Cell]
    folded: str
    stored: str
    chosen: str
    note: str
    source: str
    standing: AbsenceStanding
    is_crossed: bool
    is_self: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet of one session. `folded_to` is the number of the last session that is folded away, 0 for none."""

    rows: list[SheetRow]
    earlier: list[TrainingSession]
    folded_from: int
    folded_to: int
    before: TrainingSession | None
    after: TrainingSession | None

    @property
    def filled(self) -> int:
        return sum(bool(row.stored) for row in self.rows)

    @property
    def missing(self) -> list[str]:
        return [row.person.full_name for row in self.rows if not row.stored]

    @property
    def near(self) -> list[SheetRow]:
        return [row for row in self.rows if row.standing.level]

    @property
    def tally(self) -> str:
        """Write "5 hadir, 1 terlambat, 1 alpa"."""
        counts = Counter(row.stored for row in self.rows if row.stored)
        order = (AttendanceMark.PRESENT, AttendanceMark.LATE, AttendanceMark.LEAVE, AttendanceMark.ILL, AttendanceMark.ABSENT)
        return ", ".join(f"{counts[mark]} {str(mark.label).lower()}" for mark in order if counts[mark])


def session_rows(user: User, sessions: QuerySet[TrainingSession], now: datetime) -> list[SessionRow]:
    """Count marks and people of each session; two queries whatever their number."""
    marked = Attendance.objects.filter(session=OuterRef("pk")).order_by().values("session").annotate(n=Count("pk")).values("n")
    rows = list(
        sessions.select_related("batch__institute", "lecturer").annotate(filled=Coalesce(Subquery(marked, output_field=IntegerField()), 0))
    )
    people = _head_counts({one.batch_id for one in rows})
    return [
        SessionRow(
            one,
            one.filled,  # type: ignore[attr-defined]  # annotated
            total := people.get((one.batch_id, one.group), 0),
            session_face(one, one.filled, total, now),  # type: ignore[attr-defined]
            one.local_start.date() == now.astimezone(one.local_start.tzinfo).date(),
        )
        for one in rows
    ]


def _head_counts(batch_ids: set[int]) -> dict[tuple[int, int | None], int]:
    """Count the people in training per batch and per group of it."""
    found: Counter[tuple[int, int | None]] = Counter()
    people = Participant.objects.filter(batch_id__in=batch_ids, stage="training", placements__released_at=None)
    for batch_id, group, n in people.order_by().values_list("batch_id", "placements__group").annotate(n=Count("pk")):
        found[batch_id, None] += n
        if group is not None:
            found[batch_id, group] += n
    return dict(found)


def session_face(session: TrainingSession, filled: int, people: int, now: datetime) -> SafeString:
    """Say where the attendance of a session stands."""
    if session.is_closed:
        return pill("ok", _("Ditutup"), "lock")
    if session.starts_at > now:
        return pill("", _("Akan datang"), "calendar-event")
    if not filled:
        return pill("warn", _("Belum diisi"), "exclamation-circle-fill")
    if filled < people:
        return pill("info", _("%(filled)d dari %(people)d") % {"filled": filled, "people": people}, "pencil")
    return pill("info", _("Siap ditutup"), "check-lg")


def sheet_of(
    session: TrainingSession,
    sessions: Sequence[TrainingSession],
    people: QuerySet[Participant],
    typed: Mapping[int, str] | None = None,
    crossed: Sequence[Crossed] = (),
    reader: User | None = None,
) -> Sheet:
    """Lay out the sheet; `typed` are marks that were not saved. Three queries whatever the number of people and sessions."""
    same = [one for one in sessions if one.group is None or session.group is None or one.group == session.group]
    at = next(n for n, one in enumerate(same) if one.pk == session.pk)
    earlier = same[:at]
    shown, folded = earlier[-LETTERS_SHOWN:], earlier[:-LETTERS_SHOWN]
    rows = list(people)
    found = _marks([person.pk for person in rows], [one.pk for one in [*earlier, session]])
    standings = standing_of(session.batch, [person.pk for person in rows])
    kinds = {letter: (word, kind) for letter, word, kind in mark_choices()}
    wanted, hit = typed or {}, {one.participant.pk for one in crossed}
    lines = []
    for person in rows:
        own = found.get(person.pk, {})
        now = own.get(session.pk)
        stored = now.mark if now else ""
        lines.append(
            SheetRow(
                person=person,
                cells=[_cell(own, one, kinds) for one in shown],
                folded=_folded(own, folded),
                stored=stored,
                chosen=wanted.get(person.pk) or stored,
                note=now.note if now else "",
                source=now.source if now else "",
                standing=standings[person.pk],
                is_crossed=person.pk in hit,
                is_self=reader is not None and person.user_id == reader.pk,
            )
        )
    return Sheet(
        rows=lines,
        earlier=shown,
        folded_from=folded[0].number if folded else 0,
        folded_to=folded[-1].number if folded else 0,
        before=same[at - 1] if at else None,
        after=same[at + 1] if at + 1 < len(same) else None,
    )


def _marks(people: Sequence[int], sessions: Sequence[int]) -> dict[int, dict[int, Attendance]]:
    found: dict[int, dict[int, Attendance]] = {}
    for row in Attendance.objects.filter(participant__in=people, session__in=sessions):
        found.setdefault(row.participant_id, {})[row.session_id] = row
    return found


def _cell(own: Mapping[int, Attendance], session: TrainingSession, kinds: Mapping[str, tuple[str, str]]) -> Cell:
    mark = _letter(own, session)
    return Cell(session.number, mark, *kinds.get(mark, ("", "")))


def _letter(own: Mapping[int, Attendance], session: TrainingSession) -> str:
    row = own.get(session.pk)
    return row.mark if row else ""


def _folded(own: Mapping[int, Attendance], sessions: Sequence[TrainingSession]) -> str:
    """Write "9 H, 1 A" for the sessions that are folded away."""
    counts = Counter(mark for one in sessions if (mark := _letter(own, one)))
    return ", ".join(f"{counts[mark.value]} {mark.value}" for mark in AttendanceMark if counts[mark.value])


def people_of(session: TrainingSession, user: User) -> QuerySet[Participant]:
    """Return who stands on the sheet: those who are to be there, and who was marked before they left; one's own people only."""
    visible = Participant.objects.visible_to(user).filter(batch_id=session.batch_id).order_by().values_list("pk", flat=True)
    return expected_or_marked(session, visible)


def attended_sessions(user: User, batch: Batch) -> list[TrainingSession]:
    """Return the sessions of a batch with attendance, in the order of time; one query."""
    rows = TrainingSession.objects.visible_to(user).filter(batch=batch).with_attendance()
    return list(rows.select_related("lecturer").order_by("starts_at", "number", "pk"))


def in_order(rows: Sequence[SessionRow], now: datetime) -> list[SessionRow]:
    """Put today's sessions first, then what waits to be filled, then what comes, then what is closed."""
    return sorted(rows, key=lambda row: (_rank(row, now), max(now, row.session.starts_at), -row.session.starts_at.timestamp()))


def _rank(row: SessionRow, now: datetime) -> int:
    if row.is_today and not row.session.is_closed:
        return 0
    if row.session.is_closed:
        return 3
    return 1 if row.session.starts_at <= now else 2


def due_sessions(user: User, now: datetime, today: date) -> QuerySet[TrainingSession]:
    """Return the sessions of running batches that have begun or are today, and are not closed."""
    from latsar.training.enums import BatchStage

    rows = TrainingSession.objects.visible_to(user).with_attendance().filter(closed_at=None, batch__stage=BatchStage.RUNNING)
    return rows.filter(Q(starts_at__lte=now) | Q(starts_at__date=today)).order_by("starts_at", "pk")


def recap_workbook(user: User, batch: Batch) -> bytes:
    """Write the attendance of a batch: people down, sessions across, the counts and the limit at the end."""
    sessions = attended_sessions(user, batch)
    people = list(Participant.objects.visible_to(user).filter(batch=batch).select_related("satker").order_by("full_name", "pk"))
    found = _marks([person.pk for person in people], [one.pk for one in sessions])
    standings = standing_of(batch, [person.pk for person in people])
    columns = [Column(_("No."), 6, "int"), Column(_("NIP"), 22), Column(_("Nama"), 36), Column(_("Satker"), 34)]
    columns += [Column(f"{one.number} ({one.local_start:%d-%m})", 9) for one in sessions]
    columns += [Column(str(mark.label), 10, "int") for mark in AttendanceMark]
    columns += [Column(_("Dihitung tidak hadir"), 16), Column(_("Keadaan"), 18)]
    stream = BytesIO()
    titles = [_("Rekap kehadiran %(batch)s") % {"batch": f"{batch.label} {batch.year}, {batch.institute}"}]
    write_xlsx(stream, sheet=_("Kehadiran"), columns=columns, rows=_recap(people, sessions, found, standings), titles=titles)
    return stream.getvalue()


def _recap(
    people: Sequence[Participant],
    sessions: Sequence[TrainingSession],
    found: Mapping[int, Mapping[int, Attendance]],
    standings: Mapping[int, AbsenceStanding],
) -> Iterator[list[object]]:
    from participants.enums import AbsenceState

    for number, person in enumerate(people, 1):
        letters = [_letter(found.get(person.pk, {}), one) for one in sessions]
        own = standings[person.pk]
        counts = [letters.count(mark.value) for mark in AttendanceMark]
        yield [number, person.nip, person.full_name, person.satker.name, *letters, *counts, own.label, str(AbsenceState(own.state).label)]
