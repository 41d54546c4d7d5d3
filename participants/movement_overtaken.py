"""Which movements that took effect no longer count, because a later one corrected or took them back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from latsar.accounts.models import User
from participants.enums import MovementKind, MovementState
from participants.models import Movement
from participants.movement_rules import EXTENDING

LEAVING = (MovementKind.WITHDRAW, MovementKind.DISMISS)


def overtaken(movements: Iterable[Movement], user: User) -> dict[int, Movement]:
    """Return by their keys the movements that no longer count, each with the later record; one query for any number.

    A correction replaces the extension in force, or annuls all of them; a reinstatement ends a withdrawal or dismissal.
    """
    people = {one.participant_id for one in movements if one.state == MovementState.APPLIED and one.kind in (*EXTENDING, *LEAVING)}
    if not people:
        return {}
    kinds = (*EXTENDING, *LEAVING, MovementKind.REINSTATE)
    rows = Movement.objects.visible_to(user).filter(participant__in=people, state=MovementState.APPLIED, kind__in=kinds)
    found: dict[int, Movement] = {}
    open_rows: defaultdict[tuple[int, bool], list[int]] = defaultdict(list)
    for row in rows.order_by("decided_at", "pk"):
        before = open_rows[row.participant_id, row.kind in EXTENDING]
        if row.kind == MovementKind.REINSTATE or (row.kind == MovementKind.CORRECT_EXTEND and row.until is None):
            found |= dict.fromkeys(before, row)
            before.clear()
        elif row.kind == MovementKind.CORRECT_EXTEND and before:
            found[before.pop()] = row
        if row.kind in LEAVING or (row.kind in EXTENDING and row.until is not None):
            before.append(row.pk)
    return found
