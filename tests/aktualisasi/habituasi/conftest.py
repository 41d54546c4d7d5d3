from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile

from aktualisasi.models import Evidence, Paper, PaperVersion, PlanChange, Rancangan, Tahapan, WeeklyReport
from aktualisasi.report_weeks import today_at
from aktualisasi.services.evidence import add_evidence
from aktualisasi.services.plan_changes import ask_change
from aktualisasi.services.weekly import move_report, save_report
from latsar.accounts.models import User
from latsar.documents.upload.services import sent_along
from latsar.training.models import BatchPhase, CurriculumValue
from mentoring.models import GroupCoach
from participants.models import Placement
from tests import factories
from tests.aktualisasi.conftest import Story
from tests.aktualisasi.habituasi.factories import add_phase, add_plan, curriculum_with_values
from tests.conftest import Cast
from tests.corpus import images, pdfs


@dataclass
class Field:
    """The story of the parent fixture in the second week of habituasi: plan approved, four tahapan, mentor and coach there."""

    story: Story
    rancangan: Rancangan
    phase: BatchPhase
    steps: list[Tahapan]
    values: list[CurriculumValue]
    today: date
    count: int = field(default=0)

    @property
    def person_id(self) -> int:
        return self.story.participant.pk

    def evidence(self, step: int = 0, *, content: bytes | None = None, name: str = "foto.jpg", **facts: object) -> Evidence:
        """Add one photo, each time another."""
        self.count += 1
        content = content or images.saved(images.two_halves(60 + self.count), "JPEG")
        given: dict = {"shown_on": self.today, "captions": [f"Foto {self.count}"], "by": self.story.author} | facts
        (made,) = add_evidence(tahapan_id=self.steps[step].pk, files=[sent_along(name, content)], **given)
        return made

    def write(self, week: int = 1, done: str = "Mendata dua lemari.") -> WeeklyReport:
        old = WeeklyReport.objects.filter(participant=self.person_id, week=week).first()
        return save_report(
            participant_id=self.person_id, week=week, done=done, obstacles="", value_id=self.values[0].pk,
            version=old.version if old else 0, by=self.story.author,
        )  # fmt: skip

    def send(self, week: int = 1) -> WeeklyReport:
        return move_report(report_id=self.write(week).pk, action="send", by=self.story.author)

    def ask(self, step: int = 0, **facts: object) -> PlanChange:
        given: dict = {"kind": "change", "text": "Langkah baru", "reason": "Situs dipindah."} | facts
        if given["kind"] != "add":
            given.setdefault("tahapan_id", self.steps[step].pk)
        return ask_change(participant_id=self.person_id, by=self.story.author, **given)


def keep_document(paper: Paper, author: User) -> None:
    """Give a paper the document that was read."""
    content = pdfs.plain()
    version = PaperVersion(paper=paper, number=1, name="rancangan.pdf", size=len(content), pages=1, uploaded_by=author)
    version.sha256, version.submitted_at = hashlib.sha256(content).hexdigest(), paper.first_submitted_at
    version.file.save("rancangan.pdf", ContentFile(content))


@pytest.fixture
def work(story: Story, cast: Cast) -> Field:
    return field_of(story, cast)


def field_of(story: Story, cast: Cast) -> Field:
    """Move the story's participant into the second week of habituasi."""
    person, (curriculum, values) = story.participant, curriculum_with_values()
    batch = factories.BatchFactory(institute=cast.institute_a, province=cast.province_a, curriculum=curriculum)
    person.placements.all().delete()
    person.batch = batch
    person.full_name = "Penulis Contoh, S.Kom."
    person.save(update_fields=["batch", "full_name"])
    Placement.objects.create(participant=person, seat=batch.seats.first(), group=1, placed_by=cast.pksdm)
    GroupCoach.objects.create(batch=batch, group=1, coach=cast.coach_a)
    today = today_at(person)
    monday = today - timedelta(days=today.weekday())
    phase = add_phase(person.batch, monday - timedelta(days=7))
    rancangan = Rancangan.objects.create(participant=person, title="Menata arsip", summary="Arsip tersebar.", idea="Daftar telusur.")
    keep_document(factories.PaperFactory(rancangan=rancangan, stage="approved"), story.author)
    return Field(story, rancangan, phase, add_plan(rancangan), values, today)
