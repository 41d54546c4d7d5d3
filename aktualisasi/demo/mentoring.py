"""Guidance of the story: sessions at every stage, pembekalan, a waiver, a handover, and charters of a closed batch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from aktualisasi.demo.accounts import Cast
from latsar.accounts.models import User
from latsar.accounts.zones import ZONES
from mentoring import services
from mentoring.enums import GuideKind, MeetingMode, SessionStage, Side
from mentoring.models import GroupCoach, Mentor, MentorAssignment, MentoringSession, SessionChange
from participants.models import Participant, Placement

ORGANISER = "PKSDM KPU, pembekalan daring (contoh)"
STORY = (
    (-24, 9, MeetingMode.OFFLINE, "Penetapan isu terpilih", "Skor USG diperiksa bersama; dampak bagi pemilih pemula ditambahkan."),
    (-17, 14, MeetingMode.ONLINE, "Diagram sebab akibat", "Sebab pada unsur Metode dipertajam, satu kegiatan digabung."),
    (-10, 9, MeetingMode.OFFLINE, "Kegiatan dan tahapan", "Lima kegiatan dengan tahapan dan output; kaitan dengan nilai diperbaiki."),
)
LINK = "https://rapat.contoh.go.id/bimbingan"
COACHED = "Susunan BAB III diperbaiki, daftar pustaka dilengkapi."


def record(cast: Cast) -> None:
    """Give the mentor of the demo and the coach what they would have after some weeks."""
    mentor = Mentor.objects.filter(user=cast.users["mentor"]).select_related("user").first()
    if mentor is None:
        return
    pksdm, today = cast.users["pksdm"], timezone.localdate()
    services.record_training(mentor_id=mentor.pk, held_on=today - timedelta(days=200), organiser=ORGANISER, by=pksdm)
    Mentor.objects.filter(pk=mentor.pk).update(bidang="teknis")
    mentees = list(MentorAssignment.objects.active().filter(mentor=mentor).select_related("participant__user").order_by("slot"))
    own = next((one for one in mentees if one.participant.user_id == cast.users["peserta"].pk), None)
    if own is None:
        return
    _of_mentor(own, [one for one in mentees if one is not own])
    _of_coach(own.participant, cast.users["coach"])
    _handover(mentees, cast)


def _of_mentor(own: MentorAssignment, others: Sequence[MentorAssignment]) -> None:
    for day, hour, mode, agenda, notes in STORY:
        _session(own, day, hour, mode, agenda, SessionStage.CONFIRMED, notes)
    _session(own, -2, 15, MeetingMode.ONLINE, "Jadwal habituasi", SessionStage.NOTED, "Jadwal disusun per minggu.")
    _session(own, 2, 14, MeetingMode.ONLINE, "Catatan tinjauan rancangan", SessionStage.AGREED)
    for n, one in enumerate(others[:2]):
        _session(one, -3 - n, 10, MeetingMode.OFFLINE, "Isu di unit kerja", SessionStage.AGREED)
        _session(one, 4, 9 + n, MeetingMode.ONLINE, "Perkenalan", SessionStage.PROPOSED)


def _of_coach(person: Participant, coach: User) -> None:
    seated = Placement.objects.active().filter(participant=person).select_related("seat__batch").first()
    group = GroupCoach.objects.filter(batch=seated.seat.batch, group=seated.group or 0).first() if seated else None
    if group is None or group.coach_id != coach.pk:
        return
    _coached(person, coach, -8, SessionStage.CONFIRMED, COACHED)
    _coached(person, coach, 3, SessionStage.PROPOSED)


def _session(one: MentorAssignment, day: int, hour: int, mode: str, agenda: str, stage: str, notes: str = "") -> None:
    _write(
        one.participant,
        kind=GuideKind.MENTOR,
        guide=one.mentor.user,
        assignment=one,
        day=day,
        hour=hour,
        mode=mode,
        agenda=agenda,
        stage=stage,
        notes=notes,
    )


def _coached(person: Participant, coach: User, day: int, stage: str, notes: str = "") -> None:
    facts: dict[str, Any] = {
        "kind": GuideKind.COACH,
        "guide": coach,
        "assignment": None,
        "mode": str(MeetingMode.ONLINE),
        "agenda": "Penulisan rancangan",
    }
    _write(person, day=day, hour=16, stage=stage, notes=notes, **facts)


def _write(person: Participant, *, day: int, hour: int, stage: str, notes: str, mode: str, **facts: object) -> None:
    """Write one session as the two would have left it, with its story."""
    start = datetime.combine(timezone.localdate() + timedelta(days=day), datetime.min.time(), ZONES["WITA"]) + timedelta(hours=hour)
    end, made = start + timedelta(minutes=60), start - timedelta(days=3)
    guide: User = facts["guide"]  # type: ignore[assignment]
    session = MentoringSession.objects.create(
        participant=person,
        bundle=uuid4(),
        mode=mode,
        starts_at=start,
        ends_at=end,
        zone="WITA",
        place="Ruang rapat kantor" if mode == MeetingMode.OFFLINE else "",
        link=LINK if mode == MeetingMode.ONLINE else "",
        stage=stage,
        stage_at=min(end, timezone.now()),
        last_side=Side.GUIDE,
        notes=notes,
        guide_confirmed_at=end if notes else None,
        participant_confirmed_at=end + timedelta(hours=4) if stage == SessionStage.CONFIRMED else None,
        created_by=guide,
        created_at=made,
        **facts,
    )
    SessionChange.objects.create(session=session, action="propose", new=SessionStage.PROPOSED, by=guide, at=made)


def _handover(mentees: Sequence[MentorAssignment], cast: Cast) -> None:
    """Let one more person come from another mentor by a waiver, with a handover that waits to be received."""
    mentor, pksdm, today = mentees[0].mentor, cast.users["pksdm"], timezone.localdate()
    others = MentorAssignment.objects.active().filter(participant__batch=mentees[0].participant.batch).exclude(mentor=mentor)
    other = others.select_related("mentor__user").order_by("pk").first()
    if other is None:
        return
    decision = services.Decision(1, "Contoh-12/SDM/2026", today, today + timedelta(days=90), "Kekurangan mentor di kabupaten ini (contoh).")
    services.record_waiver(mentor_id=mentor.pk, decision=decision, by=pksdm)
    services.change_mentor(participant_id=other.participant_id, mentor_id=mentor.pk, reason="Mentor lama pindah tugas", by=pksdm)
    handover = mentor.assignments.active().get(participant_id=other.participant_id).taken_over  # type: ignore[attr-defined]
    services.write_handover(
        handover_id=handover.pk,
        version=handover.version,
        notes="Isu terpilih: arsip digital. Peserta sudah menyusun fishbone.",
        by=other.mentor.user,
    )
