from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Exists, F, OuterRef, Q

from mentoring.enums import MENTEE_LIMIT, SessionStage
from mentoring.models import GroupCoach, MentorAssignment, MentoringSession, MentorTraining
from participants.models import Placement


def broken() -> Iterator[str]:
    """Yield mentors above their places, people with two mentors, whoever guides or coaches wrongly, and facts that do not fit."""
    active = MentorAssignment.objects.active()
    for row in active.filter(place=None).values("mentor").annotate(n=Count("pk")).filter(n__gt=MENTEE_LIMIT):
        yield f"mentor {row['mentor']}: {row['n']} mentees"
    for assignment in active.exclude(place=None).select_related("place__waiver"):
        if assignment.place and (late := _late(assignment)):
            yield f"assignment {assignment.pk}: {late}"
    for person in active.values("participant").annotate(n=Count("pk")).filter(n__gt=1):
        yield f"participant {person['participant']}: {person['n']} mentors"
    for assignment in active.filter(Q(mentor__user=F("participant__user")) | Q(mentor__nip=F("participant__nip"))):
        yield f"participant {assignment.participant_id}: mentors self"
    yield from _coaches()
    for session in MentoringSession.objects.filter(kind="mentor").exclude(participant=F("assignment__participant")):
        yield f"session {session.pk}: assignment of somebody else"
    for session in MentoringSession.objects.filter(stage=SessionStage.CONFIRMED, notes=""):
        yield f"session {session.pk}: confirmed without notes"
    later = MentorTraining.objects.filter(mentor=OuterRef("mentor"), held_on__gt=OuterRef("held_on"))
    for training in MentorTraining.objects.filter(~Exists(later)).exclude(mentor__trained_on=F("held_on")):
        yield f"mentor {training.mentor_id}: latest training is {training.held_on}"


def _late(assignment: MentorAssignment) -> str:
    """Say whether a slot above five was taken after its waiver had ended; who was there before may stay."""
    assert assignment.place is not None
    waiver, at = assignment.place.waiver, assignment.assigned_at
    if waiver.ended_at is not None and at > waiver.ended_at:
        return f"slot {assignment.slot} taken after waiver {waiver.pk} was ended"
    if at.date() > waiver.valid_until:
        return f"slot {assignment.slot} taken after waiver {waiver.pk} ran out"
    return ""


def _coaches() -> Iterator[str]:
    seated = Placement.objects.active().filter(seat__batch=OuterRef("batch"), group=OuterRef("group"))
    mentored = Q(participant__mentor_assignments__mentor__user=OuterRef("coach"), participant__mentor_assignments__ended_at=None)
    for row in GroupCoach.objects.filter(Exists(seated.filter(Q(participant__user=OuterRef("coach")) | mentored))):
        yield f"group {row.group} of batch {row.batch_id}: coach is a member or mentors one"
