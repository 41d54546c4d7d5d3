"""Mentors with their slots, coaches, and rancangan at every stage."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from aktualisasi import deadlines
from aktualisasi.demo import names
from aktualisasi.demo.batches import GROUPS, Rules
from aktualisasi.demo.sample_pdf import sample_rancangan
from aktualisasi.enums import PaperStage, Reviewer
from aktualisasi.models import Paper, PaperStageChange, PaperVersion, Rancangan, ReviewNote
from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant, User
from latsar.satker.models import Satker
from latsar.training.enums import PhaseKind
from latsar.training.models import Batch
from mentoring.coaches import coaches_of
from mentoring.enums import MENTEE_LIMIT
from mentoring.models import GroupCoach, Mentor, MentorAssignment
from participants.models import Participant, Placement

TITLES = (
    "Arsip digital Keputusan Ketua dan Sekretaris yang terbit melalui JDIH di {unit}",
    "Fitur artikel pada laman resmi {unit} untuk pelayanan informasi publik",
    "Kartu kendali surat masuk berbasis lembar kerja bersama di {unit}",
    "Panduan layanan PPID satu halaman di {unit}",
    "Daftar periksa pemutakhiran data pemilih berkelanjutan di {unit}",
)
SUMMARY = "Dokumen masih tersebar di beberapa tempat sehingga permintaan informasi lama dijawab. Rancangan ini menata arsip fisik, memindai, dan menerbitkannya."


def make_mentors(rng: Random, rules: Rules, units: Sequence[Satker], count: int) -> list[Mentor]:
    """Make `count` mentors over the units, with accounts that nobody can sign in to yet."""
    people = []
    for n in range(count):
        unit = units[n % len(units)]
        female = rng.random() < 0.5
        code = (unit.province or unit).code
        nip = f"{rng.randint(1972, 1990)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{rng.randint(2005, 2015)}{rng.randint(1, 12):02d}{2 if female else 1}{900 + n % 100}"
        people.append((nip, f"{names.invent(rng, code, female=female)}, S.H., M.Si.", unit))
    users = User.objects.bulk_create(
        [User(username=nip, full_name=name, password=make_password(None), zone=unit.zone) for nip, name, unit in people], batch_size=2000
    )
    RoleGrant.objects.bulk_create([RoleGrant(user=u, role=Role.MENTOR, granted_by=rules.by) for u in users], batch_size=2000)
    return Mentor.objects.bulk_create(
        [
            Mentor(
                user=u,
                nip=u.username,
                satker=unit,
                jabatan="Kepala Subbagian Teknis Penyelenggaraan",
                trained_on=rules.today - timedelta(days=rng.randint(60, 900)),
            )
            for u, (_nip, _name, unit) in zip(users, people, strict=True)
        ],
        batch_size=2000,
    )


def assign(rules: Rules, mentors: Sequence[Mentor], people: Sequence[Participant]) -> None:
    """Fill the mentors' slots one after the other, never more than five each."""
    slots = [(mentor, slot) for slot in range(1, MENTEE_LIMIT + 1) for mentor in mentors]
    MentorAssignment.objects.bulk_create(
        [
            MentorAssignment(mentor=mentor, participant=person, slot=slot, assigned_by=rules.by)
            for person, (mentor, slot) in zip(people, slots, strict=False)
        ],
        batch_size=2000,
    )


ANSWER_TIME = timedelta(days=2)
NOTES = (
    (2, "Sebutkan siapa yang dilayani arsip ini dan berapa permintaan setiap bulan."),
    (3, "Jadwal minggu kedua berbenturan dengan tahapan di satker, geser satu minggu."),
)


def coach_groups(batches: Sequence[Batch], coach: User, person: Participant) -> None:
    """Give the demo coach one group of each batch, in this person's batch the own group."""
    own = Placement.objects.active().filter(participant=person).values_list("seat__batch_id", "group").first()
    groups = {batch.pk: 1 + n % GROUPS for n, batch in enumerate(batches)} | ({own[0]: own[1] or 1} if own else {})
    GroupCoach.objects.bulk_create([GroupCoach(batch=batch, group=groups[batch.pk], coach=coach) for batch in batches])


def title_for(person: Participant, number: int) -> str:
    """Return one of the titles, for the person's own unit."""
    return TITLES[number % len(TITLES)].format(unit=person.satker.name)


def write_rancangan(rules: Rules, people: Sequence[Participant], stages: Sequence[str], author: User) -> list[Rancangan]:
    """Write one rancangan a person; those beyond the draft get a real PDF version."""
    content = sample_rancangan()
    stored = default_storage.save("rancangan/contoh/rancangan-contoh.pdf", ContentFile(content))
    digest = hashlib.sha256(content).hexdigest()
    due = {b.pk: _due(b) for b in {p.batch for p in people if p.batch}}
    rows = Rancangan.objects.bulk_create([Rancangan(participant=p, title=title_for(p, n), summary=SUMMARY) for n, p in enumerate(people)])
    now = timezone.now()
    papers = Paper.objects.bulk_create(
        [
            Paper(
                rancangan=row,
                kind="rancangan",
                stage=stage,
                stage_at=now - timedelta(days=1 + n % 6),
                due_on=due.get(row.participant.batch_id or 0),
                first_submitted_at=None if stage == PaperStage.DRAFT else now - timedelta(days=1 + n % 6) - ANSWER_TIME,
            )
            for n, (row, stage) in enumerate(zip(rows, stages, strict=True))
        ]
    )
    approved = [paper.rancangan for paper in papers if paper.stage == PaperStage.APPROVED]
    for row in approved:
        row.participant.aktualisasi_title = row.title
    Participant.objects.bulk_update([row.participant for row in approved], ["aktualisasi_title"], batch_size=500)
    for paper in papers:
        if paper.stage != PaperStage.DRAFT:
            add_version(paper, author, stored, digest, len(content))
    return rows


def _due(batch: Batch) -> date | None:
    seminar = next((p for p in batch.phases.all() if p.kind == PhaseKind.PROPOSAL_SEMINAR), None)
    return seminar.starts_on if seminar else None


def add_version(paper: Paper, author: User, stored: str, digest: str, size: int) -> None:
    """Give a paper its document and the way to its stage."""
    person = paper.rancangan.participant
    who = person.user or author
    submitted_at = paper.stage_at if paper.stage == PaperStage.SUBMITTED else paper.stage_at - ANSWER_TIME
    version = PaperVersion.objects.create(
        paper=paper,
        number=1,
        file=stored,
        name="Rancangan aktualisasi.pdf",
        size=size,
        pages=3,
        sha256=digest,
        uploaded_by=who,
        uploaded_at=submitted_at,
        submitted_at=submitted_at,
    )
    PaperStageChange.objects.create(paper=paper, action="submit", old=PaperStage.DRAFT, new=PaperStage.SUBMITTED, by=who, at=submitted_at)
    if paper.due_on is not None and timezone.localdate(submitted_at) > paper.due_on:
        paper.submitted_late, paper.late_days = True, deadlines.late_days(paper.due_on, timezone.localdate(submitted_at))
        paper.save(update_fields=["submitted_late", "late_days"])
    if paper.stage == PaperStage.SUBMITTED:
        return
    mentor = MentorAssignment.objects.active().filter(participant=person).select_related("mentor__user").first()
    reader = mentor.mentor.user if mentor else author
    if paper.stage == PaperStage.RETURNED:
        for page, text in NOTES:
            ReviewNote.objects.create(
                version=version, page=page, text=text, role=Reviewer.MENTOR, by=reader, at=paper.stage_at, sent_at=paper.stage_at
            )
        PaperStageChange.objects.create(
            paper=paper, action="return", old=PaperStage.SUBMITTED, new=PaperStage.RETURNED, by=reader, at=paper.stage_at
        )
        return
    approved_at = paper.stage_at if paper.stage == PaperStage.AT_COACH else paper.stage_at - ANSWER_TIME / 2
    PaperStageChange.objects.create(
        paper=paper, action="approve", old=PaperStage.SUBMITTED, new=PaperStage.AT_COACH, by=reader, at=approved_at
    )
    if paper.stage == PaperStage.APPROVED:
        coach = coaches_of([person.pk]).get(person.pk, author)
        PaperStageChange.objects.create(
            paper=paper, action="accept", old=PaperStage.AT_COACH, new=PaperStage.APPROVED, by=coach, at=paper.stage_at
        )
