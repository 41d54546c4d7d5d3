from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.ui.numbers import whole_number
from latsar.ui.words import one_stop
from mentoring import policies, services, tables
from mentoring.forms import EndForm, MentorForm, PickForm, PlanForm, PoolForm, planned_ids
from mentoring.models import Mentor, MentorAssignment
from mentoring.suggestions import spread, suggestions
from participants.models import Participant

UNITS = (Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM)
PER_PAGE = 25


@allow(*UNITS, Role.PIMPINAN)
@require_GET
def mentor_list(request: AuthedRequest) -> HttpResponse:
    """The shared pool: whoever has room stands first."""
    form = PoolForm(request.GET)
    form.is_valid()
    mentors = tables.pool_of(request.user, form.cleaned_data)
    page = Paginator(mentors.select_related("user", "satker"), PER_PAGE).get_page(request.GET.get("halaman"))
    context = {"form": form, "page": page, "rows": tables.pool_rows(page), "may_write": policies.can_register(request.user)}
    return render(request, "mentoring/mentor_list.html", {**context, "is_filtered": any(form.cleaned_data.values())})


@allow(*UNITS)
@require_http_methods(["GET", "POST"])
def mentor_add(request: AuthedRequest) -> HttpResponse:
    form = MentorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            mentor = services.register_mentor(by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error("email" if refused.code == "email" else "nip", refused)
        else:
            messages.success(request, _("%(name)s masuk daftar mentor.") % {"name": mentor}, extra_tags="toast")
            return redirect("mentor_list")
    return render(request, "mentoring/mentor_add.html", {"form": form}, status=422 if form.errors else 200)


@allow(*UNITS)
@require_http_methods(["GET", "POST"])
def mentor_assign(request: AuthedRequest) -> HttpResponse:
    """Mentors for everybody who lacks one, or with `?peserta=` for one person."""
    if (chosen := whole_number(request.GET.get("peserta"))) is not None:
        return _assign_one(request, chosen)
    if request.method == "POST":
        return _plan(request)
    people = tables.assignable(request.user)
    missing = tables.without_mentor(people)
    shows_present = request.GET.get("tampil") == "sudah"
    rows = people.exclude(pk__in=missing.values("pk")) if shows_present else missing
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("halaman"))
    offers = suggestions(list(page), request.user)
    form = PlanForm(list(page), offers, chosen=spread(list(page), offers) if request.GET.get("isi") == "usulan" else None)
    context = {
        "page": page,
        "form": form,
        "groups": tables.plan_groups(form),
        "missing_count": missing.count(),
        "present_count": people.count() - missing.count(),
        "shows_present": shows_present,
        "present": _present_mentors(request, list(page)) if shows_present else [],
    }
    return render(request, "mentoring/assign.html", context)


@allow(*UNITS)
@require_POST
def mentor_end(request: AuthedRequest, assignment_id: int) -> HttpResponse:
    assignment = get_object_or_404(MentorAssignment.objects.visible_to(request.user).active(), pk=assignment_id)
    form = EndForm(request.POST)
    if form.is_valid():
        services.end_assignment(assignment_id=assignment.pk, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Bimbingan diakhiri."), extra_tags="toast")
    else:
        messages.error(request, _("Tulis alasan mengakhiri bimbingan ini."))
    return redirect(f"{reverse('mentor_assign')}?peserta={assignment.participant_id}")


def _plan(request: AuthedRequest) -> HttpResponse:
    """Show what the plan would do, then do it."""
    people = list(tables.without_mentor(tables.assignable(request.user)).filter(pk__in=planned_ids(request.POST)))
    form = PlanForm(people, suggestions(people, request.user), request.POST)
    valid = form.is_valid()
    pairs = form.pairs() if valid else []
    if not pairs:
        for error in {str(line) for lines in form.errors.values() for line in lines} or [
            _("Pilih mentor untuk paling sedikit satu peserta.")
        ]:
            messages.error(request, error)
        return redirect("mentor_assign")
    if request.POST.get("action") != "commit":
        rows = tables.planned_rows(pairs, people, request.user)
        return render(request, "mentoring/assign_preview.html", {"rows": rows, "has_too_many": any(row.is_too_many for row in rows)})
    _report(request, services.assign_many(pairs=pairs, by=request.user), people)
    return redirect("mentor_assign")


def _report(request: AuthedRequest, outcomes: Sequence[services.Outcome], people: Sequence[Participant]) -> None:
    names = {person.pk: str(person) for person in people}
    done = sum(not outcome.refusal for outcome in outcomes)
    if done:
        messages.success(request, ngettext("%(n)s mentor ditetapkan.", "%(n)s mentor ditetapkan.", done) % {"n": done})
    for outcome in outcomes:
        if outcome.refusal:
            messages.error(request, f"{names[outcome.participant_id]}: {outcome.refusal}")


def _assign_one(request: AuthedRequest, participant_id: int) -> HttpResponse:
    participant = get_object_or_404(
        Participant.objects.visible_to(request.user).select_related("satker", "batch__institute"), pk=participant_id
    )
    require(policies.can_assign(request.user, participant))
    present = participant.mentor_assignments.active().select_related("mentor__user", "mentor__satker").first()
    form = PickForm(request.POST or None, user=request.user, is_change=present is not None)
    full: Mentor | None = None
    if request.method == "POST" and form.is_valid():
        try:
            _assign_or_change(request, participant, form, has_mentor=present is not None)
        except Refused as refused:
            full = form.cleaned_data["mentor"] if refused.code == "full" else None
            form.add_error("mentor", refused)
        else:
            return redirect(f"{reverse('mentor_assign')}?peserta={participant.pk}")
    query = request.GET.get("q", "").strip()[:100]
    found = Mentor.objects.visible_to(request.user).active().search(query).available_first().select_related("user", "satker")
    near = suggestions([participant], request.user)[participant.pk]
    near = [offer for offer in near if present is None or offer.mentor != present.mentor]
    context = {
        "participant": participant,
        "present": present,
        "form": form,
        "end_form": EndForm(),
        "query": query,
        "near": near,
        "rows": tables.pool_rows(found[:PER_PAGE]) if query else [],
        "needs_mentor": policies.may_be_guided(participant),
        "full": full if full is not None and policies.can_waive(request.user, full) else None,
        "may_waive": request.user.has_role(Role.PKSDM),
    }
    return render(request, "mentoring/assign_one.html", context, status=422 if form.errors else 200)


def _assign_or_change(request: AuthedRequest, participant: Participant, form: PickForm, *, has_mentor: bool) -> None:
    mentor = form.cleaned_data["mentor"]
    if has_mentor:
        services.change_mentor(participant_id=participant.pk, mentor_id=mentor.pk, reason=form.cleaned_data["reason"], by=request.user)
    else:
        services.assign_mentor(participant_id=participant.pk, mentor_id=mentor.pk, by=request.user)
    said = one_stop(_("%(mentor)s menjadi mentor %(name)s.") % {"mentor": mentor, "name": participant})
    messages.success(request, said, extra_tags="toast")


def _present_mentors(request: AuthedRequest, people: Sequence[Participant]) -> list[tuple[Participant, MentorAssignment]]:
    rows = (
        MentorAssignment.objects.visible_to(request.user)
        .active()
        .filter(participant__in=people)
        .select_related("mentor__user", "mentor__satker")
    )
    by_person = {row.participant_id: row for row in rows}
    return [(person, by_person[person.pk]) for person in people if person.pk in by_person]
