"""Orientasi tugas of NTT: one that is finished with a few certificates, and one under way."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from aktualisasi.demo.accounts import Cast
from aktualisasi.demo.batches import Rules
from latsar.accounts.models import User
from latsar.jobs.run import run_job
from latsar.satker.models import Satker
from latsar.training.models import OrientationTemplate
from participants.enums import AttendanceMark, OrientationMethod, OrientationStanding, OrientationState, Stage
from participants.models import OrientationAttendance, OrientationMember, OrientationProgramme, Participant
from participants.orientation_roll import requirement_of
from participants.services import orientation_certificates
from participants.services.orientation import create_programme

ISSUED = 3
SPEAKERS = ("Dra. Yuliana Mau Bere, M.Si.", "Hironimus Tallo, S.H., M.H.")


def record(rules: Rules, cast: Cast) -> None:
    """Lay both out by the service; the past one is marked and finished as of its last day."""
    province = Satker.objects.get(code="53")
    people = Participant.objects.filter(province=province).order_by("deadline", "pk")
    by = cast.users["provinsi.ntt"]
    past = _programme(rules, province, rules.today - timedelta(days=45), "Orientasi tugas NTT, gelombang 1", by)
    own = people.filter(user=cast.users.get("peserta"))
    _fill(past, [*own, *people.filter(stage=Stage.TRAINING, user=None)[:14]], by)
    _finish(past, by)
    _issue(past, rules.by)
    begun = rules.today - timedelta(days=1)
    while not rules.calendar.is_working(begun):
        begun -= timedelta(days=1)
    now = _programme(rules, province, begun, "Orientasi tugas NTT, gelombang 2", by)
    _fill(now, list(people.filter(stage__in=[Stage.APPROVED, Stage.PLACED])[:18]), by, until=rules.today - timedelta(days=1))


def _programme(rules: Rules, province: Satker, day: date, title: str, by: User) -> OrientationProgramme:
    programme = create_programme(
        template=OrientationTemplate.objects.get(code="empat-hari"),
        title=title,
        province=province,
        starts_on=day,
        method=OrientationMethod.ONLINE,
        by=by,
        link="https://rapat.contoh.go.id/orientasi-ntt",
    )
    for number, session in enumerate(programme.sessions.all()):
        session.speaker = SPEAKERS[number % 2]
        session.save(update_fields=["speaker"])
    return programme


def _fill(programme: OrientationProgramme, people: list[Participant], by: User, *, until: date | None = None) -> None:
    members = [OrientationMember.objects.create(programme=programme, participant=person, added_by=by) for person in people]
    sessions = [session for session in programme.sessions.all() if until is None or session.day <= until]
    OrientationAttendance.objects.bulk_create(
        OrientationAttendance(session=session, member=member, mark=_mark(row, column), marked_by=by)
        for column, session in enumerate(sessions)
        for row, member in enumerate(members)
    )


def _mark(row: int, column: int) -> str:
    if row == 4 and column in {1, 4}:
        return AttendanceMark.ABSENT
    if row == 7 and column == 2:
        return AttendanceMark.ILL
    return AttendanceMark.LATE if (row + column) % 17 == 5 else AttendanceMark.PRESENT


def _finish(programme: OrientationProgramme, by: User) -> None:
    asked = requirement_of(programme, list(programme.sessions.all()))
    for member in OrientationMember.objects.filter(programme=programme).with_hours():
        enough = member.attended >= asked.needed  # type: ignore[attr-defined]
        member.standing = OrientationStanding.PASSED if enough else OrientationStanding.SHORT
        member.save(update_fields=["standing"])
    programme.state, programme.finished_by = OrientationState.FINISHED, by
    programme.finished_at = timezone.make_aware(datetime.combine(programme.ends_on, time(16)))
    programme.save()


def _issue(programme: OrientationProgramme, by: User) -> None:
    chosen = list(programme.members.filter(standing=OrientationStanding.PASSED).order_by("pk").values_list("pk", flat=True)[:ISSUED])  # type: ignore[attr-defined]
    job = orientation_certificates.issue_orientation_certificates(programme_id=programme.pk, by=by, member_ids=chosen)
    run_job(job.pk, orientation_certificates.issue_orientation_items)
