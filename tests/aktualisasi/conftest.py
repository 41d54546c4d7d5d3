from __future__ import annotations

from dataclasses import dataclass

import pytest

from aktualisasi import services
from aktualisasi.models import Rancangan, RancanganFile
from latsar.accounts.enums import Role
from latsar.accounts.models import User
from mentoring.models import GroupCoach, MentorAssignment
from participants.models import Participant, Placement
from tests import factories
from tests.conftest import Cast
from tests.corpus import pdfs


@dataclass
class Story:
    """A placed participant of Kupang with a mentor of Ende and a coach; another mentee's rancangan stands beside it."""

    author: User
    participant: Participant
    mentor: User
    assignment: MentorAssignment
    coach: User
    admin: User

    def write(self, title: str = "Menata arsip keputusan", summary: str = "Arsip belum bisa ditelusuri.") -> Rancangan:
        version = getattr(Rancangan.objects.filter(participant=self.participant).first(), "version", 0)
        return services.save_rancangan(participant_id=self.participant.pk, title=title, summary=summary, version=version, by=self.author)

    def upload(self, rancangan: Rancangan, pages: int = 1) -> RancanganFile:
        return services.upload_version(
            rancangan_id=rancangan.pk, content=pdfs.with_pages(pages), name=f"rancangan-{pages}.pdf", by=self.author
        )

    def submit(self, pages: int = 1) -> Rancangan:
        rancangan = self.write()
        self.upload(rancangan, pages)
        return services.move_rancangan(rancangan_id=rancangan.pk, action="submit", by=self.author)


@pytest.fixture
def story(cast: Cast) -> Story:
    batch = factories.BatchFactory(institute=cast.institute_a, province=cast.province_a)
    author = factories.UserFactory(full_name="Penulis Contoh, S.Kom.")
    factories.RoleGrantFactory(user=author, role=Role.PESERTA)
    participant = factories.ParticipantFactory(satker=cast.kupang, user=author, batch=batch, stage="placed")
    Placement.objects.create(participant=participant, seat=batch.seats.first(), group=1, placed_by=cast.pksdm)
    mentor = factories.MentorFactory(user=cast.mentor_a, satker=cast.ende)
    assignment = MentorAssignment.objects.create(mentor=mentor, participant=participant, slot=1, assigned_by=cast.admin_kupang)
    GroupCoach.objects.create(batch=batch, group=1, coach=cast.coach_a)
    return Story(author, participant, cast.mentor_a, assignment, cast.coach_a, cast.admin_kupang)
