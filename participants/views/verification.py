"""The queue of a province and of PKSDM: the oldest file is open, its answer leads to the next one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from latsar.accounts import seen
from latsar.accounts.access import allow
from latsar.accounts.enums import Role
from latsar.accounts.errors import NoReason, Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.ui.components import clock as clock_face
from latsar.ui.listing import PAGE_PARAM
from latsar.ui.numbers import whole_number
from latsar.ui.typed import seen_text
from latsar.ui.words import one_stop
from participants import field_notes, policies, queue
from participants.bulk import read_version
from participants.dossier import in_queue
from participants.dossier.checklist import Line, lines_of_many
from participants.models import Participant
from participants.people import ParticipantQuerySet
from participants.person_story import STORY_WORDS, latest_change, since_version
from participants.reachable import earliest_ends, person_clock
from participants.services.answering import DocumentAnswer, answer_documents, answer_file
from participants.services.verification import ONWARD

FILTER, SEARCH, OPENED = "batas", "q", "orang"
SHOWN, DOCUMENT_PAGE = "berkas", "hlm"


@allow(Role.ADMIN_PROVINSI, Role.PKSDM)
@require_http_methods(["GET", "POST"])
def verification_queue(request: AuthedRequest) -> HttpResponse:
    rows = queue.waiting_for(request.user)
    if request.method == "POST":
        return _answer(request, rows)
    return _page(request, rows, opened=request.GET.get(OPENED, ""))


def _answer(request: AuthedRequest, rows: ParticipantQuerySet) -> HttpResponse:
    chosen, decision, note = (seen_text(request.POST.get(name, "")) for name in (OPENED, "putusan", "note"))
    typed: dict[str, Any] = {"given": request.POST.dict(), "decision": decision, "note": note}
    person = rows.filter(pk=whole_number(chosen) or 0).first()
    if person is None:
        return _gone(request, rows)
    if "tampil" in request.POST:
        return _page(request, rows, opened=chosen, **typed)
    answers = in_queue.answers_in(typed["given"])
    action = queue.ANSWERS[person.stage].get(decision)
    if action is None and not answers:
        return _page(request, rows, opened=chosen, error=_("Pilih dulu: sesuai atau kembalikan."), **typed)
    try:
        if action is None:
            answer_documents(participant_id=person.pk, answers=answers, by=request.user)
            messages.success(request, _("Jawaban atas berkas tersimpan. CPNS-nya belum diputuskan."), extra_tags="toast")
            return _onward(request, person)
        answer_file(
            participant_id=person.pk,
            action=action,
            answers=answers,
            by=request.user,
            version=read_version(request.POST.get("version", "")),
            note=note if decision == queue.BACK else "",
            field_notes=field_notes.read_notes(request.POST),
        )
    except Refused as refusal:
        return _page(request, rows, opened=chosen, **typed, **_told(request, person, refusal, answers))
    said = one_stop(_("%(what)s: %(name)s.") % {"what": STORY_WORDS[action], "name": person.full_name})
    messages.success(request, said, extra_tags="toast")
    return _onward(request)


def _told(request: AuthedRequest, person: Participant, refusal: Refused, answers: list[DocumentAnswer]) -> dict[str, Any]:
    """Put the refusal where it is mended: beside the reason of a document, beside that of the file, or over the decision."""
    if isinstance(refusal, NoReason):
        lacking = in_queue.without_reason(answers)
        return {"lacking": lacking} if lacking else {"note_error": " ".join(refusal.messages)}
    return {"error": " ".join(refusal.messages), **_since(request, person, refusal)}


def _since(request: AuthedRequest, person: Participant, refusal: Refused) -> dict[str, Any]:
    """Show what happened to the file since it was opened; only the look at it makes the answer good again."""
    if not isinstance(refusal, StaleVersion):
        return {}
    return {"changed": since_version(person, read_version(request.POST.get("version", "")), request.user), "status": HTTPStatus.CONFLICT}


def _gone(request: AuthedRequest, rows: ParticipantQuerySet) -> HttpResponse:
    """Say what became of the file that waits no more, by whom and when, and give back what was typed for it."""
    words = [seen_text(request.POST.get("note", "")).strip()]
    words += [f"{field_notes.field_label(name)}: {text}" for name, text in field_notes.read_notes(request.POST).items()]
    words += [text.strip() for name, text in request.POST.dict().items() if name.startswith(in_queue.REASON)]
    typed = "\n".join(filter(None, words))
    chosen = request.POST.get(OPENED, "")
    person = Participant.objects.visible_to(request.user).filter(pk=whole_number(chosen) or 0).first()
    if person is None and not typed:
        messages.warning(request, _("Berkas itu sudah tidak menunggu jawaban Anda, mungkin baru dijawab orang lain."))
        return _onward(request)
    gone = {"person": person, "typed": typed, "change": latest_change(person) if person else None}
    return _page(request, rows, opened="", gone=gone, status=HTTPStatus.CONFLICT)


def _onward(request: AuthedRequest, person: Participant | None = None) -> HttpResponseRedirect:
    """Go on in the same part of the queue: its filter, search and page stay; with a person, that file stays open."""
    place = request.GET.copy()
    place.pop(OPENED, None)
    if person is not None:
        place[OPENED] = str(person.pk)
    return HttpResponseRedirect(f"{reverse('verification_queue')}?{place.urlencode()}".removesuffix("?"))


def _page(
    request: AuthedRequest,
    rows: ParticipantQuerySet,
    *,
    opened: str,
    given: Mapping[str, str] | None = None,
    lacking: Collection[int] = (),
    status: int = HTTPStatus.OK,
    **extra: Any,
) -> HttpResponse:
    today = timezone.localdate()
    clock = queue.AnswerClock(today)
    counts = queue.count_by_due(rows, clock)
    chosen, text = request.GET.get(FILTER, ""), request.GET.get(SEARCH, "").strip()[:80]
    page = Paginator(queue.find(rows, text).filter(clock.condition(chosen)), queue.SHOWN).get_page(request.GET.get(PAGE_PARAM))
    shown = list(page)
    person = _opened(rows, shown, opened)
    if person is not None:
        seen.note_view(request, person)
    lines = lines_of_many([*shown, person] if person is not None and person not in shown else shown, today)
    following = next((one for one in shown if person is not None and one.pk != person.pk), None)
    last = field_notes.last_return(person) if person else None
    context = {
        "counts": counts,
        "chosen": chosen,
        "text": text,
        "page": page,
        "waiting": queue.describe_many(shown, clock, lines),
        "participant": person,
        "following": following,
        "now": queue.describe(person, clock) if person else None,
        "sight": _sight(request, lines[person.pk], given or {}, lacking) if person else None,
        "field_lines": field_notes.note_lines(person, given or {}) if person else [],
        "last_reason": last.reason if last else "",
        "last_notes": last.notes if last else [],
        "checks": queue.checks_of(person, request.user) if person else [],
        "clock_bar": clock_face(person_clock(person, today, earliest_ends(today)).face) if person else "",
        "shows_needs": person is not None and policies.can_see_special_needs(request.user, person),
        "shows_contact": person is not None and policies.can_see_contact(request.user, person),
        "sla": clock.days,
        "bulk_action": ONWARD if request.user.has_role(Role.PKSDM) else "verify",
        **extra,
    }
    return render(request, "participants/verification_queue.html", context, status=status)


def _sight(request: AuthedRequest, lines: list[Line], given: Mapping[str, str], lacking: Collection[int]) -> in_queue.Sight:
    asked = given.get("tampil", "") or request.GET.get(SHOWN, "")
    return in_queue.sight_of(lines, wanted=asked, page=request.GET.get(DOCUMENT_PAGE, ""), given=given, lacking=lacking)


def _opened(rows: ParticipantQuerySet, shown: list[Participant], opened: str) -> Participant | None:
    number = whole_number(opened)
    if number is not None:
        person = next((one for one in shown if one.pk == number), None) or rows.filter(pk=number).first()
        if person is not None:
            return person
    return shown[0] if shown else None
