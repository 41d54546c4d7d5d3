from __future__ import annotations

from dataclasses import dataclass

import pytest

from aktualisasi import services
from aktualisasi.enums import CHECKLISTS
from aktualisasi.fields import digest
from aktualisasi.models import Paper, PaperVersion, Rancangan
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

    def write(self, title: str = "Menata arsip keputusan", summary: str = "Arsip belum bisa ditelusuri.") -> Paper:
        """Type title and summary as the page does, each against what stands there now."""
        for key, text in (("rancangan.title", title), ("rancangan.summary", summary)):
            stored = getattr(Rancangan.objects.filter(participant=self.participant).first(), key.split(".")[1], "")
            services.save_field(participant_id=self.participant.pk, key=key, text=text, seen=digest(stored), by=self.author)
        return Paper.objects.get(rancangan__participant=self.participant, kind="rancangan")

    def upload(self, paper: Paper, pages: int = 1) -> PaperVersion:
        return services.upload_version(paper_id=paper.pk, content=pdfs.with_pages(pages), name=f"rancangan-{pages}.pdf", by=self.author)

    def submit(self, pages: int = 1) -> Paper:
        paper = self.write()
        self.upload(paper, pages)
        return services.move_paper(paper_id=paper.pk, action="submit", by=self.author)

    def at_coach(self, pages: int = 1) -> Paper:
        paper = self.submit(pages)
        return services.move_paper(paper_id=paper.pk, action="approve", by=self.mentor)

    def approved(self) -> Paper:
        paper = self.at_coach()
        return services.move_paper(paper_id=paper.pk, action="accept", by=self.coach)


def all_ok(kind: str = "rancangan", role: str = "mentor") -> dict[str, bool]:
    return dict.fromkeys((point.value for point in CHECKLISTS[kind, role]), True)


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
