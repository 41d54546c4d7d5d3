from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from aktualisasi import services
from aktualisasi.content import Plan, read_plan
from aktualisasi.enums import Bone
from aktualisasi.fields import digest
from aktualisasi.models import Issue, Kegiatan, Rancangan
from latsar.accounts.models import User
from latsar.training.models import AgendaSubject, Batch, BatchPhase, Curriculum, CurriculumValue
from participants.models import Participant
from tests import factories
from tests.aktualisasi.conftest import Story

VALUES = ("Berorientasi Pelayanan", "Akuntabel")
ISSUE_WORDS = ("statement", "current", "expected", "impact", "reason")
YES = dict.fromkeys(("aktual", "problematik", "kekhalayakan", "layak"), "1")


def rules(method: str, values: tuple[str, ...] = VALUES, agendas: int = 4) -> Curriculum:
    """Make a published curriculum with its values and agendas, each agenda with one subject, the third with two."""
    curriculum = factories.CurriculumFactory(published_at=None)
    for n, name in enumerate(values, 1):
        CurriculumValue.objects.create(curriculum=curriculum, order=n, name=name)
    names = [(f"Agenda {n}", f"Mata {n}") for n in range(1, agendas + 1)]
    names[2:3] = [("Agenda 3", "Manajemen ASN"), ("Agenda 3", "Smart ASN")] if agendas > 2 else []
    for n, (agenda, name) in enumerate(names, 1):
        AgendaSubject.objects.create(curriculum=curriculum, method=method, order=n, agenda=agenda, name=name, hours=3)
    Curriculum.objects.filter(pk=curriculum.pk).update(published_at=timezone.now())
    return curriculum


def settle(batch: Batch, curriculum: Curriculum) -> None:
    """Give the batch this curriculum, as its planner does before it opens."""
    stage, row = batch.stage, Batch.objects.filter(pk=batch.pk)
    for change in ({"stage": "draft"}, {"curriculum": curriculum}, {"stage": stage}):
        row.update(**change)
    batch.refresh_from_db()


@dataclass
class Builder:
    """The participant of the story at the fields of the own rancangan."""

    author: User
    participant: Participant

    def save(self, key: str, text: str, seen: str = "", by: User | None = None) -> services.fields.Saved:
        return services.save_field(participant_id=self.participant.pk, key=key, text=text, seen=digest(seen), by=by or self.author)

    def add(self, kind: str, parent: int = 0, bone: str = "") -> Any:
        return services.add_row(participant_id=self.participant.pk, kind=kind, parent=parent, bone=bone, by=self.author)

    def remove(self, kind: str, row_id: int) -> Any:
        return services.remove_row(participant_id=self.participant.pk, kind=kind, row_id=row_id, by=self.author)

    def restore(self, removed_id: int) -> Any:
        return services.restore_row(participant_id=self.participant.pk, removed_id=removed_id, by=self.author)

    def move(self, kind: str, row_id: int, *, up: bool) -> Any:
        return services.move_row(participant_id=self.participant.pk, kind=kind, row_id=row_id, up=up, by=self.author)

    def issue(self, text: str, marks: str = "") -> Issue:
        """Add an issue; `marks` like "554" pass APKL, "" leaves everything open."""
        issue = self.add("issue")
        for name in ISSUE_WORDS:
            self.save(f"issue.{issue.pk}.{name}", f"{text}, {name}")
        if marks:
            for name, answer in YES.items():
                self.save(f"issue.{issue.pk}.{name}", answer)
            for name, mark in zip(("urgency", "seriousness", "growth"), marks, strict=True):
                self.save(f"issue.{issue.pk}.{name}", mark)
        issue.refresh_from_db()
        return issue

    def kegiatan(self, title: str = "Menyusun daftar arsip") -> Kegiatan:
        row = self.add("kegiatan")
        self.save(f"kegiatan.{row.pk}.title", title)
        row.refresh_from_db()
        return row

    def whole(self) -> Rancangan:
        """Write a rancangan in which nothing is missing."""
        for name in ("title", "summary", "unit_profile", "job_profile", "agenda_summary", "idea"):
            self.save(f"rancangan.{name}", f"Isi {name}")
        for text, marks in (("Arsip", "554"), ("PPID", "443"), ("Papan", "222")):
            self.issue(text, marks)
        plan = self.plan
        for bone in Bone:
            cause = self.add("cause", plan.chosen.pk, bone.value)
            self.save(f"cause.{cause.pk}.text", f"Sebab {bone.value}")
        self.save(f"cause.{cause.pk}.is_root", "1", "0")
        row = self.kegiatan()
        for name, text in (("cause", str(cause.pk)), ("visi_misi", "Misi"), ("penguatan", "Nilai"), ("weeks", "1,2")):
            self.save(f"kegiatan.{row.pk}.{name}", text)
        step = self.add("tahapan", row.pk)
        for name in ("text", "output", "proof"):
            self.save(f"tahapan.{step.pk}.{name}", f"Isi {name}")
        for value in self.plan.values:
            self.save(f"nilai.{row.pk}.{value.pk}", f"Kaitan {value.name}")
        for subject in self.plan.subjects:
            self.save(f"agenda.{row.pk}.{subject.pk}", f"Kaitan {subject.name}")
        return Rancangan.objects.get()

    @property
    def plan(self) -> Plan:
        person = Participant.objects.select_related("batch__institute", "batch__curriculum", "satker", "province").get(
            pk=self.participant.pk
        )
        rancangan = Rancangan.objects.filter(participant=person).first()
        if rancangan:
            rancangan.participant = person
        return read_plan(person, rancangan)


@pytest.fixture
def builder(story: Story) -> Builder:
    return builder_of(story)


def builder_of(story: Story) -> Builder:
    """Give the story's batch its curriculum and its habituasi."""
    batch = story.participant.batch
    settle(batch, rules(batch.method))
    start = batch.starts_on + timedelta(days=30)
    BatchPhase.objects.create(batch=batch, order=9, kind="habituasi", name="Habituasi", starts_on=start, ends_on=start + timedelta(days=35))
    return Builder(story.author, story.participant)
