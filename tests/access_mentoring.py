"""Pool, sessions, handovers and charters of one side of the access matrix, and what each visitor is answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from aktualisasi.demo.sample_pdf import sample_rancangan
from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.documents.models import DocumentKind, DocumentState, IssuedDocument
from latsar.training.models import Batch
from mentoring.models import (
    Handover,
    Mentor,
    MentorAssignment,
    MentorCertificate,
    MentoringSession,
    MentorTraining,
    MentorWaiver,
    SessionChange,
    SessionFile,
    WaiverPlace,
)
from mentoring.pool import SLOT_BASE
from participants.models import Participant
from tests.factories import RoleGrantFactory, UserFactory

ADDRESSES = [
    ("mentor_export", "", "post", "302 404 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 404"),
    ("mentor_detail", "mentor", "get", "302 404 200 200 200 200 200 200 200 404 404 404 404 200 404 404 404 404"),
    ("mentor_edit", "mentor", "get", "302 404 200 404 404 200 404 200 404 404 404 404 404 404 404 404 404 404"),
    ("mentor_willing", "mentor", "post", "302 404 302 404 404 302 404 302 404 404 404 404 404 404 404 404 404 404"),
    ("mentor_training", "mentor", "get", "302 404 200 404 404 200 404 200 404 404 404 404 404 404 404 404 404 404"),
    ("mentor_waiver", "mentor", "get", "302 404 404 404 404 404 404 200 404 404 404 404 404 404 404 404 404 404"),
    ("training_file", "training", "get", "302 404 200 404 404 200 404 200 200 404 404 404 404 200 404 404 404 404"),
    ("training_remove", "training", "post", "302 404 302 404 404 302 404 302 404 404 404 404 404 404 404 404 404 404"),
    ("waiver_file", "waiver", "get", "302 404 200 404 404 200 404 200 200 404 404 404 404 200 404 404 404 404"),
    ("waiver_end", "waiver", "post", "302 404 404 404 404 404 404 302 404 404 404 404 404 404 404 404 404 404"),
    ("handover", "handover", "get", "302 404 200 404 404 200 404 200 200 404 404 404 404 200 404 404 404 404"),
    ("guidance_sessions", "", "get", "302 404 404 404 404 404 404 404 404 404 404 200 200 200 200 200 200 404"),
    ("guidance_add", "", "get", "302 404 404 404 404 404 404 404 404 404 404 200 200 200 200 200 200 404"),
    ("guidance_session", "guidance", "get", "302 404 200 404 404 200 404 200 200 200 404 200 404 200 404 404 404 404"),
    ("guidance_edit", "guidance", "get", "302 404 404 404 404 404 404 404 404 404 404 200 404 200 404 404 404 404"),
    ("guidance_step", "guidance", "post", "302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404"),
    ("guidance_cancel", "guidance", "post", "302 404 404 404 404 404 404 404 404 404 404 422 404 422 404 404 404 404"),
    ("guidance_notes", "guidance", "post", "302 404 404 404 404 404 404 404 404 404 404 422 404 422 404 404 404 404"),
    ("guidance_file", "guidance file", "get", "302 404 200 404 404 200 404 200 200 200 404 200 404 200 404 404 404 404"),
    ("guidance_file_remove", "guidance file", "post", "302 404 404 404 404 404 404 404 404 404 404 404 404 302 404 404 404 404"),
    ("guidance_session", "coaching", "get", "302 404 200 404 404 200 404 200 200 200 404 200 404 404 404 200 404 404"),
    ("consultation_card", "card", "get", "302 404 200 404 404 200 404 200 200 200 404 200 404 200 404 404 404 404"),
    ("consultation_card", "coach card", "get", "302 404 200 404 404 200 404 200 200 200 404 200 404 404 404 200 404 404"),
    ("participant_guidance", "participant", "get", "302 404 200 404 404 200 404 200 200 200 404 404 404 404 404 404 404 404"),
    ("batch_charters", "batch", "get", "302 404 200 404 404 200 404 200 200 404 404 404 404 404 404 404 404 404"),
    ("charter_draft", "batch+mentor", "get", "302 404 404 404 404 404 404 302 404 404 404 404 404 404 404 404 404 404"),
    ("charter_file", "charter", "get", "302 404 200 404 404 200 404 200 200 404 404 404 404 200 404 404 404 404"),
    ("charter_revoke", "charter", "get", "302 404 404 404 404 404 404 200 404 404 404 404 404 404 404 404 404 404"),
]  # fmt: skip


@dataclass
class GuidanceSet:
    mentor: Mentor
    training: MentorTraining
    waiver: MentorWaiver
    handover: Handover
    session: MentoringSession
    coaching: MentoringSession
    file: SessionFile
    charter: MentorCertificate

    def arguments(self, batch: Batch, person: Participant) -> dict[str, list[object]]:
        return {
            "mentor": [self.mentor.pk],
            "training": [self.training.pk],
            "waiver": [self.waiver.pk],
            "handover": [self.handover.pk],
            "guidance": [self.session.pk],
            "coaching": [self.coaching.pk],
            "guidance file": [self.file.pk],
            "charter": [self.charter.pk],
            "card": [person.pk, "mentor"],
            "coach card": [person.pk, "coach"],
            "batch+mentor": [batch.pk, self.mentor.pk],
        }


def add_guidance(present: MentorAssignment, batch: Batch, coach: User, by: User, canary: str) -> GuidanceSet:
    """Make a mentor with all records, who took over from another one, and a session of mentor and coach each."""
    mentor, person, day = present.mentor, present.participant, timezone.localdate()
    before_user = UserFactory(full_name="Mentor Lama")  # the pool of mentors is shared by all offices
    RoleGrantFactory(user=before_user, role=Role.MENTOR)
    old = Mentor.objects.create(user=before_user, nip=f"{mentor.nip[:-1]}8", satker=mentor.satker, jabatan="Kasubbag")
    before = MentorAssignment.objects.create(
        mentor=old, participant=person, slot=1, assigned_by=by, ended_at=timezone.now(), ended_by=by, end_reason=f"{canary} Sebab"
    )
    handover = Handover.objects.create(before=before, after=present, notes=f"{canary} Serah", notes_at=timezone.now())
    training = MentorTraining(mentor=mentor, held_on=day, organiser="Penyelenggara", note=f"{canary} Bekal", recorded_by=by)
    training.file_name, training.file_kind = "bukti.pdf", "pdf"
    training.file.save(f"{canary}-bekal.pdf", ContentFile(sample_rancangan()))
    mentor.trained_on = day
    mentor.save()
    waiver = MentorWaiver(
        mentor=mentor, extra_places=1, number="1/SK", decided_on=day, valid_until=day + timedelta(days=90), reason="Alasan", recorded_by=by,
        file_name="sk.pdf", file_kind="pdf",
    )  # fmt: skip
    waiver.file.save(f"{canary}-sk.pdf", ContentFile(sample_rancangan()))
    WaiverPlace.objects.create(number=mentor.pk * SLOT_BASE + 6, mentor=mentor, slot=6, waiver=waiver)
    start = timezone.now() + timedelta(days=3)
    when = {"starts_at": start, "ends_at": start + timedelta(hours=1), "stage": "agreed", "last_side": "guide", "created_by": by}
    session = MentoringSession.objects.create(
        participant=person, kind="mentor", guide=mentor.user, assignment=present, agenda=f"{canary} Acara", place=f"{canary} Ruang", **when
    )
    SessionChange.objects.create(session=session, action="propose", new="proposed", by=mentor.user, note=f"{canary} Langkah")
    coaching = MentoringSession.objects.create(participant=person, kind="coach", guide=coach, agenda=f"{canary} Coaching", **when)
    file = SessionFile(session=session, name=f"{canary} bukti.pdf", kind="pdf", size=9, sha256="0" * 64, uploaded_by=mentor.user)
    file.file.save(f"{canary}-sesi.pdf", ContentFile(sample_rancangan()))
    document = IssuedDocument(
        kind=DocumentKind.MENTOR, number=f"{canary}/001", holder=mentor.user, holder_name=str(mentor), title="Piagam", satker=mentor.satker,
        province=mentor.satker.province, face={}, state=DocumentState.ISSUED, sha256="0" * 64, issued_at=timezone.now(), issued_by=by,
    )  # fmt: skip
    document.file.save(f"{canary}-piagam.pdf", ContentFile(sample_rancangan()))
    charter = MentorCertificate.objects.create(mentor=mentor, batch=batch, document=document)
    return GuidanceSet(mentor, training, waiver, handover, session, coaching, file, charter)
