"""Movements of people: what was proposed, what is decided, and the evidence."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from latsar.accounts import seen
from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role, ViewKind
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.documents.serve import serve_private
from latsar.ui.listing import PAGE_PARAM, page_links
from latsar.ui.numbers import only_digits
from participants import movement_policies, movement_rules
from participants.enums import MovementKind, MovementReason
from participants.faces import stage_face
from participants.models import Movement, Participant
from participants.movement_forms import DecisionForm, MovementFilter, MovementForm
from participants.movement_overtaken import overtaken
from participants.movement_page import KIND_WORDS, lines_of, movement_face
from participants.movement_words import placed_again_text
from participants.services.movement import cancel_movement, decide_movement, propose_movement
from participants.views.people import REGISTRARS
from participants.views.person import person_head, visible_person

READERS = (*REGISTRARS, Role.PIMPINAN)
PER_PAGE = 30


@allow(*READERS)
@require_GET
def movement_list(request: AuthedRequest) -> HttpResponse:
    form = MovementFilter(request.GET)
    form.is_valid()
    rows = Movement.objects.visible_to(request.user).filter(_condition(form.cleaned_data))
    rows = rows.select_related("participant__satker", "proposed_by").order_by("-proposed_at", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get(PAGE_PARAM))
    later = overtaken(page, request.user)
    context = {
        "form": form,
        "links": page_links(page),
        "rows": [(row, movement_face(row, later.get(row.pk))) for row in page],
        "is_filtered": any(form.cleaned_data.values()),
    }
    return render(request, "participants/movement_list.html", context)


@allow(*READERS, Role.PESERTA)
@require_GET
def participant_movements(request: AuthedRequest, participant_id: int) -> HttpResponse:
    person = visible_person(request, participant_id)
    require(movement_policies.can_see_movements(request.user, person))
    seen.note_view(request, person, ViewKind.STORY)
    rows = list(Movement.objects.visible_to(request.user).filter(participant=person).select_related(*RELATED))
    later = overtaken(rows, request.user)
    context = {
        **person_head(request, person),
        "rows": [(row, movement_face(row, later.get(row.pk)), lines_of(row)) for row in rows],
        "kinds": _kinds(request, person),
    }
    return render(request, "participants/participant_movements.html", context)


@allow(*REGISTRARS)
@require_http_methods(["GET", "POST"])
def movement_add(request: AuthedRequest, participant_id: int) -> HttpResponse:
    """Choose the kind, then say why; PKSDM's word takes effect at once."""
    person = visible_person(request, participant_id)
    require(movement_policies.can_propose(request.user, person))
    kinds = _kinds(request, person)
    kind = request.GET.get("jenis", "")
    waiting = {"open_movement": person.movements.waiting().first(), "decides": movement_policies.can_decide(request.user, person)}
    if kind not in [one for one, *_rest in kinds]:
        defer_first = person.stage in movement_rules.DEFER_AFTER_APPROVAL
        return render(
            request,
            "participants/movement_kinds.html",
            {**person_head(request, person), "kinds": kinds, "defer_first": defer_first, **waiting},
        )
    initial = {"effective_on": timezone.localdate()}
    form = MovementForm(request.POST or None, request.FILES or None, user=request.user, participant=person, kind=kind, initial=initial)
    needs_seat = placed_again_text(person) if kind == MovementKind.REINSTATE else ""
    if request.method == "POST" and form.is_valid():
        try:
            movement = propose_movement(participant_id=person.pk, facts=form.facts(), by=request.user, evidence=form.attached())
        except ValidationError as refusal:
            _add_errors(form, refusal)
        else:
            said = _("Menunggu keputusan PKSDM.") if movement.is_open else _("Perubahan status berlaku.")
            messages.success(request, said, extra_tags="toast")
            _say_seat(request, movement, needs_seat)
            return redirect(movement)
    context = {
        "participant": person,
        "stage": stage_face(person),
        "form": form,
        "kind": KIND_WORDS[kind],
        **waiting,
        "needs_basis": movement_rules.needs_basis(person, kind),
        "back_to": movement_rules.stage_after_mistake(person).label if kind == MovementKind.REINSTATE else "",
        "needs_seat": needs_seat,
    }
    return render(request, "participants/movement_form.html", context, status=422 if form.errors else 200)


@allow(*READERS, Role.PESERTA)
@require_GET
def movement_detail(request: AuthedRequest, movement_id: int) -> HttpResponse:
    movement = _movement(request, movement_id)
    seen.note_view(request, movement.participant, ViewKind.STORY)
    return _page(request, movement, DecisionForm())


@allow(Role.PKSDM)
@require_POST
def movement_decide(request: AuthedRequest, movement_id: int) -> HttpResponse:
    movement = _movement(request, movement_id)
    form, accept = DecisionForm(request.POST), "terima" in request.POST
    needs_seat = placed_again_text(movement.participant)
    if form.is_valid():
        try:
            decide_movement(movement_id=movement.pk, accept=accept, note=form.cleaned_data["note"], by=request.user)
        except Refused as refusal:
            _add_errors(form, refusal)
        else:
            messages.success(request, _("Usulan disetujui dan berlaku.") if accept else _("Usulan ditolak."), extra_tags="toast")
            if accept:
                _say_seat(request, movement, needs_seat)
            return redirect("movement_detail", movement.pk)
    return _page(request, movement, form, status=422)


@allow(*REGISTRARS)
@require_POST
def movement_cancel(request: AuthedRequest, movement_id: int) -> HttpResponse:
    movement = _movement(request, movement_id)
    try:
        cancel_movement(movement_id=movement.pk, by=request.user)
    except Refused as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Usulan ditarik."), extra_tags="toast")
    return redirect("movement_detail", movement.pk)


@allow(*READERS, Role.PESERTA)
@require_GET
def movement_evidence(request: AuthedRequest, movement_id: int) -> HttpResponseBase:
    movement = _movement(request, movement_id)
    require(bool(movement.evidence))
    seen.note_view(request, movement.participant, ViewKind.FILE)
    return serve_private(movement.evidence, movement.evidence_name)


RELATED = ("participant__satker", "to_satker", "to_batch__institute", "from_satker", "from_batch__institute", "proposed_by", "decided_by")


def _movement(request: AuthedRequest, movement_id: int) -> Movement:
    rows = Movement.objects.visible_to(request.user).select_related(*RELATED, "participant__province", "participant__batch__institute")
    movement = get_object_or_404(rows, pk=movement_id)
    own = movement.proposed_by_id == request.user.pk
    require(own or movement_policies.can_see_movements(request.user, movement.participant))
    return movement


def _page(request: AuthedRequest, movement: Movement, form: DecisionForm, status: int = 200) -> HttpResponse:
    person = movement.participant
    context = {
        "movement": movement,
        "face": movement_face(movement, overtaken([movement], request.user).get(movement.pk)),
        "lines": lines_of(movement),
        "form": form,
        "can_decide": movement.is_open and movement_policies.can_decide(request.user, person),
        "can_cancel": movement_policies.can_cancel(request.user, movement),
        "can_correct": movement_policies.can_correct(request.user, movement),
        "sees_person": Participant.objects.visible_to(request.user).filter(pk=person.pk).exists(),
    }
    return render(request, "participants/movement_detail.html", context, status=status)


def _kinds(request: AuthedRequest, person: Participant) -> list[tuple[str, Any, Any]]:
    if not movement_policies.can_propose(request.user, person):
        return []
    return [(kind.value, *KIND_WORDS[kind]) for kind in movement_rules.possible_kinds(person)]


def _say_seat(request: AuthedRequest, movement: Movement, needs_seat: str) -> None:
    if movement.kind == MovementKind.REINSTATE and movement.reason == MovementReason.MISTAKE and not movement.is_open and needs_seat:
        messages.warning(request, needs_seat)


def _condition(chosen: dict[str, str]) -> Q:
    condition = Q()
    if typed := chosen.get("q", "").strip():
        digits = typed.replace(" ", "").replace(".", "")
        condition &= Q(participant__nip__contains=digits) if only_digits(digits) else Q(participant__full_name__icontains=typed)
    for name, column in (("jenis", "kind"), ("alasan", "reason"), ("keadaan", "state")):
        if value := chosen.get(name):
            condition &= Q(**{column: value})
    return condition


def _add_errors(form: MovementForm | DecisionForm, refusal: ValidationError) -> None:
    """Put each message beside its field, or above the form when its field is not there."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
