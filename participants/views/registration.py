"""The form of one CPNS: register, correct, keep the draft, read the NIP while it is typed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from latsar.accounts import seen
from latsar.accounts.access import allow, require
from latsar.accounts.errors import StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.training.answer_times import answer_days
from latsar.ui import words
from participants import drafts, policies
from participants.forms import GROUPS, ParticipantForm
from participants.models import Participant
from participants.nip_reading import read_nip_for
from participants.person_page import lock_reason
from participants.services.registration import register_participant, update_participant
from participants.views.people import REGISTRARS


@allow(*REGISTRARS)
@require_http_methods(["GET", "POST"])
def participant_add(request: AuthedRequest) -> HttpResponse:
    draft = drafts.draft_of(request.user)
    form = ParticipantForm(request.POST or None, user=request.user, initial=draft.data if draft else None)
    if request.method == "POST" and form.is_valid():
        try:
            person = register_participant(by=request.user, **form.facts())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            drafts.discard(request.user)
            messages.success(request, _("%(name)s terdaftar.") % {"name": person.full_name}, extra_tags="toast")
            return redirect("participant_add") if "lagi" in request.POST else redirect(person)
    return _form_page(request, form, draft=draft)


@allow(*REGISTRARS)
@require_http_methods(["GET", "POST"])
def participant_edit(request: AuthedRequest, participant_id: int) -> HttpResponse:
    people = Participant.objects.visible_to(request.user).select_related("satker", "province")
    person = get_object_or_404(people, pk=participant_id)
    require(policies.is_registrar(request.user, person))
    if not policies.can_edit(request.user, person):
        context = {"participant": person, "reason": lock_reason(person, request.user)}
        return render(request, "participants/participant_locked.html", context, status=409 if request.method == "POST" else 200)
    seen.note_view(request, person)
    form = ParticipantForm(request.POST or None, user=request.user, participant=person, initial=ParticipantForm.initial_of(person))
    if request.method == "POST" and form.is_valid():
        return _save_changes(request, form, person)
    return _form_page(request, form, person=person)


def _save_changes(request: AuthedRequest, form: ParticipantForm, person: Participant) -> HttpResponse:
    try:
        saved = update_participant(participant_id=person.pk, version=form.cleaned_data["version"] or 0, by=request.user, **form.facts())
    except StaleVersion:
        return _form_page(request, form.at_version(person.version), person=person, clashes=form.clashes(), status=409)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return _form_page(request, form, person=person)
    messages.success(request, _("Perubahan data %(name)s tersimpan.") % {"name": person.full_name}, extra_tags="toast")
    if person.extended_until and not saved.extended_until:
        text = _("Perpanjangan sampai %(old)s gugur: menurut TMT yang baru, masa percobaan sudah sampai %(new)s.")
        days = {"old": words.long_date(person.extended_until), "new": words.long_date(saved.deadline)}
        messages.warning(request, text % days)
    return redirect(person)


@allow(*REGISTRARS)
@require_POST
def participant_draft(request: AuthedRequest) -> HttpResponse:
    """Keep what was typed; with "buang" forget it. A script gets the sentence, a plain form the page."""
    if "buang" in request.POST:
        drafts.discard(request.user)
        messages.info(request, _("Draf dibuang."), extra_tags="toast")
        return redirect("participant_add")
    saved_at = drafts.keep(request.user, request.POST)
    if request.headers.get("X-Autosave"):
        return render(request, "participants/_draft_saved.html", {"saved_at": saved_at})
    messages.success(request, _("Draf tersimpan. Orangnya belum terdaftar."), extra_tags="toast")
    return redirect("participant_add")


@allow(*REGISTRARS)
@require_GET
def nip_check(request: AuthedRequest) -> HttpResponse:
    typed, name = request.GET.get("nip", "")[:40], request.GET.get("full_name", "")[:150]
    reading = read_nip_for(request.user, typed, name, today=timezone.localdate())
    return render(request, "participants/_nip_read.html", {"reading": reading})


def _form_page(
    request: AuthedRequest, form: ParticipantForm, *, person: Participant | None = None, status: int = 200, **extra: Any
) -> HttpResponse:
    typed = str(form["nip"].value() or "")
    reading = read_nip_for(request.user, typed, str(form["full_name"].value() or ""), today=timezone.localdate(), known=person)
    context = {
        "form": form,
        "participant": person,
        "groups": [
            (anchor, title, [form[name] for name in names], sum(name in form.errors for name in names)) for anchor, title, names in GROUPS
        ],
        "reading": reading,
        "sla": answer_days(),
        **extra,
    }
    return render(request, "participants/participant_form.html", context, status=status)
