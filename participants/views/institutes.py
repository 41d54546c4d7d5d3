"""The list of institutes as a file: the writer of workbooks stands above the room of institutes."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from latsar.accounts.access import allow
from latsar.accounts.models import AuthedRequest
from latsar.training.institute_forms import InstituteFilter
from latsar.training.institute_pages import institute_rows
from participants.institute_book import institutes_workbook
from participants.views.batches import READERS, XLSX


@allow(*READERS)
@require_GET
def institute_export(request: AuthedRequest) -> HttpResponse:
    """The rows of the list as it is filtered and sorted."""
    form = InstituteFilter(request.GET, by=request.user)
    form.is_valid()
    content = institutes_workbook(institute_rows(request.user, form.cleaned_data, timezone.localdate()))
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="lembaga.xlsx"'
    return response
