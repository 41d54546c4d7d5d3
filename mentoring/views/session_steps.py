"""What the two sides do with a session, its evidence, and the consultation card."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from latsar.accounts import seen
from latsar.accounts.access import allow, require
from latsar.accounts.enums import ViewKind
from latsar.accounts.errors import Refused, StaleVersion
from latsar.accounts.models import AuthedRequest
from latsar.documents.serve import serve_private
from latsar.training.forms import add_refusal
from latsar.ui.numbers import whole_number
from mentoring import cards, policies, services
from mentoring.enums import GuideKind
from mentoring.models import MentorAssignment, MentoringSession, SessionFile
from mentoring.session_forms import CancelForm, NotesForm, RescheduleForm, initial_of
from mentoring.session_tables import session_rows, with_live
from mentoring.views.sessions import READERS, SIDES, mates_of, session_page, visible_session
from participants.models import Participant


@allow(*SIDES)
@require_http_methods(["GET", "POST"])
def session_edit(request: AuthedRequest, session_id: int) -> HttpResponse:
    """Propose another time, place or agenda."""
    row = visible_session(request, session_id)
    require(row.may("reschedule"))
    form = RescheduleForm(request.POST or None, initial=initial_of(row.session), has_mates=bool(mates_of(request, row)))
    if request.method == "POST" and form.is_valid():
        together = bool(form.cleaned_data.get("together"))
        try:
            services.reschedule_session(
                session_id=row.session.pk, version=form.cleaned_data["version"] or 0, facts=form.facts(), by=request.user, together=together
            )
        except StaleVersion:
            raise
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Waktu baru diusulkan."), extra_tags="toast")
            return redirect(row.session)
    context = {"form": form, "row": row, "session": row.session}
    return render(request, "mentoring/session_edit.html", context, status=422 if form.errors else 200)


@allow(*SIDES)
@require_POST
def session_step(request: AuthedRequest, session_id: int) -> HttpResponse:
    """Agree to a time, or put one's paraf; what somebody changed meanwhile is answered by 409."""
    row = visible_session(request, session_id)
    require(bool(row.side))
    version = whole_number(request.POST.get("version")) or 0
    if request.POST.get("langkah") == "setuju":
        services.accept_session(session_id=row.session.pk, version=version, by=request.user)
        messages.success(request, _("Waktunya disepakati."), extra_tags="toast")
    elif request.POST.get("langkah") == "paraf":
        services.confirm_session(session_id=row.session.pk, version=version, by=request.user)
        messages.success(request, _("Sesi ini kini dihitung."), extra_tags="toast")
    else:
        raise Http404
    return redirect(row.session)


@allow(*SIDES)
@require_POST
def session_cancel(request: AuthedRequest, session_id: int) -> HttpResponse:
    row = visible_session(request, session_id)
    require(bool(row.side))
    form = CancelForm(request.POST, has_mates=bool(mates_of(request, row)))
    if not form.is_valid():
        return session_page(request, row, cancel=form, status=422)
    facts = {"reason": form.cleaned_data["reason"], "together": bool(form.cleaned_data.get("together"))}
    services.cancel_session(session_id=row.session.pk, version=form.cleaned_data["version"], by=request.user, **facts)
    messages.success(request, _("Sesi dibatalkan."), extra_tags="toast")
    return redirect(row.session)


@allow(*SIDES)
@require_POST
def session_notes(request: AuthedRequest, session_id: int) -> HttpResponse:
    """Write the notes and send evidence; writing is one's own paraf."""
    row = visible_session(request, session_id)
    require(bool(row.side))
    form = NotesForm(request.POST, request.FILES, has_mates=bool(mates_of(request, row)))
    if form.is_valid():
        try:
            services.write_notes(
                session_id=row.session.pk,
                version=form.cleaned_data["version"],
                written=form.written(),
                files=form.attachments(),
                by=request.user,
                together=bool(form.cleaned_data.get("together")),
            )
        except StaleVersion:
            raise
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Catatan tersimpan. Pihak lain diminta memberi paraf."), extra_tags="toast")
            return redirect(row.session)
    return session_page(request, row, notes=form, status=422)


@allow(*READERS)
@require_GET
def session_file(request: AuthedRequest, file_id: int) -> HttpResponseBase:
    rows = SessionFile.objects.visible_to(request.user).select_related("session__participant")
    file = get_object_or_404(rows, pk=file_id)
    seen.note_view(request, file.session.participant, ViewKind.FILE)
    return serve_private(file.file, file.name, inline=True, content_type=file.content_type)


@allow(*SIDES)
@require_POST
def session_file_remove(request: AuthedRequest, file_id: int) -> HttpResponse:
    file = get_object_or_404(SessionFile.objects.visible_to(request.user), pk=file_id)
    session = services.remove_session_file(file_id=file.pk, by=request.user)
    messages.success(request, _("Bukti dihapus."), extra_tags="toast")
    return redirect(session)


@allow(*READERS)
@require_GET
def consultation_card(request: AuthedRequest, participant_id: int, kind: str) -> HttpResponseBase:
    """The card of the mentor or of the coach as PDF, from what both have confirmed."""
    require(kind in GuideKind.values)
    person = get_object_or_404(cards.people_with_cards(request.user, kind), pk=participant_id)
    seen.note_view(request, person, ViewKind.FILE)
    rows = MentoringSession.objects.visible_to(request.user).filter(participant=person, kind=kind)
    pdf = cards.print_card(person, kind, rows)
    return FileResponse(pdf, as_attachment=True, filename=cards.file_name(person, kind), content_type="application/pdf")


@allow(*policies.GUIDANCE_READERS)
@require_GET
def participant_guidance(request: AuthedRequest, participant_id: int) -> HttpResponse:
    """Everything about the guidance of one person: mentors now and before, handovers, sessions and cards."""
    people = Participant.objects.visible_to(request.user).select_related("satker", "batch__institute")
    person = get_object_or_404(people, pk=participant_id)
    seen.note_view(request, person)
    sessions = with_live(MentoringSession.objects.visible_to(request.user).filter(participant=person)).order_by("-starts_at", "-pk")
    past = (
        MentorAssignment.objects.visible_to(request.user)
        .filter(participant=person)
        .select_related("mentor__user", "mentor__satker", "handed_over", "ended_by")
    )
    context = {
        "participant": person,
        "assignments": past.order_by("-assigned_at", "-pk"),
        "rows": session_rows(sessions[:100], request.user),
        "confirmed": cards.counts(person),
        "can_assign": policies.can_assign(request.user, person) and policies.may_be_guided(person),
    }
    return render(request, "mentoring/participant_guidance.html", context)
