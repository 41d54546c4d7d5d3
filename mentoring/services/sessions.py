"""Sessions of guidance: proposed, agreed, written down and confirmed by both sides."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import IllegalMove, NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User
from latsar.accounts.zones import ZONES
from latsar.satker.models import Zone
from latsar.ui import words
from mentoring import policies, session_notices
from mentoring.enums import GuideKind, MeetingMode, SessionStage, Side
from mentoring.models import GroupCoach, MentorAssignment, MentoringSession, SessionChange, SessionFile
from mentoring.services.keeping import Attached, stored
from mentoring.sessions import NOTE_LIMIT
from mentoring.workflow import MOVES, NEW
from participants.models import Participant

LONGEST = timedelta(hours=12)
OLDEST = timedelta(days=400)
"""A session of years ago is a mistyped year."""
MOST_PEOPLE = 40
MOST_FILES = 10
REASON_LIMIT = 300


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """When and where the two sides meet, and why."""

    starts_at: datetime
    ends_at: datetime
    agenda: str
    zone: str = Zone.WIB
    mode: str = MeetingMode.OFFLINE
    place: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What came out of a session."""

    notes: str
    next_steps: str = ""


FIELDS = tuple(field.name for field in fields(SessionFacts))


@transaction.atomic
def propose_sessions(*, kind: str, participant_ids: Collection[int], facts: SessionFacts, by: User) -> list[MentoringSession]:
    """Propose a time, by a guide to one or several people at once or by a participant to the guide; one row per person.

    Locks the people. Raises NotAllowed, Refused beside the field when the time has gone or clashes with another session.
    """
    _check(facts)
    if facts.starts_at <= timezone.now():
        raise Refused({"starts": _("Waktunya sudah lewat. Untuk sesi yang sudah berlangsung pakai Catat sesi.")})
    return _begin("propose", kind, participant_ids, facts, None, by)


@transaction.atomic
def log_sessions(
    *, kind: str, participant_ids: Collection[int], facts: SessionFacts, written: Written, by: User, files: Sequence[Attached] = ()
) -> list[MentoringSession]:
    """Write down a session that took place without having been agreed here; the other side confirms the notes."""
    _check(facts)
    if facts.ends_at > timezone.now():
        raise Refused({"ends": _("Sesi ini belum selesai. Usulkan waktunya dulu, catatannya sesudahnya.")})
    if facts.starts_at < timezone.now() - OLDEST:
        raise Refused({"day": _("Lebih dari setahun yang lalu. Periksa tahunnya.")})
    _check_notes(written)
    with ExitStack() as kept:
        rows = _begin("log", kind, participant_ids, facts, written, by)
        _attach(kept, rows, files, by)
        return rows


def _begin(
    action: str, kind: str, participant_ids: Collection[int], facts: SessionFacts, written: Written | None, by: User
) -> list[MentoringSession]:
    if not participant_ids:
        raise Refused({"people": _("Pilih paling sedikit satu peserta.")})
    if len(participant_ids) > MOST_PEOPLE:
        raise Refused({"people": _("Paling banyak %(n)d orang dalam satu sesi.") % {"n": MOST_PEOPLE}})
    people = list(Participant.objects.select_related("user").filter(pk__in=participant_ids).order_by("pk").select_for_update(of=("self",)))
    if len(people) != len(set(participant_ids)):
        raise NotAllowed
    bundle, made = uuid4(), []
    for person in people:
        row = _row(kind, person, facts, by)
        row.bundle, row.stage = bundle, MOVES[action].target
        if written is not None:
            _write(row, written)
        _refuse_clash(row)
        row.save(force_insert=True)
        _keep(row, action, NEW, by)
        made.append(row)
    session_notices.begun(made, by)
    return made


def _row(kind: str, person: Participant, facts: SessionFacts, by: User) -> MentoringSession:
    """Build the row of one person, with the guide of today. Raises NotAllowed for a stranger, Refused when nobody guides."""
    is_own = person.user_id == by.pk
    if not (is_own or (policies.is_mentor_of if kind == GuideKind.MENTOR else policies.is_coach_of)(by, person.pk)):
        raise NotAllowed
    if not policies.may_be_guided(person):
        raise Refused(_("%(name)s sudah selesai, jadi tidak ada sesi baru.") % {"name": person.full_name})
    assignment, guide = None, None
    if kind == GuideKind.MENTOR:
        assignment = MentorAssignment.objects.active().select_related("mentor__user").filter(participant=person).first()
        guide = assignment.mentor.user if assignment else None
    else:
        group = GroupCoach.objects.of_participant(person.pk).select_related("coach").first()
        guide = group.coach if group else None
    if guide is None:
        lacking = _("Mentor Anda belum ditetapkan.") if kind == GuideKind.MENTOR else _("Coach Anda belum ditetapkan.")
        raise Refused(lacking)
    side = Side.PARTICIPANT if is_own else Side.GUIDE
    return MentoringSession(
        participant=person, kind=kind, guide=guide, assignment=assignment, last_side=side, created_by=by,
        **{name: getattr(facts, name) for name in FIELDS},
    )  # fmt: skip


@transaction.atomic
def reschedule_session(*, session_id: int, version: int, facts: SessionFacts, by: User, together: bool = False) -> MentoringSession:
    """Propose another time, place or agenda; the other side answers. `together` changes the whole group's session."""
    _check(facts)
    if facts.starts_at <= timezone.now():
        raise Refused({"starts": _("Waktunya sudah lewat. Pilih waktu yang akan datang.")})
    first, rows = _taken(session_id, "reschedule", by, version=version, together=together)
    for row in rows:
        old = {name: getattr(row, name) for name in FIELDS}
        for name in FIELDS:
            setattr(row, name, getattr(facts, name))
        _refuse_clash(row)
        _move(row, "reschedule", by, note=_time_text(old["starts_at"], old["zone"]))
    session_notices.rescheduled(rows, by)
    return first


@transaction.atomic
def accept_session(*, session_id: int, version: int, by: User) -> MentoringSession:
    """Agree to what the other side proposed. Raises NotAllowed, IllegalMove, StaleVersion when it was changed meanwhile."""
    session, _rows = _taken(session_id, "accept", by, version=version)
    if session.ends_at < timezone.now():
        raise Refused(_("Waktunya sudah lewat. Usulkan waktu lain, atau batalkan."))
    _move(session, "accept", by)
    session_notices.accepted(session, by)
    return session


@transaction.atomic
def cancel_session(*, session_id: int, version: int, reason: str, by: User, together: bool = False) -> MentoringSession:
    """Call a session off, with the reason. Raises NotAllowed, IllegalMove, StaleVersion, Refused."""
    reason = reason.strip()[:REASON_LIMIT]
    if not reason:
        raise Refused({"reason": _("Tulis alasannya, supaya yang lain mengerti.")})
    first, rows = _taken(session_id, "cancel", by, version=version, together=together)
    for row in rows:
        row.cancel_reason, row.guide_confirmed_at, row.participant_confirmed_at = reason, None, None
        _move(row, "cancel", by, note=reason)
    session_notices.cancelled(rows, by)
    return first


def write_notes(
    *, session_id: int, version: int, written: Written, by: User, files: Sequence[Attached] = (), together: bool = False
) -> MentoringSession:
    """Write what was talked about: the writer confirms by writing, the other side is asked to; a change asks anew.

    Raises NotAllowed, IllegalMove, StaleVersion, Refused before the session has begun.
    """
    _check_notes(written)
    with ExitStack() as kept, transaction.atomic():
        first, rows = _taken(session_id, "note", by, version=version, together=together)
        if first.starts_at > timezone.now():
            raise Refused(_("Sesi ini belum berlangsung. Catatannya ditulis sesudah mulai."))
        for row in rows:
            side = policies.side_of(by, row)
            unchanged = (row.notes, row.next_steps) == (written.notes.strip(), written.next_steps.strip())
            if row.stage == SessionStage.NOTED and unchanged and row.last_side != side:
                raise Refused({"notes": _("Catatannya tidak berubah. Bila sudah benar, tekan Beri paraf.")})
            if row.stage == SessionStage.CONFIRMED and unchanged:
                continue
            row.last_side = side
            _write(row, written)
            _move(row, "note", by)
        _attach(kept, rows, files, by)
        session_notices.noted(rows, by)
        return first


@transaction.atomic
def confirm_session(*, session_id: int, version: int, by: User) -> MentoringSession:
    """Put one's paraf under the notes of the other side: from now on the session counts. Raises StaleVersion when they changed."""
    session, _rows = _taken(session_id, "confirm", by, version=version)
    now = timezone.now()
    if policies.side_of(by, session) == Side.GUIDE:
        session.guide_confirmed_at = now
    else:
        session.participant_confirmed_at = now
    _move(session, "confirm", by)
    session_notices.confirmed(session, by)
    return session


@transaction.atomic
def remove_session_file(*, file_id: int, by: User) -> MentoringSession:
    """Take one's own evidence away while the session is not confirmed. Raises NotAllowed, IllegalMove."""
    file = SessionFile.objects.visible_to(by).filter(pk=file_id).first()  # type: ignore[attr-defined]
    if file is None or file.uploaded_by_id != by.pk:
        raise NotAllowed
    session = _locked(file.session_id, by)
    if session.stage == SessionStage.CONFIRMED:
        raise IllegalMove(_("Sesi ini sudah diparaf keduanya, jadi buktinya tetap."))
    storage, name = file.file.storage, file.file.name
    file.delete()
    audit.record(verb="remove_session_file", obj=session, by=by, note=file.name)
    if not SessionFile.objects.filter(file=name).exists():
        transaction.on_commit(lambda: storage.delete(name))
    return session


def _locked(session_id: int, by: User) -> MentoringSession:
    rows = MentoringSession.objects.visible_to(by).select_related("participant__user", "guide", "assignment")
    session = rows.select_for_update(of=("self",)).filter(pk=session_id).first()
    if session is None or not policies.side_of(by, session):
        raise NotAllowed
    return session


def _taken(
    session_id: int, action: str, by: User, *, version: int, together: bool = False
) -> tuple[MentoringSession, list[MentoringSession]]:
    """Lock a session, with the others of its group when wished, and check side, table and version."""
    session = _locked(session_id, by)
    if session.version != version:
        raise StaleVersion(_("Sesi ini baru saja diubah pihak lain. Muat ulang halamannya, lalu ulangi langkah Anda."))
    if not policies.can_move(by, session, action):
        raise IllegalMove(_("Langkah ini tidak bisa lagi: sesinya kini “%(stage)s”.") % {"stage": session.get_stage_display()})
    if not together or session.guide_id != by.pk:
        return session, [session]
    mates = MentoringSession.objects.visible_to(by).filter(bundle=session.bundle, guide=by).exclude(pk=session.pk)
    mates = mates.select_related("participant__user", "guide", "assignment").order_by("pk").select_for_update(of=("self",))
    return session, [session, *(mate for mate in mates if policies.can_move(by, mate, action))]


def _move(row: MentoringSession, action: str, by: User, note: str = "") -> None:
    move, old = MOVES[action], row.stage
    if move.speaks:
        row.last_side = policies.side_of(by, row)
    row.stage, row.stage_at = move.target, timezone.now()
    row.version += 1
    row.save()
    _keep(row, action, old, by, note)


def _keep(row: MentoringSession, action: str, old: str, by: User, note: str = "") -> None:
    SessionChange.objects.create(session=row, action=action, old=old, new=row.stage, by=by, note=note[:300])
    changes = {"stage": [old, row.stage]}
    audit.record(verb=f"{action}_session_guidance", obj=row.participant, by=by, changes=changes, note=note or row.agenda)


def _write(row: MentoringSession, written: Written) -> None:
    row.notes, row.next_steps = written.notes.strip(), written.next_steps.strip()
    now = timezone.now()
    is_guide = row.last_side == Side.GUIDE
    row.guide_confirmed_at, row.participant_confirmed_at = (now, None) if is_guide else (None, now)


def _attach(kept: ExitStack, rows: Sequence[MentoringSession], files: Sequence[Attached], by: User) -> None:
    """Keep each file once for every row; what a row has already is left out."""
    for row in rows:
        known = set(SessionFile.objects.filter(session=row).values_list("sha256", flat=True))
        fresh = [file for file in files if file.judged.sha256 not in known]
        if len(known) + len(fresh) > MOST_FILES:
            raise Refused({"files": _("Paling banyak %(n)d bukti untuk satu sesi.") % {"n": MOST_FILES}})
        for file in {one.judged.sha256: one for one in fresh}.values():
            judged = file.judged
            evidence = SessionFile(session=row, name=file.name, kind=judged.kind.value, size=len(judged.data), uploaded_by=by)
            evidence.sha256 = judged.sha256
            kept.enter_context(stored(evidence.file, file))
            evidence.save(force_insert=True)


def _check(facts: SessionFacts) -> None:
    if facts.ends_at <= facts.starts_at:
        raise Refused({"ends": _("Selesai harus sesudah mulai.")})
    if facts.ends_at - facts.starts_at > LONGEST:
        raise Refused({"ends": _("Lebih dari 12 jam. Periksa jamnya.")})
    if not facts.agenda.strip():
        raise Refused({"agenda": _("Tulis acaranya, misalnya membahas isu terpilih.")})
    if facts.link and not facts.link.startswith("https://"):
        raise Refused({"link": _("Tautannya harus diawali https://.")})


def _check_notes(written: Written) -> None:
    if not written.notes.strip():
        raise Refused({"notes": _("Tulis apa yang dibahas.")})
    for name, text in (("notes", written.notes), ("next_steps", written.next_steps)):
        if len(text) > NOTE_LIMIT:
            raise Refused({name: _("Terlalu panjang, paling banyak %(limit)d huruf.") % {"limit": NOTE_LIMIT}})


def _refuse_clash(row: MentoringSession) -> None:
    """Refuse a time at which the guide or the person already meets; the same group's session is no clash."""
    live = MentoringSession.objects.exclude(stage=SessionStage.CANCELLED).exclude(bundle=row.bundle)
    busy = live.filter(starts_at__lt=row.ends_at, ends_at__gt=row.starts_at)
    mine = busy.filter(guide_id=row.guide_id).first()
    theirs = busy.filter(participant_id=row.participant_id).first()
    if theirs is not None:
        facts = {"name": row.participant.full_name, "when": _time_text(theirs.starts_at, theirs.zone)}
        raise Refused({"starts": _("%(name)s sudah punya sesi bimbingan pada jam itu: %(when)s.") % facts})
    if mine is not None:
        raise Refused({"starts": _("%(name)s sudah punya sesi lain pada jam itu. Pilih jam lain.") % {"name": row.guide.full_name}})


def _time_text(moment: datetime, zone: str) -> str:
    local = moment.astimezone(ZONES[zone])
    return f"{words.short_date(local.date())}, {words.clock_time(moment, ZONES[zone])}"
