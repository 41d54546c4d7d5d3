"""The builder: one page per part of the rancangan. Every page is one form that saves without a script, too."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from aktualisasi import deadlines, policies, services
from aktualisasi.boxes import Desk
from aktualisasi.completeness import completeness_of
from aktualisasi.content import Plan, read_plan
from aktualisasi.models import Rancangan
from aktualisasi.plan_pages import PAGES, activity_page, matrix_rows
from aktualisasi.policies import can_change_plan, can_plan
from latsar.accounts.access import allow
from latsar.accounts.enums import Role
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from participants.models import Participant

STEPS = ("profil", "isu", "akar", "gagasan", "kegiatan", "nilai", "jadwal")
SEEN, TICKED = "lihat.", (".weeks", ".is_root", ".chosen_issue")


def own_plan(request: AuthedRequest) -> Plan:
    """Return the visitor's own plan, read whole; who has no participant row has none."""
    people = Participant.objects.visible_to(request.user).filter(user=request.user)
    participant = people.select_related("batch__institute", "batch__curriculum", "satker", "province").first()
    if participant is None or not policies.is_author(request.user, participant):
        raise Http404
    rancangan = Rancangan.objects.visible_to(request.user).filter(participant=participant).first()
    if rancangan is not None:
        rancangan.participant = participant
    return read_plan(participant, rancangan)


@allow(Role.PESERTA)
@require_http_methods(["GET", "POST"])
def plan_home(request: AuthedRequest) -> HttpResponse:
    """The parts with what each lacks, and the rows that were taken away."""
    plan = own_plan(request)
    if request.method == "POST":
        return _answer(request, plan, "plan_home")
    removed = plan.rancangan.removed_rows.filter(restored_at=None)[:10] if plan.rancangan else []
    return render(request, "aktualisasi/plan_home.html", {**_common(request, plan, "ikhtisar"), "removed_rows": removed})


@allow(Role.PESERTA)
@require_http_methods(["GET", "POST"])
def plan_profile(request: AuthedRequest) -> HttpResponse:
    """BAB I and II: satker, jabatan, what was learned."""
    return _page(request, "profil", "plan_profile")


@allow(Role.PESERTA)
@require_http_methods(["GET", "POST"])
def plan_issues(request: AuthedRequest) -> HttpResponse:
    """The issues side by side with APKL and USG, their words, and the superior's corrections."""
    return _page(request, "isu", "plan_issues")


@allow(Role.PESERTA)
@require_http_methods(["GET", "POST"])
def plan_causes(request: AuthedRequest) -> HttpResponse:
    """The fishbone of the chosen issue."""
    return _page(request, "akar", "plan_causes")


@allow(Role.PESERTA)
@require_http_methods(["GET", "POST"])
def plan_idea(request: AuthedRequest) -> HttpResponse:
    """Title, summary, gagasan kreatif."""
    return _page(request, "gagasan", "plan_idea")


@allow(Role.PESERTA)
@require_http_methods(["GET", "POST"])
def plan_activities(request: AuthedRequest) -> HttpResponse:
    """The kegiatan in their order."""
    return _page(request, "kegiatan", "plan_activities")


@allow(Role.PESERTA)
@require_http_methods(["GET", "POST"])
def plan_activity(request: AuthedRequest, kegiatan_id: int) -> HttpResponse:
    """One kegiatan whole: root, tahapan, values, agenda III, visi dan misi."""
    return _page(request, "kegiatan", "plan_activity", kegiatan_id)


@allow(Role.PESERTA)
@require_http_methods(["GET", "POST"])
def plan_values(request: AuthedRequest) -> HttpResponse:
    """The same sentences value by value."""
    return _page(request, "nilai", "plan_values")


@allow(Role.PESERTA)
@require_http_methods(["GET", "POST"])
def plan_schedule(request: AuthedRequest) -> HttpResponse:
    """Weeks of the habituasi against kegiatan."""
    return _page(request, "jadwal", "plan_schedule")


@allow(Role.PESERTA)
@require_GET
def plan_matrix(request: AuthedRequest) -> HttpResponse:
    """The matrix as it is printed."""
    plan = own_plan(request)
    return render(request, "aktualisasi/plan_matrix.html", {**_common(request, plan, "matriks"), "matrix": matrix_rows(plan)})


def _page(request: AuthedRequest, step: str, url_name: str, *args: int) -> HttpResponse:
    plan = own_plan(request)
    if args and args[0] not in {row.pk for row in plan.kegiatan}:
        raise Http404
    if request.method == "POST":
        return _answer(request, plan, url_name, *args, step=step)
    return _draw(request, Desk(plan), step, *args)


def _draw(request: AuthedRequest, desk: Desk, step: str, *args: int, status: int = 200) -> HttpResponse:
    if args:
        template, more = "aktualisasi/plan_activity.html", activity_page(desk, args[0])
    else:
        template, page = PAGES[step]
        more = page(desk)
    return render(request, template, {**_common(request, desk.plan, step), **more, "faults": desk.faults}, status=status)


def _answer(request: AuthedRequest, plan: Plan, url_name: str, *args: int, step: str = "") -> HttpResponse:
    """Save the page, then do what the button says. A refused field comes back with what was typed; everything else is saved."""
    if not can_plan(request.user, plan.participant):
        raise Http404
    typed = typed_fields(request.POST)
    faults = services.save_fields(participant_id=plan.participant.pk, typed=typed, by=request.user)
    if faults:
        status = 409 if any(getattr(fault, "stored", None) is not None for fault in faults.values()) else 422
        desk = Desk(own_plan(request), {key: text for key, (text, _seen) in typed.items()}, faults)
        return _draw(request, desk, step, *args, status=status)
    action, *rest = request.POST.get("aksi", "").split(":")
    here = reverse(url_name, args=args)
    try:
        return redirect(_act(request, plan.participant.pk, action, rest, here, step))
    except Refused as refused:
        messages.warning(request, " ".join(refused.messages))
        return redirect(here)


def _act(request: AuthedRequest, participant_id: int, action: str, rest: list[str], here: str, step: str) -> str:
    kind, number = (rest[0] if rest else ""), (int(rest[1]) if len(rest) > 1 and rest[1].isdecimal() else 0)
    who: dict[str, Any] = {"participant_id": participant_id, "by": request.user}
    if action == "tambah":
        row = services.add_row(kind=kind, parent=number, bone=rest[2] if len(rest) > 2 else "", **who)
        first = {"issue": "statement", "cause": "text", "kegiatan": "title", "tahapan": "text"}[kind]
        return f"{reverse('plan_activity', args=[row.pk]) if kind == 'kegiatan' else here}#{kind}.{row.pk}.{first}"
    if action in ("naik", "turun"):
        services.move_row(kind=kind, row_id=number, up=action == "naik", **who)
        return f"{here}#{kind}.{number}"
    if action == "hapus":
        kept = services.remove_row(kind=kind, row_id=number, **who)
        return f"{here}?hapus={kept.pk}"
    if action == "kembalikan":
        kept = services.restore_row(removed_id=int(kind) if kind.isdecimal() else 0, **who)
        messages.success(request, _("%(label)s sudah kembali.") % {"label": kept.label}, extra_tags="toast")
        return here
    if action == "lanjut":
        return _next(step)
    messages.success(request, _("Tersimpan."), extra_tags="toast")
    return here


def _next(step: str) -> str:
    names = ("plan_profile", "plan_issues", "plan_causes", "plan_idea", "plan_activities", "plan_values", "plan_schedule", "plan_matrix")
    return reverse(names[STEPS.index(step) + 1] if step in STEPS else "plan_home")


def typed_fields(data: QueryDict) -> dict[str, tuple[str, str]]:
    """Return what a page sent: key to text and the digest it had seen. What a locked field does not send is left out."""
    found = {}
    for name in data:
        key = name.removeprefix(SEEN)
        if name.startswith(SEEN) and (key in data or key.endswith(TICKED)):
            found[key] = (",".join(data.getlist(key)), str(data[name]))
    return found


def _common(request: AuthedRequest, plan: Plan, step: str) -> dict[str, Any]:
    complete = completeness_of(plan)
    part = next((part for part in complete.parts if part.key == step), None)
    seminar = deadlines.seminar_of(plan.participant)
    wanted = request.GET.get("hapus", "")
    removed = None
    if wanted.isdecimal() and plan.rancangan:
        removed = plan.rancangan.removed_rows.filter(pk=int(wanted), restored_at=None).first()
    may = can_plan(request.user, plan.participant)
    return {
        "plan": plan,
        "rancangan": plan.rancangan,
        "participant": plan.participant,
        "complete": complete,
        "part": part,
        "step": step,
        "seminar": seminar,
        "removed": removed,
        "can_write": may if plan.rancangan is None else can_change_plan(request.user, plan.rancangan),
        "next_missing": next(iter(part.missing if part and part.missing else complete.missing), None),
    }
