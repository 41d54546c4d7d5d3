"""Marking who was in a session: by click, by file, by the person; closing, opening again, correcting with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import NoReason, NotAllowed, Refused
from latsar.accounts.models import User
from latsar.training.models import TrainingSession
from latsar.ui import words
from participants import attendance_policies as policies
from participants import check_in
from participants.attendance_warnings import settle
from participants.enums import AttendanceMark, MarkSource, Stage
from participants.models import Attendance, AttendanceChange, Participant
from participants.people import ParticipantQuerySet

UNMARKED_NAMED = 3


@dataclass(frozen=True, slots=True)
class Crossed:
    """A mark that somebody else changed since the sheet was opened: what stands now, and what was wanted."""

    participant: Participant
    stored: str
    wanted: str
    by: str


@dataclass(frozen=True, slots=True)
class Marked:
    """How many marks were written, and which were not because somebody else was faster."""

    changed: int = 0
    crossed: list[Crossed] = field(default_factory=list)


def expected(session: TrainingSession) -> ParticipantQuerySet:
    """Return the people in training who are to be in this session."""
    people = Participant.objects.filter(batch_id=session.batch_id, stage=Stage.TRAINING)
    if session.group is None:
        return people
    return people.filter(placements__released_at=None, placements__seat__batch_id=session.batch_id, placements__group=session.group)


def locked_session(session_id: int, by: User) -> TrainingSession:
    """Lock a session of a batch that the person marks. Raises NotAllowed; Refused for what takes no attendance."""
    found = TrainingSession.objects.visible_to(by).select_related("batch").filter(pk=session_id).first()
    if found is None or not policies.can_mark(by, found.batch):
        raise NotAllowed
    if not found.takes_attendance:
        raise Refused(_("Sesi mandiri tidak memakai daftar hadir. Kemajuannya dicatat di papan fase."))
    rows = TrainingSession.objects.select_for_update(of=("self",)).select_related("batch__scheme", "batch__institute")
    return rows.get(pk=found.pk)


@transaction.atomic
def mark_attendance(
    *,
    session_id: int,
    marks: Mapping[int, str],
    seen: Mapping[int, str],
    by: User,
    reason: str = "",
    source: str = MarkSource.CLICK,
    notes: Mapping[int, str] | None = None,
) -> Marked:
    """Write the marks of one session by participant id.

    `seen` is what the sheet showed when it was opened: a mark that somebody else changed meanwhile is handed back and not
    overwritten, everything else is saved. Saving the same sheet again changes nothing. A closed session takes changes with a
    reason only. Locks the session, so two sheets cannot cross. Raises NotAllowed, NoReason, Refused before the session's day.
    """
    session = locked_session(session_id, by)
    if session.local_start.date() > timezone.now().astimezone(session.local_start.tzinfo).date():
        day = words.long_date(session.local_start.date())
        raise Refused(_("Sesi ini baru %(day)s. Kehadiran dicatat mulai harinya.") % {"day": day})
    wanted = {pk: mark for pk, mark in marks.items() if mark in AttendanceMark.values}
    people = {person.pk: person for person in expected_or_marked(session, wanted).exclude(user_id=by.pk)}
    stored = {row.participant_id: row for row in _rows(session, people)}
    old = {pk: stored[pk].mark if pk in stored else "" for pk in people}
    changed = {pk: wanted[pk] for pk in people if wanted[pk] != old[pk]}
    crossed = [pk for pk in changed if seen.get(pk, "") != old[pk] and wanted[pk] != seen.get(pk, "")]
    stale = {pk for pk in changed if wanted[pk] == seen.get(pk, "")}  # left as it was shown: the newer mark stays
    fresh = {pk: mark for pk, mark in changed.items() if pk not in stale and pk not in crossed}
    if fresh and session.is_closed and not reason.strip():
        raise NoReason(_("Sesi ini sudah ditutup. Tulis alasan perbaikannya."))
    write_marks(session=session, marks=fresh, people=people, stored=stored, by=by, source=source, reason=reason, notes=notes or {})
    names = [Crossed(people[pk], old[pk], wanted[pk], stored[pk].marked_by.full_name if pk in stored else "") for pk in crossed]
    return Marked(len(fresh), names)


def expected_or_marked(session: TrainingSession, ids: Iterable[int]) -> ParticipantQuerySet:
    """Return who of these is to be in the session, or was marked in it before they left the group or the training."""
    still = expected(session).order_by().values("pk")
    earlier = Participant.objects.filter(attendances__session=session, batch_id=session.batch_id).order_by().values("pk")
    people = Participant.objects.filter(pk__in=list(ids)).filter(Q(pk__in=still) | Q(pk__in=earlier))
    return people.select_related("user", "satker").order_by("full_name", "pk")


def _rows(session: TrainingSession, ids: Iterable[int]) -> Iterable[Attendance]:
    return Attendance.objects.filter(session=session, participant_id__in=list(ids)).select_related("marked_by")


def write_marks(
    *,
    session: TrainingSession,
    marks: Mapping[int, str],
    people: Mapping[int, Participant],
    stored: Mapping[int, Attendance],
    by: User,
    source: str,
    reason: str = "",
    notes: Mapping[int, str],
) -> None:
    """Write marks of a locked session with their history, one audit row, and the warnings that follow. Tells who has to know."""
    if not marks:
        return
    now = timezone.now()
    old = {pk: stored[pk].mark if pk in stored else "" for pk in marks}
    rows = [stored.get(pk) or Attendance(session=session, participant=people[pk], version=0) for pk in marks]
    for row in rows:
        row.mark, row.source, row.marked_by, row.marked_at = marks[row.participant_id], source, by, now
        row.note = notes.get(row.participant_id, row.note)[:200]
        row.version += 1
    Attendance.objects.bulk_update([r for r in rows if r.pk], ["mark", "source", "note", "marked_by", "marked_at", "version"])
    Attendance.objects.bulk_create([r for r in rows if not r.pk])
    AttendanceChange.objects.bulk_create(
        AttendanceChange(
            attendance=row, old=old[row.participant_id], new=row.mark, source=source, by=by, at=now, reason=reason.strip()[:300]
        )
        for row in rows
    )
    told = {people[pk].full_name: [old[pk] or None, mark] for pk, mark in marks.items()}
    audit.record(verb="mark_attendance", obj=session, by=by, changes=told, note=reason.strip())
    settle(session.batch, [people[pk] for pk in marks])


@transaction.atomic
def close_session(*, session_id: int, by: User) -> TrainingSession:
    """Close the sheet of a session once everybody has a mark. Raises NotAllowed, Refused naming who has none."""
    session = locked_session(session_id, by)
    if session.is_closed:
        return session
    marked = Attendance.objects.filter(session=session).values("participant_id")
    missing = list(expected(session).exclude(pk__in=marked).order_by("full_name", "pk").values_list("full_name", flat=True))
    if missing:
        shown = "; ".join(missing[:UNMARKED_NAMED])
        if len(missing) > UNMARKED_NAMED:
            shown = _("%(names)s; dan %(n)s orang lagi") % {"names": shown, "n": words.thousands(len(missing) - UNMARKED_NAMED)}
        raise Refused(_("Belum diisi: %(names)s. Isi dahulu, lalu tutup.") % {"names": shown})
    if not Attendance.objects.filter(session=session).exists():
        raise Refused(_("Belum ada yang dicatat di sesi ini."))
    session.closed_at, session.closed_by = timezone.now(), by
    session.version += 1
    session.save(update_fields=["closed_at", "closed_by", "version"])
    audit.record(verb="close_session", obj=session, by=by)
    return session


@transaction.atomic
def reopen_session(*, session_id: int, reason: str, by: User) -> TrainingSession:
    """Open a closed sheet again. Raises NotAllowed, NoReason."""
    session = locked_session(session_id, by)
    if not session.is_closed:
        return session
    if not reason.strip():
        raise NoReason({"reason": _("Tulis alasannya.")})
    session.closed_at, session.closed_by = None, None
    session.version += 1
    session.save(update_fields=["closed_at", "closed_by", "version"])
    audit.record(verb="reopen_session", obj=session, by=by, note=reason.strip())
    return session


@transaction.atomic
def check_in_self(*, session_id: int, by: User, code: str = "", now: datetime | None = None) -> Attendance:
    """Report present oneself, inside the window by the server's clock: present, or late by the session's rule.

    A mark that the institute has given already stays. Raises NotAllowed, Refused outside the window or with a wrong code.
    """
    now = now or timezone.now()
    person = Participant.objects.filter(user=by, stage=Stage.TRAINING).select_related("satker", "user").first()
    found = TrainingSession.objects.attended_by(by.pk).filter(pk=session_id).first()
    if person is None or found is None or found.batch_id != person.batch_id or not found.takes_attendance:
        raise NotAllowed
    rows = TrainingSession.objects.select_for_update(of=("self",)).select_related("batch__scheme", "batch__institute")
    session = rows.get(pk=found.pk)
    if not session.is_checking_in(now):
        raise Refused(_("Waktu lapor hadir sesi ini belum dibuka atau sudah lewat. Hubungi lembaga bila Anda memang hadir."))
    stored = Attendance.objects.filter(session=session, participant=person).first()
    if stored is not None:
        return stored
    if session.needs_code and not check_in.is_code(session, code, now):
        raise Refused({"kode": _("Kodenya tidak cocok atau sudah berganti. Lihat lagi kode di layar pengajar.")})
    mark = AttendanceMark.LATE if session.is_late(now) else AttendanceMark.PRESENT
    write_marks(session=session, marks={person.pk: mark}, people={person.pk: person}, stored={}, by=by, source=MarkSource.SELF, notes={})
    return Attendance.objects.get(session=session, participant=person)
