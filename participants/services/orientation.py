"""An orientasi tugas from its template to its end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import IllegalMove, NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User
from latsar.satker.models import Satker
from latsar.training.calendar import DAY, around
from latsar.training.models import OrientationTemplate
from latsar.ui import words
from participants import orientation_notices
from participants import orientation_policies as policies
from participants.enums import OrientationStanding, OrientationState
from participants.models import OrientationAttendance, OrientationCertificate, OrientationMember, OrientationProgramme, OrientationSession
from participants.orientation_roll import needed_hours

FACTS = ("title", "method", "place", "link", "min_attendance_percent")
UNFINISHED_NAMED = 3


@dataclass(frozen=True)
class SessionFacts:
    """One line of the timetable; `pk` of a session that exists, None for a new one."""

    day: date
    starts_at: time
    ends_at: time
    hours: int
    title: str
    speaker: str = ""
    pk: int | None = None


def locked_programme(programme_id: int, by: User) -> OrientationProgramme:
    """Lock a programme the person runs. Raises NotAllowed."""
    found = OrientationProgramme.objects.visible_to(by).filter(pk=programme_id).first()
    if found is None or not policies.can_run(by, found):
        raise NotAllowed
    return OrientationProgramme.objects.select_for_update(of=("self",)).get(pk=found.pk)


def require_open(programme: OrientationProgramme) -> None:
    """Refuse whatever would change a finished programme."""
    if not programme.is_open:
        raise Refused(_("Orientasi ini sudah diselesaikan, jadi isinya tetap. Buka kembali dahulu bila ada yang harus diperbaiki."))


@transaction.atomic
def create_programme(
    *,
    template: OrientationTemplate,
    title: str,
    province: Satker | None,
    starts_on: date,
    method: str,
    by: User,
    place: str = "",
    link: str = "",
) -> OrientationProgramme:
    """Lay the sessions of a template out over the working days from `starts_on`. Raises NotAllowed, Refused."""
    if not policies.can_create(by) or not policies.can_run_for(by, province.pk if province else None):
        raise NotAllowed
    lines = list(template.sessions.order_by("day", "starts_at"))
    if not lines:
        raise Refused({"template": _("Templat ini belum memiliki sesi. Lengkapi di halaman admin, atau pilih templat lain.")})
    days = working_days(starts_on, max(line.day for line in lines))
    programme = OrientationProgramme.objects.create(
        title=title,
        province=province,
        method=method,
        place=place,
        link=link,
        starts_on=days[lines[0].day - 1],
        ends_on=days[lines[-1].day - 1],
        min_attendance_percent=template.min_attendance_percent,
        created_by=by,
    )
    OrientationSession.objects.bulk_create(
        OrientationSession(
            programme=programme,
            day=days[line.day - 1],
            starts_at=line.starts_at,
            ends_at=line.ends_at,
            hours=line.hours,
            title=line.title,
        )
        for line in lines
    )
    audit.record(verb="create_orientation", obj=programme, by=by, changes={"starts_on": [None, programme.starts_on]})
    return programme


def working_days(first: date, count: int) -> list[date]:
    """Return `count` working days from the first one on or after `first`."""
    calendar = around(first)
    day = calendar.on_or_after(first)
    return [calendar.add(day, number) for number in range(count)]


@transaction.atomic
def update_programme(*, programme_id: int, version: int, starts_on: date, by: User, **facts: Any) -> OrientationProgramme:
    """Change facts; another first day moves every session, its days kept apart as they were in working days.

    Raises NotAllowed, Refused when it is finished or somebody is marked already, StaleVersion.
    """
    programme = locked_programme(programme_id, by)
    require_open(programme)
    _check_version(programme, version)
    before = audit.snapshot(programme, (*FACTS, "starts_on"))
    for name in FACTS:
        if name in facts:
            setattr(programme, name, facts[name])
    if starts_on != programme.starts_on:
        _shift(programme, starts_on)
    difference = audit.difference(before, audit.snapshot(programme, (*FACTS, "starts_on")))
    if difference:
        _save(programme)
        audit.record(verb="update_orientation", obj=programme, by=by, changes=difference)
        orientation_notices.changed(programme, difference.keys())
    return programme


def _shift(programme: OrientationProgramme, starts_on: date) -> None:
    if OrientationAttendance.objects.filter(session__programme=programme).exists():
        raise Refused({"starts_on": _("Kehadirannya sudah mulai dicatat, jadi harinya tidak bisa digeser sekaligus. Ubah lewat jadwal.")})
    sessions = list(programme.sessions.all())
    old = sorted({session.day for session in sessions})
    new = _kept_apart(old, starts_on)
    for session in sessions:
        session.day = new[session.day]
    OrientationSession.objects.bulk_update(sessions, ["day"])
    programme.starts_on, programme.ends_on = new[old[0]], new[old[-1]]


def _kept_apart(old: Sequence[date], starts_on: date) -> dict[date, date]:
    """Map each day to its new one, as many working days behind the one before as it was."""
    before, after = around(old[0], old[-1]), around(starts_on)
    new = {old[0]: after.on_or_after(starts_on)}
    for one, other in pairwise(old):
        distance = before.count(one + DAY, other)
        new[other] = after.add(new[one], max(distance, 1))
    return new


@transaction.atomic
def save_sessions(*, programme_id: int, version: int, sessions: Sequence[SessionFacts], by: User) -> OrientationProgramme:
    """Replace the timetable by these lines; first and last day follow.

    Raises NotAllowed, StaleVersion, Refused when two overlap, nothing is left, or a session with attendance would go.
    """
    programme = locked_programme(programme_id, by)
    require_open(programme)
    _check_version(programme, version)
    lines = sorted(sessions, key=lambda line: (line.day, line.starts_at))
    _check_timetable(lines)
    own = {session.pk: session for session in programme.sessions.all()}
    kept = {line.pk for line in lines if line.pk in own}
    gone = [session for pk, session in own.items() if pk not in kept]
    marked = OrientationSession.objects.filter(pk__in=[session.pk for session in gone], attendances__isnull=False).first()
    if marked is not None:
        raise Refused(_("Sesi “%(title)s” sudah memiliki kehadiran, jadi tidak bisa dihapus.") % {"title": marked.title})
    before, times = [_line_text(session) for session in own.values()], _times(own.values())
    OrientationSession.objects.filter(pk__in=[session.pk for session in gone]).delete()
    for line in lines:
        facts = {name: getattr(line, name) for name in ("day", "starts_at", "ends_at", "hours", "title", "speaker")}
        session = own.get(line.pk or 0) or OrientationSession(programme=programme)
        for name, value in facts.items():
            setattr(session, name, value)
        session.save()
    programme.starts_on, programme.ends_on = lines[0].day, lines[-1].day
    _save(programme)
    after = [_line_text(line) for line in lines]
    audit.record(verb="update_orientation", obj=programme, by=by, changes={"sessions": ["; ".join(before), "; ".join(after)]})
    if _times(lines) != times:
        orientation_notices.changed(programme, ["sessions"])
    return programme


def _times(lines: Iterable[SessionFacts | OrientationSession]) -> list[tuple[date, time, time]]:
    return sorted((line.day, line.starts_at, line.ends_at) for line in lines)


def _line_text(line: SessionFacts | OrientationSession) -> str:
    return f"{line.day:%d-%m} {line.starts_at:%H.%M} {line.title} ({line.hours} JP)"


def _check_timetable(lines: Sequence[SessionFacts]) -> None:
    if not lines:
        raise Refused(_("Sisakan paling sedikit satu sesi."))
    for line in lines:
        if line.ends_at <= line.starts_at:
            raise Refused(_("Sesi “%(title)s” selesai sebelum mulai. Periksa jamnya.") % {"title": line.title})
    for one, other in pairwise(lines):
        if one.day == other.day and other.starts_at < one.ends_at:
            raise Refused(
                _("“%(one)s” dan “%(other)s” bertumpuk pada %(day)s. Ubah salah satu jamnya.")
                % {"one": one.title, "other": other.title, "day": words.short_date(one.day)}
            )


@transaction.atomic
def finish_programme(*, programme_id: int, by: User) -> OrientationProgramme:
    """Fix the attendance: who took part in enough JP has completed it, the others and who left have not.

    Raises NotAllowed, IllegalMove, Refused before the last day or while somebody is not marked.
    """
    programme = locked_programme(programme_id, by)
    if not programme.is_open:
        raise IllegalMove(_("Orientasi ini sudah diselesaikan."))
    if timezone.localdate() < programme.ends_on:
        raise Refused(_("Baru bisa diselesaikan pada hari terakhirnya, %(day)s.") % {"day": words.long_date(programme.ends_on)})
    hours = list(programme.sessions.values_list("hours", flat=True))
    members = list(OrientationMember.objects.filter(programme=programme).present().with_hours().select_related("participant"))
    if not members:
        raise Refused(_("Belum ada peserta."))
    unmarked = [member.participant.full_name for member in members if member.marked < len(hours) and not member.has_left]  # type: ignore[attr-defined]
    if unmarked:
        raise Refused(_unmarked_text(unmarked))
    needed = needed_hours(sum(hours), programme.min_attendance_percent)
    passed = {member.pk for member in members if member.attended >= needed and not member.has_left}  # type: ignore[attr-defined]
    for member in members:
        member.standing = OrientationStanding.PASSED if member.pk in passed else OrientationStanding.SHORT
    OrientationMember.objects.bulk_update(members, ["standing"], batch_size=500)
    programme.state, programme.finished_at, programme.finished_by = OrientationState.FINISHED, timezone.now(), by
    _save(programme)
    note = _("%(passed)d dari %(total)d orang menyelesaikan.") % {"passed": len(passed), "total": len(members)}
    audit.record(verb="finish_orientation", obj=programme, by=by, note=note)
    return programme


def _unmarked_text(names: Sequence[str]) -> str:
    shown = "; ".join(names[:UNFINISHED_NAMED])
    if len(names) > UNFINISHED_NAMED:
        shown = _("%(names)s; dan %(n)s orang lagi") % {"names": shown, "n": words.thousands(len(names) - UNFINISHED_NAMED)}
    return _("Kehadirannya belum lengkap: %(names)s. Isi semua sesi dahulu.") % {"names": shown}


@transaction.atomic
def reopen_programme(*, programme_id: int, by: User) -> OrientationProgramme:
    """Open a finished programme again to correct it. Raises NotAllowed, IllegalMove, Refused once a certificate counts."""
    programme = locked_programme(programme_id, by)
    if programme.is_open:
        raise IllegalMove(_("Orientasi ini masih berjalan."))
    if OrientationCertificate.objects.current().filter(member__programme=programme).exists():
        raise Refused(_("Sertifikatnya sudah diterbitkan. Cabut dahulu, baru kehadirannya bisa diperbaiki."))
    members = OrientationMember.objects.filter(programme=programme).present()
    try:
        with transaction.atomic():
            members.update(standing=OrientationStanding.TAKING)
    except IntegrityError:
        raise Refused(_("Sebagian pesertanya sudah mengikuti orientasi lain, jadi tidak bisa dibuka kembali.")) from None
    programme.state, programme.finished_at, programme.finished_by = OrientationState.OPEN, None, None
    _save(programme)
    audit.record(verb="reopen_orientation", obj=programme, by=by)
    return programme


def _check_version(programme: OrientationProgramme, version: int) -> None:
    if programme.version != version:
        raise StaleVersion(_("Orientasi ini baru saja diubah orang lain. Muat ulang halamannya, lalu ulangi perubahan Anda."))


def _save(programme: OrientationProgramme) -> None:
    programme.version += 1
    programme.save()
