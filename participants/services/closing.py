"""How an import ends: saved, or stopped on the way, so that nothing of it hangs."""

from __future__ import annotations

from collections import Counter

from django.db import models, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.jobs.models import OPEN_STATES, Job
from latsar.ui.words import thousands
from participants.enums import ImportState, RowOutcome
from participants.imports import ParticipantImport


def outcome_counts(upload: ParticipantImport) -> dict[str, int]:
    """Count the rows of an import by outcome, as they are now."""
    found = dict(upload.rows.order_by().values_list("outcome").annotate(Count("pk")))
    return {str(outcome): found.get(outcome, 0) for outcome in RowOutcome}


def count_fields(counts: Counter[str] | dict[str, int]) -> dict[str, int]:
    """Name the columns that hold the counts by outcome."""
    return {f"{outcome.value}_count": counts.get(outcome, 0) for outcome in RowOutcome}


@transaction.atomic
def close_import(upload: ParticipantImport) -> str:
    """Close the import with the counts that came true, and say them."""
    _recount(upload)
    upload.state, upload.committed_at = ImportState.COMMITTED, upload.committed_at or timezone.now()
    upload.save()
    said = [_("%(count)s baris tersimpan.") % {"count": thousands(upload.ready_count)}]
    if upload.error_count:
        said.append(_("%(count)s baris salah menunggu unggahan berikutnya.") % {"count": thousands(upload.error_count)})
    if _previews_of(upload).exists():
        said.append(_("Sisanya menunggu diperiksa lagi."))
    return " ".join(said)


def settle_commit(job: Job) -> None:
    """End the import of a saving that was cancelled or failed. Runs twice without harm."""
    for pk in ParticipantImport.objects.filter(job=job).values_list("pk", flat=True):
        settle_import(import_id=pk)


def settle_undo(job: Job) -> None:
    """End the undoing that was cancelled or failed: what it took back stays so, the rest may be undone later."""
    for pk in ParticipantImport.objects.filter(undo_job=job).values_list("pk", flat=True):
        settle_import(import_id=pk)


def settle_stopped() -> int:
    """End every import whose job ended without telling it, as when the worker was killed; return how many."""
    hanging = ParticipantImport.objects.filter(state__in=[ImportState.COMMITTING, ImportState.UNDOING])
    return sum(settle_import(import_id=pk) is not None for pk in list(hanging.values_list("pk", flat=True)))


@transaction.atomic
def settle_import(*, import_id: int) -> ParticipantImport | None:
    """End an import whose job has ended before it was through; return what waits for a decision now, None when nothing hung.

    Nothing saved: it is a preview again. Some saved: those are the import, and the others wait as a preview of their own.
    """
    upload = ParticipantImport.objects.select_for_update(of=("self",)).select_related("job", "undo_job").get(pk=import_id)
    if upload.state == ImportState.UNDOING and _has_stopped(upload.undo_job):
        upload.state, upload.undone_count = ImportState.COMMITTED, upload.rows.filter(undone_at__isnull=False).count()
        upload.save(update_fields=["state", "undone_count"])
        return upload
    if upload.state != ImportState.COMMITTING or not _has_stopped(upload.job):
        return None
    if not upload.rows.filter(saved_at__isnull=False).exists():
        upload.state = ImportState.PREVIEW
        _recount(upload)
        upload.save()
        return upload
    rest = _split_rest(upload)
    close_import(upload)
    return rest or upload


def _has_stopped(job: Job | None) -> bool:
    return job is None or job.state not in OPEN_STATES


def _previews_of(upload: ParticipantImport) -> models.QuerySet[ParticipantImport]:
    """Undecided previews of the same file, as left by a saving that stopped."""
    return ParticipantImport.objects.filter(uploaded_by=upload.uploaded_by_id, sha256=upload.sha256, state=ImportState.PREVIEW)


def _split_rest(upload: ParticipantImport) -> ParticipantImport | None:
    waiting = upload.rows.waiting()  # type: ignore[attr-defined]
    if not waiting.exists():
        return None
    rest = ParticipantImport.objects.create(
        filename=upload.filename, sha256=upload.sha256, uploaded_by_id=upload.uploaded_by_id, checked_at=upload.checked_at
    )
    waiting.update(participant_import=rest)
    _recount(rest)
    rest.save()
    return rest


def _recount(upload: ParticipantImport) -> None:
    for name, count in count_fields(outcome_counts(upload)).items():
        setattr(upload, name, count)
    upload.problem_count = sum(len(errors) for errors in upload.rows.filter(outcome=RowOutcome.ERROR).values_list("errors", flat=True))
