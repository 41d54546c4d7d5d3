"""Surat tugas dan bebas tugas: who has one, writing them for one or many, and the paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
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
from latsar.documents.serve import serve_private
from latsar.training.forms import add_refusal
from latsar.training.models import Batch
from latsar.ui.listing import PAGE_PARAM, page_links
from latsar.ui.numbers import whole_number
from participants import duty_policies as policies
from participants import duty_tables
from participants.duty_face import letter_face, render_letter
from participants.duty_forms import LetterFilter, LetterForm, ReplaceForm, ScanForm, VoidForm
from participants.models import DutyLetter, Participant
from participants.services import duty_letters as services

PER_PAGE = 50
OWN = (*policies.READERS, Role.PESERTA)


def visible_letter(request: AuthedRequest, letter_id: int) -> DutyLetter:
    """Fetch a letter that the person may read, or answer 404."""
    rows = DutyLetter.objects.visible_to(request.user).select_related(
        "participant__satker", "participant__province", "batch__institute", "satker", "issued_by", "voided_by", "replaced_by"
    )
    letter = get_object_or_404(rows, pk=letter_id)
    require(policies.can_read_letter(request.user, letter))
    return letter


@allow(*policies.READERS)
@require_GET
def duty_letter_list(request: AuthedRequest) -> HttpResponse:
    """Everybody on a seat; who lacks a letter stands first, what starts first on top."""
    form, today = LetterFilter(request.GET), timezone.localdate()
    form.is_valid()
    chosen, batch_id = form.cleaned_data, request.GET.get("angkatan", "")
    people = duty_tables.letter_people(request.user, today, q=chosen.get("q", "").strip(), state=chosen.get("keadaan", ""), batch=batch_id)
    page = Paginator(people, PER_PAGE).get_page(request.GET.get(PAGE_PARAM))
    number = whole_number(batch_id)
    batches = Batch.objects.visible_to(request.user).select_related("institute")
    context = {
        "form": form,
        "rows": [duty_tables.letter_row(person, today) for person in page],
        "links": page_links(page, _("orang")),
        "batch": batches.filter(pk=number).first() if number is not None else None,
        "batch_id": batch_id,
        "lacking": duty_tables.lacking_in(request.user, number).count() if number is not None else 0,
        "is_filtered": any(chosen.values()) or bool(batch_id),
        "can_write": request.user.has_role(*policies.WRITERS),
    }
    return render(request, "participants/duty_letter_list.html", context)


@allow(*policies.WRITERS)
@require_http_methods(["GET", "POST"])
def duty_letter_add(request: AuthedRequest) -> HttpResponse:
    """One form for one person or many: typed, looked at, saved. `orang` names them, or `angkatan` everybody in it without a letter."""
    people = _chosen(request)
    if not people:
        messages.warning(request, _("Pilih orangnya dahulu."))
        return redirect("duty_letter_list")
    form = LetterForm(request.POST if "aksi" in request.POST else None, is_single=len(people) == 1, initial=_offered(request, people))
    action = request.POST.get("aksi", "")
    planned: list[services.Planned] = []
    if form.is_bound and form.is_valid():
        if action == "konsep":
            return _as_pdf(services.draft_letter(person=people[0], facts=form.facts, by=request.user), "konsep-surat-tugas.pdf")
        planned = _planned(request, form, people)
        if action == "simpan" and planned and _saved(request, form, people):
            return redirect("duty_letter_list")
    context = {"form": form, "people": people, "planned": planned, "to_write": sum(not plan.refusal for plan in planned)}
    return render(request, "participants/duty_letter_add.html", context, status=422 if form.errors else 200)


@allow(*OWN)
@require_http_methods(["GET", "POST"])
def duty_letter(request: AuthedRequest, letter_id: int) -> HttpResponse:
    """What one letter says; the signed paper is added here."""
    letter = visible_letter(request, letter_id)
    can_issue = policies.can_issue(request.user, letter.participant)
    form = ScanForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        require(can_issue)
        if form.is_valid():
            upload = form.cleaned_data["scan"]
            try:
                services.attach_scan(letter_id=letter.pk, content=upload.read(), name=upload.name or "", by=request.user)
            except Refused as refusal:
                add_refusal(form, refusal)
            else:
                messages.success(request, _("Pindaian tersimpan."), extra_tags="toast")
                return redirect(letter)
    face = letter_face(letter)
    context = {"letter": letter, "face": face, "form": form, "can_issue": can_issue}
    return render(request, "participants/duty_letter.html", context, status=422 if form.errors else 200)


@allow(*OWN)
@require_GET
def duty_letter_pdf(request: AuthedRequest, letter_id: int) -> HttpResponse:
    letter = visible_letter(request, letter_id)
    seen.note_view(request, letter.participant, ViewKind.FILE)
    name = f"surat-tugas-{letter.participant.nip}.pdf"
    return _as_pdf(render_letter(letter_face(letter)), name)


@allow(*OWN)
@require_GET
def duty_letter_scan(request: AuthedRequest, letter_id: int) -> HttpResponseBase:
    letter = visible_letter(request, letter_id)
    require(bool(letter.scan))
    seen.note_view(request, letter.participant, ViewKind.FILE)
    return serve_private(letter.scan, letter.scan_name)


@allow(*policies.WRITERS)
@require_http_methods(["GET", "POST"])
def duty_letter_void(request: AuthedRequest, letter_id: int) -> HttpResponse:
    letter = visible_letter(request, letter_id)
    require(policies.can_issue(request.user, letter.participant) and letter.voided_at is None)
    form = VoidForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.void_letter(letter_id=letter.pk, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Surat %(number)s dibatalkan.") % {"number": letter.number}, extra_tags="toast")
            return redirect(letter)
    return render(request, "participants/duty_letter_void.html", {"letter": letter, "form": form}, status=422 if form.errors else 200)


@allow(*policies.WRITERS)
@require_http_methods(["GET", "POST"])
def duty_letter_replace(request: AuthedRequest, letter_id: int) -> HttpResponse:
    """Void and write anew in one step, with the schedule as it is now."""
    letter = visible_letter(request, letter_id)
    person = letter.participant
    require(policies.can_issue(request.user, person) and policies.is_due(person) and letter.voided_at is None)
    form = ReplaceForm(request.POST or None, is_single=True, initial=_offered(request, [person]))
    if request.method == "POST" and form.is_valid():
        number, reason = form.cleaned_data["number"], form.cleaned_data["reason"]
        try:
            new = services.replace_letter(letter_id=letter.pk, number=number, reason=reason, facts=form.facts, by=request.user)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Surat diganti dengan nomor %(number)s.") % {"number": new.number}, extra_tags="toast")
            return redirect(new)
    return render(request, "participants/duty_letter_replace.html", {"letter": letter, "form": form}, status=422 if form.errors else 200)


@allow(*policies.READERS)
@require_POST
def duty_letter_print(request: AuthedRequest) -> HttpResponse:
    """Ask for the letters of the ticked people as one PDF."""
    ids = [pk for text in request.POST.getlist("orang") if (pk := whole_number(text)) is not None]
    letters = DutyLetter.objects.visible_to(request.user).in_force().filter(participant_id__in=ids)
    try:
        return redirect(services.request_prints(letter_ids=list(letters.values_list("pk", flat=True)), by=request.user))
    except Refused as no:
        messages.warning(request, " ".join(no.messages))
        return redirect("duty_letter_list")


def _chosen(request: AuthedRequest) -> list[Participant]:
    data = request.POST if request.method == "POST" else request.GET
    if (batch := whole_number(data.get("angkatan"))) is not None:
        people = duty_tables.lacking_in(request.user, batch)[: services.MOST_AT_ONCE]
        return services.people_for(list(people.values_list("pk", flat=True)), request.user)
    ids = [pk for text in data.getlist("orang") if (pk := whole_number(text)) is not None]
    return services.people_for(ids, request.user)


def _offered(request: AuthedRequest, people: list[Participant]) -> dict[str, Any]:
    """What the form begins with: the unit's last letter, and its next number."""
    unit, today = services.issuing_unit(request.user, people[0]), timezone.localdate()
    last, serial, pattern = services.last_letter(unit), services.next_serial(unit, today.year), services.default_pattern(unit)
    known = {name: getattr(last, name) for name in ("city", "basis", "signer_title", "signer_name", "signer_nip")} if last else {}
    return {
        "basis": services.BASIS,
        **known,
        "letter_date": today,
        "pattern": pattern,
        "first": serial,
        "number": services.write_number(pattern, n=serial, day=today),
    }


def _planned(request: AuthedRequest, form: LetterForm, people: list[Participant]) -> list[services.Planned]:
    pattern, first = form.numbering
    try:
        return services.plan_letters(people=people, pattern=pattern, first=first, day=form.facts.letter_date, by=request.user)
    except Refused as refusal:
        form.add_error("pattern" if "pattern" in form.fields else "number", refusal.messages)
        return []


def _saved(request: AuthedRequest, form: LetterForm, people: list[Participant]) -> bool:
    pattern, first = form.numbering
    ids = [person.pk for person in people]
    try:
        letters = services.issue_letters(participant_ids=ids, pattern=pattern, first=first, facts=form.facts, by=request.user)
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    text = ngettext("%(n)d surat tugas dibuat.", "%(n)d surat tugas dibuat.", len(letters))
    messages.success(request, text % {"n": len(letters)}, extra_tags="toast")
    return True


def _as_pdf(pdf: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
