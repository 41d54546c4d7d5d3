"""The page of one angkatan and what is done on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from latsar.accounts import seen
from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role, ViewKind
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.dashboard.registry import roster_columns
from latsar.training import policies as training_policies
from latsar.training import services as training_services
from latsar.training import tables
from latsar.training.clash import Finding, by_weight, stops
from latsar.training.models import Batch, BatchPhase
from latsar.ui import words
from latsar.ui.typed import seen_text
from participants import boards, duty_policies, roster_book
from participants import seating_policies as policies
from participants.boards import Member
from participants.calendar_feed import ROLES as CALENDAR_ROLES
from participants.clashes import find_clashes
from participants.closing_checks import closing_findings
from participants.enums import Stage
from participants.models import Participant
from participants.scoring import policies as score_policies
from participants.scoring import reading, sheet_page
from participants.seating_forms import GroupsForm, ProgressForm
from participants.services import placement
from participants.services.progress import mark_progress

READERS = (Role.PKSDM, Role.PIMPINAN, Role.ADMIN_PROVINSI, Role.ADMIN_SATKER, Role.LEMBAGA)
NOTHING = ("–", "")  # a cell of the roster without an answer
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CLOSING_AHEAD = timedelta(days=14)
"""Before that the list of what closing asks for is folded: most of it cannot be settled yet."""
MOVES = {"open": training_services.open_batch, "start": placement.start_batch, "close": placement.close_batch}


def visible_batch(request: AuthedRequest, batch_id: int) -> Batch:
    """Fetch an angkatan with its rules, or answer 404."""
    rows = Batch.objects.visible_to(request.user).select_related("institute", "scheme", "curriculum", "wave", "province")
    return get_object_or_404(rows, pk=batch_id)


@allow(*READERS)
@require_GET
def batch_detail(request: AuthedRequest, batch_id: int) -> HttpResponse:
    batch = visible_batch(request, batch_id)
    return render(request, "participants/batch_detail.html", _context(request, batch))


@allow(Role.PKSDM)
@require_POST
def batch_move(request: AuthedRequest, batch_id: int) -> HttpResponse:
    batch = visible_batch(request, batch_id)
    action = request.POST.get("langkah", "")
    require(action in MOVES)
    facts = {"note": seen_text(request.POST.get("note", "")[:500])} if action == "close" else {}
    try:
        MOVES[action](batch_id=batch.pk, by=request.user, **facts)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        done = {"open": _("Angkatan dibuka."), "start": _("Angkatan dimulai."), "close": _("Angkatan ditutup.")}
        messages.success(request, done[action], extra_tags="toast")
    return redirect(batch)


@allow(*READERS)
@require_POST
def batch_progress(request: AuthedRequest, batch_id: int) -> HttpResponse:
    batch = visible_batch(request, batch_id)
    require(policies.can_mark_progress(request.user, batch))
    form = ProgressForm(request.POST, batch=batch)
    if not form.is_valid():
        return render(request, "participants/batch_detail.html", {**_context(request, batch), "form": form}, status=422)
    phase, state = form.cleaned_data["fase"], form.cleaned_data["keadaan"]
    try:
        changed = mark_progress(
            batch_id=batch.pk, phase_id=phase.pk, participant_ids=form.cleaned_data["orang"], state=state, by=request.user
        )
    except Refused as refusal:
        form.add_error(None, refusal.messages)
        return render(request, "participants/batch_detail.html", {**_context(request, batch), "form": form}, status=422)
    text = ngettext("%(phase)s dicatat untuk %(count)d orang.", "%(phase)s dicatat untuk %(count)d orang.", changed)
    messages.success(request, text % {"phase": phase.name, "count": changed}, extra_tags="toast")
    return redirect(f"{batch.get_absolute_url()}?fase={phase.order}#peserta")


@allow(*READERS)
@require_GET
def batch_roster(request: AuthedRequest, batch_id: int) -> HttpResponse:
    batch = visible_batch(request, batch_id)
    members = _taken_members(request, batch)
    content = roster_book.roster_workbook(request.user, batch, members)
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="angkatan-{batch.number}-{batch.year}.xlsx"'
    return response


@allow(*READERS)
@require_GET
def batch_print(request: AuthedRequest, batch_id: int) -> HttpResponse:
    """The roster as it is handed out on paper, with a column to sign."""
    batch = visible_batch(request, batch_id)
    context = {
        "batch": batch,
        "members": _taken_members(request, batch),
        "dates": words.date_range(batch.starts_on, batch.ends_on),
    }
    return render(request, "participants/batch_print.html", context)


@allow(Role.PKSDM, Role.LEMBAGA)
@require_http_methods(["GET", "POST"])
def batch_groups(request: AuthedRequest, batch_id: int) -> HttpResponse:
    batch = visible_batch(request, batch_id)
    require(policies.can_group(request.user, batch))
    members = boards.members(request.user, batch)
    even = placement.balanced({m.person.pk: m.group for m in members}, placement.group_count(batch.capacity)) if members else {}
    is_balanced = request.GET.get("isi") == "rata"
    form = GroupsForm(request.POST or None, batch=batch, members=members, proposed=even if is_balanced else {})
    if request.method == "POST" and form.is_valid():
        moved = placement.assign_groups(batch_id=batch.pk, groups=form.groups(), by=request.user)
        text = ngettext("%(count)d orang pindah kelompok.", "%(count)d orang pindah kelompok.", moved)
        messages.success(request, text % {"count": moved}, extra_tags="toast")
        return redirect(batch)
    moving = sum(even[m.person.pk] != m.group for m in members)
    context = {"batch": batch, "form": form, "is_balanced": is_balanced, "moving": moving}
    return render(request, "participants/batch_groups.html", context)


def _taken_members(request: AuthedRequest, batch: Batch) -> list[Member]:
    """The people of a roster that leaves the portal; each can see that it did."""
    members = boards.members(request.user, batch)
    seen.note_views(request, Participant, [member.person.pk for member in members], ViewKind.EXPORT, str(batch))
    return members


def _context(request: AuthedRequest, batch: Batch) -> dict[str, Any]:
    user, today = request.user, timezone.localdate()
    phases = list(batch.phases.order_by("order"))
    people = boards.members(user, batch)
    choice = boards.choice_of(request.GET.dict(), phases)
    shown_phase = choice.phase or boards.current_phase(phases, today)
    dates = training_services.dates_of(phases)
    holidays = tables.holidays_within(dates)
    days = [holiday.date for holiday in holidays]
    taken = tables.taken_seats([batch])[batch.pk]
    return {
        "batch": batch,
        "dates": words.date_range(batch.starts_on, batch.ends_on),
        "stage_pill": tables.stage_pill(batch),
        "today": today,
        "bars": tables.strip_phases(dates, days),
        "holidays": days,
        "holiday_legend": tables.holiday_legend(holidays),
        "figures": boards.figures(batch, people, boards.current_phase(phases, today), taken, today),
        "cards": boards.phase_cards(batch, phases, people, today),
        "groups": boards.group_cards(user, batch, people),
        "clashes": find_clashes(user, batch, dates, people=[member.person for member in people], holidays=days),
        "taken": taken,
        "is_early": today < batch.starts_on,
        "people_count": len(people),
        "choice": choice,
        "shown_phase": shown_phase,
        "table": _roster(request, batch, [member for member in people if choice.admits(member)], shown_phase),
        "form": ProgressForm(batch=batch, initial={"fase": shown_phase}),
        **_permissions(request, batch, people),
    }


def _permissions(request: AuthedRequest, batch: Batch, people: list[Member]) -> dict[str, Any]:
    user = request.user
    running = batch.stage == "running"
    moves = training_policies.possible_moves(user, batch)
    checks = checks_of(batch, moves)
    return {
        "moves": moves,
        "checks": checks,
        "is_stopped": bool(stops(checks)),
        "reads_letters": user.has_role(*duty_policies.READERS),
        "is_late_enough": timezone.localdate() >= batch.ends_on - CLOSING_AHEAD,
        "can_edit": training_policies.can_edit_batch(user, batch),
        "has_calendar": user.has_role(*CALENDAR_ROLES),
        "can_edit_phases": training_policies.can_edit_phases(user, batch),
        "can_place": policies.can_place(user, batch),
        "can_group": policies.can_group(user, batch) and bool(people),
        "can_mark": running and policies.can_mark_progress(user, batch),
        "can_score": score_policies.can_see_sheet(user, batch) and bool(sheet_page.columns_of(user, batch)),
        "sees_results": score_policies.sees_results(user, batch, reading.sheet_of(batch).state),
        "can_graduate": policies.can_see_graduation(user, batch) and batch.stage in ("running", "closed"),
        "unfinished": sum(member.person.stage == Stage.TRAINING for member in people) if running else 0,
    }


def checks_of(batch: Batch, moves: Sequence[str]) -> list[Finding]:
    """What the next step of the angkatan asks for, what stops it on top."""
    if "open" in moves:
        return by_weight(training_services.opening_findings(batch))
    return by_weight(closing_findings(batch)) if "close" in moves else []


def _roster(request: AuthedRequest, batch: Batch, members: list[Member], phase: BatchPhase | None) -> dict[str, Any]:
    """Heads and rows of the roster; columns of the upper apps come ready from the registry."""
    columns = roster_columns(request.user, batch, [member.person.pk for member in members])
    releasable = policies.can_place(request.user, batch)
    rows = [
        {
            "number": number,
            "member": member,
            "nip": words.group_nip(member.person.nip),
            "cells": [(column.title, *column.cells.get(member.person.pk, NOTHING)) for column in columns],
            "state": boards.state_pill(member.state(phase)) if phase else "",
            "can_release": releasable and member.person.stage == Stage.PLACED,
        }
        for number, member in enumerate(members, 1)
    ]
    return {"heads": [column.title for column in columns], "rows": rows, "has_actions": any(row["can_release"] for row in rows)}
