"""A mentor says that a mentee is called to work."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from latsar.accounts.errors import NotAllowed
from latsar.accounts.models import User
from mentoring.models import MentorAssignment
from participants.models import Duty
from participants.services.duties import record_mentee_duty


@transaction.atomic
def report_mentee_duty(*, assignment_id: int, what: str, starts_on: date, ends_on: date, by: User) -> Duty:
    """Record it for one's own mentee; satker and province are told when it falls into a released phase. Raises NotAllowed, Refused."""
    rows = MentorAssignment.objects.mentored_by(by).select_related("participant__satker", "participant__province", "participant__user")
    assignment = rows.filter(pk=assignment_id).first()
    if assignment is None:
        raise NotAllowed
    return record_mentee_duty(person=assignment.participant, what=what, starts_on=starts_on, ends_on=ends_on, by=by)
