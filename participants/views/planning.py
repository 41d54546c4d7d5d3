"""Planning for the nation: what is needed, the plans, one plan and its people, plans side by side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from latsar.accounts import seen
from latsar.accounts.access import allow
from latsar.accounts.enums import Role, ViewKind
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.satker.models import Satker
from latsar.training.forms import add_refusal
from latsar.ui import components
from latsar.ui.numbers import whole_number
from participants import candidates
from participants.clock import BUCKETS
from participants.models import Participant, Plan
from participants.planning import compare, listing, page, people, policies
from participants.planning.enums import PlanScope, PlanState
from participants.planning.export import plan_workbook
from participants.planning.forms import MoveForm, PlanForm, SeatsForm, TryForm
from participants.services import plan_commit
from participants.services import planning as services

LATEST = 3
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IMAGINED = "andaian"


def visible_plan(request: AuthedRequest, plan_id: int) -> Plan:
    """Fetch a plan, or answer 404."""
    rows = Plan.objects.visible_to(request.user).select_related("job", "parent", "created_by", "committed_by", "wave")
    return get_object_or_404(rows, pk=plan_id)


@allow(Role.PKSDM)
@require_GET
def planning(request: AuthedRequest) -> HttpResponse:
    """Demand against seats for the nation, and the way into plans."""
    today = timezone.localdate()
    offers = candidates.open_offers(request.user)
    rows = candidates.demand(request.user, offers, today)
    waiting, free = sum(row.total for row in rows), sum(max(0, offer.free) for offer in offers)
    urgent = sum(sum(row.numbers[:2]) for row in rows)
    figures = [
        components.Figure(_("Butuh kursi"), waiting, _("disetujui, belum ditempatkan")),
        components.Figure(_("Batas 30 hari atau kurang"), urgent, _("termasuk yang lewat"), level="bad" if urgent else ""),
        components.Figure(_("Kursi kosong"), free, _("di %(count)d angkatan yang dibuka") % {"count": len(offers)}),
    ]
    heads = [str(bucket.label) for bucket in BUCKETS]
    cells = [{"row": row, "numbers": list(zip(heads, row.numbers, strict=True))} for row in rows]
    plans = listing.plan_rows(Plan.objects.visible_to(request.user).kept().select_related("created_by")[:LATEST])
    return render(
        request, "participants/planning.html", {"rows": cells, "heads": heads, "offers": offers, "figures": figures, "plans": plans}
    )


@allow(Role.PKSDM)
@require_GET
def plan_list(request: AuthedRequest) -> HttpResponse:
    shown = listing.plan_page(request.user, request.GET.dict())
    context = {"page": shown, "rows": listing.plan_rows(shown), "chosen": request.GET.dict(), "states": PlanState.choices}
    return render(request, "participants/plan_list.html", context)


@allow(Role.PKSDM)
@require_http_methods(["GET", "POST"])
def plan_add(request: AuthedRequest) -> HttpResponse:
    form = PlanForm(request.POST or None, by=request.user, initial=_asked_for(request))
    imagined = SeatsForm(request.POST or None, by=request.user, prefix=IMAGINED, empty_permitted=True, use_required_attribute=False)
    if request.method == "POST" and form.is_valid() and imagined.is_valid():
        try:
            facts = form.facts([imagined.thought_up()] if imagined.has_changed() else [])
            return to_plan(request, services.create_plan(facts=facts, by=request.user))
        except Refused as refusal:
            add_refusal(imagined if hasattr(refusal, "error_dict") else form, refusal)
    return render(
        request,
        "participants/plan_form.html",
        {"form": form, "imagined": imagined, "ticked": form.ticked(), "ticked_granted": form.ticked("granted"), "plan": None},
    )


def _asked_for(request: AuthedRequest) -> dict[str, Any]:
    """A province in the address narrows the scope from the start; a seat request there is ticked."""
    asked = whole_number(request.GET.get("kursi"))
    granted = {"granted": [asked]} if asked is not None else {}
    province = Satker.objects.visible_to(request.user).filter(code=request.GET.get("provinsi", "")).first()
    return {"scope": PlanScope.PROVINCES, "provinces": [province.pk], **granted} if province else granted


def to_plan(request: AuthedRequest, plan: Plan) -> HttpResponse:
    """Go to the plan, or to the progress of its computation."""
    return redirect(plan.job if plan.state == PlanState.SOLVING and plan.job else plan)


@allow(Role.PKSDM)
@require_GET
def plan_detail(request: AuthedRequest, plan_id: int) -> HttpResponse:
    plan = visible_plan(request, plan_id)
    form = TryForm(by=request.user, initial={"allow_other_provinces": plan.setting("allow_other_provinces")})
    return render(request, "participants/plan_detail.html", detail_context(request, plan, form))


def detail_context(request: AuthedRequest, plan: Plan, form: TryForm) -> dict[str, Any]:
    """Everything on the page of a plan; a trial with more seats stands beside it."""
    own_job = plan.job if plan.job is not None and plan.job.requested_by_id == request.user.pk else None
    common = {"plan": plan, "own_job": own_job, "can_change": policies.can_change(request.user, plan)}
    if plan.solved_at is None:
        return common
    everything, unplaced = page.offer_rows(plan), page.unplaced(plan)
    rows = [row for row in everything if row.people or row.offer.seats]
    shown = rows if "semua" in request.GET else rows[: page.OFFERS_SHOWN]
    trial = Plan.objects.visible_to(request.user).filter(parent=plan, is_trial=True, solved_at__isnull=False, state=PlanState.DRAFT).first()
    seated = sum(row.people for row in rows)
    return common | {
        "figures": page.figures(plan),
        "steps": page.steps(plan),
        "proof": page.proof(plan),
        "rows": shown,
        "rows_total": len(rows),
        "full": len(everything) - len(rows),
        "used": [row for row in rows if row.people],
        "seats_left": sum(row.offer.seats - row.people for row in rows if row.offer.seats > row.people),
        "seated": seated,
        "unplaced": page.person_rows(unplaced[: page.UNPLACED_SHOWN], timezone.localdate()),
        "unplaced_total": plan.figures["unplaced"] + plan.figures["not_ready"],
        "manual": plan.assignments.filter(is_manual=True).count(),
        "form": form,
        "trial": trial,
        "comparison": compare.lines([plan, trial]) if trial else [],
        "obstacle": plan_commit.obstacle(seated, sum(row.people for row in rows if row.offer.is_thought_up)) if plan.is_draft else "",
    }


@allow(Role.PKSDM)
@require_GET
def plan_people(request: AuthedRequest, plan_id: int) -> HttpResponse:
    plan = visible_plan(request, plan_id)
    form = MoveForm(plan=plan, initial={"version": plan.version})
    return render(request, "participants/plan_people.html", people_context(request, plan, request.GET.dict(), form))


def people_context(request: AuthedRequest, plan: Plan, chosen: dict[str, str], form: MoveForm) -> dict[str, Any]:
    """A list of the plan's people under a filter; their needs are on it, so it counts as looked at."""
    shown, rows = people.people_page(plan, chosen, timezone.localdate())
    seen.note_list(request, [row.person for row in rows])
    picked = set(form.data.getlist("orang")) if form.is_bound and hasattr(form.data, "getlist") else set()
    return {
        "plan": plan,
        "page": shown,
        "rows": [(row, str(row.person.pk) in picked) for row in rows],
        "has_manual": any(row.assignment.is_manual for row in rows),
        "chosen": chosen,
        "filters": people.filters(),
        "form": form,
        "can_change": policies.can_change(request.user, plan),
        **people.heading(plan, chosen),
    }


@allow(Role.PKSDM)
@require_GET
def plan_compare(request: AuthedRequest) -> HttpResponse:
    ids = [pk for value in request.GET.getlist("rencana") if (pk := whole_number(value)) is not None]
    plans = compare.comparable(Plan.objects.visible_to(request.user), ids)
    if len(plans) < 2:
        messages.warning(request, _("Pilih dua atau tiga rencana yang sudah dihitung."))
        return redirect("plan_list")
    shown, rows = compare.differing_people(plans, Participant.objects.visible_to(request.user), request.GET.get("halaman"))
    context = {"plans": plans, "lines": compare.lines(plans), "page": shown, "rows": rows}
    return render(request, "participants/plan_compare.html", context)


@allow(Role.PKSDM)
@require_GET
def plan_export(request: AuthedRequest, plan_id: int) -> HttpResponse:
    plan = visible_plan(request, plan_id)
    if plan.solved_at is None:
        return redirect(plan)
    seen.note_views(request, Participant, plan.assignments.values_list("participant_id", flat=True), ViewKind.EXPORT, str(plan))
    response = HttpResponse(plan_workbook(plan), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="rencana-{plan.pk}.xlsx"'
    return response
