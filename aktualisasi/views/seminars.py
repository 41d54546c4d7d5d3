"""Seminars: the list and the day, the plan of an angkatan, one seminar with its turns."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aktualisasi import examiners, seminar_clashes, seminar_pages
from aktualisasi import seminar_policies as policies
from aktualisasi.models import Seminar, SeminarTurn
from aktualisasi.seminar_forms import ListForm, MoveForm, PlanForm, SeminarForm, arranged
from aktualisasi.seminar_scoring import examiners_wanted
from aktualisasi.seminar_workflow import PLANNED, SEMINAR_MOVES
from aktualisasi.services import seminars as services
from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role
from latsar.accounts.errors import NoReason, Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.training.enums import SeminarKind
from latsar.training.forms import add_refusal
from latsar.training.models import Batch
from latsar.training.services.sessions import zone_of
from latsar.ui.listing import PAGE_PARAM, page_links
from latsar.ui.numbers import whole_number

PLANNERS = (Role.PKSDM, Role.LEMBAGA)
UNITS = (Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PIMPINAN)
READERS = (*PLANNERS, *UNITS, Role.PENGUJI, Role.COACH, Role.MENTOR, Role.PESERTA)
PER_PAGE = 50


@allow(*READERS)
@require_GET
def seminar_list(request: AuthedRequest) -> HttpResponse:
    """Every seminar that concerns the person, the next one on top; with a day it is the roster of that day."""
    form = ListForm(request.GET)
    form.is_valid()
    rows = seminar_pages.filtered(Seminar.objects.visible_to(request.user), form.cleaned_data)
    page = Paginator(seminar_pages.with_rows(rows).order_by("-starts_at", "group", "pk"), PER_PAGE).get_page(request.GET.get(PAGE_PARAM))
    context = {
        "form": form,
        "rows": seminar_pages.rows_of(list(page)),
        "links": page_links(page, _("seminar")),
        "day": form.cleaned_data.get("tanggal"),
        "is_filtered": any(form.cleaned_data.values()),
    }
    return render(request, "aktualisasi/seminar_list.html", context)


@allow(*PLANNERS, *UNITS)
@require_GET
def batch_seminars(request: AuthedRequest, batch_id: int) -> HttpResponse:
    """Both seminars of an angkatan, group by group, and who has no turn yet."""
    batch = get_object_or_404(Batch.objects.visible_to(request.user).select_related("institute", "scheme"), pk=batch_id)
    rows = seminar_pages.rows_of(list(seminar_pages.with_rows(Seminar.objects.visible_to(request.user).filter(batch=batch))))
    plans = policies.plans(request.user, batch)
    kinds = []
    for kind in SeminarKind:
        waiting = services.waiting_people(batch, kind) if plans else {}
        count = sum(map(len, waiting.values()))
        phase = seminar_clashes.phase_of(batch, kind)
        kinds.append((kind, phase, [row for row in rows if row.seminar.kind == kind], count))
    return render(request, "aktualisasi/seminar_batch.html", {"batch": batch, "kinds": kinds, "plans": plans})


@allow(*PLANNERS)
@require_http_methods(["GET", "POST"])
def seminar_plan(request: AuthedRequest, batch_id: int) -> HttpResponse:
    """One seminar per group of an angkatan, in one form."""
    batch = get_object_or_404(
        Batch.objects.visible_to(request.user).select_related("institute__province", "province", "scheme"), pk=batch_id
    )
    require(policies.plans(request.user, batch))
    kind = request.GET.get("jenis", SeminarKind.PROPOSAL)
    require(kind in SeminarKind.values)
    waiting = services.waiting_people(batch, kind)
    phase = seminar_clashes.phase_of(batch, kind)
    form = PlanForm(
        request.POST or None,
        groups={group: len(people) for group, people in sorted(waiting.items(), key=lambda pair: pair[0] or 99)},
        offers=list(examiners.examiners_for(batch)[:200]),
        wanted=examiners_wanted(batch, kind),
        zone=zone_of(batch),
        day=phase.starts_on if phase else None,
    )
    if request.method == "POST" and form.is_valid() and _planned(request, batch, kind, form):
        return redirect("batch_seminars", batch.pk)
    sizes = {group: len(people) for group, people in waiting.items()}
    lines = [(group, sizes[group], fields, named) for group, fields, named in form.lines()]
    context = {"batch": batch, "kind": SeminarKind(kind), "form": form, "lines": lines, "phase": phase}
    return render(request, "aktualisasi/seminar_plan.html", context, status=422 if form.errors else 200)


def _planned(request: AuthedRequest, batch: Batch, kind: str, form: PlanForm) -> bool:
    every, minutes = form.cleaned_data["break_every"] or 0, form.cleaned_data["break_minutes"] or 0
    try:
        made = services.plan_seminars(
            batch_id=batch.pk, kind=kind, plans=form.plans(), by=request.user, break_every=every, break_minutes=minutes
        )
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    text = ngettext("%(n)d seminar disusun. Periksa, lalu umumkan.", "%(n)d seminar disusun. Periksa, lalu umumkan.", len(made))
    messages.success(request, text % {"n": len(made)}, extra_tags="toast")
    return True


@allow(*READERS)
@require_GET
def seminar_detail(request: AuthedRequest, seminar_id: int) -> HttpResponse:
    return _page(request, _seminar(request, seminar_id))


def _page(request: AuthedRequest, seminar: Seminar, *, asked: str = "", problems: Any = (), status: int = 200) -> HttpResponse:
    user = request.user
    plans = policies.plans(user, seminar.batch)
    may_arrange = plans and seminar.state in PLANNED
    rows = seminar_pages.turn_rows(user, seminar)
    waiting = services.waiting_people(seminar.batch, seminar.kind) if may_arrange else {}
    moves = policies.possible_moves(user, seminar)
    changes = list(seminar.stage_changes.select_related("by").order_by("at", "pk"))
    context = {
        "seminar": seminar,
        "batch": seminar.batch,
        "pill": seminar_pages.state_pill(seminar),
        "steps": seminar_pages.steps_of(seminar, changes),
        "rows": rows,
        "others": seminar.turns.count() - len(rows),
        "examiners": [row.user for row in seminar.examiners.all()],
        "findings": seminar_clashes.findings_of(seminar) if may_arrange else [],
        "may_arrange": may_arrange,
        "plans": plans,
        "moves": moves,
        "reasons": [name for name in moves if SEMINAR_MOVES[name].needs_note],
        "waiting": [person for people in waiting.values() for person in people],
        "changes": changes[::-1] if plans else [],
        "sees_batch": plans or user.has_role(*UNITS),
        "asked": asked,
        "problems": problems,
    }
    return render(request, "aktualisasi/seminar_detail.html", context, status=status)


@allow(*PLANNERS)
@require_http_methods(["GET", "POST"])
def seminar_edit(request: AuthedRequest, seminar_id: int) -> HttpResponse:
    """Day, hours, place, examiners."""
    seminar = _seminar(request, seminar_id)
    require(policies.plans(request.user, seminar.batch) and seminar.state in PLANNED)
    offers = list(examiners.examiners_for(seminar.batch)[:200])
    form = SeminarForm(request.POST or None, seminar=seminar, offers=offers, wanted=examiners_wanted(seminar.batch, seminar.kind))
    if request.method == "POST" and form.is_valid():
        try:
            services.save_seminar(seminar_id=seminar.pk, version=form.cleaned_data["version"], facts=form.facts(), by=request.user)
        except StaleVersion:
            raise
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Seminar tersimpan."), extra_tags="toast")
            return redirect(seminar)
    context = {"seminar": seminar, "batch": seminar.batch, "form": form}
    return render(request, "aktualisasi/seminar_edit.html", context, status=422 if form.errors else 200)


@allow(*PLANNERS)
@require_POST
def seminar_turns(request: AuthedRequest, seminar_id: int) -> HttpResponse:
    """Put turns into another order, add people, take one away."""
    seminar = _seminar(request, seminar_id)
    require(policies.plans(request.user, seminar.batch))
    version = whole_number(request.POST.get("version")) or 0
    try:
        if dropped := whole_number(request.POST.get("hapus")):
            turn = get_object_or_404(SeminarTurn.objects.visible_to(request.user).filter(seminar=seminar), pk=dropped)
            services.drop_turn(turn_id=turn.pk, version=version, by=request.user)
            messages.success(request, _("Giliran %(name)s dihapus.") % {"name": turn}, extra_tags="toast")
        elif request.POST.get("aksi") == "tambah":
            chosen = [key for text in request.POST.getlist("peserta") if (key := whole_number(text))]
            services.add_turns(seminar_id=seminar.pk, version=version, participant_ids=chosen, by=request.user)
            messages.success(request, _("Giliran ditambahkan."), extra_tags="toast")
        else:
            order, breaks = arranged(request.POST, list(seminar.turns.order_by("order")))
            services.arrange_turns(seminar_id=seminar.pk, version=version, order=order, breaks=breaks, by=request.user)
    except StaleVersion:
        raise
    except Refused as refusal:
        messages.warning(request, " ".join(refusal.messages))
    return redirect(f"{seminar.get_absolute_url()}#giliran")


@allow(*PLANNERS, Role.PENGUJI)
@require_POST
def seminar_move(request: AuthedRequest, seminar_id: int) -> HttpResponse:
    """Announce, start, finish, reopen or cancel."""
    seminar = _seminar(request, seminar_id)
    form = MoveForm(request.POST)
    require(form.is_valid())
    action = form.cleaned_data["langkah"]
    require(action in SEMINAR_MOVES and policies.is_actor(request.user, seminar, SEMINAR_MOVES[action].actor))
    try:
        moved = services.move_seminar(
            seminar_id=seminar.pk, action=action, version=form.cleaned_data["version"], note=form.cleaned_data["note"], by=request.user
        )
    except StaleVersion:
        raise
    except NoReason as refusal:
        return _page(request, seminar, asked=action, problems=refusal.messages, status=422)
    except Refused as refusal:
        return _page(request, seminar, problems=refusal.messages, status=422)
    messages.success(request, _("Seminar: %(state)s.") % {"state": moved.get_state_display()}, extra_tags="toast")
    return redirect(seminar)


@allow(*READERS)
@require_GET
def seminar_print(request: AuthedRequest, seminar_id: int) -> HttpResponse:
    """The attendance list of the seminar, to be signed on paper."""
    seminar = _seminar(request, seminar_id)
    turns = SeminarTurn.objects.visible_to(request.user).filter(seminar=seminar).select_related("participant__satker", "seminar")
    context = {
        "seminar": seminar,
        "batch": seminar.batch,
        "turns": turns.order_by("order"),
        "examiners": seminar.examiners.all(),
    }
    return render(request, "aktualisasi/seminar_print.html", context)


@allow(*READERS)
@require_GET
def seminar_ics(request: AuthedRequest, seminar_id: int) -> HttpResponse:
    """The seminar for a calendar; a participant gets the own turn."""
    seminar = _seminar(request, seminar_id)
    own = SeminarTurn.objects.visible_to(request.user).filter(seminar=seminar, participant__user=request.user).first()
    answer = HttpResponse(seminar_pages.calendar_of([seminar_pages.event_of(seminar, own)]), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="seminar-{seminar.pk}.ics"'
    return answer


def _seminar(request: AuthedRequest, seminar_id: int) -> Seminar:
    rows = Seminar.objects.visible_to(request.user).select_related("batch__institute", "batch__scheme")
    return get_object_or_404(rows.prefetch_related(seminar_pages.EXAMINERS), pk=seminar_id)
