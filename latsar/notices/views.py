from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from latsar.accounts.access import signed_in
from latsar.accounts.models import AuthedRequest
from latsar.notices import services
from latsar.notices.models import Notice

PER_PAGE = 30


@signed_in
@require_GET
def notices(request: AuthedRequest) -> HttpResponse:
    mine = Notice.objects.visible_to(request.user)
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("halaman"))
    return render(request, "notices/notice_list.html", {"page": page, "unread": mine.unread().count()})


@signed_in
@require_POST
def notices_read(request: AuthedRequest) -> HttpResponse:
    """Mark one notice as read and go where it leads, or all of them."""
    if "id" not in request.POST:
        services.read_all(by=request.user)
        return redirect("notices")
    chosen = request.POST["id"]
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=int(chosen) if chosen.isdecimal() else 0)
    services.read_notice(notice_id=notice.pk, by=request.user)
    if notice.url and url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None):
        return redirect(notice.url)
    return redirect("notices")
