from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from latsar.accounts.access import require, signed_in
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.jobs import policies, services, tables
from latsar.jobs.models import ItemState, Job, JobState
from latsar.jobs.pace import pace

PER_PAGE = 25
OTHERS = 5
FAILED_SHOWN = 100


@signed_in
@require_GET
def job_list(request: AuthedRequest) -> HttpResponse:
    jobs = Job.objects.visible_to(request.user)
    page = Paginator(jobs, PER_PAGE).get_page(request.GET.get("halaman"))
    return render(request, "jobs/job_list.html", {"page": page, "rows": tables.rows(page.object_list, request.user)})


@signed_in
@require_GET
def job_detail(request: AuthedRequest, job_id: int) -> HttpResponse:
    """Show how far a job is; the page asks for its own middle part while the job is open."""
    job = get_object_or_404(Job.objects.visible_to(request.user).select_related("requested_by"), pk=job_id)
    if request.htmx and not request.htmx.boosted:  # type: ignore[attr-defined]
        return render(request, "jobs/_progress.html", _progress(request, job))
    others = Job.objects.visible_to(request.user).exclude(pk=job.pk)[:OTHERS]
    return render(request, "jobs/job_detail.html", _progress(request, job) | {"others": tables.rows(others, request.user)})


@signed_in
@require_http_methods(["GET", "POST"])
def job_cancel(request: AuthedRequest, job_id: int) -> HttpResponse:
    """Ask first: what is not done yet will not be done."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=job_id)
    if not policies.can_cancel(request.user, job):
        return redirect(job)
    if request.method == "POST":
        try:
            services.cancel_job(job_id=job.pk, by=request.user)
        except Refused as no:
            messages.warning(request, no.messages[0])
        return redirect(job)
    return render(request, "jobs/job_cancel.html", {"job": job, "left": max(0, job.total - job.done - job.failed)})


@signed_in
@require_POST
def job_retry(request: AuthedRequest, job_id: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=job_id)
    try:
        services.retry_job(job_id=job.pk, by=request.user)
    except Refused as no:
        messages.warning(request, no.messages[0])
    else:
        messages.success(request, _("Diulangi. Yang sudah selesai tidak dikerjakan dua kali."))
    return redirect(job)


@signed_in
@require_GET
def job_result(request: AuthedRequest, job_id: int) -> HttpResponseBase:
    """Hand out the file to its requester, while the rights it was made with last."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=job_id)
    require(policies.can_download(request.user, job))
    try:
        stream = job.result_file.open("rb")
    except FileNotFoundError as missing:
        raise Http404 from missing
    response = FileResponse(stream, as_attachment=True, filename=job.result_name or _("hasil"))
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _progress(request: AuthedRequest, job: Job) -> dict[str, Any]:
    user = request.user
    speed = pace(job, timezone.now())
    left = 0 if job.is_open else max(0, job.total - job.done - job.failed)
    return {
        "job": job,
        "pill": tables.state_pill(job),
        "speed": speed,
        "is_waiting": job.state == JobState.QUEUED,
        "failed_items": job.items.filter(state=ItemState.FAILED).order_by("position")[:FAILED_SHOWN] if job.failed else [],
        "failed_shown": FAILED_SHOWN,
        "left": left,
        "taken": tables.taken(job),
        "can_cancel": policies.can_cancel(user, job),
        "can_retry": policies.can_retry(user, job),
        "can_download": policies.can_download(user, job),
        "is_past_keeping": policies.is_past_keeping(job),
        "is_lost_right": bool(job.result_file) and not policies.can_download(user, job) and not policies.is_past_keeping(job),
    }
