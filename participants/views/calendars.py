"""The private calendar: the page that shows its address, and the public door that answers it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from latsar.accounts.access import allow, public
from latsar.accounts.middleware import client_ip
from latsar.accounts.models import AuthedRequest
from latsar.documents.throttle import WINDOW_SECONDS, admits
from participants.calendar_feed import ROLES, feed_of, owner_of
from participants.models import CalendarAddress
from participants.services import feeds

LOOKS_PER_MINUTE = 60
"""Calendars ask a few times an hour; an office of people has one address."""


@allow(*ROLES)
@require_http_methods(["GET", "POST"])
def calendar_page(request: AuthedRequest) -> HttpResponse:
    if request.method == "POST":
        if request.POST.get("aksi") == "matikan":
            feeds.revoke_address(by=request.user)
            messages.success(request, _("Alamat kalender dimatikan."), extra_tags="toast")
        else:
            feeds.renew_address(by=request.user)
            messages.success(request, _("Alamat kalender siap disalin."), extra_tags="toast")
        return redirect("calendar_page")
    address = CalendarAddress.objects.visible_to(request.user).first()
    url = settings.PUBLIC_URL + reverse("calendar_feed", args=[address.token]) if address and address.token else ""
    context = {"address": address, "url": url, "webcal": f"webcal://{url.partition('://')[2]}" if url else ""}
    return render(request, "participants/calendar_page.html", context)


@public
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Answer whoever knows the token, without signing in; an unknown one is 404 like everything that is not there."""
    if not admits("calendar", client_ip(request) or "", LOOKS_PER_MINUTE):
        response = HttpResponse(_("Terlalu sering. Coba lagi satu menit lagi."), content_type="text/plain; charset=utf-8", status=429)
        response.headers["Retry-After"] = str(WINDOW_SECONDS)
        return response
    owner = owner_of(token)
    if owner is None:
        raise Http404
    with translation.override("id"):
        answer = HttpResponse(feed_of(owner, timezone.now()), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'inline; filename="latsar.ics"'
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
