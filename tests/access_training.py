"""What a side of the access world has of its timetable: a session of today with a mark, an upload, PKTBT, a calendar address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from latsar.accounts.models import User
from latsar.training.enums import PhaseKind
from latsar.training.models import Batch, BatchPhase, Lecturer, TrainingSession
from participants.feeds import hash_token, make_token
from participants.models import Attendance, AttendanceChange, CalendarAddress, Participant, PktbtActivity, TableUpload


@dataclass
class Training:
    session: TrainingSession
    phase: BatchPhase
    upload: TableUpload
    activity: PktbtActivity
    address: CalendarAddress

    def arguments(self, batch: Batch, person: Participant) -> dict[str, list[object]]:
        return {
            "batch+session": [batch.pk, self.session.pk],
            "session": [self.session.pk],
            "batch+phase": [batch.pk, self.phase.pk],
            "pktbt": [batch.pk, self.phase.pk, person.pk],
            "evidence": [self.activity.pk],
            "batch+upload": [batch.pk, self.upload.pk],
            "feed": [self.address.token],
        }


def build_training(batch: Batch, person: Participant, canary: str, institute_user: User, by: User) -> Training:
    now = timezone.now()
    lecturer = Lecturer.objects.create(institute=batch.institute, name=f"{canary} Pengajar")
    session = TrainingSession.objects.create(
        batch=batch, phase=batch.phases.first(), number=1, title=f"{canary} Acara", jp=3, starts_at=now, ends_at=now + timedelta(hours=2),
        lecturer=lecturer, room=f"{canary} Ruang", check_in_opens_at=now - timedelta(hours=1), check_in_closes_at=now + timedelta(hours=1),
        needs_code=True, created_by=by,
    )  # fmt: skip
    mark = Attendance.objects.create(participant=person, session=session, mark="H", marked_by=by)
    AttendanceChange.objects.create(attendance=mark, new="H", source="click", by=by, reason=f"{canary} Sebab")
    phase = BatchPhase.objects.create(
        batch=batch, order=10, kind=PhaseKind.PKTBT, name="PKTBT", starts_on=batch.starts_on, ends_on=batch.ends_on, is_parallel=True
    )
    activity = PktbtActivity(
        participant=person, phase=phase, topic=f"{canary} Topik", starts_on=batch.starts_on, ends_on=batch.ends_on, hours=4, created_by=by
    )
    activity.evidence_name = f"{canary}.pdf"
    activity.evidence.save("bukti.pdf", ContentFile(b"%PDF-1.4"))
    upload = TableUpload.objects.create(
        kind="timetable", batch=batch, filename=f"{canary}.xlsx", sha256="0" * 64, headings=["Tanggal", "Mulai"], rows=[[2, [canary, "8.00"]]],
        uploaded_by=institute_user,
    )  # fmt: skip
    assert person.user is not None
    address = CalendarAddress.objects.create(user=person.user, nonce=canary, token_hash=hash_token(make_token(person.user.pk, canary)))
    return Training(session, phase, upload, activity, address)
