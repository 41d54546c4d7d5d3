from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role
from latsar.accounts.models import AuthedRequest
from latsar.reports import services
from latsar.reports.forms import ReportForm
from latsar.reports.registry import report_for, reports_for

READERS = (Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM, Role.PIMPINAN, Role.LEMBAGA)


@allow(*READERS)
@require_GET
def report_list(request: AuthedRequest) -> HttpResponse:
    return _page(request)


@allow(*READERS)
@require_POST
def report_run(request: AuthedRequest, key: str) -> HttpResponse:
    """Start the job of one report; wrong parameters come back beside their fields."""
    report = report_for(request.user, key)
    require(report is not None)
    assert report is not None
    form = report.form(request.POST, user=request.user, key=key)
    if not form.is_valid():
        return _page(request, refused=form, refused_key=key)
    return redirect(services.request_report(key=key, data=form.raw(), by=request.user))


def _page(request: AuthedRequest, refused: ReportForm | None = None, refused_key: str = "") -> HttpResponse:
    cards = [
        {"report": one, "form": refused if one.key == refused_key else one.form(user=request.user, key=one.key)}
        for one in reports_for(request.user)
    ]
    return render(request, "reports/report_list.html", {"cards": cards, "refused": refused}, status=422 if refused else 200)
