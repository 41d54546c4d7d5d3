from __future__ import annotations

from io import BytesIO
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from latsar.accounts import seen
from latsar.accounts.access import allow, public, signed_in
from latsar.accounts.active_role import active_grant
from latsar.accounts.enums import Role, ViewKind
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.dashboard import finding, national, registry, trail_search
from latsar.dashboard import home as pages
from latsar.dashboard import trail as trails
from latsar.dashboard.guides import GUIDES
from latsar.jobs.health import queue_age
from latsar.satker.models import Satker
from latsar.ui.listing import PAGE_PARAM

TRAIL_ROWS = 50
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


@allow(*trail_search.READERS)
@require_GET
def trail(request: AuthedRequest) -> HttpResponse:
    """The audit trail of the whole country, by who, what, where and when."""
    query = trail_search.TrailQuery.read(request.GET)
    menu = trail_search.selects(query, request.user)
    context = {
        "query": query,
        "trail": trail_search.TrailList(query, request.user, place=request.GET.get(PAGE_PARAM, "")),
        "selects": menu,
        "chips": trail_search.chips(query, menu),
        "problems": query.problems(),
        "address": query.address(),
    }
    return render(request, "dashboard/trail.html", context)


@allow(*trail_search.READERS)
@require_POST
def trail_export(request: AuthedRequest) -> HttpResponseBase:
    query, stream = trail_search.TrailQuery.read(request.GET), BytesIO()
    try:
        trail_search.export_trail(stream, query=query, by=request.user)
    except Refused as refusal:
        messages.warning(request, " ".join(refusal.messages))
        return redirect(f"{reverse('trail')}{query.address()}")
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=_("Jejak_audit_%(day)s.xlsx") % {"day": timezone.localdate().isoformat()})


@signed_in
@require_GET
def trail_object(request: AuthedRequest, kind: str, object_id: int) -> HttpResponse:
    """What happened to one row, for whoever sees the row."""
    obj = trails.object_of(request.user, kind, object_id)
    if obj is None:
        raise Http404
    if kind == "peserta":
        seen.note_view(request, obj, ViewKind.STORY)
    page = Paginator(trails.entries_about(request.user, obj).select_related("actor"), TRAIL_ROWS).get_page(request.GET.get(PAGE_PARAM))
    context = {
        "obj": obj,
        "kind": trails.kind_name(obj._meta.label_lower),
        "url": obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else "",
        "page": page,
        "rows": trails.lines(page.object_list, request.user, obj=obj),
        "shows_request": request.user.scope.nation,
        "shows_values": trails.shows_values(request.user),
    }
    return render(request, "dashboard/trail_object.html", context)


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
