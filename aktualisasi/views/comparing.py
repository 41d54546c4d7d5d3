"""Two versions of a paper beside each other."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from aktualisasi import paper_content
from aktualisasi.models import Paper
from aktualisasi.views.reading import READERS
from latsar.accounts import seen
from latsar.accounts.access import allow
from latsar.accounts.enums import ViewKind
from latsar.accounts.models import AuthedRequest
from latsar.ui.numbers import whole_number


@allow(*READERS)
@require_GET
def paper_compare(request: AuthedRequest, paper_id: int) -> HttpResponse:
    """What changed between two versions that were kept as data; PDFs of the participant's own are shown page beside page."""
    papers = Paper.objects.visible_to(request.user).select_related("rancangan__participant__satker")
    paper = get_object_or_404(papers, pk=paper_id)
    seen.note_view(request, paper.rancangan.participant, ViewKind.WORK)
    versions = list(paper.versions.all())
    by_number = {version.number: version for version in versions}
    new = by_number.get(whole_number(request.GET.get("ke")) or 0) or (versions[0] if versions else None)
    earlier = [version for version in versions if new and version.number < new.number]
    old = by_number.get(whole_number(request.GET.get("dari")) or 0) or (earlier[0] if earlier else None)
    is_data = old is not None and new is not None and old.content is not None and new.content is not None
    page = max(whole_number(request.GET.get("halaman")) or 1, 1)
    last = max(old.pages if old else 0, new.pages if new else 0)
    context = {
        "paper": paper,
        "versions": versions,
        "old": old,
        "new": new,
        "is_data": is_data,
        "sections": paper_content.changes(old.content or {}, new.content or {}) if is_data and old and new else [],
        "page": min(page, max(last, 1)),
        "last": last,
        "sides": [side for side in (old, new) if side is not None],
    }
    return render(request, "aktualisasi/compare.html", context)
