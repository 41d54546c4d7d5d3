"""Who takes part in an orientasi tugas, and who was there."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.ui import words
from participants import orientation_notices
from participants import orientation_policies as policies
from participants.enums import AttendanceMark, OrientationStanding, Stage
from participants.models import (
    OrientationAttendance,
    OrientationCertificate,
    OrientationMember,
    OrientationProgramme,
    OrientationSession,
    Participant,
)
from participants.people import ParticipantQuerySet
from participants.services.orientation import locked_programme, require_open

MAY_TAKE = (Stage.APPROVED, Stage.PLACED)
"""It precedes Latsar: a verified file, training not yet begun."""
ENOUGH = (OrientationStanding.TAKING, OrientationStanding.PASSED)


class Crossed(Refused):
    """Somebody else wrote other marks since the sheet was opened."""


def candidates(programme: OrientationProgramme, by: User) -> ParticipantQuerySet:
    """Return who may still take this programme, the nearest deadline first; a province's own people only."""
    taken = OrientationMember.objects.filter(standing__in=ENOUGH).values("participant_id")
    people = Participant.objects.visible_to(by).filter(stage__in=MAY_TAKE).exclude(pk__in=taken)
    if programme.province_id is not None:
        people = people.filter(province_id=programme.province_id)
    return people.order_by("deadline", "pk")


@transaction.atomic
def add_members(*, programme_id: int, participant_ids: Collection[int], by: User) -> list[OrientationMember]:
    """Take people in; who was taken out before comes back with the marks they had.

    All or nobody. Raises NotAllowed, Refused with a sentence per person who may not.
    """
    programme = locked_programme(programme_id, by)
    require_open(programme)
    wanted = set(participant_ids)
    people = list(
        Participant.objects.visible_to(by).select_related("user").filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",))
    )
    if len(people) != len(wanted) or not people:
        raise NotAllowed
    fitting = set(candidates(programme, by).filter(pk__in=wanted).values_list("pk", flat=True))
    problems = [why_not(programme, person) for person in people if person.pk not in fitting]
    if problems:
        raise Refused(problems)
    earlier = {m.participant_id: m for m in OrientationMember.objects.filter(programme=programme, participant__in=people)}
    members = [_taking(earlier.get(person.pk) or OrientationMember(programme=programme, participant=person), by) for person in people]
    try:
        with transaction.atomic():
            for member in members:
                member.save()
    except IntegrityError:
        raise Refused(_("Sebagian orangnya baru saja masuk orientasi lain. Muat ulang halaman ini, lalu pilih lagi.")) from None
    audit.record_many(audit.entry(verb="join_orientation", obj=person, by=by, note=programme.title) for person in people)
    orientation_notices.joined(programme, people)
    return members


def _taking(member: OrientationMember, by: User) -> OrientationMember:
    member.standing, member.added_by, member.added_at = OrientationStanding.TAKING, by, timezone.now()
    member.removed_at, member.removed_by, member.remove_reason = None, None, ""
    return member


def why_not(programme: OrientationProgramme, person: Participant) -> str:
    """Say why this person cannot take part."""
    if person.stage not in MAY_TAKE:
        return _("%(name)s belum bisa ikut: tahapnya %(stage)s.") % {"name": person.full_name, "stage": person.get_stage_display()}
    if programme.province_id is not None and person.province_id != programme.province_id:
        return _("%(name)s bukan dari provinsi penyelenggara.") % {"name": person.full_name}
    return _("%(name)s sedang atau sudah mengikuti orientasi tugas.") % {"name": person.full_name}


@transaction.atomic
def remove_member(*, member_id: int, reason: str, by: User) -> OrientationMember:
    """Take a person out, with the reason; the marks stay. Raises NotAllowed, Refused."""
    member = OrientationMember.objects.visible_to(by).filter(pk=member_id).first()
    if member is None:
        raise NotAllowed
    programme = locked_programme(member.programme_id, by)
    require_open(programme)
    member = OrientationMember.objects.select_for_update(of=("self",)).select_related("participant__user").get(pk=member_id)
    if member.standing == OrientationStanding.REMOVED:
        raise Refused(_("Orang ini sudah dikeluarkan."))
    if not reason.strip():
        raise Refused({"reason": _("Tulis alasannya.")})
    if OrientationCertificate.objects.current().filter(member=member).exists():
        raise Refused(_("Sertifikatnya sudah diterbitkan."))
    member.standing, member.removed_at, member.removed_by = OrientationStanding.REMOVED, timezone.now(), by
    member.remove_reason = reason.strip()[:300]
    member.save()
    audit.record(verb="leave_orientation", obj=member.participant, by=by, note=f"{programme.title}: {member.remove_reason}")
    orientation_notices.removed(programme, member)
    return member


@transaction.atomic
def mark_attendance(*, session_id: int, marks: Mapping[int, str], seen: Mapping[int, str], by: User) -> int:
    """Write the marks of one session by member id; return how many changed.

    `seen` is what the sheet showed when it was opened: a mark that somebody else changed meanwhile is not overwritten.
    Locks the programme, so a sheet cannot cross its end. Raises NotAllowed, Crossed, Refused before the session's day.
    """
    found = OrientationSession.objects.filter(pk=session_id).first()
    if found is None:
        raise NotAllowed
    programme = locked_programme(found.programme_id, by)
    if not policies.can_edit(by, programme):
        require_open(programme)
    session = programme.sessions.get(pk=session_id)
    if session.day > timezone.localdate():
        raise Refused(_("Sesi ini baru %(day)s. Kehadiran dicatat pada harinya.") % {"day": words.long_date(session.day)})
    members = {m.pk: m for m in programme.members.present().filter(pk__in=list(marks)).select_related("participant")}  # type: ignore[attr-defined]
    stored = {row.member_id: row for row in session.attendances.filter(member__in=members)}
    wanted = {pk: mark for pk, mark in marks.items() if pk in members and mark in AttendanceMark.values}
    old = {pk: stored[pk].mark if pk in stored else "" for pk in wanted}
    changed = {pk: mark for pk, mark in wanted.items() if mark != old[pk] and mark != seen.get(pk, "")}
    crossed = [f"{members[pk].participant.full_name} ({old[pk] or '–'})" for pk in changed if old[pk] != seen.get(pk, "")]
    if crossed:
        raise Crossed(_("Baru saja diisi orang lain: %(names)s. Periksa barisnya, lalu simpan lagi.") % {"names": "; ".join(crossed)})
    now = timezone.now()
    rows = [stored.get(pk) or OrientationAttendance(session=session, member=members[pk]) for pk in changed]
    for row in rows:
        row.mark, row.marked_by, row.marked_at = changed[row.member_id], by, now
    OrientationAttendance.objects.bulk_update([row for row in rows if row.pk], ["mark", "marked_by", "marked_at"])
    OrientationAttendance.objects.bulk_create([row for row in rows if not row.pk])
    if changed:
        told = {members[pk].participant.full_name: [old[pk] or None, mark] for pk, mark in changed.items()}
        audit.record(verb="mark_orientation", obj=programme, by=by, changes=told, note=session.title)
    return len(changed)
