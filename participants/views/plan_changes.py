"""What changes a plan: its question, its numbers, moves by hand, trials, and applying it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.training.forms import add_refusal
from latsar.ui.numbers import whole_number
from participants.models import Plan
from participants.planning import page, policies
from participants.planning.demand import open_batches
from participants.planning.forms import MoveForm, PlanForm, ReplaceForm, SeatsForm, TryForm
from participants.services import plan_commit as commit
from participants.services import plan_moves as moves
from participants.services import planning as services
from participants.views.planning import IMAGINED, detail_context, people_context, to_plan, visible_plan


@allow(Role.PKSDM)
@require_http_methods(["GET", "POST"])
def plan_edit(request: AuthedRequest, plan_id: int) -> HttpResponse:
    """Other rules or other seats: the draft is computed anew."""
    plan = visible_plan(request, plan_id)
    require(policies.can_change(request.user, plan))
    form = PlanForm(request.POST or None, by=request.user, plan=plan)
    imagined = SeatsForm(request.POST or None, by=request.user, prefix=IMAGINED, empty_permitted=True, use_required_attribute=False)
    status = 200
    if request.method == "POST" and form.is_valid() and imagined.is_valid():
        try:
            facts = form.facts([imagined.thought_up()] if imagined.has_changed() else [])
            version = form.cleaned_data["version"]
            return to_plan(request, services.update_plan(plan_id=plan.pk, version=version, facts=facts, by=request.user))
        except StaleVersion as stale:
            form.add_error(None, stale.messages)
            status = 409
        except Refused as refusal:
            add_refusal(imagined if hasattr(refusal, "error_dict") else form, refusal)
    context = {"form": form, "imagined": imagined, "ticked": form.ticked(), "plan": plan}
    return render(request, "participants/plan_form.html", context, status=status)


@allow(Role.PKSDM)
@require_POST
def plan_solve(request: AuthedRequest, plan_id: int) -> HttpResponse:
    plan = visible_plan(request, plan_id)
    require(policies.can_change(request.user, plan))
    try:
        plan = services.compute_plan(plan_id=plan.pk, by=request.user, keep_manual=request.POST.get("tangan") != "lepas")
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(plan)
    if plan.is_draft:
        messages.success(request, _("Usulan dihitung ulang dari keadaan sekarang."), extra_tags="toast")
    return to_plan(request, plan)


@allow(Role.PKSDM)
@require_POST
def plan_move(request: AuthedRequest, plan_id: int) -> HttpResponse:
    """Look at a move, or make it; the list that it came from is drawn again with what was ticked."""
    plan = visible_plan(request, plan_id)
    require(policies.can_change(request.user, plan))
    form, only_look = MoveForm(request.POST, plan=plan), request.POST.get("aksi") == "periksa"
    check, status, is_valid = None, 200, form.is_valid()
    if is_valid:
        data = form.cleaned_data
        check = moves.check_move(plan_id=plan.pk, participant_ids=data["orang"], offer_id=data["tujuan"], by=request.user)
        if not only_look:
            try:
                count = moves.move_people(
                    plan_id=plan.pk, version=data["version"], participant_ids=data["orang"], offer_id=data["tujuan"], by=request.user
                )
            except Refused as refusal:
                form.add_error(None, refusal.messages)
                status = 409 if isinstance(refusal, StaleVersion) else 422
            else:
                return _moved(request, plan, count)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "participants/_plan_check.html", {"check": check})
    chosen = QueryDict(request.POST.get("saring", "")).dict()
    status = 422 if not is_valid else status
    return render(request, "participants/plan_people.html", people_context(request, plan, chosen, form) | {"check": check}, status=status)


def _moved(request: AuthedRequest, plan: Plan, count: int) -> HttpResponse:
    text = ngettext("%(n)d orang dipindah.", "%(n)d orang dipindah.", count) % {"n": count}
    messages.success(request, text, extra_tags="toast")
    return _back_to_list(request, plan)


def _back_to_list(request: AuthedRequest, plan: Plan) -> HttpResponse:
    query = QueryDict(request.POST.get("saring", ""))
    return redirect(page.people_url(plan, **query.dict()))


@allow(Role.PKSDM)
@require_POST
def plan_undo(request: AuthedRequest, plan_id: int) -> HttpResponse:
    plan = visible_plan(request, plan_id)
    require(policies.can_change(request.user, plan))
    ids = [pk for value in request.POST.getlist("orang") if (pk := whole_number(value)) is not None]
    version = whole_number(request.POST.get("version"))
    try:
        count = moves.undo_moves(plan_id=plan.pk, version=version or 0, participant_ids=ids, by=request.user)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        text = ngettext("%(n)d pindahan diurungkan.", "%(n)d pindahan diurungkan.", count) % {"n": count}
        messages.success(request, text, extra_tags="toast")
    return _back_to_list(request, plan)


@allow(Role.PKSDM)
@require_POST
def plan_try(request: AuthedRequest, plan_id: int) -> HttpResponse:
    """What if an institute gave more seats: a trial beside the plan."""
    plan = visible_plan(request, plan_id)
    require(policies.can_change(request.user, plan))
    form = TryForm(request.POST, by=request.user)
    if form.is_valid():
        wider = form.cleaned_data["allow_other_provinces"]
        try:
            trial = services.try_seats(plan_id=plan.pk, seats=form.thought_up(), allow_other_provinces=wider, by=request.user)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            return redirect(f"{plan.get_absolute_url()}#andai") if trial.is_draft else to_plan(request, trial)
    return render(request, "participants/plan_detail.html", detail_context(request, plan, form), status=422)


@allow(Role.PKSDM)
@require_POST
def plan_keep(request: AuthedRequest, plan_id: int) -> HttpResponse:
    plan = visible_plan(request, plan_id)
    require(policies.can_change(request.user, plan))
    services.keep_plan(plan_id=plan.pk, name=request.POST.get("name", ""), by=request.user)
    messages.success(request, _("%(plan)s tersimpan sebagai konsep.") % {"plan": plan}, extra_tags="toast")
    return redirect("plan_list")


@allow(Role.PKSDM)
@require_http_methods(["GET", "POST"])
def plan_commit(request: AuthedRequest, plan_id: int) -> HttpResponse:
    """Ask once more, then place people as a job."""
    plan = visible_plan(request, plan_id)
    require(policies.can_change(request.user, plan) and plan.solved_at is not None)
    if request.method == "POST":
        version = whole_number(request.POST.get("version")) or 0
        try:
            return redirect(commit.request_commit(plan_id=plan.pk, version=version, by=request.user))
        except Refused as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect(plan)
    rows = [row for row in page.offer_rows(plan) if row.people]
    seated, imagined = sum(row.people for row in rows), sum(row.people for row in rows if row.offer.is_thought_up)
    context = {"plan": plan, "rows": rows, "seated": seated, "obstacle": commit.obstacle(seated, imagined)}
    return render(request, "participants/plan_commit.html", context)


@allow(Role.PKSDM)
@require_POST
def plan_discard(request: AuthedRequest, plan_id: int) -> HttpResponse:
    plan = visible_plan(request, plan_id)
    try:
        services.discard_plan(plan_id=plan.pk, by=request.user)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(plan)
    messages.success(request, _("%(plan)s dibuang. Tidak ada yang ditempatkan.") % {"plan": plan}, extra_tags="toast")
    return redirect(plan.parent) if plan.is_trial and plan.parent else redirect("plan_list")


@allow(Role.PKSDM)
@require_http_methods(["GET", "POST"])
def plan_offer(request: AuthedRequest, plan_id: int, offer_id: int) -> HttpResponse:
    """Thought-up seats: put a real angkatan in their place, or take them out."""
    plan = visible_plan(request, plan_id)
    require(policies.can_change(request.user, plan))
    offer = get_object_or_404(plan.offers.select_related("institute").filter(batch=None), pk=offer_id)
    batches = open_batches(request.user, timezone.localdate())
    form = ReplaceForm(request.POST or None, batches=batches, initial={"version": plan.version})
    changed, status = None, 200
    try:
        if request.method == "POST" and request.POST.get("aksi") == "hapus":
            version = whole_number(request.POST.get("version")) or 0
            changed = services.remove_offer(plan_id=plan.pk, version=version, offer_id=offer.pk, by=request.user)
        elif request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            changed = services.replace_offer(
                plan_id=plan.pk, version=data["version"], offer_id=offer.pk, batch_id=data["batch"], by=request.user
            )
    except Refused as refusal:
        add_refusal(form, refusal)
        status = 409 if isinstance(refusal, StaleVersion) else 422
    if changed is not None:
        return to_plan(request, changed)
    return render(request, "participants/plan_offer.html", {"plan": plan, "offer": offer, "form": form}, status=status)
