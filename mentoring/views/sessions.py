"""Sessions of guidance: the list, a proposal, a note afterwards, one session with what can be done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from latsar.accounts import seen
from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.training.forms import add_refusal
from latsar.ui.listing import PAGE_PARAM
from mentoring import offers, services, session_tables
from mentoring.models import MentoringSession, SessionFile
from mentoring.session_forms import CancelForm, LogForm, NotesForm, ProposeForm, SessionFilter
from mentoring.session_tables import SessionRow, session_rows, with_live

SIDES = (Role.MENTOR, Role.COACH, Role.PESERTA)
READERS = (*SIDES, Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM, Role.PIMPINAN, Role.LEMBAGA)
PER_PAGE = 25


@allow(*SIDES)
@require_GET
def session_list(request: AuthedRequest) -> HttpResponse:
    """The own sessions, the latest first; what waits for me is a filter away."""
    form = SessionFilter(request.GET)
    form.is_valid()
    mine = session_tables.own_sessions(request.user)
    rows = with_live(session_tables.filtered(mine, form.cleaned_data, request.user)).order_by("-starts_at", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get(PAGE_PARAM))
    context = {
        "form": form,
        "page": page,
        "rows": session_rows(page, request.user),
        "waiting": session_tables.waiting_of(request.user).count(),
        "is_filtered": any(form.cleaned_data.values()),
        "is_guide": request.user.has_role(Role.MENTOR, Role.COACH),
        "own_id": offers.own_participant_id(request.user),
    }
    return render(request, "mentoring/session_list.html", context)


@allow(*SIDES)
@require_http_methods(["GET", "POST"])
def session_add(request: AuthedRequest) -> HttpResponse:
    """Propose a time, or with `?cara=catat` write down what has taken place."""
    logs = request.GET.get("cara") == "catat"
    people, kinds = offers.partners(request.user)
    require(bool(kinds))
    kind: type[ProposeForm] = LogForm if logs else ProposeForm
    initial = {"zone": request.user.zone, "day": timezone.localdate() if logs else None, "people": request.GET.getlist("peserta")}
    form = kind(request.POST or None, request.FILES or None, people=people, kinds=kinds, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = _begun(request, form)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            said = ngettext("%(n)d sesi tersimpan.", "%(n)d sesi tersimpan.", len(made)) % {"n": len(made)}
            messages.success(request, said, extra_tags="toast")
            return redirect(made[0]) if len(made) == 1 else redirect("guidance_sessions")
    context = {"form": form, "logs": logs, "is_guide": bool(people)}
    return render(request, "mentoring/session_form.html", context, status=422 if form.errors else 200)


def _begun(request: AuthedRequest, form: ProposeForm) -> list[MentoringSession]:
    user = request.user
    chosen = form.cleaned_data.get("people")
    ids = [int(pk) for pk in chosen] if chosen else [pk for pk in [offers.own_participant_id(user)] if pk]
    facts: dict[str, Any] = {"kind": form.chosen_kind, "participant_ids": ids, "facts": form.facts(), "by": user}
    if isinstance(form, LogForm):
        return services.log_sessions(**facts, written=form.written(), files=form.attachments())
    return services.propose_sessions(**facts)


def visible_session(request: AuthedRequest, session_id: int) -> SessionRow:
    rows = with_live(MentoringSession.objects.visible_to(request.user))
    return session_rows([get_object_or_404(rows, pk=session_id)], request.user)[0]


def mates_of(request: AuthedRequest, row: SessionRow) -> int:
    """How many others the same session is with, as far as one's own step can reach them."""
    if row.session.guide_id != request.user.pk:
        return 0
    mates = MentoringSession.objects.visible_to(request.user).filter(bundle=row.session.bundle, guide=request.user)
    return mates.exclude(pk=row.session.pk).count()


@allow(*READERS)
@require_GET
def session_detail(request: AuthedRequest, session_id: int) -> HttpResponse:
    """One session: facts, notes, evidence, the next step, the story."""
    row = visible_session(request, session_id)
    seen.note_view(request, row.session.participant)
    return session_page(request, row)


def session_page(
    request: AuthedRequest, row: SessionRow, *, notes: NotesForm | None = None, cancel: CancelForm | None = None, status: int = 200
) -> HttpResponse:
    """Draw the page of a session; a refused form comes back with what was typed."""
    session, mates = row.session, mates_of(request, row)
    can_note = row.may("note") and session.starts_at <= timezone.now()
    files = SessionFile.objects.visible_to(request.user).filter(session=session).select_related("uploaded_by")
    written = {"version": session.version, "notes": session.notes, "next_steps": session.next_steps}
    context = {
        "row": row,
        "session": session,
        "participant": session.participant,
        "files": files,
        "mates": mates,
        "can_note": can_note,
        "notes_form": notes or (NotesForm(initial=written, has_mates=bool(mates)) if can_note else None),
        "cancel_form": cancel or (CancelForm(initial={"version": session.version}, has_mates=bool(mates)) if row.may("cancel") else None),
        "can_accept": row.may("accept") and not session.is_over,
        "can_confirm": row.may("confirm"),
        "can_reschedule": row.may("reschedule"),
        "story": session_tables.story_of(session, request.user),
    }
    return render(request, "mentoring/session_detail.html", context, status=status)
