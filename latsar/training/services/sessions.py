"""The timetable of an angkatan: one session or many are made, changed, copied and taken away; what clashes is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max, ProtectedError, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User
from latsar.accounts.zones import ZONES
from latsar.satker.models import Zone
from latsar.training import calendar, policies, session_notices
from latsar.training.enums import SessionMode
from latsar.training.models import AgendaSubject, Batch, BatchPhase, Holiday, Lecturer, TrainingSession
from latsar.training.services.rows import locked
from latsar.training.timetable import Plan, SessionClash, Slot, find_clashes, plan, planned_jp
from latsar.ui import words

MOST_SESSIONS = 600
"""Of one batch; a form that is sent by mistake does not fill a database."""
COPIED_DAYS = 20


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What can be said of a session; without a number it gets the next one of the batch."""

    title: str
    starts_at: datetime
    ends_at: datetime
    jp: int
    zone: str = Zone.WIB
    mode: str = SessionMode.SYNC
    number: int | None = None
    phase: BatchPhase | None = None
    subject: AgendaSubject | None = None
    group: int | None = None
    lecturer: Lecturer | None = None
    room: str = ""
    link: str = ""
    check_in_opens_at: datetime | None = None
    check_in_closes_at: datetime | None = None
    late_after_minutes: int = 15
    needs_code: bool = False
    closes_at: datetime | None = None


FIELDS = tuple(field.name for field in fields(SessionFacts))


def zone_of(batch: Batch) -> str:
    """Return whose clock the hours of a batch follow: its institute's province, else its own, else Jakarta's."""
    province = batch.institute.province or batch.province
    return province.zone if province else Zone.WIB


def editable(batch_id: int, by: User) -> Batch:
    """Lock a batch whose timetable the person edits. Raises NotAllowed."""
    batch = locked(batch_id, by)
    if not policies.can_edit_sessions(by, batch):
        raise NotAllowed
    return batch


@transaction.atomic
def add_sessions(*, batch_id: int, sessions: Sequence[SessionFacts], by: User) -> list[TrainingSession]:
    """Make sessions, all or none. A session that stands there already is refused, so a form sent twice makes none twice.

    Raises NotAllowed, Refused with a sentence per session that cannot be.
    """
    batch = editable(batch_id, by)
    if TrainingSession.objects.filter(batch=batch).count() + len(sessions) > MOST_SESSIONS:
        raise Refused(_("Satu angkatan paling banyak %(n)s sesi.") % {"n": words.thousands(MOST_SESSIONS)})
    _refuse_known(batch, sessions)
    following = next_number(batch)
    made = []
    for facts in sessions:
        session = TrainingSession(batch=batch, created_by=by)
        _fill(session, facts)
        if facts.number is None:
            session.number, following = following, following + 1
        _save(session)
        made.append(session)
    if made:
        named = "; ".join(_line(session) for session in made[:10])
        audit.record(verb="add_sessions", obj=batch, by=by, changes={"sessions": [None, len(made)]}, note=named)
    return made


def _refuse_known(batch: Batch, sessions: Sequence[SessionFacts]) -> None:
    rows = TrainingSession.objects.filter(batch=batch, starts_at__in={facts.starts_at for facts in sessions})
    known = {(one.starts_at, one.group, one.title.casefold()) for one in rows}
    for facts in sessions:
        key = (facts.starts_at, facts.group, facts.title.casefold())
        if key in known:
            at = facts.starts_at.astimezone(ZONES[facts.zone])
            when = f"{words.short_date(at.date())}, {words.clock_time(at, ZONES[facts.zone])}"
            raise Refused({"title": _("“%(title)s” sudah ada pada %(when)s.") % {"title": facts.title, "when": when}})
        known.add(key)


def next_number(batch: Batch) -> int:
    """Return the number after the last session of the batch."""
    return (TrainingSession.objects.filter(batch=batch).aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def update_session(*, session_id: int, version: int, facts: SessionFacts, by: User) -> TrainingSession:
    """Change a session. Raises NotAllowed, StaleVersion, Refused when its attendance is closed."""
    session = _locked_session(session_id, by)
    if session.version != version:
        raise StaleVersion(_("Sesi ini baru saja diubah orang lain. Muat ulang halamannya, lalu ulangi perubahan Anda."))
    if session.is_closed:
        raise Refused(_("Kehadiran sesi ini sudah ditutup, jadi acaranya tetap. Buka kembali dahulu."))
    before, number = audit.snapshot(session, FIELDS), session.number
    _fill(session, facts)
    session.number = session.number or number
    difference = audit.difference(before, audit.snapshot(session, FIELDS))
    if difference:
        session.version, session.changed_at = session.version + 1, timezone.now()
        _save(session)
        audit.record(verb="update_session", obj=session, by=by, changes=difference)
        session_notices.changed(session, difference)
    return session


@transaction.atomic
def remove_session(*, session_id: int, by: User) -> TrainingSession:
    """Take a session away. Raises NotAllowed, Refused when somebody is marked in it."""
    session = _locked_session(session_id, by)
    key = session.pk
    try:
        with transaction.atomic():
            session.delete()
    except ProtectedError as error:
        raise Refused(_("%(session)s sudah memiliki kehadiran, jadi tidak bisa dihapus.") % {"session": session}) from error
    session.pk = key
    audit.record(verb="remove_session", obj=session.batch, by=by, changes={"sessions": [_line(session), None]})
    session_notices.removed(session)
    return session


@transaction.atomic
def copy_day(*, batch_id: int, day: date, count: int, by: User) -> list[TrainingSession]:
    """Copy the sessions of a day, by the clock of their place, to the working days that follow. Raises NotAllowed, Refused."""
    batch = editable(batch_id, by)
    sessions = [one for one in TrainingSession.objects.filter(batch=batch).order_by("starts_at", "pk") if one.local_start.date() == day]
    if not sessions:
        raise Refused(_("Tidak ada sesi pada %(day)s.") % {"day": words.long_date(day)})
    if not 1 <= count <= COPIED_DAYS:
        raise Refused(_("Salin ke 1 sampai %(most)d hari kerja berikutnya.") % {"most": COPIED_DAYS})
    free, target, copies = calendar.around(day), day, []
    for _number in range(count):
        target = free.add(target, 1)
        copies += [_copied(session, target) for session in sessions]
    return add_sessions(batch_id=batch.pk, sessions=copies, by=by)


def _copied(session: TrainingSession, day: date) -> SessionFacts:
    shift = day - session.local_start.date()
    facts = {name: getattr(session, name) for name in FIELDS if name != "number"}
    for name in ("starts_at", "ends_at", "check_in_opens_at", "check_in_closes_at", "closes_at"):
        if facts[name] is not None:
            facts[name] = _moved(facts[name], shift, session.zone)
    return SessionFacts(**facts)


def _moved(moment: datetime, shift: timedelta, zone: str) -> datetime:
    local = moment.astimezone(ZONES[zone])
    return datetime.combine(local.date() + shift, local.time(), ZONES[zone])


def plan_timetable(
    *, batch: Batch, phase: BatchPhase, subjects: Sequence[AgendaSubject], slots: Sequence[Slot], zone: str, group: int | None = None
) -> Plan:
    """Lay what the chosen subjects still lack out over the working days of a phase. Saves nothing."""
    sessions = list(TrainingSession.objects.filter(batch=batch))
    lacking = [(subject, subject.hours - planned_in(subject, sessions)) for subject in subjects]
    busy = [(one.starts_at, one.ends_at) for one in sessions if group is None or one.group in (None, group)]
    free = calendar.around(phase.starts_on, phase.ends_on)
    return plan(lacking, first=phase.starts_on, last=phase.ends_on, slots=slots, zone=zone, calendar=free, taken=busy)


def planned_in(subject: AgendaSubject, sessions: Sequence[TrainingSession]) -> int:
    """Return the JP of a subject that stand in a timetable."""
    by_group: dict[int | None, int] = {}
    for session in sessions:
        if session.subject_id == subject.pk:
            by_group[session.group] = by_group.get(session.group, 0) + session.jp
    return planned_jp(by_group)


@transaction.atomic
def generate_timetable(
    *, batch_id: int, phase: BatchPhase, subjects: Sequence[AgendaSubject], slots: Sequence[Slot], zone: str, mode: str, by: User
) -> tuple[list[TrainingSession], dict[int, int]]:
    """Make the sessions of `plan_timetable`; return them and the JP per subject id that did not fit. Raises NotAllowed, Refused."""
    batch = editable(batch_id, by)
    laid = plan_timetable(batch=batch, phase=phase, subjects=subjects, slots=slots, zone=zone)
    by_id = {subject.pk: subject for subject in subjects}
    facts = [
        SessionFacts(one.title, one.starts_at, one.ends_at, one.jp, zone, mode, phase=phase, subject=by_id[one.subject_id])
        for one in laid.sessions
    ]
    return add_sessions(batch_id=batch.pk, sessions=facts, by=by), laid.left


def session_clashes(batch: Batch) -> list[SessionClash]:
    """Say what clashes in the timetable of a batch: a lecturer twice at a time in any batch, a room twice within the institute,
    people in two places, a session outside its phase or on a holiday. Four queries, whatever the number of sessions.
    """
    own = list(TrainingSession.objects.filter(batch=batch).select_related("lecturer", "batch__institute").order_by("starts_at", "pk"))
    if not own:
        return []
    first, last = min(one.starts_at for one in own), max(one.ends_at for one in own)
    lecturers = {one.lecturer_id for one in own if one.lecturer_id}
    rooms = {one.room for one in own if one.room}
    shared = Q(lecturer_id__in=lecturers) | (Q(batch__institute_id=batch.institute_id) & Q(room__in=rooms))
    others = TrainingSession.objects.filter(shared, starts_at__lt=last, ends_at__gt=first).exclude(batch=batch)
    phases = {phase.pk: phase for phase in BatchPhase.objects.filter(batch=batch)}
    span = (first.date() - timedelta(days=1), last.date() + timedelta(days=1))
    holidays: Mapping[date, str] = dict(Holiday.objects.filter(date__range=span).values_list("date", "name"))
    return find_clashes(own, list(others.select_related("lecturer", "batch__institute")), phases, holidays)


def lecturer_named(*, institute_id: int, name: str) -> Lecturer | None:
    """Return the lecturer of an institute by name, made when there is none yet; None for no name."""
    name = " ".join(name.split())
    if not name:
        return None
    found = Lecturer.objects.filter(institute_id=institute_id, name__iexact=name).first()
    return found or Lecturer.objects.get_or_create(institute_id=institute_id, name=name[:150])[0]


@transaction.atomic
def save_lecturer(
    *, batch_id: int, lecturer_id: int | None, version: int, name: str, email: str, nip: str, is_active: bool, by: User
) -> Lecturer:
    """Add or change a lecturer of the batch's institute. Raises NotAllowed, StaleVersion, Refused."""
    batch = editable(batch_id, by)
    lecturer = Lecturer(institute_id=batch.institute_id)
    if lecturer_id is not None:
        found = Lecturer.objects.select_for_update(of=("self",)).filter(pk=lecturer_id, institute_id=batch.institute_id).first()
        if found is None:
            raise NotAllowed
        if found.version != version:
            raise StaleVersion(_("Pengajar ini baru saja diubah orang lain. Muat ulang halamannya, lalu ulangi."))
        lecturer = found
    names = ("name", "email", "nip", "is_active")
    before = audit.snapshot(lecturer, names) if lecturer.pk else dict.fromkeys(names)
    lecturer.name, lecturer.email, lecturer.nip, lecturer.is_active = " ".join(name.split()), email, nip, is_active
    lecturer.version += 1 if lecturer.pk else 0
    taken = Lecturer.objects.filter(institute_id=batch.institute_id, name__iexact=lecturer.name).exclude(pk=lecturer.pk)
    if taken.exists():
        raise Refused({"name": _("Pengajar dengan nama ini sudah ada.")})
    lecturer.save()
    audit.record(
        verb="save_lecturer", obj=lecturer, by=by, changes=audit.difference(before, audit.snapshot(lecturer, names)), note=lecturer.name
    )
    return lecturer


def _locked_session(session_id: int, by: User) -> TrainingSession:
    found = TrainingSession.objects.visible_to(by).filter(pk=session_id).first()
    if found is None:
        raise NotAllowed
    batch = editable(found.batch_id, by)
    session = TrainingSession.objects.select_for_update(of=("self",)).get(pk=found.pk)
    session.batch = batch
    return session


def _fill(session: TrainingSession, facts: SessionFacts) -> None:
    for name in FIELDS:
        setattr(session, name, getattr(facts, name))


def _save(session: TrainingSession) -> None:
    if session.ends_at <= session.starts_at:
        raise Refused({"ends": _("“%(title)s” selesai sebelum mulai. Periksa jamnya.") % {"title": session.title}})
    if session.ends_at - session.starts_at > timedelta(hours=24) and session.takes_attendance:
        raise Refused({"ends": _("“%(title)s” lebih lama dari sehari. Bagi menjadi beberapa sesi.") % {"title": session.title}})
    if (session.check_in_opens_at is None) != (session.check_in_closes_at is None):
        raise Refused({"check_in_closes": _("Isi kedua jam lapor hadir, atau kosongkan keduanya.")})
    if session.check_in_opens_at and session.check_in_closes_at and session.check_in_closes_at <= session.check_in_opens_at:
        raise Refused({"check_in_closes": _("Jendela lapor hadir ditutup sesudah dibuka.")})
    for part in (session.phase, session.lecturer):
        if part is not None and session.batch_id != getattr(part, "batch_id", session.batch_id):
            raise NotAllowed
    if session.lecturer is not None and session.lecturer.institute_id != session.batch.institute_id:
        raise NotAllowed
    try:
        with transaction.atomic():
            session.save()
    except IntegrityError as error:
        taken = TrainingSession.objects.filter(batch_id=session.batch_id, number=session.number, group=session.group)
        if not taken.exclude(pk=session.pk).exists():
            raise
        raise Refused({"number": _("Sesi nomor %(n)d sudah ada. Pilih nomor lain.") % {"n": session.number}}) from error


def _line(session: TrainingSession) -> str:
    return f"{session.local_start:%d-%m %H.%M} {session.title} ({session.jp} JP)"
