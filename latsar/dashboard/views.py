from __future__ import annotations

from urllib.parse import urlencode

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from latsar.accounts.access import allow, public, signed_in
from latsar.accounts.active_role import active_grant
from latsar.accounts.enums import Role
from latsar.accounts.models import AuthedRequest
from latsar.dashboard import finding, national, registry
from latsar.dashboard import home as pages
from latsar.dashboard.guides import GUIDES
from latsar.jobs.health import queue_age
from latsar.satker.models import Satker

QUEUE_AGE_LIMIT = 300  # seconds a job may wait before the portal calls itself not ready


@signed_in
@require_GET
def home(request: AuthedRequest) -> HttpResponse:
    grant = active_grant(request)
    if grant is None:
        return render(request, "dashboard/home_no_role.html")
    return render(request, "dashboard/home.html", pages.home_context(request.user, grant, timezone.now()))


@signed_in
@require_GET
def search(request: AuthedRequest) -> HttpResponse:
    """Show the units and batches that match, else lead to the list where this person's rows are."""
    text = request.GET.get("q", "").strip()[:100]
    readers = (Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM, Role.PIMPINAN, Role.LEMBAGA)
    if request.user.has_role(*readers):
        target = reverse("participant_list")
        if found := finding.find(request.user, text):
            people = f"{target}?{urlencode({'q': text})}"
            return render(request, "dashboard/search.html", {"text": text, "found": found, "people": people})
    elif request.user.has_role(Role.MENTOR, Role.COACH):
        target = reverse("mentoring_home")
    else:
        target = reverse("home")
    return redirect(f"{target}?{urlencode({'q': text})}" if text else target)


@allow(*national.READERS)
@require_GET
def national_dashboard(request: AuthedRequest) -> HttpResponse:
    """Show the country, or lead a province to its own page."""
    own = national.own_province(request.user, active_grant(request))
    if own is not None:
        return redirect("dashboard_province", code=own.code)
    picture = registry.picture_of(request.user, None, timezone.localdate())
    return render(request, "dashboard/national.html", national.country_context(picture, national.measure_of(request.GET.get("ukuran", ""))))


@allow(*national.READERS)
@require_GET
def dashboard_province(request: AuthedRequest, code: str) -> HttpResponse:
    """Show one province by its satker."""
    province = get_object_or_404(Satker.objects.visible_to(request.user).filter(kind__in=national.PROVINCE_KINDS), code=code)
    picture = registry.picture_of(request.user, province, timezone.localdate())
    context = national.province_context(picture, national.measure_of(request.GET.get("ukuran", "")), province)
    return render(request, "dashboard/national_province.html", context | {"sees_nation": request.user.scope.nation})


@public
@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    grant = active_grant(request) if request.user.is_authenticated else None  # type: ignore[arg-type]
    own = grant.role if grant else ""
    return render(request, "dashboard/help.html", {"guides": sorted(GUIDES, key=lambda guide: guide.role != own), "own": own})


@public
@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "dashboard/privacy.html")


@public
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers; it asks nothing else."""
    return JsonResponse({"status": "ok"})


@public
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether the database answers and work is being picked up."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        waiting = queue_age()
    except Exception:
        return JsonResponse({"status": "unavailable", "database": "down"}, status=503)
    ready = waiting < QUEUE_AGE_LIMIT
    return JsonResponse(
        {"status": "ok" if ready else "degraded", "database": "ok", "queue_age_seconds": round(waiting)}, status=200 if ready else 503
    )
