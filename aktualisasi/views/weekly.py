"""The weekly report: the author's autosave and sending, the mentor's answer."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from aktualisasi import deadlines, tables
from aktualisasi import habituasi_policies as policies
from aktualisasi.habituasi import Evidence, WeeklyReport
from aktualisasi.habituasi_forms import AnswerForm, WeeklyForm
from aktualisasi.habituasi_page import report_pill
from aktualisasi.models import Rancangan
from aktualisasi.report_weeks import habituasi_of, weeks_of
from aktualisasi.services.weekly import move_report, save_report
from aktualisasi.views.author import own_participant
from aktualisasi.views.habituasi import own_page
from aktualisasi.views.reading import FOLLOWERS
from latsar.accounts import seen
from latsar.accounts.access import allow
from latsar.accounts.enums import Role, ViewKind
from latsar.accounts.errors import Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.training.forms import add_refusal
from participants.models import Participant


@allow(Role.PESERTA)
@require_POST
def weekly_edit(request: AuthedRequest, week: int) -> HttpResponse:
    """Save the text; the autosave gets a fragment, the button sends it to the mentor."""
    participant = _writer(request)
    form = WeeklyForm(request.POST, curriculum_id=participant.batch.curriculum_id if participant.batch else None)
    if not form.is_valid():
        return _not_saved(request, participant, form, week)
    try:
        report = save_report(participant_id=participant.pk, week=week, by=request.user, **form.facts())
        if request.POST.get("action") == "send":
            move_report(report_id=report.pk, action="send", by=request.user)
            messages.success(request, _("Laporan minggu %(n)s dikirim ke mentor.") % {"n": week}, extra_tags="toast")
    except Refused as refused:
        return _not_saved(request, participant, form, week, refused)
    if request.headers.get("HX-Request"):
        return render(request, "aktualisasi/_weekly_saved.html", {"report": report})
    if request.POST.get("action") != "send":
        messages.success(request, _("Laporan tersimpan."), extra_tags="toast")
    return redirect("habituasi_home")


@allow(*FOLLOWERS)
@require_GET
def weekly_report(request: AuthedRequest, report_id: int) -> HttpResponse:
    return _page(request, _report(request, report_id))


@allow(Role.PESERTA, Role.MENTOR)
@require_POST
def weekly_move(request: AuthedRequest, report_id: int) -> HttpResponse:
    """Answer, take back, open again; a refused step comes back with the note that was typed."""
    report = _report(request, report_id)
    form, action = AnswerForm(request.POST), request.POST.get("action", "")
    form.is_valid()
    data = form.cleaned_data
    try:
        move_report(report_id=report.pk, action=action, by=request.user, note=data.get("note", ""), version=data.get("version"))
    except Refused as refused:
        add_refusal(form, refused)
        report.refresh_from_db()
        status = HTTPStatus.CONFLICT if isinstance(refused, StaleVersion) else HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(request, report, form=form, status=status)
    if action == "withdraw":
        messages.success(request, _("Laporan ditarik kembali."), extra_tags="toast")
        return redirect("habituasi_home")
    said = _("Laporan disetujui.") if action == "approve" else _("Laporan dikembalikan dengan catatan.")
    messages.success(request, said, extra_tags="toast")
    following = WeeklyReport.objects.visible_to(request.user).mentored_by(request.user).filter(stage="sent").order_by("stage_at").first()
    return redirect(following or report)


def _page(request: AuthedRequest, report: WeeklyReport, *, form: AnswerForm | None = None, status: int = HTTPStatus.OK) -> HttpResponse:
    person = report.participant
    week = next((one for one in weeks_of(habituasi_of(person)) if one.number == report.week), None)
    shown = Evidence.objects.visible_to(request.user).current().filter(participant=person)
    shown = (
        shown.filter(report=report)
        if report.stage in ("sent", "approved") or week is None
        else shown.filter(shown_on__range=(week.starts_on, week.ends_on))
    )
    if form is not None and form.errors:
        form.data = {**request.POST.dict(), "version": str(report.version)}
    context = {
        "report": report,
        "participant": person,
        "week": week,
        "pill": report_pill(report),
        "evidence": list(shown.select_related("tahapan__kegiatan").order_by("shown_on", "pk")),
        "changes": list(report.stage_changes.select_related("by")),
        "form": form or AnswerForm(initial={"version": report.version}),
        "can_answer": policies.can_move_report(request.user, report, "approve"),
        "can_reopen": policies.can_move_report(request.user, report, "reopen"),
        "can_withdraw": policies.can_move_report(request.user, report, "withdraw"),
        "can_edit": report.is_editable and policies.is_report_actor(request.user, report, "author"),
        "answer_due": tables.due_on(deadlines.mentor_due(report.stage_at)) if report.stage == "sent" else None,
        "is_own": policies.is_author(request.user, person),
    }
    return render(request, "aktualisasi/weekly_report.html", context, status=status)


def _report(request: AuthedRequest, report_id: int) -> WeeklyReport:
    rows = WeeklyReport.objects.visible_to(request.user).select_related("participant__satker", "participant__batch", "value")
    report = get_object_or_404(rows, pk=report_id)
    seen.note_view(request, report.participant, ViewKind.WORK)
    return report


def _writer(request: AuthedRequest) -> Participant:
    participant = own_participant(request)
    rancangan = Rancangan.objects.visible_to(request.user).filter(participant=participant).first() if participant else None
    if participant is None or rancangan is None or not policies.can_record(request.user, rancangan):
        raise Http404
    return participant


def _not_saved(
    request: AuthedRequest, participant: Participant, form: WeeklyForm, week: int, refused: Refused | None = None
) -> HttpResponse:
    """Give back what was typed beside what is stored; saving again is then a decision, not an accident."""
    if request.headers.get("HX-Request"):
        reasons = refused.messages if refused else [str(error) for errors in form.errors.values() for error in errors]
        # 200, because htmx shows nothing of an error answer, and the writer must see that this was not saved.
        return render(request, "aktualisasi/_weekly_saved.html", {"reasons": reasons})
    stored = WeeklyReport.objects.visible_to(request.user).filter(participant=participant, week=week).first()
    if refused is not None:
        add_refusal(form, refused)
    if isinstance(refused, StaleVersion) and stored is not None:
        form.data = {**request.POST.dict(), "version": str(stored.version)}
        return own_page(request, participant, weekly=form, week=week, stored=stored, status=HTTPStatus.CONFLICT)
    if stored is not None and refused is not None:
        form.data = {**request.POST.dict(), "version": str(stored.version)}  # the text itself was kept
    return own_page(request, participant, weekly=form, week=week, status=HTTPStatus.UNPROCESSABLE_ENTITY)
