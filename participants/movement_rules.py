"""Which movement is possible at which stage, for which reasons, and what it must say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from latsar.training.models import RegulationScheme
from latsar.training.rules import EXTENSION_MONTHS
from participants.enums import LEFT, SEATED, UNSEATED, MovementKind, MovementReason, Stage
from participants.models import Participant
from participants.movements import NEEDS_BASIS
from participants.workflow import MOVES, STILL_HERE

R = MovementReason
STAGE_KINDS = frozenset(
    {
        MovementKind.DEFER,
        MovementKind.RESUME,
        MovementKind.CHANGE_BATCH,
        MovementKind.WITHDRAW,
        MovementKind.DISMISS,
        MovementKind.REINSTATE,
    }
)
"""Kinds that are a move of the file's workflow of the same name."""
RELEASING = frozenset({MovementKind.DEFER, MovementKind.WITHDRAW, MovementKind.DISMISS})
"""Kinds that free the seat without taking another."""
EXTENDING = (MovementKind.EXTEND, MovementKind.CORRECT_EXTEND)

DEFER_AFTER_APPROVAL = frozenset(UNSEATED) - MOVES["defer"].sources - {Stage.DEFERRED}
"""Stages in which there is no seat to leave yet: the file is finished first, then deferred."""


@dataclass(frozen=True)
class MovementRule:
    """`until` asks for an end: "" not, "may" expected, "must" required. `needs_file` asks for the scan of what it rests on."""

    sources: frozenset[str]
    reasons: tuple[MovementReason, ...]
    until: str = ""
    needs_file: bool = False


RULES: dict[str, MovementRule] = {
    MovementKind.DEFER: MovementRule(
        MOVES["defer"].sources, (R.PREGNANCY, R.BIRTH, R.ILLNESS, R.DUTY, R.BUDGET, R.FACILITIES, R.OTHER), "may"
    ),
    MovementKind.RESUME: MovementRule(MOVES["resume"].sources, (R.PREGNANCY, R.BIRTH, R.ILLNESS, R.DUTY, R.BUDGET, R.FACILITIES, R.OTHER)),
    MovementKind.CHANGE_BATCH: MovementRule(
        MOVES["change_batch"].sources, (R.PREGNANCY, R.BIRTH, R.ILLNESS, R.DUTY, R.FACILITIES, R.NOT_PASSED, R.OTHER)
    ),
    MovementKind.CHANGE_SATKER: MovementRule(STILL_HERE, (R.MUTATION, R.POLICY, R.OTHER)),
    MovementKind.EXTEND: MovementRule(
        STILL_HERE, (R.BUDGET, R.FACILITIES, R.TRAINERS, R.POLICY, R.PREGNANCY, R.BIRTH, R.ILLNESS, R.OTHER), "must", needs_file=True
    ),
    MovementKind.CORRECT_EXTEND: MovementRule(STILL_HERE, (R.MISTAKE, R.POLICY, R.OTHER), "may"),
    MovementKind.SECOND_ENTRY: MovementRule(frozenset(UNSEATED), (R.NOT_PASSED, R.ILLNESS, R.BIRTH, R.POLICY, R.OTHER)),
    MovementKind.WITHDRAW: MovementRule(MOVES["withdraw"].sources, (R.OWN_REQUEST, R.DEATH, R.OTHER), needs_file=True),
    MovementKind.DISMISS: MovementRule(MOVES["dismiss"].sources, (R.NOT_PASSED, R.DISCIPLINE, R.ILLNESS, R.OTHER), needs_file=True),
    MovementKind.REINSTATE: MovementRule(MOVES["reinstate"].sources, (R.MISTAKE, R.POLICY, R.OTHER)),
}


def possible_kinds(person: Participant) -> list[MovementKind]:
    """Return what could happen to this person now, in the order of the menu."""
    return [MovementKind(kind) for kind, rule in RULES.items() if person.stage in rule.sources and _makes_sense(person, kind)]


def needs_basis(person: Participant, kind: str) -> bool:
    """Whether a letter must be named: always for some kinds, and whenever the seat is left in the middle of Latsar."""
    midway = person.stage == Stage.TRAINING and kind in (MovementKind.DEFER, MovementKind.CHANGE_BATCH)
    return midway or kind in NEEDS_BASIS


def reasons_of(person: Participant, kind: str) -> tuple[MovementReason, ...]:
    """Return what may be given as the reason; who died can only have been recorded wrongly."""
    return (R.MISTAKE,) if person.has_died else RULES[kind].reasons


def stage_before_leaving(person: Participant) -> Stage:
    """Return where somebody who left stood before that."""
    left = person.stage_changes.filter(new=person.stage).first()
    return Stage(left.old) if left is not None and left.old else Stage.REGISTERED


def stage_after_mistake(person: Participant) -> Stage:
    """Return where a wrong record gives somebody back to: the seat is gone, so not onto it."""
    return Stage.APPROVED if lost_seat(person) else stage_before_leaving(person)


def lost_seat(person: Participant) -> bool:
    """Whether somebody who left had a seat: taken back, they are placed anew."""
    return person.stage in LEFT and stage_before_leaving(person) in SEATED


def is_barred(person: Participant) -> bool:
    """Whether Latsar was begun as often as is allowed: it is followed once. Ref: PP 11/2017 Pasal 34."""
    return person.latsar_entries >= person.entries_allowed


def _makes_sense(person: Participant, kind: str) -> bool:
    if kind == MovementKind.CORRECT_EXTEND:
        return person.extended_until is not None
    return is_barred(person) if kind == MovementKind.SECOND_ENTRY else True


def year_end(person: Participant) -> date:
    """Return the end of the probation year without any extension."""
    return person.tmt_cpns.replace(year=person.tmt_cpns.year + 1)


def latest_extension(person: Participant, today: date) -> date:
    """Return the last day until which the probation may be extended; the months stand in the scheme in force."""
    scheme = RegulationScheme.objects.in_force(today).first()
    months = year_end(person).month - 1 + (scheme.extension_months if scheme else EXTENSION_MONTHS)
    return year_end(person).replace(year=year_end(person).year + months // 12, month=months % 12 + 1)
