"""The mentor's and coach's home. It shows guidance and rancangan together, so it stands in the upper of both apps."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from aktualisasi import policies, tables
from aktualisasi.models import Paper
from latsar.accounts import seen
from latsar.accounts.access import allow, require
from latsar.accounts.enums import Role
from latsar.accounts.models import AuthedRequest
from mentoring import policies as guidance
from mentoring.home import guide_page
from mentoring.models import GroupCoach, MentorAssignment
from participants.models import Participant


@allow(Role.MENTOR, Role.COACH, Role.PESERTA)
@require_GET
def mentoring_home(request: AuthedRequest) -> HttpResponse:
    """For guides: who they guide and what waits. For a participant: who guides."""
    user = request.user
    if not user.has_role(Role.MENTOR, Role.COACH):
        return _my_guides(request)
    mentees = tables.mentees_of(user)
    waiting = [row for row in mentees if row.is_mine_to_answer]
    context = {
        "mentees": mentees,
        "waiting": waiting,
        "first": waiting[0] if waiting else None,
        "groups": tables.groups_of(user),
        "is_mentor": user.has_role(Role.MENTOR),
    }
    return render(request, "mentoring/home.html", {**context, **guide_page(user)})


@allow(Role.MENTOR, Role.ADMIN_SATKER, Role.ADMIN_PROVINSI, Role.PKSDM, Role.PIMPINAN, Role.LEMBAGA, Role.PESERTA)
@require_GET
def mentee_detail(request: AuthedRequest, assignment_id: int) -> HttpResponse:
    """What a mentor needs to know of one person, and the rancangan with its next step."""
    rows = MentorAssignment.objects.visible_to(request.user).select_related(
        "mentor__user", "mentor__satker", "participant__satker", "participant__batch__institute"
    )
    assignment = get_object_or_404(rows, pk=assignment_id)
    participant = assignment.participant
    seen.note_view(request, participant)
    papers = list(
        Paper.objects.visible_to(request.user).with_version_count().filter(rancangan__participant=participant).select_related("rancangan")
    )
    for paper in papers:
        paper.rancangan.participant = participant
    context = {
        "assignment": assignment,
        "participant": participant,
        "papers": [(paper, tables.stage_pill(paper), policies.can_review(request.user, paper)) for paper in papers],
        "can_assign": assignment.ended_at is None and guidance.can_assign(request.user, participant),
        "phases": participant.batch.phases.order_by("order") if participant.batch else [],
        "is_mentor": guidance.is_mentor_of(request.user, participant.pk),
    }
    return render(request, "mentoring/mentee.html", context)


def _my_guides(request: AuthedRequest) -> HttpResponse:
    participant = Participant.objects.visible_to(request.user).filter(user=request.user).select_related("batch").first()
    require(participant is not None)
    assert participant is not None
    assignment = (
        MentorAssignment.objects.visible_to(request.user)
        .active()
        .filter(participant=participant)
        .select_related("mentor__user", "mentor__satker")
        .first()
    )
    coach = GroupCoach.objects.visible_to(request.user).of_participant(participant.pk).select_related("coach").first()
    return render(request, "mentoring/my_guides.html", {"assignment": assignment, "coach": coach, "participant": participant})
