"""What collides on a calendar. Pure: spans and names in, findings out; who reads the rows is not known here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from latsar.training.calendar import SATURDAY
from latsar.training.enums import Method, PhaseKind

FACE_TO_FACE = frozenset({PhaseKind.CLASSICAL})
SEMINARS = frozenset({PhaseKind.PROPOSAL_SEMINAR, PhaseKind.RESULT_SEMINAR})
AT_WORK = frozenset({PhaseKind.HABITUASI, PhaseKind.PKTBT})
"""Phases that are spent at the own office; in all others the person is released from duty."""
ON_CAMPUS = frozenset({Method.KLASIKAL, Method.ON_OFF_CAMPUS})
LEVELS = ("bad", "warn", "ok")


class Days(Protocol):
    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date: ...


class Phase(Days, Protocol):
    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a check: `level` bad stops, warn is allowed, ok is settled; `url` leads to where it is settled."""

    level: str
    text: str
    url: str = ""
    action: str = ""


def overlap(one: Days, other: Days) -> tuple[date, date] | None:
    """Return the first and last day that both share, or None."""
    first, last = max(one.starts_on, other.starts_on), min(one.ends_on, other.ends_on)
    return (first, last) if first <= last else None


def is_face_to_face(phase: Phase, method: str) -> bool:
    """Whether the phase brings people together in a place: klasikal always, the seminars where the whole training is on campus."""
    return phase.kind in FACE_TO_FACE or (phase.kind in SEMINARS and method in ON_CAMPUS)


def is_released(phase: Phase) -> bool:
    """Whether people are free from office duty in this phase."""
    return phase.kind not in AT_WORK


def free_days(phase: Days, holidays: Iterable[date]) -> list[date]:
    """Return the holidays on weekdays that lie inside the phase, in order."""
    return sorted(day for day in set(holidays) if phase.starts_on <= day <= phase.ends_on and day.weekday() < SATURDAY)


def same_place(one: str, other: str) -> bool:
    """Whether two places are the same as far as one can read; an empty one is unknown and clashes with nothing."""
    return bool(one.strip()) and " ".join(one.lower().split()) == " ".join(other.lower().split())


def runs(days: Collection[date]) -> list[tuple[date, date]]:
    """Put neighbouring days together: first and last day of each run."""
    found: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def by_weight(findings: Iterable[Finding]) -> list[Finding]:
    """Put what stops on top; the order inside a level stays."""
    return sorted(findings, key=lambda finding: LEVELS.index(finding.level))


def stops(findings: Sequence[Finding]) -> list[str]:
    """Return the texts of what must be settled first."""
    return [finding.text for finding in findings if finding.level == "bad"]
