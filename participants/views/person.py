"""The page of one person: facts, story, moves and the invitation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from latsar.accounts import seen
from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role, ViewKind
from latsar.accounts.errors import Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.dashboard.registry import person_cards
from latsar.ui.components import clock as clock_face
from latsar.ui.listing import PAGE_PARAM
from latsar.ui.typed import seen_text
from latsar.ui.words import one_stop
from participants import movement_policies, person_page, person_story, policies
from participants.account_rules import accounts_of, can_be_linked
from participants.bulk import read_version
from participants.enums import UNSEATED, Stage
from participants.faces import stage_face
from participants.field_notes import PRIVATE_FIELD
from participants.forms import NoteForm
from participants.gaps import gaps_of
from participants.invitation_face import invitation_card
from participants.models import FieldNote, Participant, ParticipantStageChange
from participants.movement_rules import is_barred
from participants.reachable import earliest_ends, person_clock
from participants.services.invitation import explain_invitation, invite_participant
from participants.services.linking import link_account
from participants.services.slips import request_slips, void_slip
from participants.services.verification import FILE_ACTIONS, move_participant
from participants.views.people import READERS, REGISTRARS

PERSON_READERS = (*READERS, Role.PESERTA)
VIEWS_SHOWN = 50


@allow(Role.PESERTA)
@require_GET
def own_page(request: AuthedRequest) -> HttpResponse:
    """Lead a participant to the own data."""
    return redirect(get_object_or_404(Participant.objects.visible_to(request.user), user=request.user))


@allow(*PERSON_READERS)
@require_GET
def participant_detail(request: AuthedRequest, participant_id: int) -> HttpResponse:
    person = visible_person(request, participant_id)
    seen.note_view(request, person)
    return _page(request, person)


@allow(*PERSON_READERS)
@require_GET
def participant_history(request: AuthedRequest, participant_id: int) -> HttpResponse:
    person = visible_person(request, participant_id)
    seen.note_view(request, person, ViewKind.STORY)
    history, links = person_story.history_page(person, request.user, request.GET.get(PAGE_PARAM))
    context = {**person_head(request, person), "history": history, "links": links}
    return render(request, "participants/participant_history.html", context)


@allow(*PERSON_READERS)
@require_GET
def participant_views(request: AuthedRequest, participant_id: int) -> HttpResponse:
    """Who looked at this person's data: for the person and for those who answer for the data."""
    person = visible_person(request, participant_id)
    require(policies.can_see_views(request.user, person))
    page = Paginator(person_page.views_of(person), VIEWS_SHOWN).get_page(request.GET.get(PAGE_PARAM))
    context = {**person_head(request, person), "page": page, "limit": seen.EXPORT_LIMIT}
    return render(request, "participants/participant_views.html", context)


@allow(*REGISTRARS)
@require_POST
def participant_move(request: AuthedRequest, participant_id: int) -> HttpResponse:
    person, action = visible_person(request, participant_id), request.POST.get("aksi", "")
    require(action in FILE_ACTIONS)
    try:
        move_participant(
            participant_id=person.pk,
            action=action,
            by=request.user,
            version=(seen := read_version(request.POST.get("version", ""))),
            note=seen_text(request.POST.get("note", "")),
        )
    except Refused as refusal:
        form = NoteForm(request.POST)
        form.is_valid()
        stale = {"changed": person_story.since_version(person, seen, request.user)} if isinstance(refusal, StaleVersion) else {}
        return _page(request, person, refused=action, note_form=form, problem=" ".join(refusal.messages), **stale)
    said = one_stop(_("%(what)s: %(name)s.") % {"what": person_story.STORY_WORDS[action], "name": person.full_name})
    messages.success(request, said, extra_tags="toast")
    return redirect(person)


@allow(*REGISTRARS)
@require_POST
def participant_invite(request: AuthedRequest, participant_id: int) -> HttpResponse:
    person, email = visible_person(request, participant_id), request.POST.get("email", "").strip()
    try:
        invite_participant(participant_id=person.pk, by=request.user, email=email)
    except Refused as refusal:
        return _page(request, person, invite_error=" ".join(refusal.messages), invite_email=email)
    messages.success(request, _("Undangan sedang dikirim ke %(email)s.") % {"email": email or person.email}, extra_tags="toast")
    return redirect(person)


@allow(Role.PKSDM)
@require_POST
def participant_link(request: AuthedRequest, participant_id: int) -> HttpResponse:
    """Tie the person to the account that has their NIP already."""
    person, reason = visible_person(request, participant_id), seen_text(request.POST.get("reason", ""))
    try:
        link_account(participant_id=person.pk, reason=reason, by=request.user)
    except Refused as refusal:
        return _page(request, person, link_error=" ".join(refusal.messages), link_reason=reason)
    messages.success(request, _("Akun %(name)s terhubung.") % {"name": person.full_name}, extra_tags="toast")
    return redirect(person)


@allow(*REGISTRARS)
@require_POST
def participant_slip(request: AuthedRequest, participant_id: int) -> HttpResponse:
    """Print the slip of one person: a job too, whose page hands out the file."""
    person = visible_person(request, participant_id)
    require(policies.is_registrar(request.user, person))
    if problem := explain_invitation(request.user, person):
        messages.warning(request, problem)
        return redirect(person)
    return redirect(request_slips(participant_ids=[person.pk], by=request.user))


@allow(*REGISTRARS)
@require_POST
def participant_slip_void(request: AuthedRequest, participant_id: int) -> HttpResponse:
    person = visible_person(request, participant_id)
    try:
        void_slip(participant_id=person.pk, by=request.user)
    except Refused as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Slip %(name)s mati dan tidak bisa dipakai lagi.") % {"name": person.full_name}, extra_tags="toast")
    return redirect(person)


def visible_person(request: AuthedRequest, participant_id: int) -> Participant:
    """Return the person with what the head of every page of theirs shows, or 404."""
    people = Participant.objects.visible_to(request.user).select_related("satker", "province", "batch__institute", "user")
    return get_object_or_404(people, pk=participant_id)


def person_head(request: AuthedRequest, person: Participant, changes: list[ParticipantStageChange] | None = None) -> dict[str, Any]:
    """Return the context of participants/_person_head.html: clock, stage, steps and tabs."""
    if changes is None:
        changes = person_story.story_changes(person)
    today = timezone.localdate()
    clock = person_clock(person, today, earliest_ends(today) if person.stage in UNSEATED else {})
    phases = list(person.batch.phases.all()) if person.batch else []
    phase = person_page.phase_today(phases, today)
    return {
        "participant": person,
        "person_clock": clock,
        "clock_bar": clock_face(clock.face),
        "stage": stage_face(person),
        "steps": person_page.steps_of(person, changes, phase),
        "phases": phases,
        "phase": phase,
        "is_self": policies.is_self(request.user, person),
        "sees_movements": movement_policies.can_see_movements(request.user, person),
        "sees_views": policies.can_see_views(request.user, person),
    }


def _page(request: AuthedRequest, person: Participant, **extra: Any) -> HttpResponse:
    user, changes = request.user, person_story.story_changes(person)
    is_registrar = policies.is_registrar(user, person)
    context = {
        **person_head(request, person, changes),
        "actions": person_page.actions_of(person, user),
        "note_form": NoteForm(),
        "lock_reason": person_page.lock_reason(person, user),
        "can_edit": policies.can_edit(user, person),
        "field_notes": _notes(request, person),
        "can_propose": movement_policies.can_propose(user, person),
        "open_movement": person.movements.waiting().first(),
        "is_barred": person.stage in UNSEATED and is_barred(person),
        "gaps": gaps_of(person, user, timezone.localdate()),
        "shows_contact": policies.can_see_contact(user, person),
        "shows_needs": policies.can_see_special_needs(user, person),
        "pregnancy": person_page.pregnancy_text(person, timezone.localdate()) if policies.can_see_special_needs(user, person) else "",
        "is_registrar": is_registrar,
        "invitation": invitation_card(person, timezone.now()) if is_registrar else None,
        "open_contact": person.contact_requests.waiting().first() if is_registrar else None,
        "invite_problem": explain_invitation(user, person) if is_registrar else "",
        "can_link": user.has_role(Role.PKSDM) and can_be_linked(person, accounts_of([person]).get(person.pk)),
        "placement": person_page.placement_of(person),
        "cards": person_cards(user, person),
        "history": person_story.history_of(person, changes, user),
        **extra,
    }
    return render(request, "participants/participant_detail.html", context)


def _notes(request: AuthedRequest, person: Participant) -> list[FieldNote]:
    """Return the open notes of the verifier; one on a private field only to who may read the field."""
    if person.stage != Stage.RETURNED:
        return []
    notes = person.field_notes.unsettled()
    return list(notes if policies.can_see_special_needs(request.user, person) else notes.exclude(field=PRIVATE_FIELD))
