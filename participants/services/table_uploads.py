"""Tables that an institute brings: kept, their columns chosen and remembered, looked at, and only then saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from latsar.training import policies as training_policies
from latsar.training.models import Batch, BatchPhase, TrainingSession
from latsar.training.services import sessions as timetable
from participants import attendance_policies, seating_policies, table_reading
from participants.attendance_import import plan_attendance
from participants.enums import MarkSource, ProgressSource, RowOutcome, TableKind
from participants.models import ColumnMapping, Participant, TableUpload
from participants.progress_import import plan_progress
from participants.scoring import policies as score_policies
from participants.scoring.enums import ScoreSource
from participants.scoring.score_import import plan_scores, plan_sttp, score_fields
from participants.services.attendance import mark_attendance
from participants.services.progress import record_progress
from participants.services.scoring import Entry, save_scores
from participants.services.sttp import record_sttp
from participants.table_reading import Field, Line
from participants.timetable_import import plan_timetable_rows
from participants.uploads import UPLOAD_KEPT
from participants.workbook.table import read_table

READY = (RowOutcome.NEW, RowOutcome.CHANGED)


def can_upload(user: User, batch: Batch, kind: str) -> bool:
    """Return whether the person brings tables of this kind for the batch: its institute and PKSDM."""
    if kind == TableKind.TIMETABLE:
        return training_policies.can_edit_sessions(user, batch)
    if kind == TableKind.ATTENDANCE:
        return attendance_policies.can_mark(user, batch)
    if kind in (TableKind.SCORES, TableKind.STTP):
        return score_policies.runs_scores(user, batch)
    return training_policies.can_run_batch(user, batch) and seating_policies.can_mark_progress(user, batch) and batch.stage == "running"


def fields_of(batch: Batch, kind: str) -> Sequence[Field]:
    """Return what the columns of a table can mean; those of scores are the batch's components."""
    return (*table_reading.FIELDS[kind], *(score_fields(batch) if kind == TableKind.SCORES else ()))


@transaction.atomic
def upload_table(
    *,
    kind: str,
    batch: Batch,
    source: BinaryIO,
    filename: str,
    by: User,
    phase: BatchPhase | None = None,
    session: TrainingSession | None = None,
) -> TableUpload:
    """Read a file and keep its rows with a first choice of columns. Raises NotAllowed, WorkbookRefused."""
    if not can_upload(by, batch, kind):
        raise NotAllowed
    table = read_table(source, filename)
    upload = TableUpload(kind=kind, batch=batch, phase=phase, session=session, uploaded_by=by, filename=table.filename)
    upload.sha256, upload.headings, upload.rows = table.sha256, table.headings, [[number, texts] for number, texts in table.rows]
    upload.mapping = table_reading.guess(fields_of(batch, kind), table.headings, _remembered(upload))
    upload.save()
    return upload


def _place(upload: TableUpload) -> dict[str, Any]:
    return {"institute_id": upload.batch.institute_id, "kind": upload.kind, "phase_kind": upload.phase.kind if upload.phase else ""}


def _remembered(upload: TableUpload) -> dict[str, str]:
    row = ColumnMapping.objects.filter(**_place(upload)).first()
    return dict(row.mapping) if row else {}


def _locked(upload_id: int, by: User) -> TableUpload:
    rows = (
        TableUpload.objects.visible_to(by)
        .filter(pk=upload_id, saved_at=None)
        .select_related("batch__institute__province", "batch__scheme", "phase", "session", "uploaded_by")
    )
    upload = rows.select_for_update(of=("self",)).first()
    if upload is None or not can_upload(by, upload.batch, upload.kind):
        raise NotAllowed
    return upload


@transaction.atomic
def choose_columns(*, upload_id: int, mapping: Mapping[str, str], by: User) -> TableUpload:
    """Say which heading is which field, and remember it for the institute's next file. Raises NotAllowed, Refused."""
    upload = _locked(upload_id, by)
    chosen = {one.key: mapping[one.key] for one in fields_of(upload.batch, upload.kind) if mapping.get(one.key) in upload.headings}
    if len(set(chosen.values())) != len(chosen):
        raise Refused(_("Satu kolom dipilih dua kali. Setiap kolom hanya untuk satu hal."))
    if problems := table_reading.missing(upload.kind, chosen):
        raise Refused(problems)
    upload.mapping = chosen
    upload.save(update_fields=["mapping"])
    ColumnMapping.objects.update_or_create(**_place(upload), defaults={"mapping": chosen, "updated_by": by, "updated_at": timezone.now()})
    return upload


def plan_upload(upload: TableUpload) -> list[Line]:
    """Judge every row as things stand now; nothing is written. Empty while needed columns are not chosen."""
    if table_reading.missing(upload.kind, upload.mapping):
        return []
    if upload.kind == TableKind.TIMETABLE:
        return plan_timetable_rows(upload, upload.batch)
    people = list(Participant.objects.filter(batch_id=upload.batch_id).exclude(user_id=upload.uploaded_by_id).order_by("pk"))
    if upload.kind == TableKind.SCORES:
        return plan_scores(upload, people, upload.uploaded_by)
    if upload.kind == TableKind.STTP:
        return plan_sttp(upload, people)
    return plan_progress(upload, people) if upload.kind == TableKind.PROGRESS else plan_attendance(upload, people)


def digest_of(lines: Sequence[Line]) -> str:
    """Name exactly this preview: whoever saves it saves what they looked at."""
    return sha256(repr([(line.number, line.outcome, line.text, line.problems) for line in lines]).encode()).hexdigest()[:32]


def counts_of(lines: Sequence[Line]) -> dict[str, int]:
    """Count the rows by outcome."""
    found = Counter(line.outcome for line in lines)
    return {str(outcome): found.get(outcome, 0) for outcome in RowOutcome}


@transaction.atomic
def save_upload(*, upload_id: int, by: User, reason: str = "", digest: str | None = None) -> int:
    """Save the rows that are new or changed and forget the others; returns how many. Wrong rows are left out.

    Saving the same file again changes nothing. `digest` is that of the preview which was looked at. Raises NotAllowed,
    NoReason for a closed session, Refused when nothing is ready or what is stored changed since the preview.
    """
    upload = _locked(upload_id, by)
    lines = plan_upload(upload)
    if digest is not None and digest != digest_of(lines):
        raise Refused(_("Data di portal berubah sejak Anda memeriksa. Periksa lagi baris-baris di bawah, lalu simpan."))
    ready = [line for line in lines if line.outcome in READY]
    if not ready:
        raise Refused(_("Tidak ada baris yang perlu disimpan."))
    saved = SAVERS[TableKind(upload.kind)](upload, ready, by, reason)
    upload.saved_at, upload.saved_rows, upload.rows = timezone.now(), saved, []
    upload.save(update_fields=["saved_at", "saved_rows", "rows"])
    changes = {"files": [None, upload.filename], "new": [None, saved]}
    audit.record(verb="import_table", obj=upload.batch, by=by, changes=changes, note=str(TableKind(upload.kind).label))
    return saved


def _save_progress(upload: TableUpload, ready: Sequence[Line], by: User, reason: str) -> int:
    assert upload.phase is not None
    reached: dict[int, Any] = {line.person.pk: line.facts["reached"] for line in ready if line.person}
    return record_progress(batch=upload.batch, phase=upload.phase, reached=reached, source=ProgressSource.IMPORT, by=by)


def _save_attendance(upload: TableUpload, ready: Sequence[Line], by: User, reason: str) -> int:
    assert upload.session_id is not None
    lines = {line.person.pk: line.facts for line in ready if line.person}
    marks = {pk: str(facts["mark"]) for pk, facts in lines.items()}
    seen = {pk: str(facts["before"]) for pk, facts in lines.items()}
    notes = {pk: str(facts["note"]) for pk, facts in lines.items() if facts["note"]}
    done = mark_attendance(session_id=upload.session_id, marks=marks, seen=seen, by=by, source=MarkSource.FILE, notes=notes, reason=reason)
    return done.changed


def _save_timetable(upload: TableUpload, ready: Sequence[Line], by: User, reason: str) -> int:
    fresh = []
    for line in ready:
        facts: dict[str, Any] = dict(line.facts)
        before = facts.pop("session")
        facts["lecturer"] = timetable.lecturer_named(institute_id=upload.batch.institute_id, name=facts["lecturer"])
        if before is None:
            fresh.append(timetable.SessionFacts(**facts))
            continue
        kept = {name: getattr(before, name) for name in timetable.FIELDS}
        facts["subject"], facts["phase"] = facts["subject"] or before.subject, facts["phase"] or before.phase
        changed = timetable.SessionFacts(**{**kept, **facts})
        timetable.update_session(session_id=before.pk, version=before.version, facts=changed, by=by)
    timetable.add_sessions(batch_id=upload.batch_id, sessions=fresh, by=by)
    return len(ready)


def _save_scores(upload: TableUpload, ready: Sequence[Line], by: User, reason: str) -> int:
    cells: list[Any] = [cell for line in ready for cell in line.facts["entries"]]  # type: ignore[attr-defined]
    save_scores(batch_id=upload.batch_id, entries=[Entry(*cell) for cell in cells], by=by, source=ScoreSource.FILE)
    return len(ready)


def _save_sttp(upload: TableUpload, ready: Sequence[Line], by: User, reason: str) -> int:
    for line in ready:
        assert line.person is not None
        facts: dict[str, Any] = dict(line.facts)
        try:
            record_sttp(batch_id=upload.batch_id, participant_id=line.person.pk, by=by, **facts)
        except Refused as refused:
            text = _("Baris %(n)d, %(name)s: %(why)s")
            raise Refused(text % {"n": line.number, "name": line.label, "why": " ".join(refused.messages)}) from refused
    return len(ready)


SAVERS = {
    TableKind.PROGRESS: _save_progress,
    TableKind.ATTENDANCE: _save_attendance,
    TableKind.TIMETABLE: _save_timetable,
    TableKind.SCORES: _save_scores,
    TableKind.STTP: _save_sttp,
}


@transaction.atomic
def drop_upload(*, upload_id: int, by: User) -> TableUpload:
    """Forget an upload that is not saved. Raises NotAllowed."""
    upload = _locked(upload_id, by)
    key = upload.pk
    upload.delete()
    upload.pk = key
    return upload


def forget_old() -> int:
    """Drop uploads that nobody decided on within the week; returns how many."""
    return TableUpload.objects.filter(saved_at=None, uploaded_at__lt=timezone.now() - UPLOAD_KEPT).delete()[0]
