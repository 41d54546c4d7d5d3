"""Who is in an orientasi tugas and how far each one is: JP taken part in, what is still missing, the certificate."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from latsar.accounts.models import User
from latsar.documents.models import DocumentState
from participants.documents import Problem, problems_of
from participants.enums import OrientationStanding
from participants.models import OrientationCertificate, OrientationMember, OrientationProgramme, OrientationSession
from participants.orientation import HAS_LEFT


def needed_hours(total: int, percent: int) -> int:
    """Return the least JP for the certificate: the percentage rounded up."""
    return -(-total * percent // 100)


@dataclass(frozen=True)
class Requirement:
    """What a programme asks: JP in all, JP needed, sessions to be marked."""

    total: int
    needed: int
    sessions: int

    @property
    def may_miss(self) -> int:
        return self.total - self.needed


def requirement_of(programme: OrientationProgramme, sessions: list[OrientationSession]) -> Requirement:
    total = sum(session.hours for session in sessions)
    return Requirement(total, needed_hours(total, programme.min_attendance_percent), len(sessions))


@dataclass(frozen=True)
class Totals:
    """People of a programme in one's scope. `ready` wait for their certificate."""

    people: int
    complete: int
    enough: int
    passed: int
    issued: int

    @property
    def ready(self) -> int:
        return self.passed - self.issued


def totals_of(programme: OrientationProgramme, user: User, requirement: Requirement) -> Totals:
    """Count in one query; the certificates in a second."""
    members = OrientationMember.objects.visible_to(user).filter(programme=programme).present().order_by()
    counts = members.with_hours().aggregate(
        people=Count("pk"),
        complete=Count("pk", filter=Q(marked__gte=requirement.sessions) & ~HAS_LEFT),
        enough=Count("pk", filter=Q(attended__gte=requirement.needed) & ~HAS_LEFT),
        passed=Count("pk", filter=Q(standing=OrientationStanding.PASSED)),
    )
    issued = OrientationCertificate.objects.visible_to(user).current().filter(member__programme=programme)
    return Totals(**counts, issued=issued.filter(document__state=DocumentState.ISSUED).count())


@dataclass(frozen=True)
class Line:
    """One member; `certificate` counts now, `revoked` is the latest that was taken back."""

    member: OrientationMember
    requirement: Requirement
    certificate: OrientationCertificate | None = None
    revoked: OrientationCertificate | None = None

    @property
    def attended(self) -> int:
        return self.member.attended  # type: ignore[attr-defined, no-any-return]

    @property
    def is_complete(self) -> bool:
        return self.member.marked >= self.requirement.sessions  # type: ignore[attr-defined, no-any-return]

    @property
    def kind(self) -> str:
        """Return left, issued, passed, lacking, short, removed, enough, missing or marking."""
        standing = self.member.standing
        if self.member.has_left:
            return "left"
        if standing == OrientationStanding.PASSED:
            return "issued" if self.certificate else "lacking" if self.problems else "passed"
        if standing != OrientationStanding.TAKING:
            return str(standing)
        if self.attended >= self.requirement.needed:
            return "enough"
        return "missing" if self.is_complete else "marking"

    @property
    def problems(self) -> list[Problem]:
        return problems_of(self.member.participant)


def lines_of(members: list[OrientationMember], user: User, requirement: Requirement) -> list[Line]:
    """Add to members (with their hours) the certificates; one query."""
    current: dict[int, OrientationCertificate] = {}
    revoked: dict[int, OrientationCertificate] = {}
    rows = OrientationCertificate.objects.visible_to(user).filter(member__in=members).exclude(document__state=DocumentState.PREPARED)
    for row in rows.select_related("document").order_by("created_at", "pk"):
        (revoked if row.revoked else current)[row.member_id] = row
    return [Line(member, requirement, current.get(member.pk), revoked.get(member.pk)) for member in members]
