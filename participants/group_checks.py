"""What stands against moving people into a group, as upper apps know it. Each registers its own check in `panels.py` at start-up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from latsar.training.models import Batch

GroupCheck: TypeAlias = Callable[[Batch, Mapping[int, int]], list[str]]

_checks: list[GroupCheck] = []


def group_check(check: GroupCheck) -> GroupCheck:
    """Register `fn(batch, {participant id: group}) -> [why not]`."""
    _checks.append(check)
    return check


def group_problems(batch: Batch, groups: Mapping[int, int]) -> list[str]:
    """Say why these people may not come into these groups."""
    return [problem for check in _checks for problem in check(batch, groups)]
