"""The import of CPNS from a workbook: preview, commit as a job, discard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import IllegalMove, NotAllowed, Refused
from latsar.accounts.models import User
from latsar.bulk import insert_rows, rows_like, uncollected
from latsar.jobs.models import ItemState, Job, JobItem
from latsar.jobs.run import Runner
from latsar.jobs.services import request_job
from participants.enums import ImportState, RowOutcome
from participants.imports import ImportRow, ParticipantImport
from participants.lookups import importable_satker
from participants.services.closing import close_import, count_fields, settle_import
from participants.services.filing import file_import
from participants.services.judging import JudgedRow, Judgement, as_plain, judge_workbook
from participants.services.rechecking import StalePreview, explain_stale, judge_stored
from participants.services.saving import Chunk, save_next_rows
from participants.workbook.gate import SafeWorkbook, open_workbook_safely

COMMIT_TASK = "participants.commit_import"

Source = Path | bytes | BinaryIO


def judge_file(*, source: Source, filename: str, by: User) -> tuple[SafeWorkbook, Judgement]:
    """Read a file and say what it would do; writes nothing. Raises WorkbookRefused for the file as a whole."""
    workbook = open_workbook_safely(source, filename)
    return workbook, judge_workbook(workbook=workbook, by=by)


def preview_import(*, source: Source, filename: str, by: User) -> ParticipantImport:
    """Store what a workbook would do, every row with all its errors, for `by` to decide; a refused file stores nothing.

    An undecided preview of the same file is replaced. Raises WorkbookRefused.
    """
    with uncollected():
        workbook, judgement = judge_file(source=source, filename=filename, by=by)
        return _store(workbook, judgement, by)


@transaction.atomic
def recheck_import(*, import_id: int, by: User) -> ParticipantImport:
    """Compare the stored rows of a preview with the portal as it is now; the file is not needed again.

    Of a saving that stopped on the way it checks what was left. Raises NotAllowed, IllegalMove once the preview was decided.
    """
    upload = _own(import_id, by)
    settled = settle_import(import_id=upload.pk)
    if settled is not None and settled.state == ImportState.COMMITTED:
        return settled
    upload = settled or upload
    if upload.state != ImportState.PREVIEW:
        raise IllegalMove(_("Impor ini sudah diputuskan. Unggah lagi berkasnya bila perlu."))
    stored = list(upload.rows.order_by("number"))
    judgement = judge_stored(rows=stored, by=by)
    upload.rows.all().delete()
    insert_rows(ImportRow, _rows_of(upload, judgement))
    for name, count in count_fields(judgement.count()).items():
        setattr(upload, name, count)
    upload.problem_count, upload.checked_at, upload.revision = len(judgement.errors), timezone.now(), upload.revision + 1
    upload.job = None  # a stopped job that is retried would save what nobody has looked at
    upload.save()
    return upload


@transaction.atomic
def commit_import(*, import_id: int, sha256: str, by: User, revision: int = 1) -> Job:
    """Ask for the ready rows to be saved as a job; asked again, it answers with the same job.

    `sha256` and `revision` are those of the preview that `by` has seen. Each row is checked again when it is saved.
    Raises NotAllowed, IllegalMove when the import was discarded, Refused when nothing is ready or the preview is stale.
    """
    upload = _own(import_id, by)
    if upload.job is not None and upload.state not in (ImportState.PREVIEW, ImportState.DISCARDED):
        return upload.job
    if upload.state != ImportState.PREVIEW:
        raise IllegalMove(_("Impor ini sudah dibatalkan. Unggah lagi berkasnya bila masih perlu disimpan."))
    if (upload.sha256, upload.revision) != (sha256, revision):
        raise Refused(_("Berkas yang Anda periksa bukan berkas ini. Buka lagi hasil pemeriksaannya, lalu simpan."))
    if not upload.ready_count:
        raise Refused(_("Tidak ada baris yang siap disimpan. Perbaiki baris yang salah, lalu unggah lagi."))
    stale = explain_stale(upload, by=by)
    if stale:
        raise StalePreview(stale)
    upload.job = request_job(
        task=COMMIT_TASK,
        title=_("Menyimpan impor %(file)s") % {"file": upload.filename},
        by=by,
        params={"import_id": upload.pk},
        total=upload.ready_count,
        back_url=upload.get_absolute_url(),
    )
    upload.state = ImportState.COMMITTING
    file_import(upload, by=by)
    upload.save(update_fields=["job", "state", "satker", "province"])
    counts = {"new": upload.new_count, "changed": upload.changed_count, "error": upload.error_count}
    audit.record(verb="import", obj=upload, by=by, changes={name: [None, count] for name, count in counts.items()})
    return upload.job


@transaction.atomic
def discard_import(*, import_id: int, by: User) -> ParticipantImport:
    """Drop a preview with the personal data in its rows. Raises NotAllowed, IllegalMove once it is being saved."""
    upload = _own(import_id, by)
    upload = settle_import(import_id=upload.pk) or upload
    if upload.state == ImportState.DISCARDED:
        return upload
    if upload.state != ImportState.PREVIEW:
        raise IllegalMove(_("Impor ini sudah disimpan dan tidak dapat dibatalkan lagi."))
    _drop(upload)
    return upload


def discard_stale_previews() -> int:
    """Drop every preview left undecided for a week; return how many. One locked row at a time, a commit under way wins."""
    dropped = 0
    for pk in list(ParticipantImport.objects.stale(timezone.now()).values_list("pk", flat=True)):
        with transaction.atomic():
            upload = ParticipantImport.objects.stale(timezone.now()).select_for_update(of=("self",)).filter(pk=pk).first()
            if upload is not None:
                _drop(upload)
                dropped += 1
    return dropped


def save_rows(runner: Runner) -> None:
    """Save the waiting rows of a job's import, chunk by chunk; called again after a crash it goes on with the rest.

    A row refused at this moment (stale, taken, no right any more) becomes an error row and a failed item of the job.
    """
    job, by = runner.job, runner.job.requested_by
    upload = _taken_up(job, by)
    units = {unit.pk: unit for unit in importable_satker(by)}
    refused = job.items.update(state=ItemState.FAILED)  # a retried job has queued them again
    saved = upload.rows.filter(saved_at__isnull=False).count()
    waiting = upload.rows.waiting().count()  # type: ignore[attr-defined]
    runner.start(total=saved + refused + waiting, done=saved, failed=refused)
    while chunk := _save_chunk(upload, job, by, units):
        runner.advance(len(chunk.saved))
        runner.fail(len(chunk.refused))
    runner.say(close_import(upload))


def _own(import_id: int, by: User) -> ParticipantImport:
    upload = ParticipantImport.objects.own(by).select_for_update(of=("self",)).filter(pk=import_id).first()
    if upload is None:
        raise NotAllowed
    return upload


@transaction.atomic
def _taken_up(job: Job, by: User) -> ParticipantImport:
    """Return the import that the job saves; a stopped one that nobody has decided on since goes on."""
    upload = ParticipantImport.objects.own(by).select_for_update(of=("self",)).filter(job=job).first()
    if upload is None or upload.state == ImportState.DISCARDED:
        raise Refused(_("Impor ini tidak lagi menunggu pekerjaan ini. Buka impornya untuk melihat keadaannya."))
    if upload.state == ImportState.PREVIEW:
        upload.state = ImportState.COMMITTING
        upload.save(update_fields=["state"])
    return upload


@transaction.atomic
def _store(workbook: SafeWorkbook, judgement: Judgement, by: User) -> ParticipantImport:
    for former in ParticipantImport.objects.own(by).filter(state=ImportState.PREVIEW, sha256=workbook.sha256):
        _drop(former)
    counts = judgement.count()
    upload = ParticipantImport.objects.create(
        filename=workbook.filename[:200],
        sha256=workbook.sha256,
        uploaded_by=by,
        problem_count=len(judgement.errors),
        **count_fields(counts),
    )
    insert_rows(ImportRow, _rows_of(upload, judgement))
    return upload


def _rows_of(upload: ParticipantImport, judgement: Judgement) -> Iterator[ImportRow]:
    """Keep of a row what somebody still needs: a wrong one as typed, the others as understood, to be compared again."""
    like = rows_like(ImportRow(participant_import_id=upload.pk))
    return (like(**_columns(row)) for row in judgement.rows)


def _columns(row: JudgedRow) -> dict[str, Any]:
    columns: dict[str, Any] = {"number": row.raw.number, "nip": row.nip, "label": row.label, "outcome": row.outcome.value}
    columns["base_version"] = row.base_version
    columns["warnings"] = row.warnings
    if row.outcome == RowOutcome.ERROR:
        return columns | {"raw": row.raw.texts(), "errors": [as_plain(error) for error in row.errors]}
    assert row.satker is not None
    data = {"satker": row.satker.pk, "code": row.satker.code, **row.fields}
    if row.cleared:
        data["cleared"] = sorted(row.cleared)
    return columns | {"changes": row.changes, "data": data}


def _drop(upload: ParticipantImport) -> None:
    upload.rows.all().delete()
    upload.state = ImportState.DISCARDED
    upload.save(update_fields=["state"])


@transaction.atomic
def _save_chunk(upload: ParticipantImport, job: Job, by: User, units: dict[int, Any]) -> Chunk:
    state = ParticipantImport.objects.select_for_update().values_list("state", flat=True).get(pk=upload.pk)
    if state not in (ImportState.COMMITTING, ImportState.COMMITTED):
        raise Refused(_("Impor ini tidak lagi menunggu pekerjaan ini. Buka impornya untuk melihat keadaannya."))
    with uncollected():
        chunk = save_next_rows(import_id=upload.pk, by=by, units=units)
    address = f"{reverse('participant_import_preview', args=[upload.pk])}?hasil={RowOutcome.ERROR}"
    JobItem.objects.bulk_create(
        [
            JobItem(
                job=job,
                position=row.number,
                ref=str(row.number),
                label=_("Baris %(row)d, %(name)s") % {"row": row.number, "name": row.label},
                state=ItemState.FAILED,
                message=error.message,
                fix_url=address,
            )
            for row, error in chunk.refused.items()
        ]
    )
    return chunk
