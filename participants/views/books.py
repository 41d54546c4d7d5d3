"""Lists of the training as workbooks: all rows of what the page shows."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from latsar.accounts.access import allow
from latsar.accounts.models import AuthedRequest
from latsar.training import policies, stage_tables, tables
from participants import batch_book
from participants.views.batches import READERS, XLSX


@allow(*READERS)
@require_GET
def batch_export(request: AuthedRequest) -> HttpResponse:
    return _workbook(batch_book.batch_workbook(tables.batches_of(request.user, request.GET.dict())), "angkatan")


@allow(*policies.STAGE_READERS)
@require_GET
def stage_export(request: AuthedRequest) -> HttpResponse:
    rows = stage_tables.stages(request.user, request.GET.dict(), timezone.localdate())
    return _workbook(batch_book.stage_workbook(rows), "tahapan-pemilu")


def _workbook(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y%m%d}.xlsx"'
    return answer
