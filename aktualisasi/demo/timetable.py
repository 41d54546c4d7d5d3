"""The timetable of two running angkatan of NTT: sessions with lecturers, attendance up to yesterday, one session today, PKTBT."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from aktualisasi.demo.batches import Rules
from latsar.accounts.models import User
from latsar.accounts.zones import ZONES
from latsar.training.enums import BatchStage, PhaseKind, SessionMode
from latsar.training.models import Batch, BatchPhase, Lecturer, TrainingSession
from latsar.training.services.sessions import zone_of
from latsar.training.timetable import JP, USUAL_SLOTS
from participants.attendance_warnings import settle
from participants.enums import AttendanceMark, MarkSource, PktbtForm, ProgressSource, ProgressState, Stage
from participants.models import Attendance, AttendanceChange, Participant, PhaseProgress, PktbtActivity

LECTURERS = ("Dr. Yohanes Bria Seran, M.Si.", "Dra. Theresia Kolo, M.Pd.", "Ir. Petrus Lamanepa, M.M.", "Maria Wea Tonda, S.H., M.H.")
BACK_DAYS, AHEAD_DAYS = 8, 4
ROOM = "https://rapat.contoh.go.id/latsar-ntt"


def record(rules: Rules, by: User) -> None:
    """Fill the working days around today; who is marked how depends on the row alone."""
    for batch in Batch.objects.filter(institute__code="bpsdm-ntt", stage=BatchStage.RUNNING).select_related(
        "institute__province", "scheme", "curriculum", "province"
    ):
        sessions = _sessions(rules, batch, by)
        people = list(
            Participant.objects.filter(batch=batch, stage=Stage.TRAINING).select_related("user", "satker").order_by("full_name", "pk")
        )
        _attendance(rules, sessions, people, by)
        settle(batch, people)
        _progress(rules, batch)
        _pktbt(rules, batch, people)


def _sessions(rules: Rules, batch: Batch, by: User) -> list[TrainingSession]:
    """Two sessions a working day, the subjects in their order, the lecturers in turn."""
    lecturers = [Lecturer.objects.get_or_create(institute=batch.institute, name=name)[0] for name in LECTURERS]
    subjects = [subject for subject in batch.curriculum.subjects.filter(method=batch.method).order_by("order") if subject.hours <= 60]
    zone, phases = zone_of(batch), list(batch.phases.order_by("is_parallel", "order"))
    days = [rules.today + timedelta(days=n) for n in range(-BACK_DAYS, AHEAD_DAYS + 1)]
    slots = (USUAL_SLOTS[0], USUAL_SLOTS[2])
    made = []
    for number, (day, slot) in enumerate(((d, s) for d in days if rules.calendar.is_working(d) or d == rules.today for s in slots), 1):
        start = datetime.combine(day, slot.start, ZONES[zone])
        subject = subjects[number % len(subjects)]
        made.append(
            TrainingSession(
                batch=batch,
                phase=next((phase for phase in phases if phase.starts_on <= day <= phase.ends_on), None),
                number=number,
                title=subject.name,
                subject=subject,
                mode=SessionMode.SYNC,
                jp=slot.jp,
                starts_at=start,
                ends_at=start + JP * slot.jp,
                zone=zone,
                lecturer=lecturers[(number + batch.number) % len(lecturers)],
                link=ROOM,
                check_in_opens_at=start - timedelta(minutes=30) if day >= rules.today else None,
                check_in_closes_at=datetime.combine(day, time(23, 30), ZONES[zone]) if day >= rules.today else None,
                needs_code=slot is slots[1] and day >= rules.today,
                closes_at=datetime.combine(day, time(18), ZONES[zone]),
                changed_at=start - timedelta(days=14),
                created_by=by,
            )
        )
    return TrainingSession.objects.bulk_create(made)


def _attendance(rules: Rules, sessions: list[TrainingSession], people: list[Participant], by: User) -> None:
    """Mark and close every session before today; the last one before it waits to be closed."""
    past = [one for one in sessions if one.local_start.date() < rules.today]
    rows = [
        Attendance(session=one, participant=person, mark=_mark(row, column), source=MarkSource.CLICK, marked_by=by, marked_at=one.ends_at)
        for column, one in enumerate(past)
        for row, person in enumerate(people)
        if column < len(past) - 1 or row % 9
    ]
    Attendance.objects.bulk_create(rows, batch_size=500)
    changes = (AttendanceChange(attendance=row, old="", new=row.mark, source=row.source, by=by, at=row.marked_at) for row in rows)
    AttendanceChange.objects.bulk_create(changes, batch_size=500)
    for one in past[:-1]:
        one.closed_at, one.closed_by = one.ends_at + timedelta(hours=1), by
    TrainingSession.objects.bulk_update(past[:-1], ["closed_at", "closed_by"])


def _mark(row: int, column: int) -> str:
    """Two people come near the limit; illness, leave and lateness are rare."""
    if (row, column) in {(3, 1), (3, 4), (7, 0), (7, 2), (7, 3), (7, 5)}:
        return AttendanceMark.ABSENT
    if row == 5 and column in {2, 3}:
        return AttendanceMark.ILL
    if row == 11 and column == 1:
        return AttendanceMark.LEAVE
    return AttendanceMark.LATE if (row * 3 + column) % 23 == 7 else AttendanceMark.PRESENT


def _progress(rules: Rules, batch: Batch) -> None:
    """Say of the MOOC what its file would: modules done of ten."""
    phase = BatchPhase.objects.filter(batch=batch, kind=PhaseKind.MOOC).first()
    rows = list(PhaseProgress.objects.filter(phase=phase).order_by("participant__full_name")) if phase else []
    for n, row in enumerate(rows):
        done = 10 if row.state == ProgressState.DONE else 3 + n % 6
        row.percent, row.detail, row.source = done * 10, f"{done} dari 10", ProgressSource.IMPORT
    PhaseProgress.objects.bulk_update(rows, ["percent", "detail", "source"])


def _pktbt(rules: Rules, batch: Batch, people: list[Participant]) -> None:
    """Let the satker plan PKTBT for a few, with what is done of it."""
    phase = BatchPhase.objects.filter(batch=batch, kind=PhaseKind.PKTBT).first()
    if phase is None:
        return
    rows = []
    for n, person in enumerate(people[:12]):
        for part, (topic, form) in enumerate(
            (("Pemutakhiran data pemilih", PktbtForm.COACHING), ("Pengelolaan JDIH", PktbtForm.ASSIGNMENT))
        ):
            day = phase.starts_on + timedelta(days=part * 3)
            done: date | None = day if n % 3 == 0 and day <= rules.today else None
            rows.append(
                PktbtActivity(
                    participant=person, phase=phase, topic=topic, form=form, starts_on=day, ends_on=day, hours=8, done_on=done, created_by=rules.by,
                    created_at=timezone.make_aware(datetime.combine(rules.today - timedelta(days=2), time(9))),
                )
            )  # fmt: skip
    PktbtActivity.objects.bulk_create(rows)
