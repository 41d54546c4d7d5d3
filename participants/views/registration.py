"""The form of one CPNS: register, correct, keep the draft, read the NIP while it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from latsar.accounts import seen
from latsar.accounts.access import allow, require
from latsar.accounts.errors import NotAllowed, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.training.answer_times import answer_days
from latsar.ui import words
from latsar.ui.numbers import whole_number
from participants import drafts, policies
from participants.forms import GROUPS, ParticipantForm
from participants.models import Participant, RegistrationDraft
from participants.nip_reading import read_nip_for
from participants.person_page import lock_reason
from participants.services.registration import register_participant, update_participant
from participants.similar import just_registered
from participants.views.people import REGISTRARS

CARRIED = ("satker", "jabatan")
"""What stays for the next person of a row of registrations."""


@allow(*REGISTRARS)
@require_http_methods(["GET", "POST"])
def participant_add(request: AuthedRequest) -> HttpResponse:
    offered = drafts.drafts_of(request.user)
    draft = drafts.chosen(offered, request.GET.get("draf", ""))
    initial = draft.data if draft else {name: request.GET[name][:180] for name in CARRIED if name in request.GET}
    form = ParticipantForm(request.POST or None, user=request.user, initial=initial)
    person = _register(request, form) if request.method == "POST" and form.is_valid() else None
    if person is None:
        return _form_page(request, form, draft=draft, offered=offered)
    drafts.use_up(request.user, request.POST.get("draf", ""))
    if "lagi" not in request.POST:
        return redirect(person)
    return redirect(f"{reverse('participant_add')}?{urlencode({'satker': person.satker.code, 'jabatan': person.jabatan})}")


def _register(request: AuthedRequest, form: ParticipantForm) -> Participant | None:
    """Register, or find the person that the first of two clicks has just registered; None with the reasons on the form."""
    try:
        person = register_participant(by=request.user, **form.facts())
    except ValidationError as refusal:
        twin = just_registered(request.user, form.facts(), now=timezone.now())
        if twin is None:
            form.add_error(None, refusal)
        return twin
    messages.success(request, _("%(name)s terdaftar.") % {"name": person.full_name}, extra_tags="toast")
    return person


@allow(*REGISTRARS)
@require_http_methods(["GET", "POST"])
def participant_edit(request: AuthedRequest, participant_id: int) -> HttpResponse:
    people = Participant.objects.visible_to(request.user).select_related("satker", "province")
    person = get_object_or_404(people, pk=participant_id)
    require(policies.is_registrar(request.user, person))
    offered = drafts.drafts_of(request.user, person)
    draft = drafts.chosen(offered, request.GET.get("draf", ""))
    initial = ParticipantForm.initial_of(person) | (draft.data if draft else {})
    form = ParticipantForm(request.POST or None, user=request.user, participant=person, initial=initial)
    if not policies.can_edit(request.user, person):
        return _locked_page(request, form, person)
    seen.note_view(request, person)
    if request.method == "POST" and form.is_valid():
        return _save_changes(request, form, person)
    return _form_page(request, form, person=person, draft=draft, offered=offered)


def _locked_page(request: AuthedRequest, form: ParticipantForm, person: Participant) -> HttpResponse:
    """Say why the file is locked; what was typed before a colleague locked it stands beside what is stored."""
    context = {"participant": person, "reason": lock_reason(person, request.user), "clashes": form.clashes() if form.is_bound else []}
    return render(request, "participants/participant_locked.html", context, status=409 if form.is_bound else 200)


def _save_changes(request: AuthedRequest, form: ParticipantForm, person: Participant) -> HttpResponse:
    try:
        saved = update_participant(participant_id=person.pk, version=form.cleaned_data["version"] or 0, by=request.user, **form.facts())
    except NotAllowed:
        person.refresh_from_db()
        require(not policies.can_edit(request.user, person))
        return _locked_page(request, form, person)
    except StaleVersion:
        return _form_page(request, form.at_version(person.version), person=person, clashes=form.clashes(), status=409)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return _form_page(request, form, person=person)
    drafts.use_up(request.user, request.POST.get("draf", ""))
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
    key, person = drafts.key_of(request.POST), None
    if "orang" in request.POST:
        person = get_object_or_404(Participant.objects.visible_to(request.user), pk=whole_number(request.POST["orang"]) or 0)
        require(policies.is_registrar(request.user, person))
    form_url = reverse("participant_edit", args=[person.pk]) if person else reverse("participant_add")
    if "buang" in request.POST:
        drafts.use_up(request.user, key)
        messages.info(request, _("Draf dibuang."), extra_tags="toast")
        return redirect(form_url)
    saved_at = drafts.keep(request.user, key, request.POST, person)
    if request.headers.get("X-Autosave"):
        return render(request, "participants/_draft_saved.html", {"saved_at": saved_at, "participant": person})
    messages.success(request, _("Draf tersimpan. Orangnya belum terdaftar."), extra_tags="toast")
    return redirect(f"{form_url}?draf={key}")


@allow(*REGISTRARS)
@require_GET
def nip_check(request: AuthedRequest) -> HttpResponse:
    typed, name = request.GET.get("nip", "")[:40], request.GET.get("full_name", "")[:150]
    known = Participant.objects.visible_to(request.user).filter(pk=whole_number(request.GET.get("orang")) or 0).first()
    reading = read_nip_for(request.user, typed, name, today=timezone.localdate(), known=known)
    return render(request, "participants/_nip_read.html", {"reading": reading})


def _form_page(
    request: AuthedRequest,
    form: ParticipantForm,
    *,
    person: Participant | None = None,
    draft: RegistrationDraft | None = None,
    offered: Sequence[RegistrationDraft] = (),
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    typed = str(form["nip"].value() or "")
    reading = read_nip_for(request.user, typed, str(form["full_name"].value() or ""), today=timezone.localdate(), known=person)
    context = {
        "form": form,
        "participant": person,
        "draft": draft,
        "draft_key": draft.key if draft else drafts.key_of(request.POST),
        "offered": [] if form.is_bound else [one for one in offered if one != draft],
        "groups": [
            (anchor, title, [form[name] for name in names], sum(name in form.errors for name in names)) for anchor, title, names in GROUPS
        ],
        "reading": reading,
        "sla": answer_days(),
        **extra,
    }
    return render(request, "participants/participant_form.html", context, status=status)
