"""The people of a batch as the certificate page sees them: issued, ready, lacking something, not graduated."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum

from latsar.accounts.models import User
from latsar.documents.models import DocumentState
from latsar.training.models import Batch
from participants.documents import Problem, problems_of
from participants.enums import Stage
from participants.people import Participant
from participants.seats import Certificate


class Standing(Enum):
    ISSUED = "issued"
    READY = "ready"
    LACKING = "lacking"
    TRAINING = "training"


@dataclass(frozen=True)
class Line:
    """One person: `certificate` counts now, `revoked` is the latest that was taken back."""

    participant: Participant
    standing: Standing
    certificate: Certificate | None = None
    revoked: Certificate | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Return the standing's word for templates."""
        return self.standing.value


@dataclass(frozen=True)
class Roll:
    lines: list[Line]

    def count(self, *standings: Standing) -> int:
        found = Counter(line.standing for line in self.lines)
        return sum(found[standing] for standing in standings)

    @property
    def to_issue(self) -> list[Line]:
        """Whoever graduated and has no certificate that counts; who lacks something is told so by the job."""
        return [line for line in self.lines if line.standing in {Standing.READY, Standing.LACKING}]


def roll_of(batch: Batch, user: User) -> Roll:
    """Read the visible people of a batch with where each one's certificate stands, in three queries."""
    people = Participant.objects.visible_to(user).filter(batch=batch).select_related("satker").order_by("full_name", "pk")
    found = Certificate.objects.visible_to(user).filter(batch=batch).select_related("document").order_by("created_at", "pk")
    current: dict[int, Certificate] = {}
    revoked: dict[int, Certificate] = {}
    for certificate in found:
        (revoked if certificate.revoked else current)[certificate.participant_id] = certificate
    return Roll([_line(person, current.get(person.pk), revoked.get(person.pk)) for person in people])


def _line(person: Participant, current: Certificate | None, revoked: Certificate | None) -> Line:
    if current is not None and current.document.state == DocumentState.ISSUED:
        return Line(person, Standing.ISSUED, current, revoked)
    if person.stage != Stage.GRADUATED:
        return Line(person, Standing.TRAINING, None, revoked)
    problems = problems_of(person)
    return Line(person, Standing.LACKING if problems else Standing.READY, None, revoked, problems)
