from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F

from mentoring.enums import MENTEE_LIMIT
from mentoring.models import MentorAssignment


def broken() -> Iterator[str]:
    """Yield mentors with more than five mentees, people with two mentors, and people who guide themselves."""
    active = MentorAssignment.objects.active()
    for row in active.values("mentor").annotate(n=Count("pk")).filter(n__gt=MENTEE_LIMIT):
        yield f"mentor {row['mentor']}: {row['n']} mentees"
    for person in active.values("participant").annotate(n=Count("pk")).filter(n__gt=1):
        yield f"participant {person['participant']}: {person['n']} mentors"
    for assignment in active.filter(mentor__user=F("participant__user")):
        yield f"participant {assignment.participant_id}: mentors self"
