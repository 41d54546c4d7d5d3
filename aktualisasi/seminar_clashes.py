"""What stands against a seminar: people and rooms needed twice at a time, days outside the phase, papers that are not approved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from aktualisasi import examiners, readiness
from aktualisasi.models import Seminar, SeminarTurn
from aktualisasi.seminar_enums import Attendee, SeminarState
from aktualisasi.seminar_scoring import examiners_wanted
from latsar.training.calendar import SATURDAY
from latsar.training.clash import Finding, by_weight
from latsar.training.enums import SeminarKind
from latsar.training.models import Batch, BatchPhase, Holiday, TrainingSession
from latsar.ui import words
from mentoring.models import GroupCoach, MentorAssignment
from participants.clashes import named
from participants.models import Participant, Placement

STOPPING = frozenset({Attendee.EXAMINER, Attendee.PERSON})
"""Whose being at two seminars at once keeps one from being announced; the others are told and may be let in later."""
Key = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Busy:
    """Somebody, or a room, that is taken for a time; `where` says by what."""

    key: Key
    role: str
    name: str
    start: datetime
    end: datetime
    where: str
    seminar_id: int


def meets(one: Busy, other: Busy) -> bool:
    """Whether both need the same thing at the same time, in different sittings."""
    return one.key == other.key and one.seminar_id != other.seminar_id and one.start < other.end and other.start < one.end


def findings_of(seminar: Seminar) -> list[Finding]:
    """Return everything about one seminar, what weighs most on top; a fixed number of queries whatever the number of turns."""
    turns = list(seminar.turns.select_related("participant").order_by("order"))
    rows = list(seminar.examiners.all())
    people = [turn.participant for turn in turns]
    users = [row.user for row in rows]
    batch, url = seminar.batch, reverse("seminar_edit", args=[seminar.pk])
    found = [
        Finding("bad", text, url, _("Ubah penguji")) for text in examiners.problems(users, people, kind=seminar.kind, scheme=batch.scheme)
    ]
    wanted = examiners_wanted(batch, seminar.kind)
    if len(users) < wanted:
        found.append(Finding("bad", _("Penguji kurang: perlu %(n)d menurut skema.") % {"n": wanted}, url, _("Tambah penguji")))
    if not turns:
        found.append(Finding("bad", _("Belum ada giliran. Tambahkan pesertanya."), seminar.get_absolute_url(), ""))
    if not seminar.room and not seminar.link:
        found.append(Finding("bad", _("Belum ada ruang atau tautan."), url, _("Isi tempat")))
    found += _day(seminar, url)
    found += _papers(seminar, people)
    found += _moved_away(seminar, turns)
    found += _twice(seminar, url)
    return by_weight(found)


def _day(seminar: Seminar, url: str) -> Iterable[Finding]:
    day = seminar.day
    phases = [phase for phase in seminar.batch.phases.all() if phase.kind == seminar.kind]
    if phases and not any(phase.starts_on <= day <= phase.ends_on for phase in phases):
        span = words.date_range(phases[0].starts_on, phases[0].ends_on)
        text = _("%(day)s di luar fase %(phase)s, %(span)s.") % {"day": words.long_date(day), "phase": phases[0].name, "span": span}
        yield Finding("warn", text, url, _("Ubah tanggal"))
    holiday = Holiday.objects.filter(date=day).first()
    if holiday is not None:
        text = _("%(day)s hari libur: %(name)s.") % {"day": words.long_date(day), "name": holiday.name}
        yield Finding("warn", text, url, _("Ubah tanggal"))
    elif day.weekday() >= SATURDAY:
        yield Finding("warn", _("%(day)s bukan hari kerja.") % {"day": words.long_date_with_weekday(day)}, url, _("Ubah tanggal"))


def _papers(seminar: Seminar, people: Sequence[Participant]) -> Iterable[Finding]:
    if seminar.state not in (SeminarState.DRAFT, SeminarState.ANNOUNCED):
        return
    papers = readiness.papers_of([person.pk for person in people], seminar.kind)
    lacking = [person.full_name for person in people if person.pk not in papers or not papers[person.pk].is_approved]
    if lacking:
        said = (
            _("Laporannya belum disetujui: %(names)s.")
            if seminar.kind == SeminarKind.RESULT
            else _("Rancangannya belum disetujui: %(names)s.")
        )
        text = said % {"names": named(lacking)}
        yield Finding("warn", text, reverse("aktualisasi_home"), _("Lihat rancangan dan laporan"))


def _moved_away(seminar: Seminar, turns: Sequence[SeminarTurn]) -> Iterable[Finding]:
    gone = [turn.participant.full_name for turn in turns if turn.participant.batch_id != seminar.batch_id]
    if gone:
        text = _("Tidak lagi di angkatan ini: %(names)s. Hapus gilirannya.") % {"names": named(gone)}
        yield Finding("bad", text, seminar.get_absolute_url(), "")


def _twice(seminar: Seminar, url: str) -> Iterable[Finding]:
    own = busy_of([seminar])
    others = busy_of(_neighbours(seminar, own))
    told: dict[tuple[Key, int], Finding] = {}
    for one in own:
        for other in others:
            if meets(one, other):
                level = "bad" if one.role in STOPPING and other.role in STOPPING else "warn"
                facts = {"who": one.name, "where": other.where}
                told.setdefault((one.key, other.seminar_id), Finding(level, _("%(who)s juga di %(where)s.") % facts, url, _("Ubah jadwal")))
    yield from told.values()
    yield from _sessions(seminar, own, url)


def _neighbours(seminar: Seminar, own: Sequence[Busy]) -> list[Seminar]:
    users = {key for busy in own if (key := busy.key)[0] == "user"}
    ids = [pk for _kind, pk in users]
    people = [busy.key[1] for busy in own if busy.key[0] == "person"]
    shares = (
        Q(batch__institute_id=seminar.batch.institute_id)
        | Q(examiners__user__in=ids)
        | Q(turns__participant__in=people)
        | Q(batch__group_coaches__coach__in=ids)
        | Q(turns__participant__mentor_assignments__in=MentorAssignment.objects.active().filter(mentor__user__in=ids))
    )
    rows = Seminar.objects.standing().filter(shares, starts_at__lt=seminar.ends_at, ends_at__gt=seminar.starts_at)
    rows = rows.exclude(pk=seminar.pk).select_related("batch__institute").prefetch_related("examiners__user")
    return list(rows.distinct().order_by("pk"))


def busy_of(seminars: Sequence[Seminar]) -> list[Busy]:
    """Say who and what these seminars take, and when; five queries whatever their number."""
    if not seminars:
        return []
    by_id = {seminar.pk: seminar for seminar in seminars}
    found = [
        Busy(("room", (one.batch.institute_id, _plain(one.room))), "room", one.room, one.starts_at, one.ends_at, _where(one), one.pk)
        for one in seminars
        if one.room.strip()
    ]
    turns = list(SeminarTurn.objects.filter(seminar__in=by_id).select_related("participant").order_by("seminar_id", "order"))
    for seminar in seminars:
        facts = (seminar.starts_at, seminar.ends_at, _where(seminar), seminar.pk)
        found += [Busy(("user", row.user_id), Attendee.EXAMINER, str(row.user), *facts) for row in seminar.examiners.all()]
    mentors = (
        MentorAssignment.objects.active().filter(participant__in=[turn.participant_id for turn in turns]).select_related("mentor__user")
    )
    mentor_of = {row.participant_id: row.mentor for row in mentors}
    groups = dict(
        Placement.objects.active().filter(participant__in=[turn.participant_id for turn in turns]).values_list("participant_id", "group")
    )
    coaches = {
        (row.batch_id, row.group): row.coach
        for row in GroupCoach.objects.filter(batch__in={one.batch_id for one in seminars}).select_related("coach")
    }
    coached: dict[int, set[int]] = defaultdict(set)
    for turn in turns:
        seminar = by_id[turn.seminar_id]
        where = _where(seminar)
        found.append(
            Busy(
                ("person", turn.participant_id),
                Attendee.PERSON,
                turn.participant.full_name,
                turn.starts_at,
                turn.ends_at,
                where,
                seminar.pk,
            )
        )
        if mentor := mentor_of.get(turn.participant_id):
            found.append(Busy(("user", mentor.user_id), Attendee.MENTOR, str(mentor), turn.starts_at, turn.ends_at, where, seminar.pk))
        coach = coaches.get((seminar.batch_id, groups.get(turn.participant_id) or 0))
        if coach is not None and coach.pk not in coached[seminar.pk]:
            coached[seminar.pk].add(coach.pk)
            found.append(Busy(("user", coach.pk), Attendee.COACH, str(coach), seminar.starts_at, seminar.ends_at, where, seminar.pk))
    return found


def _where(seminar: Seminar) -> str:
    facts = {"what": str(seminar), "batch": seminar.batch.label, "hours": seminar.hours_text}
    return _("%(what)s, %(batch)s, %(hours)s") % facts


def _plain(room: str) -> str:
    return " ".join(room.casefold().split())


def _sessions(seminar: Seminar, own: Sequence[Busy], url: str) -> Iterable[Finding]:
    """Sessions of the timetable that need the same people or the same room meanwhile."""
    emails = [row.user.email for row in seminar.examiners.all() if row.user.email]
    shares = Q(batch_id=seminar.batch_id) | Q(lecturer__email__in=emails)
    if seminar.room:
        shares |= Q(batch__institute_id=seminar.batch.institute_id, room__iexact=seminar.room)
    rows = TrainingSession.objects.filter(shares, starts_at__lt=seminar.ends_at, ends_at__gt=seminar.starts_at)
    for session in rows.select_related("batch", "lecturer").order_by("starts_at", "pk"):
        facts = {"session": str(session), "batch": session.batch.label, "hours": session.hours_text}
        if session.lecturer is not None and session.lecturer.email and session.lecturer.email in emails:
            text = _("%(who)s mengajar %(session)s, %(batch)s, %(hours)s.") % {**facts, "who": session.lecturer}
        elif session.batch_id == seminar.batch_id and (session.group is None or session.group == seminar.group):
            text = _("Peserta juga di %(session)s, %(hours)s.") % facts
        elif seminar.room and _plain(session.room) == _plain(seminar.room):
            text = _("%(room)s juga dipakai %(session)s, %(batch)s, %(hours)s.") % {**facts, "room": seminar.room}
        else:
            continue
        yield Finding("warn", text, reverse("timetable", args=[session.batch_id]), _("Buka acara"))


def outside_phases(batch: Batch, phases: Iterable[object]) -> list[Finding]:
    """Seminars that lie outside the days their phase has, or is about to get; one query."""
    rows = Seminar.objects.filter(batch=batch, state__in=[SeminarState.DRAFT, SeminarState.ANNOUNCED])
    spans: Mapping[str, list[tuple[date, date]]] = defaultdict(list)
    for phase in phases:
        spans[phase.kind].append((phase.starts_on, phase.ends_on))  # type: ignore[attr-defined]
    found = []
    for seminar in rows:
        if spans[seminar.kind] and not any(first <= seminar.day <= last for first, last in spans[seminar.kind]):
            facts = {"seminar": seminar, "day": words.long_date(seminar.day)}
            text = _("%(seminar)s pada %(day)s di luar fasenya.") % facts
            found.append(Finding("warn", text, seminar.get_absolute_url(), _("Buka seminar")))
    return found


def phase_of(batch: Batch, kind: str) -> BatchPhase | None:
    """Return the phase in which seminars of this kind are held."""
    return batch.phases.filter(kind=SeminarKind(kind).value).order_by("order").first()
