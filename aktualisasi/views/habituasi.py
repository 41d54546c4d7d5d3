"""The habituasi of one person: the participant's own page, the readers' page, one tahapan."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from aktualisasi import habituasi_policies as policies
from aktualisasi.habituasi import Evidence, PlanChange, WeeklyReport
from aktualisasi.habituasi_enums import MAX_AT_ONCE
from aktualisasi.habituasi_forms import EvidenceForm, PlanChangeForm, WeeklyForm, WorkForm
from aktualisasi.habituasi_page import Habituasi, change_pill, habituasi_page, prefill, report_pill, visible_tahapan, work_pill
from aktualisasi.habituasi_progress import is_late
from aktualisasi.models import Rancangan, Tahapan
from aktualisasi.report_weeks import Week, habituasi_of, planned_day, today_at, weeks_of
from aktualisasi.services.recording import record_tahapan
from aktualisasi.views.author import own_participant
from aktualisasi.views.progress import progress_list
from aktualisasi.views.reading import FOLLOWERS
from latsar.accounts import seen
from latsar.accounts.access import allow
from latsar.accounts.enums import ViewKind
from latsar.accounts.errors import Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.documents.intake.refusal import MAX_UPLOAD_BYTES
from latsar.documents.upload.tickets import write_ticket
from latsar.training.forms import add_refusal
from latsar.ui.numbers import whole_number
from mentoring.models import GroupCoach, MentorAssignment
from participants.models import Participant

PLAN = ("participant__satker", "participant__batch__institute")


def upload_target(participant_id: int) -> str:
    """Name what pieces are sent for: the evidence of this person."""
    return f"bukti:{participant_id}"


@allow(*FOLLOWERS)
@require_GET
def habituasi_home(request: AuthedRequest) -> HttpResponse:
    """The participant's own habituasi; everybody else gets the list within scope."""
    participant = own_participant(request)
    if participant is None:
        return progress_list(request)
    return own_page(request, participant)


@allow(*FOLLOWERS)
@require_GET
def habituasi_person(request: AuthedRequest, participant_id: int) -> HttpResponse:
    """One habituasi as its readers see it: the mentor, the coach, the units, the institute."""
    rancangan = get_object_or_404(Rancangan.objects.visible_to(request.user).select_related(*PLAN), participant=participant_id)
    person = rancangan.participant
    seen.note_view(request, person, ViewKind.WORK)
    page = habituasi_page(request.user, rancangan)
    latest = Evidence.objects.visible_to(request.user).current().filter(participant=person).order_by("-uploaded_at")[:12]
    context = {
        **_shared(request, page),
        "latest": list(latest.select_related("tahapan__kegiatan")),
        "is_own": policies.is_author(request.user, person),
    }
    return render(request, "aktualisasi/habituasi_person.html", context)


@allow(*FOLLOWERS)
@require_http_methods(["GET", "POST"])
def tahapan_detail(request: AuthedRequest, tahapan_id: int) -> HttpResponse:
    """One tahapan: its days and state, its evidence, its changes of plan. Its author writes here."""
    tahapan = get_object_or_404(
        visible_tahapan(request.user).select_related("work", *(f"kegiatan__rancangan__{name}" for name in PLAN)), pk=tahapan_id
    )
    rancangan = tahapan.kegiatan.rancangan
    seen.note_view(request, rancangan.participant, ViewKind.WORK)
    can_record = policies.can_record(request.user, rancangan)
    if request.method == "POST" and not can_record:
        raise Http404
    form = WorkForm(request.POST) if request.method == "POST" else WorkForm.of(getattr(tahapan, "work", None))
    status = HTTPStatus.OK
    if request.method == "POST":
        if form.is_valid() and _recorded(request, tahapan, form):
            return redirect(f"{reverse('habituasi_home')}#tahapan-{tahapan.pk}")
        status = HTTPStatus.CONFLICT if _is_stale(form) else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "aktualisasi/tahapan.html", _tahapan_context(request, tahapan, form, can_record=can_record), status=status)


def own_page(
    request: AuthedRequest,
    participant: Participant,
    *,
    evidence: EvidenceForm | None = None,
    weekly: WeeklyForm | None = None,
    week: int | None = None,
    change: PlanChangeForm | None = None,
    stored: WeeklyReport | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Draw the participant's page; a refused form comes back with what was typed."""
    rancangan = Rancangan.objects.visible_to(request.user).filter(participant=participant).select_related(*PLAN).first()
    if rancangan is None:
        return render(request, "aktualisasi/habituasi_none.html", {"participant": participant})
    page = habituasi_page(request.user, rancangan)
    can_record = page.is_open and policies.can_record(request.user, rancangan)
    shown = _week(page, week if week is not None else whole_number(request.GET.get("minggu")))
    report = next((line.report for line in page.week_lines if shown and line.week.number == shown.number), None)
    tahapan, curriculum = page.tahapan, participant.batch.curriculum_id if participant.batch else None
    pictures = Evidence.objects.visible_to(request.user).current().filter(participant=participant)
    if evidence is None:
        wanted = whole_number(request.GET.get("tahapan")) or _next_tahapan(page)
        evidence = EvidenceForm(tahapan=tahapan, initial={"tahapan": wanted, "shown_on": page.today})
    evidence.ticket = write_ticket(user=request.user, target=upload_target(participant.pk), limit=MAX_UPLOAD_BYTES)
    if weekly is None and shown:
        words = "" if report else prefill(page, shown, list(pictures.order_by("shown_on", "pk")))
        weekly = WeeklyForm.of(report, words, curriculum)
    if change is None:
        initial = {"tahapan": whole_number(request.GET.get("ubah"))}
        change = PlanChangeForm(tahapan=tahapan, kegiatan=page.kegiatan, weeks=page.weeks, initial=initial)
    removed = Evidence.objects.visible_to(request.user).filter(participant=participant, removed_at__isnull=False, tahapan__isnull=False)
    context = {
        **_shared(request, page),
        "can_record": can_record,
        "evidence_form": evidence,
        "photo_limit": MAX_AT_ONCE,
        "weekly": weekly,
        "week": shown,
        "report": report,
        "report_pill": report_pill(report) if report else None,
        "can_withdraw_report": report is not None and policies.can_move_report(request.user, report, "withdraw"),
        "change_form": change,
        "change_open": bool(change.errors or request.GET.get("ubah")),
        "stored": stored,
        "removed": list(removed.order_by("-removed_at")[:5]),
        "back": reverse("habituasi_home"),
    }
    return render(request, "aktualisasi/habituasi.html", context, status=status)


def _shared(request: AuthedRequest, page: Habituasi) -> dict[str, Any]:
    person = page.rancangan.participant
    guide = MentorAssignment.objects.visible_to(request.user).active().filter(participant=person).select_related("mentor__user").first()
    coach = GroupCoach.objects.visible_to(request.user).of_participant(person.pk).select_related("coach").first()
    return {
        "page": page,
        "rancangan": page.rancangan,
        "participant": person,
        "mentor": guide.mentor.user.full_name if guide else "",
        "coach": coach.coach.full_name if coach else "",
        "changes": [(change, change_pill(change)) for change in page.changes],
    }


def _week(page: Habituasi, number: int | None) -> Week | None:
    """Return the week that is asked for when it has begun, else this one."""
    begun = {line.week.number: line.week for line in page.week_lines}
    return begun.get(number or 0) or page.week


def _next_tahapan(page: Habituasi) -> int | None:
    """Return the tahapan that is under way, else the first that is not done."""
    running = [line for line in page.lines if line.work and line.work.state == "running"]
    todo = [line for line in page.lines if not (line.work and line.work.state == "done")]
    first = next(iter(running or todo), None)
    return first.tahapan.pk if first else None


def _recorded(request: AuthedRequest, tahapan: Tahapan, form: WorkForm) -> bool:
    try:
        record_tahapan(tahapan_id=tahapan.pk, by=request.user, **form.cleaned_data)
    except Refused as refused:
        add_refusal(form, refused)
        form.stale = isinstance(refused, StaleVersion)  # type: ignore[attr-defined]
        return False
    messages.success(request, _("Tahapan tersimpan."), extra_tags="toast")
    return True


def _is_stale(form: WorkForm) -> bool:
    return bool(getattr(form, "stale", False))


def _tahapan_context(request: AuthedRequest, tahapan: Tahapan, form: WorkForm, *, can_record: bool) -> dict[str, Any]:
    rancangan, work = tahapan.kegiatan.rancangan, getattr(tahapan, "work", None)
    person = rancangan.participant
    phase, today = habituasi_of(person), today_at(person)
    weeks = weeks_of(phase)
    due_week = work.due_week if work else max(tahapan.kegiatan.weeks, default=None)
    planned_on = work.planned_on if work else None
    state = work.state if work else "todo"
    late = is_late(state, planned_on, due_week, weeks, today)
    if _is_stale(form) and work is not None:
        form.data = {**request.POST.dict(), "version": str(work.version)}
    shown = Evidence.objects.visible_to(request.user).current().filter(tahapan=tahapan).select_related("report")
    changes = PlanChange.objects.visible_to(request.user).filter(tahapan=tahapan).select_related("asked_by", "closed_by")
    return {
        "tahapan": tahapan,
        "number": f"{tahapan.kegiatan.order}.{tahapan.order}",
        "participant": person,
        "work": work,
        "stored": work if _is_stale(form) else None,
        "weeks": work.weeks if work and work.weeks else tahapan.kegiatan.weeks,
        "planned": planned_on or planned_day(weeks, due_week),
        "pill": work_pill(state, late=late),
        "evidence": list(shown.order_by("shown_on", "pk")),
        "changes": [(change, change_pill(change)) for change in changes],
        "form": form,
        "can_record": can_record and phase is not None and phase.starts_on <= today,
        "is_own": policies.is_author(request.user, person),
    }
