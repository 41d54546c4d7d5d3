"""Data quality: what is missing, contradictory or stale, and who can fix it."""

from __future__ import annotations

import io

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from latsar.accounts import seen
from latsar.accounts.access import allow
from latsar.accounts.active_role import active_grant
from latsar.accounts.models import AuthedRequest
from latsar.ui.listing import PAGE_PARAM
from participants import quality_page
from participants.quality import Check, check_of

QUERY_LENGTH = 80


@allow(*quality_page.READERS)
@require_GET
def quality(request: AuthedRequest) -> HttpResponse:
    """Every check with how many people it finds among one's own."""
    groups = quality_page.groups(request.user, timezone.localdate())
    grant = active_grant(request)
    drafts = quality_page.left_drafts(request.user, timezone.localdate())
    context = {
        "groups": groups,
        "drafts": drafts,
        "is_clean": not drafts and not any(group.total for group in groups),
        "unit": grant.unit_label if grant else "",
    }
    return render(request, "participants/quality.html", context)


@allow(*quality_page.READERS)
@require_GET
def quality_list(request: AuthedRequest, key: str) -> HttpResponse:
    found = quality_page.QualityList(
        _check(key), request.user, q=_asked(request), page=request.GET.get(PAGE_PARAM, ""), today=timezone.localdate()
    )
    seen.note_list(request, [row.person for row in found.rows if row.tells])
    return render(request, "participants/quality_list.html", {"found": found, "check": found.check})


@allow(*quality_page.READERS)
@require_POST
def quality_export(request: AuthedRequest, key: str) -> HttpResponseBase:
    check, query = _check(key), _asked(request)
    many = quality_page.matching(check, request.user, query, timezone.localdate()).order_by()[: quality_page.DIRECT_LIMIT + 1].count()
    if many > quality_page.DIRECT_LIMIT:
        return redirect(quality_page.request_export(check=check, q=query, by=request.user))
    stream = io.BytesIO()
    quality_page.export(stream, check=check, q=query, by=request.user)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=quality_page.file_name(check))


def _check(key: str) -> Check:
    check = check_of(key)
    if check is None:
        raise Http404
    return check


def _asked(request: AuthedRequest) -> str:
    return request.GET.get("q", "").strip()[:QUERY_LENGTH]
