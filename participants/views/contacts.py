"""Contact data: the participant's own page, and the requests that a satker confirms."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from latsar.accounts import seen
from latsar.accounts.access import allow
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.ui.listing import PAGE_PARAM, page_links
from latsar.ui.numbers import only_digits, whole_number
from participants import policies
from participants.contact_forms import ContactCodeForm, ContactDecisionForm, ContactFilter, ContactForm
from participants.contacts import ContactState
from participants.models import ContactRequest, Participant
from participants.services.contacts import OWN_FIELDS, ask_contact, cancel_contact, confirm_email, decide_many, save_own_fields
from participants.views.people import REGISTRARS

PER_PAGE = 50
PILLS = {
    ContactState.PROVING: ("", "envelope"),
    ContactState.WAITING: ("warn", "hourglass-split"),
    ContactState.ACCEPTED: ("ok", "check-lg"),
    ContactState.REFUSED: ("bad", "x-lg"),
    ContactState.CANCELLED: ("", "x-lg"),
}


@allow(Role.PESERTA)
@require_http_methods(["GET", "POST"])
def contact_edit(request: AuthedRequest) -> HttpResponse:
    """Let participants keep their own contact data; a new e-mail or number becomes a request."""
    person = _own(request)
    form = ContactForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            asked = ask_contact(participant_id=person.pk, by=request.user, email=data["email"], phone=data["phone"])
            save_own_fields(participant_id=person.pk, by=request.user, **{name: data[name] for name in OWN_FIELDS})
        except Refused as refusal:
            _add_errors(form, refusal)
        else:
            messages.success(request, _told(asked), extra_tags="toast")
            return redirect("contact_edit")
    return _own_page(request, person, form, ContactCodeForm())


@allow(Role.PESERTA)
@require_POST
def contact_confirm(request: AuthedRequest) -> HttpResponse:
    person, form = _own(request), ContactCodeForm(request.POST)
    if form.is_valid():
        try:
            confirm_email(participant_id=person.pk, code=form.cleaned_data["kode"], by=request.user)
        except Refused as refusal:
            _add_errors(form, refusal)
        else:
            messages.success(request, _("E-mail baru terbukti. Satker Anda memeriksanya."), extra_tags="toast")
            return redirect("contact_edit")
    return _own_page(request, person, ContactForm(person=person), form)


@allow(Role.PESERTA)
@require_POST
def contact_cancel(request: AuthedRequest) -> HttpResponse:
    cancel_contact(participant_id=_own(request).pk, by=request.user)
    messages.success(request, _("Usulan dibatalkan. Kontak lama tetap dipakai."), extra_tags="toast")
    return redirect("contact_edit")


@allow(*REGISTRARS)
@require_GET
def contact_requests(request: AuthedRequest) -> HttpResponse:
    return _list_page(request, ContactDecisionForm())


@allow(*REGISTRARS)
@require_POST
def contact_decide(request: AuthedRequest) -> HttpResponse:
    """Accept or refuse the ticked requests; a refusal needs its reason."""
    ids, accept = [pk for text in request.POST.getlist("pilih") if (pk := whole_number(text)) is not None], "terima" in request.POST
    form = ContactDecisionForm(request.POST)
    if not ids:
        messages.warning(request, _("Belum ada yang dipilih. Centang usulannya dulu, lalu pilih keputusannya."))
        return redirect("contact_requests")
    if form.is_valid() and (accept or form.cleaned_data["note"].strip()):
        done, problems = decide_many(request_ids=ids, accept=accept, by=request.user, note=form.cleaned_data["note"])
        if done:
            messages.success(request, ngettext("%(n)d usulan diputus.", "%(n)d usulan diputus.", done) % {"n": done}, extra_tags="toast")
        for problem in problems:
            messages.warning(request, problem)
        return redirect("contact_requests")
    form.add_error("note", _("Tulis sebab penolakannya, supaya peserta tahu apa yang harus diperbaiki."))
    return _list_page(request, form, chosen=ids, status=422)


def _own(request: AuthedRequest) -> Participant:
    return get_object_or_404(Participant.objects.visible_to(request.user).select_related("satker"), user=request.user)


def _own_page(request: AuthedRequest, person: Participant, form: ContactForm, code: ContactCodeForm) -> HttpResponse:
    last = ContactRequest.objects.visible_to(request.user).filter(participant=person).first()
    context = {"person": person, "form": form, "code": code, "last": last if last and last.state != ContactState.CANCELLED else None}
    is_wrong = bool(form.errors or code.errors)
    return render(request, "participants/contact_edit.html", context, status=422 if is_wrong else 200)


def _list_page(request: AuthedRequest, form: ContactDecisionForm, chosen: list[int] | None = None, status: int = 200) -> HttpResponse:
    asked = ContactFilter(request.GET)
    asked.is_valid()
    rows = ContactRequest.objects.visible_to(request.user).filter(_condition(asked.cleaned_data))
    page = Paginator(rows.select_related("participant__satker", "decided_by"), PER_PAGE).get_page(request.GET.get(PAGE_PARAM))
    seen.note_list(request, [row.participant for row in page])
    context: dict[str, Any] = {
        "asked": asked,
        "form": form,
        "rows": [(row, PILLS[ContactState(row.state)], _can_decide(request, row)) for row in page],
        "links": page_links(page),
        "chosen": chosen or [],
        "is_filtered": any(asked.cleaned_data.values()),
    }
    return render(request, "participants/contact_requests.html", context, status=status)


def _can_decide(request: AuthedRequest, row: ContactRequest) -> bool:
    person = row.participant
    return row.state == ContactState.WAITING and policies.is_registrar(request.user, person) and not policies.is_self(request.user, person)


def _condition(chosen: dict[str, str]) -> Q:
    state = chosen.get("keadaan") or ContactState.WAITING
    condition = Q() if state == "semua" else Q(state=state)
    if typed := chosen.get("q", "").strip():
        digits = typed.replace(" ", "").replace(".", "")
        condition &= Q(participant__nip__contains=digits) if only_digits(digits) else Q(participant__full_name__icontains=typed)
    return condition


def _told(asked: ContactRequest | None) -> str:
    if asked is None:
        return _("Tersimpan.")
    if asked.state == ContactState.PROVING:
        return _("Kode dikirim ke %(email)s. Ketik di sini.") % {"email": asked.email}
    return _("Tersimpan. Nomor baru diperiksa satker Anda.")


def _add_errors(form: Form, refusal: ValidationError) -> None:
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
