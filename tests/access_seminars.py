"""A seminar of one side of the access matrix, held today, with a mark, a result, a repair and a signed paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from aktualisasi.demo.sample_pdf import sample_rancangan
from aktualisasi.models import Seminar, SeminarExaminer, SeminarMark, SeminarPaper, SeminarRevision, SeminarTurn
from latsar.accounts.models import User
from latsar.training.models import Batch
from participants.models import Participant


@dataclass
class SeminarSet:
    seminar: Seminar
    draft: Seminar
    turn: SeminarTurn
    revision: SeminarRevision
    paper: SeminarPaper

    def arguments(self) -> dict[str, list[object]]:
        return {
            "seminar": [self.seminar.pk],
            "draft seminar": [self.draft.pk],
            "turn": [self.turn.pk],
            "revision": [self.revision.pk],
            "seminar paper": [self.paper.pk],
        }


def add_seminars(person: Participant, batch: Batch, examiner: User, by: User, canary: str) -> SeminarSet:
    now = timezone.now()
    facts = {"batch": batch, "kind": "seminar_rancangan", "group": 1, "room": f"{canary} Ruang", "created_by": by}
    times = {"starts_at": now - timedelta(minutes=10), "ends_at": now - timedelta(minutes=1)}
    seminar = Seminar.objects.create(**facts, **times, state="announced", notes=f"{canary} Undangan", chair=f"{canary} Pemandu")
    seminar.stage_changes.create(action="announce", old="draft", new="announced", by=by, note=f"{canary} Langkah")
    SeminarExaminer.objects.create(seminar=seminar, number=1, user=examiner)
    turn = SeminarTurn.objects.create(
        seminar=seminar, participant=person, order=1, **times, outcome="revise", outcome_at=now, outcome_by=by, note=f"{canary} Hasil"
    )
    SeminarMark.objects.create(turn=turn, rated_by="penguji", scorer=examiner, typed_by=examiner, note=f"{canary} Nilai")
    revision = SeminarRevision.objects.create(turn=turn, number=1, text=f"{canary} Perbaikan")
    paper = SeminarPaper(turn=turn, name=f"{canary}.pdf", size=9, pages=1, sha256="0" * 64, uploaded_by=by)
    paper.file.save(f"{canary}-ba.pdf", ContentFile(sample_rancangan()))
    draft = Seminar.objects.create(**{**facts, "kind": "seminar_hasil", "room": f"{canary} Konsep"}, **times)
    return SeminarSet(seminar, draft, turn, revision, paper)


# fmt: off
SEMINAR_ADDRESSES = [
    ("seminar_list", "", "get", "302 404 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200"),
    ("batch_seminars", "batch", "get", "302 404 200 404 404 200 404 200 200 200 404 404 404 404 404 404 404 404"),
    ("seminar_plan", "batch", "get", "302 404 404 404 404 404 404 200 404 200 404 404 404 404 404 404 404 404"),
    ("seminar_detail", "seminar", "get", "302 404 200 404 404 200 404 200 200 200 404 200 404 200 404 200 404 200"),
    ("seminar_detail", "draft seminar", "get", "302 404 404 404 404 404 404 200 200 200 404 404 404 404 404 404 404 404"),
    ("seminar_edit", "seminar", "get", "302 404 404 404 404 404 404 200 404 200 404 404 404 404 404 404 404 404"),
    ("seminar_turns", "seminar", "post", "302 404 404 404 404 404 404 302 404 302 404 404 404 404 404 404 404 404"),
    ("seminar_move", "seminar", "post", "302 404 404 404 404 404 404 302 404 302 404 404 404 404 404 404 404 302"),
    ("seminar_print", "seminar", "get", "302 404 200 404 404 200 404 200 200 200 404 200 404 200 404 200 404 200"),
    ("seminar_ics", "seminar", "get", "302 404 200 404 404 200 404 200 200 200 404 200 404 200 404 200 404 200"),
    ("seminar_records", "seminar", "get", "302 404 200 404 404 200 404 200 200 200 404 200 404 200 404 200 404 200"),
    ("seminar_turn", "turn", "get", "302 404 200 404 404 200 404 200 200 200 404 200 404 200 404 200 404 200"),
    ("seminar_score", "turn", "get", "302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 200"),
    ("seminar_score_keep", "turn", "post", "302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 200"),
    ("seminar_result", "turn", "get", "302 404 404 404 404 404 404 200 404 200 404 404 404 404 404 404 404 200"),
    ("seminar_record", "turn", "get", "302 404 200 404 404 200 404 200 200 200 404 200 404 200 404 200 404 200"),
    ("seminar_paper_add", "turn", "post", "302 404 404 404 404 404 404 422 404 422 404 404 404 404 404 404 404 422"),
    ("seminar_paper", "seminar paper", "get", "302 404 200 404 404 200 404 200 200 200 404 200 404 200 404 200 404 200"),
    ("seminar_revision", "revision", "post", "302 404 404 404 404 404 404 404 404 404 404 302 404 404 404 404 404 404"),
]
